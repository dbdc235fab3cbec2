// Addresses of clients: which of them are configured proxies, and who stands behind those.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "libs/http/http.h"

namespace ioc::http {

using Address = boost::asio::ip::address;

// IPv4 in its own form, also where it came as ::ffff:1.2.3.4.
Address plain(const Address& address);

// Whose limits an address counts against: IPv4 alone, IPv6 with its /64 network, which a single client may have to itself.
std::string account_name(const Address& address);

class Networks {
 public:
  // Each "10.1.2.3", "10.0.0.0/8", "::1" or "fd00::/8". Permanent: names the first that is none.
  [[nodiscard]] static Result<Networks> parse(const std::vector<std::string>& list);
  [[nodiscard]] bool contain(const Address& address) const;

 private:
  struct Network {
    std::vector<unsigned char> bytes;
    unsigned bits = 0;
  };
  std::vector<Network> x_networks;
};

// The client behind `peer`, a proxy: the last address in X-Forwarded-For that is not a proxy itself. `peer` when there is none.
Address client_behind(const Address& peer, const Request& request, const Networks& proxies);

// True: a header says that somebody forwarded the request.
bool was_forwarded(const Request& request);

}  // namespace ioc::http
