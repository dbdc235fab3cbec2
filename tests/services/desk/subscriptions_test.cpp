#include <catch2/catch.hpp>

#include "libs/domain/topics.h"
#include "libs/domain/wire.h"
#include "tests/services/desk/harness.h"

using namespace ioc;
using namespace ioc::desk;
using namespace ioc::desk::test;

namespace {
constexpr const char* kFeed = "/v1/subscriptions/song-cong/entries";

std::string many(Desk& desk, int count) {
  IncidentId last;
  for (int i = 0; i < count; ++i) last = desk.send(report(std::to_string(i), kMorning + i));
  desk.await(last);
  return last.str();
}

}  // namespace

TEST_CASE("subscriptions: pages give every entry once, in order, without a gap in the numbers") {
  Desk desk;
  http::Client client = desk.client(desk.token("sc", {"subscriber:song-cong"}));
  many(desk, 25);
  std::uint64_t next_number = 1;
  std::string target = std::string(kFeed) + "?limit=10";
  REQUIRE(eventually([&] { return parsed(get(client, std::string(kFeed) + "?limit=100")).at("entries").as_array().size() == 25; }));
  while (next_number <= 25) {
    const auto page = parsed(get(client, target));
    REQUIRE_FALSE(page.at("entries").as_array().empty());
    CHECK(page.at("gaps").as_array().empty());
    for (const auto& entry : page.at("entries").as_array()) CHECK(entry.at("number") == next_number++);
    target = std::string(kFeed) + "?limit=10&after=" + http::escape(std::string(page.at("next").as_string()));
  }
  CHECK(parsed(get(client, target)).at("entries").as_array().empty());
  CHECK(get(client, std::string(kFeed) + "?limit=10").body.find("Nguyễn Văn Trực") == std::string::npos);
}

TEST_CASE("subscriptions: a follower catches up and goes on, and resumes behind its last id") {
  Desk desk;
  const std::string token = desk.token("sc", {"subscriber:song-cong"});
  many(desk, 5);
  std::string last_id;
  std::vector<std::uint64_t> numbers;
  follow(desk.client(token), kFeed, "", [&](const SseEvent& event) {
    REQUIRE(event.event == "entry");
    numbers.push_back(event.json().at("number").to_number<std::uint64_t>());
    last_id = event.id;
    if (numbers.size() == 5) desk.send(report("later", kMorning + 100));
    return numbers.size() < 6;
  });
  CHECK(numbers == std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6});
  desk.send(report("latest", kMorning + 200));
  follow(desk.client(token), kFeed, last_id, [&](const SseEvent& event) {
    CHECK(event.json().at("number") == 7);
    return false;
  });
}

TEST_CASE("subscriptions: a cursor of another log is an explicit gap with the first number there is") {
  Desk desk;
  const std::string token = desk.token("sc", {"subscriber:song-cong"});
  many(desk, 3);
  std::vector<std::string> kinds;
  follow(desk.client(token), kFeed, "lostlog~0.7", [&](const SseEvent& event) {
    kinds.push_back(event.event);
    if (event.event == "gap") {
      CHECK(event.json().at("reason") == "other_log");
      CHECK(event.json().at("first_number") == 1);
    }
    return kinds.size() < 2;
  });
  CHECK(kinds == std::vector<std::string>{"gap", "entry"});
  http::Client client = desk.client(token);
  const auto page = parsed(get(client, std::string(kFeed) + "?limit=10&after=lostlog~0.7"));
  CHECK(page.at("gaps").as_array().at(0).at("first_number") == 1);
  CHECK(get(client, std::string(kFeed) + "?limit=10&after=nonsense").status == 400);
  CHECK(get(client, std::string(kFeed) + "?limit=x").status == 400);
}

TEST_CASE("subscriptions: a token reads its own feed alone") {
  Desk desk;
  http::Client own = desk.client(desk.token("sc", {"subscriber:song-cong"}));
  http::Client admin = desk.client(desk.token("chi", {"admin"}));
  http::Client worker = desk.client(desk.token("an", {"operator"}));
  CHECK(get(own, "/v1/subscriptions/song-cong/entries?limit=1").status == 200);
  CHECK(get(own, "/v1/subscriptions/pho-yen/entries?limit=1").status == 403);
  CHECK(get(worker, "/v1/subscriptions/song-cong/entries?limit=1").status == 403);
  CHECK(get(admin, "/v1/subscriptions/pho-yen/entries?limit=1").status == 200);
  CHECK(get(admin, "/v1/subscriptions/nowhere/entries?limit=1").status == 404);
  http::Client nobody = desk.client();
  CHECK(get(nobody, "/v1/subscriptions/song-cong/entries?limit=1").status == 401);
}

