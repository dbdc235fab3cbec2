#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>
#include <set>

#include "libs/domain/wire.h"
#include "services/desk/api/standing.h"
#include "services/desk/stream/client.h"
#include "tests/services/desk/harness.h"

using namespace ioc;
using namespace ioc::desk;
using namespace ioc::desk::test;

namespace {

// What a page would have after following: reset clears, incidents replace.
struct Picture {
  std::map<std::string, std::uint64_t> versions;
  std::set<std::string> kinds;
  std::string last_id;
  std::size_t resets = 0, incidents = 0;
  bool clock = false;

  void take(const SseEvent& event) {
    kinds.insert(event.event);
    if (!event.id.empty()) last_id = event.id;
    if (event.event == "reset") {
      versions.clear();
      ++resets;
    }
    if (event.event == "incident") {
      ++incidents;
      const auto one = event.json();
      versions[std::string(one.at("id").as_string())] = one.at("version").to_number<std::uint64_t>();
    }
    if (event.event == "clock") clock = true;
  }
};

// Until `enough`, checked after each event.
Picture follow_until(Desk& desk, const std::string& token, const std::string& last_id, const std::function<bool(const Picture&)>& enough) {
  Picture picture;
  follow(desk.client(token), "/v1/stream", last_id, [&](const SseEvent& event) {
    picture.take(event);
    return !enough(picture);
  });
  return picture;
}

bool has_clock(const Picture& picture) { return picture.clock; }

}  // namespace

TEST_CASE("stream: a new client gets a reset, all open incidents, and everything that is sent whole") {
  Desk desk;
  const std::string token = desk.token("kiosk", {"kiosk"});
  for (int i = 0; i < 5; ++i) desk.await(desk.send(report(std::to_string(i), kMorning + i)));
  const Picture picture = follow_until(desk, token, "", has_clock);
  CHECK(picture.resets == 1);
  CHECK(picture.versions.size() == 5);
  CHECK(picture.kinds == std::set<std::string>{"reset", "incident", "queue", "feed-health", "indicator", "clock"});
  CHECK_FALSE(picture.last_id.empty());
}

TEST_CASE("stream: an empty desk sends its cursor too") {
  Desk desk;
  const Picture picture = follow_until(desk, desk.token("kiosk", {"kiosk"}), "", has_clock);
  CHECK(picture.resets == 1);
  CHECK_FALSE(picture.last_id.empty());
}

TEST_CASE("stream: what happens is pushed, and resuming gives exactly what was missed, also after a restart") {
  Desk desk;
  const std::string token = desk.token("an", {"operator"});
  desk.await(desk.send(report("a", kMorning)));
  const IncidentId second = IncidentId("0-" + report("b", kMorning + 1000).id.str());
  bool sent = false;
  Picture first;
  follow(desk.client(token), "/v1/stream", "", [&](const SseEvent& event) {
    first.take(event);
    if (first.clock && !sent) {
      sent = true;
      desk.send(report("b", kMorning + 1000));
    }
    return !first.versions.contains(second.str());
  });
  CHECK(first.versions.size() == 2);

  const IncidentId third = desk.send(report("c", kMorning + 2000));
  desk.await(third);
  for (const bool restarted : {false, true}) {
    if (restarted) desk.restart(true);
    const Picture resumed = follow_until(desk, token, first.last_id, has_clock);
    CHECK(resumed.resets == 0);
    CHECK(resumed.incidents == 1);
    CHECK(resumed.versions.contains(third.str()));
    const Picture nothing = follow_until(desk, token, resumed.last_id, has_clock);
    CHECK(nothing.resets == 0);
    CHECK(nothing.incidents == 0);
  }
}

