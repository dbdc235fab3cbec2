// An alert's id that comes back, alerts that end by silence, and sequences that jump (README "Lives of an id").
#include <catch2/catch.hpp>
#include <algorithm>
#include <set>

#include "libs/triage/memory/objects.h"
#include "tests/libs/triage/fixture.h"

using namespace ioc;
using namespace ioc::triage;
using namespace ioc::triage::testing;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t kAbsurd = 1ULL << 62U;

// Under the behaviour that follows lives.
struct Desk : Bench {
  explicit Desk(TestBundle with = default_test_bundle()) : Bench(true, std::move(with)) {
    step(Activation{bundle.hash, kBehaviourVersion, "test"});
  }
  // Arrives when it happens.
  std::vector<Decision> hear(const Event& event) {
    now = std::max(now, LogTime::from_ms(event.occurred_at.ms()));
    return step(event);
  }
  std::vector<Decision> resolve(const IncidentId& id) {
    Command made = command("resolve-" + id.str(), incidents.at(id.str()), CommandKind::Resolve);
    made.outcome = "fixed";
    return step(made);
  }
  const Incident& incident(std::string_view opener) { return incidents.at("0-" + std::string(opener)); }
};

// `id` is the event's, as ingest would make it; the alert's is always the same.
Event alert(std::string_view id, AlertState state, Millis when, std::uint64_t sequence = 0, std::string_view kind = "fire") {
  Event event = at(camera("nvr7-0001", "tn_cmt8_01", kind, state, sequence), when);
  event.id = EventId(id);
  std::get<CameraAlert>(event.body).started_at = event.occurred_at;
  return event;
}

std::string detail(const Decision& decision, std::string_view name) {
  for (const Detail& one : decision.details) {
    if (one.name == name) return one.value;
  }
  return "";
}

// One camera sees several cars stop; each message has an id of its own: "<object>-<milliseconds>".
Event stopped_car(std::string_view object, AlertState state, Millis when) {
  Event event = at(camera(object, "tn_cmt8_01", "illegal_stop", state), when);
  event.id = EventId(std::string(object) + "-" + std::to_string(when.count()));
  return event;
}

}  // namespace

TEST_CASE("lives: an id that comes back after its alert ended and was resolved opens a new incident and says why") {
  Desk desk;
  desk.hear(alert("one-start", AlertState::Start, 0h, 1));
  desk.hear(alert("one-end", AlertState::End, 20min, 2));
  desk.resolve(IncidentId("0-one-start"));
  const auto decisions = desk.hear(alert("two-start", AlertState::Start, 24h, 1));
  const Decision* opened = find(decisions, DecisionKind::Opened);
  REQUIRE(opened != nullptr);
  CHECK(opened->reason == "id_reused");
  CHECK(detail(*opened, "former_incident") == "0-one-start");
  CHECK(detail(*opened, "former_alert") == "ended");
  CHECK(desk.incident("one-start").state == IncidentState::Resolved);
  CHECK(desk.incident("two-start").opened_at == EventTime::from_ms(kStartMs + Millis(24h).count()));
  CHECK(desk.incident("two-start").emergency);
}

TEST_CASE("lives: the same without a sequence, also when a clock closed the earlier incident") {
  Desk desk;
  desk.hear(alert("one-start", AlertState::Start, 0h, 0, "congestion"));
  desk.hear(alert("one-end", AlertState::End, 20min, 0, "congestion"));
  desk.wait(2h);
  REQUIRE(desk.incident("one-start").state == IncidentState::Closed);
  const auto decisions = desk.hear(alert("two-start", AlertState::Start, 24h, 0, "congestion"));
  REQUIRE(find(decisions, DecisionKind::Opened) != nullptr);
  CHECK(find(decisions, DecisionKind::Opened)->reason == "id_reused");
  CHECK(desk.incident("one-start").state == IncidentState::Closed);
  CHECK(desk.incident("two-start").events == 1);
}

TEST_CASE("lives: under the first behaviour version an id is one object for ever, as it was") {
  Bench bench;
  bench.step(alert("one-start", AlertState::Start, 0h, 1));
  bench.step(alert("one-end", AlertState::End, 20min, 2));
  CHECK(bench.step(alert("two-start", AlertState::Start, 24h, 1)).back().kind == DecisionKind::StaleRevision);
}

