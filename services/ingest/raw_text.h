// What a person would read in the bytes of a message that was refused before it could be read.
#pragma once

#include <string>
#include <string_view>

namespace ioc::ingest {

inline constexpr std::size_t kRawTextBytesMax = 64 << 10;

// The bytes as UTF-8; of more than kRawTextBytesMax the beginning and the end, between which photos stand. Escapes of JSON ("ch\u00e1y") and of forms ("ch%C3%A1y+nh%C3%A0") become the
// characters that they stand for, UTF-16 with a byte order mark is converted, ill-formed bytes become U+FFFD.
[[nodiscard]] std::string readable_text(std::string_view bytes);

}  // namespace ioc::ingest
