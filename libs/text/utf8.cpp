#include "libs/text/utf8.h"

namespace ioc::text {
namespace {

// What may follow a lead byte: how many continuation bytes, and the bounds of the first of them, which are what
// keeps out overlong forms, surrogates and code points above U+10FFFF.
struct Lead {
  unsigned char more = 0, low = 0x80, high = 0xBF, bits = 0;
};

constexpr Lead lead_of(unsigned char byte) {
  if (byte >= 0xC2 && byte <= 0xDF) return {1, 0x80, 0xBF, static_cast<unsigned char>(byte & 0x1F)};
  if (byte == 0xE0) return {2, 0xA0, 0xBF, 0};
  if (byte == 0xED) return {2, 0x80, 0x9F, 0x0D};
  if (byte >= 0xE1 && byte <= 0xEF) return {2, 0x80, 0xBF, static_cast<unsigned char>(byte & 0x0F)};
  if (byte == 0xF0) return {3, 0x90, 0xBF, 0};
  if (byte == 0xF4) return {3, 0x80, 0x8F, 4};
  if (byte >= 0xF1 && byte <= 0xF3) return {3, 0x80, 0xBF, static_cast<unsigned char>(byte & 0x07)};
  return {};
}

}  // namespace

Decoded decode_next(std::string_view bytes, std::size_t& at) noexcept {
  const auto first = static_cast<unsigned char>(bytes[at++]);
  if (first < 0x80) return {first, true};
  const Lead lead = lead_of(first);
  if (lead.more == 0) return {kReplacement, false};
  char32_t code_point = lead.bits;
  for (unsigned char i = 0; i < lead.more; ++i) {
    if (at >= bytes.size()) return {kReplacement, false};
    const auto byte = static_cast<unsigned char>(bytes[at]);
    const unsigned char low = i == 0 ? lead.low : 0x80, high = i == 0 ? lead.high : 0xBF;
    if (byte < low || byte > high) return {kReplacement, false};
    code_point = code_point << 6 | (byte & 0x3F);
    ++at;
  }
  return {code_point, true};
}

void append_utf8(std::string& out, char32_t code_point) {
  const auto put = [&out](char32_t byte) { out.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | code_point >> 6);
    put(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    put(0xE0 | code_point >> 12);
    put(0x80 | (code_point >> 6 & 0x3F));
    put(0x80 | (code_point & 0x3F));
  } else {
    put(0xF0 | code_point >> 18);
    put(0x80 | (code_point >> 12 & 0x3F));
    put(0x80 | (code_point >> 6 & 0x3F));
    put(0x80 | (code_point & 0x3F));
  }
}

bool valid_utf8(std::string_view bytes) noexcept {
  const auto continues = [bytes](std::size_t at) { return at < bytes.size() && (static_cast<unsigned char>(bytes[at]) & 0xC0) == 0x80; };
  for (std::size_t at = 0; at < bytes.size();) {
    const auto first = static_cast<unsigned char>(bytes[at]);
    // What Vietnamese is written with; the rest has bounds of its own.
    if (first < 0x80) ++at;
    else if (first >= 0xC2 && first <= 0xDF && continues(at + 1)) at += 2;
    else if (first >= 0xE1 && first <= 0xEC && continues(at + 1) && continues(at + 2)) at += 3;
    else if (!decode_next(bytes, at).ok) return false;
  }
  return true;
}

std::string repair_utf8(std::string_view bytes) {
  if (valid_utf8(bytes)) return std::string(bytes);
  std::string out;
  out.reserve(bytes.size() + 16);
  for (std::size_t at = 0; at < bytes.size();) append_utf8(out, decode_next(bytes, at).code_point);
  return out;
}

}  // namespace ioc::text