TEST_CASE("stream: an incident that closed while the client was away reaches it") {
  Desk desk;
  const std::string token = desk.token("an", {"operator"});
  const IncidentId id = desk.send(report("a", kMorning));
  desk.await(id);
  const Picture before = follow_until(desk, token, "", has_clock);
  http::Client client = desk.client(token);
  REQUIRE(post(client, "/v1/incidents/" + id.str() + "/commands", boost::json::object{{"kind", "acknowledge"}, {"version", 1}},
               {{"Idempotency-Key", "k"}}).status == 200);
  const Picture after = follow_until(desk, token, before.last_id, has_clock);
  CHECK(after.versions.at(id.str()) == 2);
}

TEST_CASE("stream: a cursor of another log, from the future or made up is a reset") {
  Desk desk;
  const std::string token = desk.token("an", {"operator"});
  desk.await(desk.send(report("a", kMorning)));
  const Picture picture = follow_until(desk, token, "", has_clock);
  const std::string log_id = picture.last_id.substr(0, picture.last_id.find('~'));
  for (const std::string& cursor : {std::string("otherlog~0.1"), log_id + "~0.99999", std::string("nonsense"), log_id + "~0.1~1.1"}) {
    CAPTURE(cursor);
    CHECK(follow_until(desk, token, cursor, has_clock).resets == 1);
  }
}

TEST_CASE("stream: too many missed incidents are a reset, too many clients are told") {
  Desk desk([](Config& config) {
    config.stream_resume_max = 3;
    config.stream_clients_max = 1;
  });
  const std::string token = desk.token("an", {"operator"});
  const Picture empty = follow_until(desk, token, "", has_clock);
  IncidentId last;
  for (int i = 0; i < 10; ++i) last = desk.send(report(std::to_string(i), kMorning + i));
  desk.await(last);
  Picture resumed;
  follow(desk.client(token), "/v1/stream", empty.last_id, [&](const SseEvent& event) {
    resumed.take(event);
    if (!resumed.clock) return true;
    http::Client second = desk.client(token);
    CHECK(get(second, "/v1/stream").status == 503);
    return false;
  });
  CHECK(resumed.resets == 1);
  CHECK(resumed.versions.size() == 10);
}

TEST_CASE("stream: it ends when the account behind it is revoked") {
  Desk desk([](Config& config) { config.stream_recheck = Millis(50); });
  Picture picture;
  bool revoked = false;
  follow(desk.client(desk.token("an", {"operator"})), "/v1/stream", "", [&](const SseEvent& event) {
    picture.take(event);
    if (picture.clock && !revoked) {
      desk.revoke("an");
      revoked = true;
    }
    return true;  // only the server ends it
  });
  CHECK(revoked);
}

TEST_CASE("stream: a client whose queue is full is dropped, and what it is sent then is nothing") {
  boost::asio::io_context io;
  const auto client = std::make_shared<stream::Client>(io.get_executor(), stream::Audience::Staff, 100);
  const auto frames = std::make_shared<stream::Frames>();
  frames->text[0] = std::string(60, 'x');
  client->push(frames);
  io.run();
  CHECK_FALSE(client->dropped());
  io.restart();
  client->push(frames);
  io.run();
  CHECK(client->dropped());
}

TEST_CASE("stream: hundreds of idle clients take the places that there are, others are told, and whoever leaves makes room") {
  constexpr std::size_t kPlaces = 100, kMore = 200;
  Desk desk([](Config& config) { config.stream_clients_max = kPlaces; });
  const std::string token = desk.token("an", {"operator"});
  const auto port = static_cast<unsigned short>(std::stoi(desk.url().substr(desk.url().rfind(':') + 1)));
  const std::string request = "GET /v1/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + "\r\n\r\n";
  boost::asio::io_context io;
  std::vector<boost::asio::ip::tcp::socket> idle;
  std::map<std::string, std::size_t> answers;
  for (std::size_t i = 0; i < kPlaces + kMore; ++i) {
    boost::asio::ip::tcp::socket socket(io);
    socket.connect({boost::asio::ip::address_v4::loopback(), port});
    boost::asio::write(socket, boost::asio::buffer(request));
    std::array<char, 12> status{};
    boost::asio::read(socket, boost::asio::buffer(status));
    ++answers[std::string(status.data() + 9, 3)];
    idle.push_back(std::move(socket));
  }
  CHECK(answers == std::map<std::string, std::size_t>{{"200", kPlaces}, {"503", kMore}});
  http::Client other = desk.client(token);
  CHECK(get(other, "/v1/queues").status == 200);
  REQUIRE(eventually([&] { return desk.metric("ioc_desk_stream_clients") == static_cast<double>(kPlaces); }));
  idle.clear();
  REQUIRE(eventually([&] { return get(other, "/v1/queues").status == 200 && desk.metric("ioc_desk_stream_clients") == 0.0; }));
  CHECK(follow_until(desk, token, "", has_clock).resets == 1);
}