TEST_CASE("lives: what comes late or again of the first object is known as the first object's") {
  Desk desk;
  const Event start = alert("one-start", AlertState::Start, 0h, 1);
  const Event update = alert("one-update", AlertState::Update, 5min, 2);
  const Event late_update = alert("one-late", AlertState::Update, 7min, 3);
  const Event end = alert("one-end", AlertState::End, 20min, 9);
  const Event again = alert("one-end-again", AlertState::End, 21min, 10);
  for (const Event& event : {start, update, end}) desk.hear(event);
  desk.resolve(IncidentId("0-one-start"));
  CHECK(desk.step(late_update).back().kind == DecisionKind::StaleRevision);
  desk.hear(alert("two-start", AlertState::Start, 24h, 1));
  desk.wait(30h);
  for (int round = 0; round < 2; ++round) {
    for (const Event& event : {start, update, end}) CHECK(desk.step(event).back().kind == DecisionKind::Repeated);
    const auto decisions = desk.step(again);
    if (round == 0) {
      CHECK(decisions.back().kind == DecisionKind::StaleRevision);
      CHECK(decisions.back().reason == "of_former_object");
      CHECK(decisions.back().incident == IncidentId("0-one-start"));
    }
    desk.restart();
  }
  CHECK(desk.incidents.size() == 2);
  CHECK(desk.incident("two-start").events == 1);
}

TEST_CASE("lives: a late `end` of the first object does not end the second, whatever its sequence") {
  Desk desk;
  desk.hear(alert("one-start", AlertState::Start, 0h, 7, "illegal_stop"));
  desk.wait(3h);
  desk.hear(alert("two-start", AlertState::Start, 24h, 1, "illegal_stop"));
  desk.step(alert("one-end", AlertState::End, 10min, 8, "illegal_stop"));
  desk.wait(2s);
  CHECK_FALSE(desk.incident("two-start").ended);
  CHECK(desk.incident("two-start").events == 1);
}

TEST_CASE("lives: an `end` that is sent again and again opens nothing and reopens nothing") {
  Desk desk;
  desk.hear(alert("start", AlertState::Start, 0h, 0, "congestion"));
  for (int i = 0; i < 10; ++i) desk.hear(alert("end-" + std::to_string(i), AlertState::End, 10min + i * 1h, 0, "congestion"));
  CHECK(desk.incidents.size() == 1);
  CHECK(desk.incident("start").state == IncidentState::Closed);
}

TEST_CASE("lives: an `end` whose start was lost and that says when it began is of the new object") {
  Desk desk;
  desk.hear(alert("one-start", AlertState::Start, 0h, 1));
  desk.hear(alert("one-end", AlertState::End, 20min, 2));
  desk.resolve(IncidentId("0-one-start"));
  Event end = alert("two-end", AlertState::End, 25h, 2);
  std::get<CameraAlert>(end.body).started_at = EventTime::from_ms(kStartMs + Millis(24h).count());
  const auto decisions = desk.hear(end);
  REQUIRE(find(decisions, DecisionKind::Opened) != nullptr);
  CHECK(desk.incident("two-end").ended);
  // Its start comes after all.
  CHECK(desk.step(alert("two-start", AlertState::Start, 24h, 1)).back().reason == "older_than_newest");
}

TEST_CASE("lives: where a person closed the incident of an alert that goes on, a `start` is new and an update is not") {
  Desk desk;
  desk.hear(alert("one-start", AlertState::Start, 0h, 1));
  desk.resolve(IncidentId("0-one-start"));
  CHECK(find(desk.hear(alert("one-update", AlertState::Update, 5min, 2)), DecisionKind::Revised) != nullptr);
  CHECK(desk.incident("one-start").state == IncidentState::Resolved);
  const auto decisions = desk.hear(alert("two-start", AlertState::Start, 10min, 1));
  REQUIRE(find(decisions, DecisionKind::Opened) != nullptr);
  CHECK(detail(*find(decisions, DecisionKind::Opened), "former_alert") == "closed");
}

