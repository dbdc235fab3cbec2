// Where a server listens, as it stands in a configuration.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "libs/base/result.h"

namespace ioc::config {

struct Address {
  std::string host;  // IPv4 or IPv6, without brackets
  std::uint16_t port = 0;
};

// "127.0.0.1:8080", "[::1]:8080" or "localhost:8080". Permanent: says what to write.
[[nodiscard]] Result<Address> parse_address(std::string_view text);

}  // namespace ioc::config
