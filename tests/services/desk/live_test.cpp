#include <algorithm>
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
  CHECK(load(kMorning + 2000) == view::Load::Manageable);  // unacceptable is more than ten
  for (int i = 3; i < 30; ++i) arrive(i, kMorning + 3000, 16 * 60'000);
  CHECK(load(kMorning + 3000) == view::Load::Manageable);
  for (int i = 50; i < 80; ++i) {
    Incident info = incident("0-" + std::to_string(i), kMorning + 3000);
    info.received_at = LogTime::from_ms(kMorning + 3000);
    info.severity = Severity::Info;
    put(live, info, info, true);
  }
  CHECK(load(kMorning + 3000) == view::Load::Manageable);
  for (int i = 30; i < 37; ++i) arrive(i, kMorning + 60'000 * (i - 29), 0);
  CHECK(load(kMorning + 7 * 60'000) == view::Load::Flood);
  CHECK(load(kMorning + 14 * 60'000) == view::Load::Manageable);  // the last four of ten: below five
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

namespace {

Event indicator(const std::string& code, const std::string& as_of, std::int64_t occurred_ms) {
  Event event = report(code + as_of, occurred_ms);
  event.feed = Feed::Indicators;
  Indicator body;
  body.code = code;
  body.unit = "19";
  body.as_of = as_of;
  event.body = body;
  return event;
}

std::string newest_as_of(const Live& live) { return std::get<Indicator>(live.indicators().at(0).back()->body).as_of; }

}  // namespace

TEST_CASE("indicators: what is no time, or lies ahead of the event, is never the newest for ever") {
  Live live("log", 1, 10);
  view::Changes changes;
  changes.indicators = {indicator("a", "zzzz", kMorning), indicator("a", "2999-01-01", kMorning + 1000)};
  live.apply(changes, {Offset(0)}, kRender);
  CHECK(newest_as_of(live) == "2999-01-01");  // its event is the newest
  changes.indicators = {indicator("a", "2021-10-19", kMorning + 86'400'000)};
  live.apply(changes, {Offset(0)}, kRender);
  CHECK(newest_as_of(live) == "2021-10-19");
}

TEST_CASE("indicators: a history of made-up codes is bounded; the one that is oldest leaves, the honest one stays") {
  Live live("log", 1, 10);
  view::Changes changes;
  changes.indicators.push_back(indicator("honest", "", kMorning + 1'000'000));
  for (std::size_t i = 0; i < view::kIndicatorSeriesMax + 100; ++i) {
    changes.indicators.push_back(indicator("made-up-" + std::to_string(i), "", kMorning + static_cast<std::int64_t>(i)));
  }
  live.apply(changes, {Offset(0)}, kRender);
  const auto all = live.indicators();
  CHECK(all.size() == view::kIndicatorSeriesMax);
  CHECK(std::any_of(all.begin(), all.end(), [](const auto& one) { return std::get<Indicator>(one.back()->body).code == "honest"; }));
  CHECK(live.take_changed_indicators().size() == view::kIndicatorSeriesMax);
  CHECK(live.take_changed_indicators().empty());
}

TEST_CASE("view's age: the partition that is furthest behind tells it, and one that did nothing leaves it unknown") {
  Live live("log", 2, 10);
  view::Changes changes;
  changes.done_at[PartitionId(0)] = LogTime::from_ms(kMorning + 5000);
  live.apply(changes, {Offset(0), Offset(0)}, kRender);
  CHECK_FALSE(live.data_at());
  changes.done_at[PartitionId(1)] = LogTime::from_ms(kMorning);
  live.apply(changes, {Offset(0), Offset(0)}, kRender);
  CHECK(live.data_at() == LogTime::from_ms(kMorning));
}