TEST_CASE("lives: an id that comes back within the kind's window of its last message goes on in its incident") {
  Desk desk;
  for (int i = 0; i < 12; ++i) desk.hear(alert("m" + std::to_string(i), i == 0 ? AlertState::Start : AlertState::Update, i * 5min, 0, "no_mask"));
  desk.wait(11min);  // cut off
  REQUIRE(desk.incident("m0").ended);
  const auto decisions = desk.hear(alert("back", AlertState::Start, 75min, 0, "no_mask"));
  const Decision* suppressed = find(decisions, DecisionKind::Suppressed);
  REQUIRE(suppressed != nullptr);
  CHECK(suppressed->incident == IncidentId("0-m0"));
  CHECK(detail(*suppressed, "former_alert") == "silent");
  desk.wait(2s);
  CHECK_FALSE(desk.incident("m0").ended);
  CHECK(desk.incidents.size() == 1);
}

TEST_CASE("lives: a citizen's report that comes again is a correction, and a Frigate id never comes back") {
  Desk desk;
  desk.hear(report("r1", "Nắp cống bị mất"));
  desk.resolve(IncidentId("0-e-r1"));
  Event corrected = at(report("r1", "Nắp cống bị mất, rất nguy hiểm"), 48h);
  corrected.id = EventId("e-r1-b");
  CHECK(find(desk.hear(corrected), DecisionKind::Revised) != nullptr);

  const auto frigate = [](std::string_view id, AlertState state, Millis when, std::uint64_t sequence) {
    Event event = alert(id, state, when, sequence, "detection");
    std::get<CameraAlert>(event.body).unique_id = true;
    return event;
  };
  desk.hear(frigate("f-new", AlertState::Start, 49h, 100));
  desk.hear(frigate("f-end", AlertState::End, 49h + 1min, 200));
  CHECK(find(desk.hear(frigate("f-late", AlertState::Update, 49h + 2min, 150)), DecisionKind::StaleRevision) != nullptr);
  CHECK(find(desk.hear(frigate("f-more", AlertState::Update, 49h + 3min, 300)), DecisionKind::Revised) != nullptr);
  CHECK(desk.incidents.size() == 2);
}

TEST_CASE("silence: an alert that nothing is heard of for its kind's time has ended, and its incident closes as one that ended does") {
  Desk desk;
  desk.hear(alert("start", AlertState::Start, 0h, 1, "illegal_stop"));
  desk.hear(alert("update", AlertState::Update, 30min, 2, "illegal_stop"));
  desk.wait(59min);
  CHECK_FALSE(desk.incident("start").ended);
  desk.restart();
  const auto decisions = desk.wait(1min);
  const Decision* ended = find(decisions, DecisionKind::Ended);
  REQUIRE(ended != nullptr);
  CHECK(ended->reason == "silent");
  CHECK(ended->incident == IncidentId("0-start"));
  CHECK(desk.incident("start").ended);
  CHECK(desk.incident("start").state == IncidentState::New);
  desk.wait(14min);
  CHECK(desk.incident("start").state == IncidentState::New);
  desk.wait(1min);
  CHECK(desk.incident("start").state == IncidentState::Closed);
}

TEST_CASE("silence: danger to life stays open until a person has seen it, and so does what `quiet: 0s` gives to a person") {
  Desk desk;
  desk.hear(alert("start", AlertState::Start, 0h, 1, "fire"));
  desk.wait(7h);
  CHECK(desk.incident("start").ended);
  desk.wait(48h);
  CHECK(desk.incident("start").state == IncidentState::New);
}