namespace {

// A feed that keeps some ten kilobytes, looked at often.
Kept little() {
  Kept kept;
  kept.log.embedded.segment_bytes = 2048;
  kept.log.embedded.tail_bytes_max = 1024;
  kept.log.embedded.cleaning_interval = Millis(20);
  kept.feed_bytes = 10'000;
  return kept;
}

// More and more entries until the feed's oldest ones are gone; the position of the oldest that is left.
Offset overflow(Desk& desk) {
  Offset first;
  REQUIRE(eventually([&, sent = 0]() mutable {
    for (int i = 0; i < 50; ++i, ++sent) desk.send(report("o" + std::to_string(sent), kMorning + sent));
    const auto range = desk.log().range(topics::subscriber("song-cong"), PartitionId(0));
    if (range) first = range->first;
    return first > Offset(10);
  }));
  return first;
}

}  // namespace

TEST_CASE("subscriptions: entries that retention dropped are an explicit gap with the first number there is") {
  Desk desk({}, little());
  const std::string token = desk.token("sc", {"subscriber:song-cong"});
  http::Client client = desk.client(token);
  many(desk, 5);
  REQUIRE(eventually([&] { return parsed(get(client, std::string(kFeed) + "?limit=3")).at("entries").as_array().size() == 3; }));
  const std::string cursor(parsed(get(client, std::string(kFeed) + "?limit=3")).at("next").as_string());
  overflow(desk);

  // While the log is still being cleaned, more may go between two reads of one page.
  boost::json::value page;
  REQUIRE(eventually([&] {
    page = parsed(get(client, std::string(kFeed) + "?limit=50&after=" + http::escape(cursor)));
    return page.at("gaps").as_array().size() == 1;
  }));
  const auto& gap = page.at("gaps").as_array().at(0);
  CHECK(gap.at("reason") == "retention");
  CHECK(gap.at("partition") == 0);
  CHECK(gap.at("subscriber") == "song-cong");
  const auto first = gap.at("first_number").to_number<std::uint64_t>();
  CHECK(first > 4);
  std::uint64_t number = first;
  REQUIRE_FALSE(page.at("entries").as_array().empty());
  for (const auto& entry : page.at("entries").as_array()) CHECK(entry.at("number") == number++);

  std::vector<SseEvent> seen;
  follow(desk.client(token), kFeed, cursor, [&](const SseEvent& event) {
    seen.push_back(event);
    return seen.size() < 2;
  });
  CHECK(seen[0].event == "gap");
  CHECK(seen[0].json().at("reason") == "retention");
  CHECK(seen[0].json().at("first_number") == seen[1].json().at("number"));
  CHECK(seen[1].event == "entry");
  // A cursor that is not too old goes on without a gap.
  REQUIRE(page.at("entries").as_array().size() > 1);
  const std::string fresh(page.at("entries").as_array().front().at("cursor").as_string());
  const auto next = parsed(get(client, std::string(kFeed) + "?limit=1&after=" + http::escape(fresh)));
  if (next.at("gaps").as_array().empty()) CHECK(next.at("entries").as_array().at(0).at("number") == first + 1);
}

TEST_CASE("subscriptions: where retention dropped all, the gap has no number yet, and the next entry brings it") {
  Kept kept = little();
  kept.feed_bytes = 0;
  kept.feed_time = Millis(1);
  Desk desk({}, kept);
  const std::string token = desk.token("sc", {"subscriber:song-cong"});
  http::Client client = desk.client(token);
  many(desk, 5);
  const auto all_gone = [&] {
    const auto range = desk.log().range(topics::subscriber("song-cong"), PartitionId(0));
    return range && range->end == Offset(5) && range->first == range->end;
  };
  REQUIRE(eventually(all_gone));
  const std::string cursor = desk.log().id() + "~0.1";
  const auto page = parsed(get(client, std::string(kFeed) + "?limit=50&after=" + http::escape(cursor)));
  CHECK(page.at("entries").as_array().empty());
  REQUIRE(page.at("gaps").as_array().size() == 1);
  CHECK(page.at("gaps").as_array().at(0).at("reason") == "retention");
  CHECK(page.at("gaps").as_array().at(0).at("first_number").is_null());
  follow(desk.client(token), kFeed, cursor, [&](const SseEvent& event) {
    CHECK(event.event == "gap");
    CHECK(event.json().at("first_number").is_null());
    return false;
  });
}
