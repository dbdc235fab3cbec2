#include "libs/http/address.h"

#include <catch2/catch.hpp>

#include "libs/http/budget.h"
#include "libs/http/pace.h"

using namespace ioc;
using namespace ioc::http;

namespace {

Address address(const char* text) { return boost::asio::ip::make_address(text); }

std::string client(const char* peer, const Headers& headers, const std::vector<std::string>& proxies) {
  Request request;
  request.headers = headers;
  const auto networks = Networks::parse(proxies);
  REQUIRE(networks.has_value());
  return client_behind(address(peer), request, *networks).to_string();
}

}  // namespace

TEST_CASE("address: networks contain what their leading bits say, in both families") {
  const auto networks = Networks::parse({"10.0.0.0/8", "192.168.1.7", "fd00::/9", "::1"});
  REQUIRE(networks.has_value());
  for (const char* inside : {"10.255.1.2", "192.168.1.7", "fd7f::1", "::1"}) CHECK(networks->contain(address(inside)));
  for (const char* outside : {"11.0.0.1", "192.168.1.8", "fd80::1", "::2", "127.0.0.1"}) CHECK_FALSE(networks->contain(address(outside)));
  for (const char* wrong : {"", "proxy", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "::1/129", "10.0.0"}) {
    CAPTURE(wrong);
    const auto refused = Networks::parse({"10.0.0.1", wrong});
    REQUIRE(refused.has_error());
    CHECK(refused.error().message.find("http.proxies") != std::string::npos);
  }
}

TEST_CASE("address: the client behind proxies is the last one that no proxy is, whatever the client wrote itself") {
  const std::vector<std::string> proxies{"127.0.0.1", "10.0.0.0/8"};
  CHECK(client("127.0.0.1", {{"x-forwarded-for", "1.2.3.4"}}, proxies) == "1.2.3.4");
  CHECK(client("127.0.0.1", {{"x-forwarded-for", "6.6.6.6, 1.2.3.4, 10.1.1.1"}}, proxies) == "1.2.3.4");
  CHECK(client("127.0.0.1", {{"x-forwarded-for", "6.6.6.6"}, {"x-forwarded-for", "1.2.3.4,10.1.1.1"}}, proxies) == "1.2.3.4");
  CHECK(client("127.0.0.1", {{"x-forwarded-for", "[2001:db8::1]:443"}}, proxies) == "2001:db8::1");
  CHECK(client("127.0.0.1", {{"x-forwarded-for", "1.2.3.4:567"}}, proxies) == "1.2.3.4");
  CHECK(client("127.0.0.1", {{"x-forwarded-for", "::ffff:1.2.3.4"}}, proxies) == "1.2.3.4");
  CHECK(client("127.0.0.1", {{"x-forwarded-for", "1.2.3.4, nonsense"}}, proxies) == "127.0.0.1");
  CHECK(client("127.0.0.1", {}, proxies) == "127.0.0.1");
}

TEST_CASE("address: a network of IPv6 is one account") {
  CHECK(account_name(address("2001:db8:1:2::1")) == account_name(address("2001:db8:1:2:ffff::9")));
  CHECK(account_name(address("2001:db8:1:2::1")) != account_name(address("2001:db8:1:3::1")));
  CHECK(account_name(address("1.2.3.4")) != account_name(address("1.2.3.5")));
}

TEST_CASE("budget: address and process are bounded, strangers get half, and what is let go is free again") {
  const auto budget = std::make_shared<Budget>(1000, 600);
  Share first(budget, budget->account("a")), second(budget, budget->account("a")), other(budget, budget->account("b"));
  CHECK(first.hold(500, false));
  CHECK_FALSE(first.hold(501, false));
  CHECK_FALSE(second.hold(101, true));
  CHECK(second.hold(100, true));
  CHECK(other.hold(400, true));
  CHECK_FALSE(other.hold(401, true));
  CHECK(budget->held() == 1000);
  first.set(0);
  CHECK(other.hold(600, true));
  other.move_to(budget->account("a"));
  CHECK_FALSE(second.hold(101, true));
  other.set(0);
  CHECK(second.hold(600, true));
  CHECK(budget->held() == 600);
}

TEST_CASE("pace: a transfer may pause, not be slow on the average, and not last for ever") {
  using std::chrono::seconds;
  const auto begun = Pace::Clock::time_point(seconds(1000));
  const Pace pace(seconds(10), 1000, seconds(60), begun);
  CHECK(pace.next(0, begun) == begun + seconds(10));
  CHECK(pace.next(1, begun + seconds(5)) == begun + seconds(10) + std::chrono::milliseconds(1));
  CHECK(pace.next(20'000, begun + seconds(5)) == begun + seconds(15));
  CHECK(pace.next(20'000, begun + seconds(29)) == begun + seconds(30));
  CHECK(pace.next(1 << 20, begun + seconds(55)) == begun + seconds(60));
}