TEST_CASE("silence: an alert of danger that joined an incident of a lesser kind keeps it open") {
  for (const bool silent : {false, true}) {
    Desk desk;
    desk.hear(alert("jam", AlertState::Start, 0h, 1, "congestion"));
    Event fire = camera("other", "tn_cmt8_01", "accident", AlertState::Start, 1);
    fire.id = EventId("danger");
    const auto decisions = desk.hear(at(fire, 1min));
    if (find(decisions, DecisionKind::Joined) == nullptr) {
      Command merge = command("m", desk.incident("danger"), CommandKind::Merge);
      merge.into = IncidentId("0-jam");
      desk.step(merge);
      continue;
    }
    if (!silent) {
      desk.hear(alert("jam-end", AlertState::End, 2min, 2, "congestion"));
      Event end = at(camera("other", "tn_cmt8_01", "accident", AlertState::End, 2), 3min);
      desk.hear(end);
    }
    desk.wait(72h);
    CHECK(desk.incident("jam").ended);
    CHECK(desk.incident("jam").emergency);
    CHECK(desk.incident("jam").state == IncidentState::New);
  }
}

TEST_CASE("silence: what a kind says is never over by silence stays until its `end`") {
  Desk desk;
  desk.hear(alert("lost", AlertState::Start, 0h, 1, "camera_lost"));
  desk.wait(24h * 20);
  CHECK_FALSE(desk.incident("lost").ended);
  desk.hear(alert("back", AlertState::End, 24h * 20, 2, "camera_lost"));
  CHECK(desk.incident("lost").ended);
}

TEST_CASE("silence: each alert of an incident has its own, and the last one ends it") {
  Desk desk;
  desk.hear(stopped_car("a", AlertState::Start, 0min));
  desk.hear(stopped_car("b", AlertState::Start, 5min));
  desk.hear(stopped_car("c", AlertState::Start, 10min));
  desk.hear(stopped_car("b", AlertState::Update, 40min));
  desk.hear(stopped_car("c", AlertState::End, 50min));
  desk.wait(11min);  // 61: a is silent
  CHECK_FALSE(desk.incident("a-0").ended);
  desk.restart();
  desk.wait(38min);  // 99
  CHECK_FALSE(desk.incident("a-0").ended);
  desk.wait(1min);   // 100: b as well
  CHECK(desk.incident("a-0").ended);
}

TEST_CASE("silence: of more alerts than an incident lists, the rest are silent with the last of them") {
  Desk desk;
  constexpr int kAlerts = 100;
  for (int i = 0; i < kAlerts; ++i) {
    Event event = at(camera("o" + std::to_string(i), "tn_cmt8_01", "illegal_stop", AlertState::Start), i * 6s);
    event.id = EventId("e" + std::to_string(i));
    desk.hear(event);
    if (i % 7 == 0) desk.restart();
  }
  REQUIRE(desk.incidents.size() == 1);
  desk.wait(60min - 7s);
  CHECK_FALSE(desk.incident("e0").ended);
  desk.wait(10s);
  CHECK(desk.incident("e0").ended);
}

TEST_CASE("silence: after it, a later message is of a new object, an older one is the old one's") {
  Desk desk;
  desk.hear(alert("one", AlertState::Start, 0h, 5, "illegal_stop"));
  desk.wait(3h);
  REQUIRE(desk.incident("one").state == IncidentState::Closed);
  CHECK(desk.step(alert("before", AlertState::Update, -1min, 6, "illegal_stop")).back().kind == DecisionKind::StaleRevision);
  const auto decisions = desk.hear(alert("two", AlertState::Update, 3h, 6, "illegal_stop"));
  REQUIRE(find(decisions, DecisionKind::Opened) != nullptr);
  CHECK(detail(*find(decisions, DecisionKind::Opened), "former_alert") == "silent");
  CHECK(desk.incident("one").state == IncidentState::Closed);
}

TEST_CASE("silence: a message that arrives long after it happened is the silent alert's, and reopens nothing") {
  Desk desk;
  desk.hear(alert("start", AlertState::Start, 0h, 1, "illegal_stop"));
  desk.resolve(IncidentId("0-start"));
  desk.wait(30h);
  const auto late = desk.step(alert("late", AlertState::Update, 10min, 2, "illegal_stop"));
  CHECK(find(late, DecisionKind::Revised)->incident == IncidentId("0-start"));
  CHECK(desk.step(alert("late-end", AlertState::End, 20min, 3, "illegal_stop")).size() > 0);
  CHECK(desk.incidents.size() == 1);

  Desk other;  // which a clock closed
  other.hear(alert("start", AlertState::Start, 0h, 1, "illegal_stop"));
  other.wait(30h);
  REQUIRE(other.incident("start").state == IncidentState::Closed);
  CHECK(find(other.step(alert("late", AlertState::Update, 10min, 2, "illegal_stop")), DecisionKind::Revised) != nullptr);
  CHECK(other.incident("start").state == IncidentState::Closed);
  CHECK(other.incident("start").ended);
}

