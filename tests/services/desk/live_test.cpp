#include <catch2/catch.hpp>

#include "services/desk/stream/cursor.h"
#include "services/desk/view/live.h"
#include "tests/services/desk/samples.h"

using namespace ioc;
using namespace ioc::desk;
using namespace ioc::desk::test;
using view::Live;

namespace {

const view::RenderIncident kRender = [](const Incident& one, stream::Audience) { return one.id.str(); };

void put(Live& live, const Incident& before, const Incident& after, bool is_new) {
  view::Changes changes;
  changes.incidents.push_back({after.id, is_new ? nullptr : std::make_shared<const Incident>(before),
                               std::make_shared<const Incident>(after), {}});
  live.apply(changes, {Offset(1)}, kRender);
}

view::QueueFigures figures(Live& live, const std::string& queue, WallTime now) {
  for (const auto& one : live.queues(now)) {
    if (one.queue.str() == queue) return one;
  }
  return {};
}

}  // namespace

TEST_CASE("cursor: written and read alike; of another shape it is none") {
  const stream::Cursor cursor{"log_A-1", {Offset(12), Offset(0), Offset(99)}};
  CHECK(stream::to_text(cursor) == "log_A-1~0.12~1.0~2.99");
  CHECK(stream::cursor_of(stream::to_text(cursor), 3) == cursor);
  CHECK_FALSE(stream::cursor_of(stream::to_text(cursor), 2));
  for (const char* text : {"", "x", "x~", "x~0", "x~0.", "x~1.5", "x~0.5~", "x~0.5x", "x~0.-5", "x~0.99999999999999999999"}) {
    CAPTURE(text);
    CHECK_FALSE(stream::cursor_of(text, 1));
  }
}

TEST_CASE("queues: figures follow an incident through acknowledgement, another queue and its end") {
  Live live("log", 1, 10);
  const WallTime now = WallTime::from_ms(kMorning + 5000);
  Incident one = incident("0-a", kMorning);
  put(live, one, one, true);
  CHECK(figures(live, "do-thi", now).open == 1);
  CHECK(figures(live, "do-thi", now).unacknowledged == 1);
  CHECK(figures(live, "do-thi", now).by_severity[2] == 1);
  CHECK(figures(live, "do-thi", now).oldest_unacknowledged_at == one.received_at);
  CHECK(live.open_by_unit()["05443"] == 1);

  Incident acknowledged = one;
  acknowledged.acknowledged_at = LogTime::from_ms(kMorning + 2000);
  acknowledged.severity = Severity::Critical;
  put(live, one, acknowledged, false);
  CHECK(figures(live, "do-thi", now).unacknowledged == 0);
  CHECK_FALSE(figures(live, "do-thi", now).oldest_unacknowledged_at);
  CHECK(figures(live, "do-thi", now).by_severity[0] == 1);
  CHECK(figures(live, "do-thi", now).by_severity[2] == 0);

  Incident moved = acknowledged;
  moved.queue = QueueId("giao-thong");
  put(live, acknowledged, moved, false);
  CHECK(figures(live, "do-thi", now).open == 0);
  CHECK(figures(live, "giao-thong", now).open == 1);
  CHECK(figures(live, "giao-thong", now).alarms_10min == 0);  // it came into the other queue

  Incident closed = moved;
  closed.state = IncidentState::Closed;
  put(live, moved, closed, false);
  CHECK(live.open_count() == 0);
  CHECK(live.open_by_unit()["05443"] == 0);
  CHECK_FALSE(live.open_incident(one.id));
}

TEST_CASE("queues: flood begins at ten new incidents in ten minutes and ends below five; late ones and info do not count") {
  Live live("log", 1, 10);
  const auto arrive = [&](int number, std::int64_t at_ms, std::int64_t late_ms) {
    Incident one = incident("0-" + std::to_string(number), at_ms - late_ms);
    one.received_at = LogTime::from_ms(at_ms);
    put(live, one, one, true);
  };
  const auto load = [&](std::int64_t at_ms) { return figures(live, "do-thi", WallTime::from_ms(at_ms)).load; };
  arrive(0, kMorning, 0);
  CHECK(load(kMorning) == view::Load::Acceptable);
  arrive(1, kMorning + 1000, 0);
  CHECK(load(kMorning + 1000) == view::Load::Manageable);
  arrive(2, kMorning + 2000, 0);
  CHECK(load(kMorning + 2000) == view::Load::Unacceptable);
  for (int i = 3; i < 30; ++i) arrive(i, kMorning + 3000, 16 * 60'000);
  CHECK(load(kMorning + 3000) == view::Load::Unacceptable);
  for (int i = 50; i < 80; ++i) {
    Incident info = incident("0-" + std::to_string(i), kMorning + 3000);
    info.received_at = LogTime::from_ms(kMorning + 3000);
    info.severity = Severity::Info;
    put(live, info, info, true);
  }
  CHECK(load(kMorning + 3000) == view::Load::Unacceptable);
  for (int i = 30; i < 37; ++i) arrive(i, kMorning + 60'000 * (i - 29), 0);
  CHECK(load(kMorning + 7 * 60'000) == view::Load::Flood);
  CHECK(load(kMorning + 14 * 60'000) == view::Load::Unacceptable);  // the last four of ten: below five
  CHECK(load(kMorning + 30 * 60'000) == view::Load::Acceptable);
}

TEST_CASE("feeds: what is older than a day leaves the count, also while the feed is silent") {
  Live live("log", 1, 10);
  view::Changes changes;
  for (int i = 0; i < 3; ++i) changes.feeds.push_back({Feed::CameraAlerts, LogTime::from_ms(kMorning + i * 3'600'000LL), "cam"});
  live.apply(changes, {Offset(0)}, kRender);
  const auto camera = [&](std::int64_t at_ms) { return live.feeds(WallTime::from_ms(at_ms))[1]; };
  CHECK(camera(kMorning + 3 * 3'600'000LL).events_24h == 3);
  CHECK(camera(kMorning + 24 * 3'600'000LL + 60'000).events_24h == 2);
  CHECK(camera(kMorning + 27 * 3'600'000LL).events_24h == 0);
  CHECK(camera(kMorning).last_event_at == LogTime::from_ms(kMorning + 2 * 3'600'000LL));
  CHECK_FALSE(live.feeds(WallTime::from_ms(kMorning))[0].last_event_at);
  CHECK(live.things_seen().at("cam") == LogTime::from_ms(kMorning + 2 * 3'600'000LL));
}
