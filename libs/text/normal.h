// Normalisation form C the long way, for fold.cpp.
#pragma once

#include <string>
#include <string_view>

namespace ioc::text {

// NFC of `utf8`; with `lower_case` of its lower case.
[[nodiscard]] std::string composed(std::string_view utf8, bool lower_case);

}  // namespace ioc::text