TEST_CASE("silence: after a cut line the alert's messages arrive together, and it goes on") {
  Desk desk;
  desk.hear(alert("m0", AlertState::Start, 0h, 1, "illegal_stop"));
  desk.wait(2h);
  REQUIRE(desk.incident("m0").ended);
  for (int i = 1; i <= 12; ++i) desk.step(alert("m" + std::to_string(i), AlertState::Update, i * 10min, static_cast<std::uint64_t>(i) + 1, "illegal_stop"));
  desk.wait(2s);
  CHECK(desk.incidents.size() == 1);
  CHECK_FALSE(desk.incident("m0").ended);
  CHECK(desk.incident("m0").events == 13);
}

TEST_CASE("silence: what was open before the behaviour that knows silence is counted from the switch on") {
  Bench bench;
  bench.step(alert("start", AlertState::Start, 0h, 1, "illegal_stop"));
  bench.wait(5h);
  bench.step(Activation{bench.bundle.hash, kBehaviourVersion, "test"});
  bench.restart();
  bench.wait(59min);
  CHECK_FALSE(bench.incidents.at("0-start").ended);
  bench.wait(2min);
  CHECK(bench.incidents.at("0-start").ended);
}

TEST_CASE("sequences: one that jumps absurdly is flagged and shuts out nothing that comes later") {
  Desk desk;
  desk.hear(alert("start", AlertState::Start, 0min, 1, "congestion"));
  desk.hear(alert("second", AlertState::Update, 1min, 2, "congestion"));
  CHECK(find(desk.hear(alert("absurd", AlertState::Update, 2min, kAbsurd, "congestion")), DecisionKind::Revised)->reason == "sequence_jumped");
  CHECK(find(desk.hear(alert("third", AlertState::Update, 3min, 3, "congestion")), DecisionKind::Revised)->reason == "same_object");
  // What is older than the third, by sequence and by time.
  CHECK(desk.hear(alert("late", AlertState::Update, 150s, 2, "congestion")).back().kind == DecisionKind::StaleRevision);
  CHECK(desk.hear(alert("late-absurd", AlertState::Update, 140s, kAbsurd + 1, "congestion")).back().kind == DecisionKind::StaleRevision);
  desk.hear(alert("end", AlertState::End, 4min, 4, "congestion"));
  CHECK(desk.incident("start").ended);
  CHECK(desk.hear(alert("after", AlertState::Update, 210s, kAbsurd + 2, "congestion")).back().kind == DecisionKind::StaleRevision);
  CHECK(desk.incident("start").ended);
}

TEST_CASE("sequences: an absurd first one, one that goes back, and a source that counts by the clock") {
  SECTION("the first of all is absurd") {
    Desk desk;
    desk.hear(alert("absurd", AlertState::Start, 0min, kAbsurd, "congestion"));
    CHECK(find(desk.hear(alert("second", AlertState::Update, 1min, 2, "congestion")), DecisionKind::Revised)->reason == "sequence_went_back");
    desk.hear(alert("end", AlertState::End, 2min, 3, "congestion"));
    CHECK(desk.incident("absurd").ended);
  }
  SECTION("with one time for all messages") {
    Desk desk;
    desk.hear(alert("start", AlertState::Start, 0min, 1, "congestion"));
    desk.hear(alert("absurd", AlertState::Update, 0min, kAbsurd, "congestion"));
    desk.hear(alert("end", AlertState::End, 0min, 2, "congestion"));
    CHECK(desk.incident("start").ended);
    CHECK(desk.hear(alert("late", AlertState::Update, 0min, 1, "congestion")).back().kind == DecisionKind::StaleRevision);
  }
  SECTION("the camera counts anew while the alert goes on") {
    Desk desk;
    desk.hear(alert("start", AlertState::Start, 0min, 40, "congestion"));
    CHECK(find(desk.hear(alert("anew", AlertState::Start, 5min, 1, "congestion")), DecisionKind::Revised)->reason == "sequence_went_back");
    desk.hear(alert("end", AlertState::End, 6min, 2, "congestion"));
    CHECK(desk.incident("start").ended);
    CHECK(desk.incidents.size() == 1);
  }
  SECTION("microseconds as sequence") {
    Desk desk;
    for (int i = 0; i < 5; ++i) {
      const auto decisions = desk.hear(alert("m" + std::to_string(i), AlertState::Update, i * 1h, 1'634'515'200'000'000ULL + static_cast<std::uint64_t>(i) * 3'600'000'000ULL, "congestion"));
      if (i > 0) CHECK(find(decisions, DecisionKind::Revised)->reason == "same_object");
    }
  }
}

