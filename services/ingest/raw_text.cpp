#include "services/ingest/raw_text.h"

#include <charconv>
#include <optional>

#include "libs/text/utf8.h"

namespace ioc::ingest {
namespace {

bool is_high(char32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool is_low(char32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }
char32_t joined(char32_t high, char32_t low) { return 0x10000 + ((high - 0xD800) << 10U) + (low - 0xDC00); }

std::string from_utf16(std::string_view bytes, bool big_endian) {
  const auto unit = [&](std::size_t at) {
    const auto first = static_cast<unsigned char>(bytes[at]), second = static_cast<unsigned char>(bytes[at + 1]);
    return static_cast<char32_t>(big_endian ? first << 8U | second : second << 8U | first);
  };
  std::string out;
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
    char32_t code = unit(at);
    if (is_high(code) && at + 3 < bytes.size() && is_low(unit(at + 2))) {
      code = joined(code, unit(at + 2));
      at += 2;
    }
    text::append_utf8(out, is_high(code) || is_low(code) ? text::kReplacement : code);
  }
  return out;
}

std::optional<char32_t> hex(std::string_view text, std::size_t at, std::size_t digits) {
  if (at + digits > text.size()) return std::nullopt;
  std::uint32_t out = 0;
  const char* const end = text.data() + at + digits;
  const auto parsed = std::from_chars(text.data() + at, end, out, 16);
  if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
  return out;
}

// The character of the escape at `at`, which moves behind it. A blank for those of layout.
void append_escape(std::string& out, std::string_view text, std::size_t& at) {
  constexpr std::size_t kUnitBytes = 6;  // \u00e1
  const char kind = at + 1 < text.size() ? text[at + 1] : ' ';
  auto code = kind == 'u' ? hex(text, at + 2, 4) : std::nullopt;
  at += code ? kUnitBytes : 2;
  if (!code) {
    out += kind == '"' || kind == '\\' || kind == '/' ? kind : '\n';
    return;
  }
  const bool another = at + 1 < text.size() && text[at] == '\\' && text[at + 1] == 'u';
  const auto next = another ? hex(text, at + 2, 4) : std::nullopt;
  if (is_high(*code) && next && is_low(*next)) {
    code = joined(*code, *next);
    at += kUnitBytes;
  }
  text::append_utf8(out, is_high(*code) || is_low(*code) ? text::kReplacement : *code);
}

std::string without_json_escapes(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '\\') {
      append_escape(out, text, at);
    } else {
      out += text[at++];
    }
  }
  return out;
}

// A form has no blanks of its own: "a=ch%C3%A1y+nh%C3%A0".
std::string without_form_escapes(std::string text) {
  if (text.find('%') == std::string::npos || text.find(' ') != std::string::npos) return text;
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto code = text[at] == '%' ? hex(text, at + 1, 2) : std::nullopt;
    out += code ? static_cast<char>(*code) : text[at] == '+' ? ' ' : text[at];
    if (code) at += 2;
  }
  return out;
}

}  // namespace

std::string readable_text(std::string_view bytes) {
  constexpr std::size_t kHalf = kRawTextBytesMax / 2;
  if (bytes.size() > kRawTextBytesMax)
    return readable_text(bytes.substr(0, kHalf)) + '\n' + readable_text(bytes.substr(bytes.size() - kHalf));
  if (bytes.starts_with("\xFF\xFE")) return from_utf16(bytes.substr(2), false);
  if (bytes.starts_with("\xFE\xFF")) return from_utf16(bytes.substr(2), true);
  return text::repair_utf8(without_form_escapes(without_json_escapes(bytes)));
}

}  // namespace ioc::ingest
