#include "libs/http/address.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace ioc::http {
namespace asio = boost::asio;
namespace {

constexpr unsigned kNetworkBits = 64;  // of IPv6

std::vector<unsigned char> bytes_of(const Address& address) {
  if (address.is_v4()) {
    const auto bytes = address.to_v4().to_bytes();
    return {bytes.begin(), bytes.end()};
  }
  const auto bytes = address.to_v6().to_bytes();
  return {bytes.begin(), bytes.end()};
}

std::string_view trim(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// "1.2.3.4", "1.2.3.4:567", "::1", "[::1]:567".
std::optional<Address> address_in(std::string_view text) {
  text = trim(text);
  if (text.starts_with('[')) {
    text = text.substr(1, text.find(']') - 1);
  } else if (std::count(text.begin(), text.end(), ':') == 1) {
    text = text.substr(0, text.find(':'));
  }
  boost::system::error_code error;
  const Address address = asio::ip::make_address(std::string(text), error);
  if (error) return std::nullopt;
  return plain(address);
}

bool same_bits(const std::vector<unsigned char>& a, const std::vector<unsigned char>& b, unsigned bits) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size() && bits > 0; ++i) {
    const unsigned here = std::min(bits, 8U);
    const unsigned mask = (0xFFU << (8 - here)) & 0xFFU;
    if ((a[i] & mask) != (b[i] & mask)) return false;
    bits -= here;
  }
  return true;
}

}  // namespace

Address plain(const Address& address) {
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
  return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
}

std::string account_name(const Address& address) {
  auto bytes = bytes_of(address);
  if (address.is_v6()) bytes.resize(kNetworkBits / 8);
  return {bytes.begin(), bytes.end()};
}

Result<Networks> Networks::parse(const std::vector<std::string>& list) {
  Networks out;
  for (const std::string& text : list) {
    const auto slash = text.find('/');
    boost::system::error_code error;
    const Address address = asio::ip::make_address(text.substr(0, slash), error);
    Network network;
    if (!error) network.bytes = bytes_of(plain(address));
    const auto bits_max = static_cast<unsigned>(network.bytes.size() * 8);
    network.bits = bits_max;
    if (slash != std::string::npos) {
      const char* const end = text.data() + text.size();
      const auto parsed = std::from_chars(text.data() + slash + 1, end, network.bits);
      if (parsed.ec != std::errc{} || parsed.ptr != end) network.bits = bits_max + 1;
    }
    if (error || network.bits > bits_max)
      return permanent("http.proxies: \"" + text + "\" is no address: write one such as 10.1.2.3, or a network such as 10.0.0.0/8");
    out.x_networks.push_back(std::move(network));
  }
  return out;
}

bool Networks::contain(const Address& address) const {
  if (x_networks.empty()) return false;
  const auto bytes = bytes_of(address);
  return std::any_of(x_networks.begin(), x_networks.end(), [&bytes](const Network& one) { return same_bits(one.bytes, bytes, one.bits); });
}

Address client_behind(const Address& peer, const Request& request, const Networks& proxies) {
  Address client = peer;
  for (auto header = request.headers.rbegin(); header != request.headers.rend(); ++header) {
    if (header->first != "x-forwarded-for") continue;
    std::string_view rest = header->second;
    while (!rest.empty()) {
      const auto comma = rest.rfind(',');
      const auto said = address_in(comma == std::string_view::npos ? rest : rest.substr(comma + 1));
      // Addresses further left come from an unknown sender, and count for nothing.
      if (!said) return client;
      client = *said;
      if (!proxies.contain(client)) return client;
      rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(0, comma);
    }
  }
  return client;
}

bool was_forwarded(const Request& request) {
  return std::any_of(request.headers.begin(), request.headers.end(), [](const auto& header) {
    return header.first == "x-forwarded-for" || header.first == "forwarded" || header.first == "via";
  });
}

}  // namespace ioc::http
