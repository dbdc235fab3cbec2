#pragma once

#include <string>
#include <string_view>

namespace ioc::triage {

// At most `bytes` of it, ending at a character's boundary: what leaves is always UTF-8.
inline std::string cut(std::string_view text, std::size_t bytes) {
  if (text.size() > bytes) {
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
    text = text.substr(0, bytes);
  }
  return std::string(text);
}

}  // namespace ioc::triage
