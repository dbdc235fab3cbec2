#pragma once

#include <string_view>

namespace ioc::http {

// "Not Found"; "Unknown" for a number that HTTP does not define.
std::string_view reason_of(unsigned status);

}  // namespace ioc::http