TEST_CASE("stream: a client that stops reading is dropped while another keeps getting everything") {
  Desk desk([](Config& config) { config.stream_queue_bytes_max = 64 << 10; });
  const std::string token = desk.token("an", {"operator"});
  // Opens a stream and never reads from it.
  boost::asio::io_context io;
  boost::asio::ip::tcp::socket deaf(io);
  deaf.open(boost::asio::ip::tcp::v4());
  deaf.set_option(boost::asio::socket_base::receive_buffer_size(4096));
  const auto port = static_cast<unsigned short>(std::stoi(desk.url().substr(desk.url().rfind(':') + 1)));
  deaf.connect({boost::asio::ip::address_v4::loopback(), port});
  const std::string request = "GET /v1/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + "\r\n\r\n";
  boost::asio::write(deaf, boost::asio::buffer(request));
  constexpr int kReports = 6000;  // some 10 MB of snapshots: more than the sockets' buffers and the queue hold
  bool sent = false;
  Picture picture;
  follow(desk.client(token), "/v1/stream", "", [&](const SseEvent& event) {
    picture.take(event);
    if (picture.clock && !sent) {
      sent = true;
      std::thread([&desk] {
        for (int i = 0; i < kReports; ++i) {
          desk.log().append("ioc.events.v1", PartitionId(0),
                            {"s", wire::encode(Record(report(std::to_string(i), kMorning + i))), {}, false}, [](Result<Offset>) {});
        }
      }).join();
    }
    return picture.versions.size() < kReports;
  });
  CHECK(picture.resets == 1);
  // Whatever the deaf one still gets, the connection ends.
  REQUIRE(eventually([&] {
    boost::system::error_code error;
    std::array<char, 4096> bytes{};
    deaf.read_some(boost::asio::buffer(bytes), error);
    return error == boost::asio::error::eof || error == boost::asio::error::connection_reset;
  }));
}

TEST_CASE("stream: a list is sent in parts of bounded size, whole and in order; an empty one is one part") {
  boost::json::array all;
  for (int i = 0; i < 3'000; ++i) all.push_back(boost::json::object{{"code", std::string(1'000, 'x') + std::to_string(i)}});
  std::string text, none;
  api::add_list(text, "indicator", "indicators", all);
  api::add_list(none, "indicator", "indicators", {});
  CHECK(none == "event: indicator\ndata: {\"indicators\":[],\"part\":1,\"parts\":1}\n\n");
  boost::json::array read;
  std::size_t parts = 0;
  for (std::size_t at = 0; (at = text.find("data: ", at)) != std::string::npos;) {
    const std::size_t end = text.find("\n\n", at);
    CHECK(end - at <= api::kPartBytes + 2'000);
    const auto part = boost::json::parse(text.substr(at + 6, end - at - 6));
    CHECK(part.at("part").to_number<std::size_t>() == ++parts);
    for (const auto& one : part.at("indicators").as_array()) read.push_back(one);
    at = end;
  }
  CHECK(parts > 20);
  CHECK(read == all);
}