TEST_CASE("sequences: one that stands still changes nothing within a life, and the camera is heard all the same") {
  Desk desk;
  desk.hear(alert("start", AlertState::Start, 0min, 1, "illegal_stop"));
  for (int i = 1; i < 8; ++i) {
    CHECK(desk.hear(alert("m" + std::to_string(i), AlertState::Update, i * 30min, 1, "illegal_stop")).back().kind == DecisionKind::StaleRevision);
  }
  CHECK_FALSE(desk.incident("start").ended);
  desk.wait(61min);
  CHECK(desk.incident("start").ended);
  CHECK(desk.incident("start").events == 1);
}

TEST_CASE("sequences: without times of their own, messages are ordered by sequence alone") {
  Desk desk;
  const auto timeless = [](Event event) {
    event.flags.push_back(EventFlag::TimeMissing);
    return event;
  };
  desk.hear(timeless(alert("second", AlertState::Update, 0min, 2, "congestion")));
  CHECK(desk.hear(timeless(alert("first", AlertState::Start, 5min, 1, "congestion"))).back().kind == DecisionKind::StaleRevision);
  desk.hear(timeless(alert("end", AlertState::End, 6min, 3, "congestion")));
  CHECK(desk.incident("second").ended);
  CHECK(desk.hear(timeless(alert("late", AlertState::Start, 7min, 1, "congestion"))).back().kind == DecisionKind::StaleRevision);
  CHECK(desk.incidents.size() == 1);
}

TEST_CASE("lives: an id that comes back from a camera whose clock is ahead opens a new incident") {
  Desk desk;
  const auto ahead = [](Event event) {  // ingest dates it by its arrival
    event.flags.push_back(EventFlag::TimeFuture);
    return event;
  };
  desk.hear(ahead(alert("one-start", AlertState::Start, 0h, 1)));
  desk.hear(ahead(alert("one-end", AlertState::End, 20min, 2)));
  desk.resolve(IncidentId("0-one-start"));
  CHECK(find(desk.hear(ahead(alert("delayed", AlertState::Start, 21min, 1))), DecisionKind::Opened) == nullptr);
  const auto decisions = desk.hear(ahead(alert("two-start", AlertState::Start, 24h, 1)));
  const Decision* opened = find(decisions, DecisionKind::Opened);
  REQUIRE(opened != nullptr);
  CHECK(opened->reason == "id_reused");
  CHECK(desk.incident("two-start").emergency);
  CHECK(find(desk.hear(ahead(alert("again", AlertState::Start, 25h, 1))), DecisionKind::Opened) == nullptr);
}

TEST_CASE("lives: an alert that is split off takes its silence along, and each incident ends by what is left in it") {
  Desk desk;
  desk.hear(stopped_car("a", AlertState::Start, 0min));
  desk.hear(stopped_car("b", AlertState::Start, 10min));
  Command split = command("split", desk.incident("a-0"), CommandKind::Split);
  split.events = {EventId("b-600000")};
  desk.wait(2s);
  split.version = desk.incident("a-0").version;
  REQUIRE(find(desk.step(split), DecisionKind::Command)->command_result->status == CommandStatus::Applied);
  desk.restart();
  desk.hear(stopped_car("a", AlertState::End, 20min));
  CHECK(desk.incident("a-0").ended);
  CHECK_FALSE(desk.incident("split").ended);
  desk.now = LogTime::from_ms(kStartMs) + 70min;
  desk.step(Tick{});
  CHECK(desk.incident("split").ended);
}

