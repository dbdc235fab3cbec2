#include "services/ingest/formats/json_repair.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

namespace ioc::ingest {
namespace {

constexpr std::size_t kEscapeBytes = 6;  // \ud83d

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool in_token(char c) { return is_digit(c) || is_letter(c) || c == '+' || c == '-' || c == '.' || c == '_'; }

// The code unit of an escape that begins `text`.
std::optional<std::uint32_t> unit_of(std::string_view text) {
  if (text.size() < kEscapeBytes || !text.starts_with("\\u")) return std::nullopt;
  std::uint32_t out = 0;
  const char* const end = text.data() + kEscapeBytes;
  const auto parsed = std::from_chars(text.data() + 2, end, out, 16);
  if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
  return out;
}

bool is_high(std::uint32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool is_low(std::uint32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

// "1e999", "-1e999", or "" for a word that is no such number.
std::string_view beyond_numbers(std::string_view token) {
  const bool negative = token.starts_with('-');
  if (negative || token.starts_with('+')) token.remove_prefix(1);
  std::string lower(token.substr(0, 9));
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (lower.size() != token.size() || (lower != "nan" && lower != "inf" && lower != "infinity")) return {};
  return negative ? "-1e999" : "1e999";
}

// A number as people write it and JSON does not: with zeros or a plus before it.
bool is_loose_number(std::string_view token) {
  const bool plus = token.starts_with('+');
  if (plus || token.starts_with('-')) token.remove_prefix(1);
  const std::size_t point = std::min(token.find('.'), token.size());
  const std::string_view whole = token.substr(0, point), fraction = token.substr(std::min(point + 1, token.size()));
  if (whole.empty() || !std::all_of(whole.begin(), whole.end(), is_digit)) return false;
  if (point < token.size() && (fraction.empty() || !std::all_of(fraction.begin(), fraction.end(), is_digit))) return false;
  return plus || (whole.size() > 1 && whole.front() == '0');
}

class Repair {
 public:
  explicit Repair(std::string_view in) : x_in(in) { x_out.bytes.reserve(in.size() + in.size() / 8); }

  RepairedJson run() {
    while (!x_in.empty()) {
      if (x_in.front() == '"') {
        text();
      } else if (in_token(x_in.front())) {
        token();
      } else {
        copy(1);
      }
    }
    return std::move(x_out);
  }

 private:
  void copy(std::size_t bytes) {
    x_out.bytes.append(x_in.substr(0, bytes));
    x_in.remove_prefix(std::min(bytes, x_in.size()));
  }

  void text() {
    copy(1);
    while (!x_in.empty() && x_in.front() != '"') {
      if (x_in.front() == '\\') {
        escape();
      } else {
        copy(1);
      }
    }
    copy(1);
  }

  void escape() {
    const auto unit = unit_of(x_in);
    if (!unit || (!is_high(*unit) && !is_low(*unit))) return copy(2);
    const auto next = unit_of(x_in.substr(kEscapeBytes));
    if (is_high(*unit) && next && is_low(*next)) return copy(2 * kEscapeBytes);
    x_out.bytes += "\\ufffd";
    x_out.characters = true;
    x_in.remove_prefix(kEscapeBytes);
  }

  void token() {
    const auto end = std::find_if_not(x_in.begin(), x_in.end(), in_token);
    const auto size = static_cast<std::size_t>(end - x_in.begin());
    const std::string_view word = x_in.substr(0, size);
    if (const auto number = beyond_numbers(word); !number.empty()) {
      x_out.bytes += number;
    } else if (is_loose_number(word)) {
      x_out.bytes.append("\"").append(word).append("\"");
    } else {
      return copy(size);
    }
    x_out.numbers = true;
    x_in.remove_prefix(size);
  }

  std::string_view x_in;
  RepairedJson x_out;
};

}  // namespace

RepairedJson repair_json(std::string_view bytes) { return Repair(bytes).run(); }

}  // namespace ioc::ingest
