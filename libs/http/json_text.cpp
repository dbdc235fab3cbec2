#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <charconv>
#include <cmath>

#include "libs/http/http.h"

namespace ioc::http {
namespace {

namespace json = boost::json;

constexpr std::size_t kDecimalsMax = 7;  // a coordinate's: 1 cm

// Boost.JSON writes 2.15782E1, which is JSON but not what people and simple parsers expect.
void add_number(std::string& to, double value) {
  if (!std::isfinite(value)) {
    to += "null";
    return;
  }
  std::array<char, 400> digits{};  // 1e308 has 309
  // The shortest text that reads back as this double: exact for decimals that were integers of a small unit.
  auto end = std::to_chars(digits.begin(), digits.end(), value, std::chars_format::fixed).ptr;
  auto point = std::find(digits.begin(), end, '.');
  if (end - point > static_cast<std::ptrdiff_t>(kDecimalsMax) + 1) {
    end = std::to_chars(digits.begin(), digits.end(), value, std::chars_format::fixed, static_cast<int>(kDecimalsMax)).ptr;
    while (end[-1] == '0') --end;
    if (end[-1] == '.') --end;
  }
  const std::string_view text(digits.data(), static_cast<std::size_t>(end - digits.begin()));
  to += text == "-0" ? "0" : text;
}

void add_value(std::string& to, const json::value& value);

void add_text(std::string& to, std::string_view text) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  to += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      to += '\\';
      to += c;
    } else if (c == '\n') {
      to += "\\n";
    } else if (byte < 0x20) {
      to += "\\u00";
      to += kHex[byte >> 4U];
      to += kHex[byte & 15U];
    } else {
      to += c;
    }
  }
  to += '"';
}

void add_object(std::string& to, const json::object& object) {
  char before = '{';
  for (const auto& [key, value] : object) {
    to += before;
    before = ',';
    add_text(to, key);
    to += ':';
    add_value(to, value);
  }
  to += object.empty() ? "{}" : "}";
}

void add_array(std::string& to, const json::array& array) {
  char before = '[';
  for (const json::value& value : array) {
    to += before;
    before = ',';
    add_value(to, value);
  }
  to += array.empty() ? "[]" : "]";
}

void add_value(std::string& to, const json::value& value) {
  switch (value.kind()) {
    case json::kind::object: return add_object(to, value.get_object());
    case json::kind::array: return add_array(to, value.get_array());
    case json::kind::string: return add_text(to, value.get_string());
    case json::kind::double_: return add_number(to, value.get_double());
    case json::kind::int64: to += std::to_string(value.get_int64()); return;
    case json::kind::uint64: to += std::to_string(value.get_uint64()); return;
    case json::kind::bool_: to += value.get_bool() ? "true" : "false"; return;
    case json::kind::null: to += "null"; return;
  }
}

}  // namespace

std::string serialize(const json::object& object) {
  std::string text;
  add_object(text, object);
  return text;
}

std::string serialize(const json::value& value) {
  std::string text;
  add_value(text, value);
  return text;
}

}  // namespace ioc::http
