#include "libs/config/address.h"

#include <arpa/inet.h>

#include <charconv>

namespace ioc::config {
namespace {

bool is_host(const std::string& host) {
  in6_addr any{};
  return inet_pton(AF_INET, host.c_str(), &any) == 1 || inet_pton(AF_INET6, host.c_str(), &any) == 1;
}

}  // namespace

Result<Address> parse_address(std::string_view text) {
  const auto colon = text.rfind(':');
  std::string host(text.substr(0, colon));
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  if (host == "localhost") host = "127.0.0.1";

  std::uint16_t port = 0;
  const std::string_view digits = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  const bool is_port = !digits.empty() && read.ec == std::errc() && read.ptr == digits.data() + digits.size();

  if (is_port && is_host(host)) return Address{std::move(host), port};
  return permanent("is \"" + std::string(text) + "\"; write an address and a port up to 65535, such as 127.0.0.1:8080 or [::1]:8080");
}

}  // namespace ioc::config
