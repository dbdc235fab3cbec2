// Percent-encoding and the checks on what comes out of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libs/http/http.h"

namespace ioc::http {

// nullopt: a broken escape, a control character, or not UTF-8.
std::optional<std::string> decode_percent(std::string_view text, bool plus_is_space);

// nullopt: one of the names or values cannot be decoded.
std::optional<Headers> decode_query(std::string_view query);

bool is_utf8(std::string_view text);

}  // namespace ioc::http