TEST_CASE("lives: what leaves the state with an old incident is not the id's newer object") {
  Desk desk(with_limits("life: {closed: 24h, closing: 1m}\n"));
  desk.hear(alert("one-start", AlertState::Start, 0h, 1));
  desk.hear(alert("one-end", AlertState::End, 20min, 2));
  desk.resolve(IncidentId("0-one-start"));
  desk.wait(1min);
  desk.hear(alert("two-start", AlertState::Start, 23h, 1));
  const auto archived = desk.wait(3h);
  REQUIRE(find(archived, DecisionKind::Archived) != nullptr);
  desk.restart();
  CHECK(find(desk.hear(alert("two-update", AlertState::Update, 26h + 30min, 2)), DecisionKind::Revised)->incident == IncidentId("0-two-start"));
}

namespace {

// Lives of one id, a day apart; what a camera, a network and operators may do with their messages.
class Days {
 public:
  explicit Days(std::uint32_t seed) : x_random(seed) {
    for (std::size_t life = 0; life < kLives; ++life) make_life(life);
  }

  static constexpr std::size_t kLives = 4;
  struct Told {
    Event event;
    std::size_t life = 0;
    Millis arrives{0};
  };
  std::vector<Told> told;                     // in order of arrival
  std::map<std::string, std::size_t> life_of;  // by event
  std::set<std::size_t> in_time;              // lives that were told of before the next one, and not by their end alone

  std::uint32_t pick(std::uint32_t below) { return static_cast<std::uint32_t>(x_random() % below); }

