// Writes a JSON object member by member. Numbers are given as text, so that coordinates keep the digits they came with.
#pragma once

#include <string>
#include <string_view>

namespace ioc::simulator {

class JsonText {
 public:
  JsonText& text(std::string_view name, std::string_view value) {
    begin(name);
    append_quoted(value);
    return *this;
  }
  JsonText& raw(std::string_view name, std::string_view json) {
    begin(name);
    x_out += json;
    return *this;
  }
  JsonText& number(std::string_view name, long long value) { return raw(name, std::to_string(value)); }
  JsonText& flag(std::string_view name, bool value) { return raw(name, value ? "true" : "false"); }
  [[nodiscard]] std::string take() { return std::move(x_out += '}'); }

 private:
  void begin(std::string_view name) {
    x_out += x_out.size() == 1 ? "\"" : ",\"";
    x_out += name;
    x_out += "\":";
  }
  void append_quoted(std::string_view value) {
    constexpr std::string_view kHex = "0123456789abcdef";
    x_out += '"';
    for (const char c : value) {
      if (c == '"' || c == '\\') {
        x_out += '\\';
        x_out += c;
      } else if (static_cast<unsigned char>(c) < 0x20) {
        x_out += "\\u00";
        x_out += kHex[static_cast<unsigned char>(c) >> 4];
        x_out += kHex[static_cast<unsigned char>(c) & 15];
      } else {
        x_out += c;
      }
    }
    x_out += '"';
  }

  std::string x_out = "{";
};

}  // namespace ioc::simulator
