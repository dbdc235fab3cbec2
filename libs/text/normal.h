// Normalisation form C the long way, for fold.cpp.
#pragma once

#include <string>
#include <string_view>

namespace ioc::text {

// NFC of `utf8`. With `lower_case`: in lower case, without what is invisible or ornament, styled letters as plain ones.
[[nodiscard]] std::string composed(std::string_view utf8, bool lower_case);

}  // namespace ioc::text