 private:
  void make_life(std::size_t life) {
    static const char* const kKinds[] = {"illegal_stop", "fire", "congestion"};
    const Millis base = life * 24h;
    const std::string kind = kKinds[pick(3)];
    const bool sequences = pick(4) != 0;
    const std::uint32_t messages = 2 + pick(5);
    for (std::uint32_t i = 0; i < messages; ++i) {
      const bool last = i + 1 == messages;
      const AlertState state = i == 0 ? AlertState::Start : last && pick(3) != 0 ? AlertState::End : AlertState::Update;
      const std::string id = "l" + std::to_string(life) + "-" + std::to_string(i);
      const bool absurd = sequences && pick(12) == 0;
      Event event = alert(id, state, base + i * 1min + Millis(pick(50'000)), sequences ? absurd ? kAbsurd + i : i + 1 : 0, kind);
      std::get<CameraAlert>(event.body).started_at = EventTime::from_ms(kStartMs + base.count());
      life_of[id] = life;
      arrive(event, life, base);
    }
    std::stable_sort(told.begin(), told.end(), [](const Told& a, const Told& b) { return a.arrives < b.arrives; });
  }

  // Within ten minutes in any order; some days later; some twice.
  void arrive(const Event& event, std::size_t life, Millis base) {
    const bool late = pick(6) == 0;
    const Millis soon = base + 5min + Millis(pick(600'000));
    told.push_back({event, life, late ? soon + (1 + pick(3)) * 24h : soon});
    if (!late && std::get<CameraAlert>(event.body).state != AlertState::End) in_time.insert(life);
    if (pick(4) == 0) told.push_back({event, life, soon + pick(60) * 1h});
  }

  std::mt19937 x_random;
};

std::map<std::string, std::set<std::string>> members(Bench& bench) {
  bench.restart();
  std::map<std::string, std::set<std::string>> found;
  for (const auto& [key, value] : bench.state.tables[static_cast<std::size_t>(Table::Members)]) {
    const std::size_t zero = key.find('\0');
    found[key.substr(0, zero)].insert(key.substr(zero + 1));
  }
  return found;
}

}  // namespace

TEST_CASE("lives: in any order, with delays, repeats, lost ends, resolved incidents and crashes, each life is one incident of its own") {
  std::size_t opened = 0, reused = 0, stale = 0;
  for (std::uint32_t seed = 1; seed <= 300; ++seed) {
    INFO("seed " << seed);
    Days days(seed);
    Desk steady, crashing;
    for (const Days::Told& told : days.told) {
      INFO("event " << told.event.id.str());
      for (Desk* desk : {&steady, &crashing}) desk->now = std::max(desk->now, LogTime::from_ms(kStartMs) + told.arrives);
      const auto decisions = steady.step(told.event);
      crashing.step(told.event);
      REQUIRE(steady.effects == crashing.effects);
      const Decision* opening = find(decisions, DecisionKind::Opened);
      opened += opening != nullptr;
      reused += opening != nullptr && opening->reason == "id_reused";
      stale += find(decisions, DecisionKind::StaleRevision) != nullptr;
      if (opening && days.pick(2) == 0) {
        steady.resolve(opening->incident);
        crashing.resolve(opening->incident);
        REQUIRE(steady.effects == crashing.effects);
      }
      if (days.pick(3) == 0) crashing.restart();
    }
    std::map<std::size_t, std::string> incident_of;
    for (const auto& [incident, events] : members(steady)) {
      for (const std::string& event : events) {
        INFO("event " << event << " in " << incident);
        const std::size_t life = days.life_of.at(event);
        const auto [at, first] = incident_of.emplace(life, incident);
        REQUIRE(at->second == incident);
        REQUIRE(days.life_of.at(*events.begin()) == life);
      }
    }
    for (const std::size_t life : days.in_time) {
      INFO("life " << life);
      REQUIRE(incident_of.contains(life));
    }
    steady.wait(40 * 24h);
    for (const auto& [id, incident] : steady.incidents) REQUIRE((incident.ended || !is_open(incident.state)));
  }
  CHECK(opened > 900);
  CHECK(reused > 500);
  CHECK(stale > 500);
}

TEST_CASE("sequences: in any order of arrival, the newest message by time and sequence has the last word") {
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    INFO("seed " << seed);
    std::mt19937 random(seed);
    std::vector<Event> messages;
    for (std::uint32_t i = 0; i < 8; ++i) {
      const bool absurd = i != 7 && random() % 4 == 0;
      messages.push_back(alert("m" + std::to_string(i), i == 7 ? AlertState::End : AlertState::Update, i * 10s, absurd ? kAbsurd - random() % 100 : i + 1, "congestion"));
    }
    std::shuffle(messages.begin(), messages.end(), random);
    Desk desk;
    desk.now = desk.now + 2min;
    for (const Event& message : messages) {
      desk.step(message);
      if (random() % 3 == 0) desk.restart();
    }
    desk.wait(2s);
    REQUIRE(desk.incidents.size() == 1);
    REQUIRE(desk.incidents.begin()->second.ended);
  }
}

TEST_CASE("lives: what was merged and taken apart again keeps its alerts' lives") {
  Desk desk;
  desk.hear(alert("one", AlertState::Start, 0h, 1));
  desk.hear(alert("one-end", AlertState::End, 20min, 2));
  desk.hear(alert("two", AlertState::Start, 24h, 1));
  REQUIRE(desk.incidents.size() == 2);
  Command merge = command("m", desk.incident("two"), CommandKind::Merge);
  merge.into = IncidentId("0-one");
  desk.step(merge);
  REQUIRE(desk.incident("two").state == IncidentState::Merged);
  desk.restart();
  CHECK(find(desk.hear(alert("two-update", AlertState::Update, 24h + 1min, 2)), DecisionKind::Revised)->incident == IncidentId("0-two"));
  CHECK(desk.step(alert("one-late", AlertState::Update, 10min, 7)).back().reason == "of_former_object");
  desk.wait(2s);
  CHECK_FALSE(desk.incident("one").ended);  // as people see it, with what is merged into it
  desk.step(command("u", desk.incident("one"), CommandKind::Unmerge));
  desk.restart();
  desk.wait(6h);
  CHECK(desk.incident("two").ended);
  CHECK(desk.incident("two").events == 2);
  const auto third = desk.hear(alert("three", AlertState::Start, 48h, 1));
  CHECK(detail(*find(third, DecisionKind::Opened), "former_incident") == "0-two");
}
