#include "libs/http/percent.h"

#include <algorithm>
#include <cstdint>

#include "libs/http/client.h"

namespace ioc::http {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// How many continuation bytes follow `lead`, and the smallest code point that may be written so; 0 is refused.
struct Utf8Lead {
  int follow = -1;
  std::uint32_t bits = 0, smallest = 0;
};

Utf8Lead utf8_lead(unsigned char lead) {
  if (lead < 0x80) return {0, lead, 0};
  if (lead >= 0xC2 && lead <= 0xDF) return {1, lead & 0x1FU, 0x80};
  if (lead >= 0xE0 && lead <= 0xEF) return {2, lead & 0x0FU, 0x800};
  if (lead >= 0xF0 && lead <= 0xF4) return {3, lead & 0x07U, 0x10000};
  return {};
}

}  // namespace

bool is_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const Utf8Lead lead = utf8_lead(static_cast<unsigned char>(text[at]));
    if (lead.follow < 0 || at + static_cast<std::size_t>(lead.follow) >= text.size()) return false;
    std::uint32_t code = lead.bits;
    for (int i = 1; i <= lead.follow; ++i) {
      const auto byte = static_cast<unsigned char>(text[at + static_cast<std::size_t>(i)]);
      if ((byte & 0xC0U) != 0x80U) return false;
      code = (code << 6U) | (byte & 0x3FU);
    }
    if (code < lead.smallest || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return false;
    at += 1 + static_cast<std::size_t>(lead.follow);
  }
  return true;
}

std::optional<std::string> decode_percent(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '+' && plus_is_space) c = ' ';
    if (c == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_value(text[i + 1]), low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    out += c;
  }
  const bool control = std::any_of(out.begin(), out.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
  });
  if (control || !is_utf8(out)) return std::nullopt;
  return out;
}

std::optional<Headers> decode_query(std::string_view query) {
  Headers out;
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (pair.empty()) continue;
    const auto equals = std::min(pair.find('='), pair.size());
    auto name = decode_percent(pair.substr(0, equals), true);
    auto value = decode_percent(equals < pair.size() ? pair.substr(equals + 1) : std::string_view{}, true);
    if (!name || !value) return std::nullopt;
    out.emplace_back(std::move(*name), std::move(*value));
  }
  return out;
}

std::string escape(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4U];
      out += kHex[byte & 0x0FU];
    }
  }
  return out;
}

}  // namespace ioc::http
