#include <catch2/catch.hpp>
#include <deque>
#include <map>
#include <random>

#include "libs/domain/topics.h"
#include "libs/domain/wire.h"
#include "services/desk/view/applier.h"
#include "services/desk/view/expiry.h"
#include "services/desk/view/tables.h"
#include "services/desk/view/things.h"
#include "tests/services/desk/samples.h"

using namespace ioc;
using namespace ioc::desk;
using namespace ioc::desk::test;
using namespace ioc::desk::view;

namespace {

struct Written {
  std::string topic, key, value;
  bool tombstone = false;
};

std::unique_ptr<store::Store> open_store(const Folder& folder) {
  store::Options options;
  options.families = family_names();
  auto opened = store::Store::open(folder.path() + "/view", options);
  REQUIRE(opened.has_value());
  return std::move(*opened);
}

// Everything that is on disk.
std::map<std::string, std::string> dump(const store::Store& stored) {
  std::map<std::string, std::string> all;
  for (store::Family family = 0; family < kFamilyCount; ++family) {
    const auto at = stored.iterate(family);
    for (at->seek(""); at->valid(); at->next()) all[std::to_string(family) + "/" + std::string(at->key())] = at->value();
  }
  const auto at = stored.iterate(store::kDefault);
  for (at->seek(""); at->valid(); at->next()) all["meta/" + std::string(at->key())] = at->value();
  return all;
}

// A day in which all kinds of records occur: 40 reports, joins, a split, an acknowledgement, closings, a dead letter.
std::vector<Written> day() {
  std::vector<Written> log;
  const auto say = [&](std::string_view topic, std::string key, std::string value) {
    log.push_back({std::string(topic), std::move(key), std::move(value)});
  };
  for (std::uint64_t i = 0; i < 40; ++i) {
    const Event event = report(std::to_string(100 + i), kMorning + static_cast<std::int64_t>(i) * 60'000);
    const std::string id = "0-" + event.id.str();
    say(topics::kEvents, "s", wire::encode(Record(event)));
    if (i % 4 == 0) say(topics::kEvents, "s", wire::encode(Record(event)));  // redelivered
    const std::string joined = i % 2 == 0 ? id : "0-" + report(std::to_string(99 + i), kMorning + static_cast<std::int64_t>(i - 1) * 60'000).id.str();
    const DecisionKind kind = i % 2 == 0 ? DecisionKind::Opened : DecisionKind::Joined;
    say(topics::kDecisions, joined, wire::encode(decision(kind, joined, event.id.str(), 10 * i)));
    Incident snapshot = incident(joined, kMorning + static_cast<std::int64_t>(i - i % 2) * 60'000, "Cống số " + std::to_string(i), 1 + i % 2);
    snapshot.events = 1 + i % 2;
    if (i % 6 == 5) snapshot.state = IncidentState::Closed;
    say(topics::kIncidents, joined, wire::encode(snapshot));
    ReportStatus status;
    status.source = event.source;
    status.report = event.object;
    status.event = event.id;
    status.incident = IncidentId(joined);
    status.revision = i;
    say(topics::kReportStatus, "s/" + event.object.str(), wire::encode(status));
    if (i == 7) {
      Decision split = decision(DecisionKind::Split, "0-c-new", event.id.str(), 10 * i + 1);
      split.details = {{"from", joined}, {"to", "0-c-new"}};
      say(topics::kDecisions, "0-c-new", wire::encode(split));
      say(topics::kIncidents, "0-c-new", wire::encode(incident("0-c-new", event.occurred_at.ms())));
    }
  }
  DeadLetter letter;
  letter.id = "dl-1";
  letter.feed = "citizen-reports";
  letter.reason = "bad_field";
  letter.event = EventId("20211018-074000-r-refused");
  say(topics::kDeadLetters, "citizen-reports", wire::encode(letter));
  const std::string archived = "0-" + report("104", kMorning + 4 * 60'000).id.str();
  log.push_back({std::string(topics::kIncidents), archived, "", true});
  return log;
}

// Applies the log in batches of at most `batch` records; each topic in its order, topics interleaved by `random`.
void apply(store::Store& stored, const std::vector<Written>& log, std::size_t batch, std::mt19937& random) {
  std::map<std::string, std::deque<std::pair<std::uint64_t, const Written*>>> queues;
  std::map<std::string, std::uint64_t> next;
  for (const Written& one : log) queues[one.topic].emplace_back(next[one.topic]++, &one);
  Writes writes(stored);
  Changes changes;
  std::size_t held = 0;
  while (!queues.empty()) {
    auto at = queues.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(random() % queues.size()));
    const auto [offset, written] = at->second.front();
    at->second.pop_front();
    log::Entry entry;
    entry.offset = Offset(offset);
    entry.appended_at = LogTime::from_ms(kMorning + static_cast<std::int64_t>(offset) * 2000);
    entry.key = written->key;
    entry.value = written->value;
    entry.tombstone = written->tombstone;
    REQUIRE(Applier(writes, changes).apply(written->topic, PartitionId(0), entry).has_value());
    if (++held >= batch) {
      REQUIRE(writes.commit().has_value());
      held = 0;
    }
    if (at->second.empty()) queues.erase(at);
  }
  REQUIRE(writes.commit().has_value());
}

}  // namespace

TEST_CASE("view: built again from the log, with other batches and another interleaving, it is the same byte for byte") {
  const std::vector<Written> log = day();
  const Folder first;
  const auto grown = open_store(first);
  std::mt19937 random(7);
  apply(*grown, log, 1, random);
  const auto expected = dump(*grown);
  REQUIRE(expected.size() > 200);
  for (const unsigned seed : {1U, 2U, 3U, 4U, 5U, 6U}) {
    CAPTURE(seed);
    const Folder folder;
    const auto built = open_store(folder);
    random.seed(seed);
    apply(*built, log, 1 + seed * 13, random);
    CHECK(dump(*built) == expected);
  }
}

TEST_CASE("view: a record that is read twice changes nothing") {
  const std::vector<Written> log = day();
  const Folder folder;
  const auto stored = open_store(folder);
  std::mt19937 random(1);
  apply(*stored, log, 50, random);
  const Tables tables(*stored, 1000);
  const EventId event = report("102", kMorning + 2 * 60'000).id;
  const auto before = tables.decisions(IncidentId("0-" + event.str()), std::nullopt, 100);
  REQUIRE_FALSE(before.empty());
  Writes writes(*stored);
  Changes changes;
  log::Entry entry;
  const std::string value = wire::encode(before.front());
  entry.key = "x";
  entry.value = value;
  REQUIRE(Applier(writes, changes).apply(topics::kDecisions, PartitionId(0), entry).has_value());
  REQUIRE(writes.commit().has_value());
  CHECK(tables.decisions(IncidentId("0-" + event.str()), std::nullopt, 100) == before);
}

TEST_CASE("view: an event is in exactly the incident that the last decision put it into") {
  const Folder folder;
  const auto stored = open_store(folder);
  std::mt19937 random(1);
  apply(*stored, day(), 50, random);
  const Tables tables(*stored, 1000);
  const Event taken_out = report("107", kMorning + 7 * 60'000);
  const std::string old_incident = "0-" + report("106", kMorning + 6 * 60'000).id.str();
  CHECK(tables.outcome(taken_out.id)->incident == IncidentId("0-c-new"));
  CHECK(tables.members(IncidentId("0-c-new"), "", 10) == std::vector<EventId>{taken_out.id});
  CHECK(tables.members(IncidentId(old_incident), "", 10).size() == 1);
  CHECK(tables.decisions_of(taken_out.id, 10).size() == 2);
}

TEST_CASE("view: an event of a relocated incident is where it came to, in whichever order the areas' decisions are read") {
  const auto made = [](std::uint32_t partition, std::uint64_t offset, DecisionKind kind, const std::string& in, const char* hop) {
    Decision one = decision(kind, in, "20211018-074000-r-1", offset);
    one.partition = PartitionId(partition);
    if (hop != nullptr) one.details = {{"hop", hop}};
    return one;
  };
  // Area 0 opens it, area 1 gets it and joins a revision, area 0 gets it back.
  const std::vector<std::vector<Decision>> areas{
      {made(0, 1, DecisionKind::Opened, "0-a", nullptr), made(0, 2, DecisionKind::Revised, "0-a", nullptr),
       made(0, 9, DecisionKind::Relocated, "0-c", "2"), made(0, 10, DecisionKind::Revised, "0-d", nullptr)},
      {made(1, 1, DecisionKind::Relocated, "1-b", "1"), made(1, 2, DecisionKind::Revised, "1-b", nullptr)}};
  for (unsigned picks = 0; picks < 1U << 6; ++picks) {
    std::size_t next[2] = {0, 0};
    const Folder folder;
    const auto stored = open_store(folder);
    Writes writes(*stored);
    Changes changes;
    for (unsigned i = 0; next[0] + next[1] < areas[0].size() + areas[1].size(); ++i) {
      std::size_t area = (picks >> (i % 6)) & 1U;
      if (next[area] == areas[area].size()) area = 1 - area;
      const Decision& one = areas[area][next[area]++];
      log::Entry entry;
      const std::string value = wire::encode(one);
      entry.key = "x";
      entry.value = value;
      REQUIRE(Applier(writes, changes).apply(topics::kDecisions, one.partition, entry).has_value());
    }
    REQUIRE(writes.commit().has_value());
    const Tables tables(*stored, 1000);
    CAPTURE(picks);
    CHECK(tables.outcome(EventId("20211018-074000-r-1"))->incident == IncidentId("0-d"));
    CHECK(tables.members(IncidentId("0-d"), "", 10).size() == 1);
    for (const char* left : {"0-a", "1-b", "0-c"}) CHECK(tables.members(IncidentId(left), "", 10).empty());
  }
}

TEST_CASE("view: events, statuses, dead letters and closings are found by id") {
  const Folder folder;
  const auto stored = open_store(folder);
  std::mt19937 random(1);
  apply(*stored, day(), 50, random);
  const Tables tables(*stored, 1000);
  const Event event = report("103", kMorning + 3 * 60'000);
  REQUIRE(tables.event(event.id));
  CHECK(tables.event(event.id)->event == event);
  REQUIRE(tables.status_of(event.id));
  CHECK(tables.status_of(event.id)->report == event.object);
  CHECK(tables.outcome(EventId("20211018-074000-r-refused"))->kind == OutcomeKind::DeadLetter);
  CHECK(tables.dead_letter("20211018-074000-r-refused")->reason == "bad_field");
  CHECK_FALSE(tables.outcome(EventId("nobody")));
  CHECK_FALSE(tables.incident(IncidentId("0-" + report("104", kMorning + 4 * 60'000).id.str())));
}

TEST_CASE("view: each incident stands once in the order of its last change") {
  const Folder folder;
  const auto stored = open_store(folder);
  std::mt19937 random(1);
  apply(*stored, day(), 50, random);
  const Tables tables(*stored, 1000);
  std::vector<std::string> all;
  std::optional<Place> last;
  tables.changed_since({PartitionId(0), Offset(0)}, [&](Place place, auto one) {
    CHECK((!last || *last < place));
    last = place;
    all.push_back(one->id.str());
    return true;
  });
  CHECK(all.size() == std::set<std::string>(all.begin(), all.end()).size());
  CHECK(all.size() == 20);  // 20 opened, one split off, one archived
  std::size_t rest = 0;
  tables.changed_since(*last, [&](Place, auto) { return ++rest > 0; });
  CHECK(rest == 1);
}

TEST_CASE("view: archiving an incident takes its decisions and membership; the note that it was archived stays") {
  const Folder folder;
  const auto stored = open_store(folder);
  std::vector<Written> log = day();
  const std::string id = "0-" + report("102", kMorning + 2 * 60'000).id.str();
  log.push_back({std::string(topics::kDecisions), id, wire::encode(decision(DecisionKind::Archived, id, "", 9000))});
  std::mt19937 random(3);
  apply(*stored, log, 50, random);
  const Tables tables(*stored, 1000);
  CHECK(tables.members(IncidentId(id), "", 10).empty());
  const auto left = tables.decisions(IncidentId(id), std::nullopt, 10);
  REQUIRE(left.size() == 1);
  CHECK(left[0].kind == DecisionKind::Archived);
  CHECK(tables.members(IncidentId("0-" + report("110", kMorning + 10 * 60'000).id.str()), "", 10).size() == 2);
}

TEST_CASE("view: events that are too old leave with all that is known of them, younger ones stay") {
  const Folder folder;
  const auto stored = open_store(folder);
  std::mt19937 random(3);
  apply(*stored, day(), 50, random);
  const Tables tables(*stored, 1000);
  // Appended every two seconds: the first minute's leave, and the dead letter.
  const auto gone = expire(*stored, LogTime::from_ms(kMorning + 60'000), LogTime::from_ms(kMorning + 60'000));
  REQUIRE(gone.has_value());
  CHECK(*gone > 10);
  CHECK(*gone < 40);
  std::size_t kept = 0;
  for (std::uint64_t i = 0; i < 40; ++i) {
    const EventId id = report(std::to_string(100 + i), kMorning + static_cast<std::int64_t>(i) * 60'000).id;
    const bool there = tables.event(id).has_value();
    kept += there ? 1 : 0;
    CHECK(tables.outcome(id).has_value() == there);
    CHECK(tables.decisions_of(id, 10).empty() == !there);
    CHECK(tables.status_of(id).has_value() == there);
    CHECK(tables.named("ctn-" + std::to_string(100 + i), 10).empty() == !there);
  }
  CHECK(kept == 41 - *gone);
}

TEST_CASE("view: old commands, dead letters and indicators leave too; an indicator's newer value stays") {
  const Folder folder;
  const auto stored = open_store(folder);
  Command command;
  command.id = CommandId("c-1");
  command.incident = IncidentId("0-a");
  command.kind = CommandKind::Comment;
  DeadLetter letter;
  letter.id = "dl-2";
  letter.feed = "citizen-reports";
  letter.reason = "malformed";
  const auto value = [](const std::string& number, const char* as_of) {
    Event event = report(number, kMorning);
    event.feed = Feed::Indicators;
    Indicator body;
    body.code = "files";
    body.unit = "19";
    body.as_of = as_of;
    event.body = body;
    return event;
  };
  std::vector<Written> log{{std::string(topics::kEvents), "s", wire::encode(Record(command))},
                           {std::string(topics::kDeadLetters), "f", wire::encode(letter)},
                           {std::string(topics::kEvents), "s", wire::encode(Record(value("1", "2021-01-01")))},
                           {std::string(topics::kEvents), "s", wire::encode(Record(value("2", "2021-02-01")))}};
  const auto tick = wire::encode(Record(Tick{}));
  for (int i = 0; i < 100; ++i) log.push_back({std::string(topics::kEvents), "s", tick});
  log.push_back({std::string(topics::kEvents), "s", wire::encode(Record(value("3", "2021-02-01")))});  // corrects the second
  std::mt19937 random(5);
  apply(*stored, log, 1, random);
  const Tables tables(*stored, 1000);
  REQUIRE(tables.command(CommandId("c-1")));
  REQUIRE(tables.dead_letter("dl-2"));
  const auto gone = expire(*stored, LogTime::from_ms(kMorning + 60'000), LogTime::from_ms(kMorning));
  REQUIRE(gone.has_value());
  CHECK(*gone == 4);
  CHECK_FALSE(tables.command(CommandId("c-1")));
  CHECK_FALSE(tables.dead_letter("dl-2"));
  std::vector<std::string> left;
  tables.each_indicator([&](const Event& event) { left.push_back(event.id.str()); });
  CHECK(left == std::vector<std::string>{value("3", "2021-02-01").id.str()});
  CHECK(*expire(*stored, LogTime::from_ms(kMorning + 60'000), LogTime::from_ms(kMorning)) == 0);
}

TEST_CASE("view: cameras and checkpoints that senders make up are bounded, in memory and on disk; the longest silent goes first") {
  Things things(3);
  for (int i = 0; i < 10; ++i) things.see("camera-" + std::to_string(i), LogTime::from_ms(1000 + i));
  CHECK(things.all().size() == 3);
  things.see("camera-7", LogTime::from_ms(2000));
  things.see("camera-new", LogTime::from_ms(2001));
  CHECK(things.all().contains("camera-7"));
  CHECK_FALSE(things.all().contains("camera-8"));
  things.forget_before(LogTime::from_ms(2001));
  CHECK(things.all().size() == 1);

  const Folder folder;
  const auto stored = open_store(folder);
  std::vector<Written> log;
  for (int i = 0; i < 200; ++i) {
    Event event = report("a" + std::to_string(i), kMorning);
    event.feed = Feed::CameraAlerts;
    CameraAlert alert;
    alert.camera = "camera-" + std::to_string(1000 + i);
    event.body = alert;
    log.push_back({std::string(topics::kEvents), "s", wire::encode(Record(event))});
  }
  std::mt19937 random(7);
  apply(*stored, log, 20, random);
  const Tables tables(*stored, 1000);
  const auto names = [&] {
    std::vector<std::string> all;
    tables.each_thing([&](std::string_view name, LogTime) { all.emplace_back(name); });
    return all;
  };
  REQUIRE(names().size() == 200);
  REQUIRE(expire_things(*stored, LogTime::from_ms(0), 50).has_value());
  REQUIRE(names().size() == 50);
  CHECK(names().front() == "camera-1150");
  REQUIRE(expire_things(*stored, LogTime::from_ms(kMorning + 3'600'000), 50).has_value());
  CHECK(names().empty());
}

TEST_CASE("view: only what triage did tells how far it is; reports that wait for it do not") {
  const Folder folder;
  const auto store = open_store(folder);
  Writes writes(*store);
  Changes changes;
  Applier applier(writes, changes);
  const auto apply = [&](std::string_view topic, const std::string& value, std::int64_t appended_ms) {
    log::Entry entry;
    entry.key = "k";
    entry.value = value;
    entry.appended_at = LogTime::from_ms(appended_ms);
    REQUIRE(applier.apply(topic, PartitionId(3), entry).has_value());
  };
  const auto done_ms = [&] { return changes.done_at.at(PartitionId(3)).ms(); };
  apply(topics::kEvents, wire::encode(Record(report("1", kMorning))), kMorning + 60'000);
  CHECK(changes.done_at.empty());
  Decision made = decision(DecisionKind::Opened, "0-a", "e", 1);
  made.decided_at = LogTime::from_ms(kMorning);
  apply(topics::kDecisions, wire::encode(made), kMorning + 300'000);  // decided late: it is behind, and says so
  CHECK(done_ms() == kMorning);
  apply(topics::kEvents, wire::encode(Record(Tick{})), kMorning + 61'000);
  CHECK(done_ms() == kMorning + 61'000);
}
