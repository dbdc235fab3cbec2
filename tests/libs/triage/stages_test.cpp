#include <catch2/catch.hpp>

#include "libs/triage/parts/duplicate_model.h"
#include "tests/libs/triage/fixture.h"

using namespace ioc;
using namespace ioc::triage;
using namespace ioc::triage::testing;
using namespace std::chrono_literals;

namespace {

std::string detail(const Decision& decision, std::string_view name) {
  for (const Detail& one : decision.details) {
    if (one.name == name) return one.value;
  }
  return {};
}

Incident only(const Bench& bench) {
  REQUIRE(bench.incidents.size() == 1);
  return bench.incidents.begin()->second;
}

Event with_address(Event event, std::string_view address) {
  std::get<CitizenReport>(event.body).address = address;
  return event;
}

}  // namespace

TEST_CASE("admit: one report opens one incident, located, classified, routed, with clocks and a status") {
  Bench bench;
  const auto decisions = bench.step(report("r1", "Trước số nhà 12 có nắp cống bị mất, rất nguy hiểm"));
  for (const DecisionKind kind : {DecisionKind::Opened, DecisionKind::Located, DecisionKind::Classified, DecisionKind::Routed, DecisionKind::ClockSet}) {
    INFO(name_of(kind));
    const Decision* decision = find(decisions, kind);
    REQUIRE(decision != nullptr);
    REQUIRE_FALSE(decision->reason.empty());
  }
  const Incident incident = only(bench);
  REQUIRE(incident.id == IncidentId("0-e-r1"));
  REQUIRE(incident.category == CategoryCode("ha-tang"));
  REQUIRE(incident.severity == Severity::Medium);
  REQUIRE(incident.queue == QueueId("do-thi"));
  REQUIRE(incident.place_state == PlaceState::Inside);
  REQUIRE(incident.clocks.size() == 2);
  REQUIRE(incident.version == 1);
  const auto statuses = bench.statuses();
  REQUIRE(statuses.size() == 1);
  REQUIRE(statuses[0].state == ReportState::Received);
  REQUIRE(statuses[0].incident == incident.id);
}

TEST_CASE("deduplicate: the same event id again counts nothing, also after a restart and after weeks") {
  Bench bench;
  Event first = report("r1", "đèn đường hỏng");
  first.id = EventId("20211018-070000-r-abc");
  bench.step(first);
  const auto again = bench.step(first);
  REQUIRE(again.size() == 1);
  REQUIRE(again[0].kind == DecisionKind::Repeated);
  bench.wait(30 * 24h);
  bench.restart();
  REQUIRE(bench.step(first).back().kind == DecisionKind::Repeated);
  REQUIRE(only(bench).events == 1);
}

TEST_CASE("deduplicate: a passage out of the memory window is still a repeat while the state remembers it") {
  Bench bench;
  Event first = passage("1", PassageResult::Pass);
  first.id = EventId("20211018-065959-p-abc");
  REQUIRE(bench.step(first).back().kind == DecisionKind::Counted);
  bench.wait(10 * 24h);
  REQUIRE(bench.step(first).back().kind == DecisionKind::Repeated);
  bench.restart();
  REQUIRE(bench.step(first).back().kind == DecisionKind::Repeated);
}

TEST_CASE("deduplicate: a newer revision joins its object's incident, an older one changes nothing") {
  Bench bench;
  bench.step(camera("c1", "tn_cmt8_01", "accident", AlertState::Start, 2));
  REQUIRE(bench.step(camera("c1", "tn_cmt8_01", "accident", AlertState::Update, 3)).back().kind == DecisionKind::Revised);
  const auto stale = bench.step(camera("c1", "tn_cmt8_01", "accident", AlertState::Start, 1));
  REQUIRE(stale.size() == 1);
  REQUIRE(stale[0].kind == DecisionKind::StaleRevision);
  const auto end = bench.step(camera("c1", "tn_cmt8_01", "accident", AlertState::End, 4));
  REQUIRE(find(end, DecisionKind::Revised) != nullptr);
  REQUIRE(only(bench).ended);
  REQUIRE(only(bench).events == 3);
}

TEST_CASE("deduplicate: of two messages whose revision only orders and is the same, the later to arrive counts, and a repeat of the other nothing") {
  Bench bench;
  bench.step(Activation{bench.bundle.hash, since::kOrdersByArrival, "test"});
  const auto review = [](std::string_view id, std::string_view zone, AlertState state, std::uint64_t order) {
    Event event = camera("review", "tn_cmt8_01", "accident", state, kArrivalOrder + order);
    event.id = EventId(id);
    std::get<CameraAlert>(event.body).zone = zone;
    std::get<CameraAlert>(event.body).unique_id = true;
    return event;
  };
  bench.step(review("e-1", "lane_1", AlertState::Start, 3));
  REQUIRE(find(bench.step(review("e-2", "lane_2", AlertState::Update, 4)), DecisionKind::Revised) != nullptr);
  REQUIRE(find(bench.step(review("e-3", "no_stop", AlertState::Update, 4)), DecisionKind::Revised) != nullptr);
  REQUIRE(find(bench.step(review("e-2", "lane_2", AlertState::Update, 4)), DecisionKind::Repeated) != nullptr);
  REQUIRE(find(bench.step(review("e-0", "lane_1", AlertState::Update, 2)), DecisionKind::StaleRevision) != nullptr);
  REQUIRE(find(bench.step(review("e-9", "no_stop", AlertState::End, 9)), DecisionKind::Revised) != nullptr);
  REQUIRE(find(bench.step(review("e-4", "lane_3", AlertState::Update, 5)), DecisionKind::StaleRevision) != nullptr);
  REQUIRE(only(bench).ended);
  // Also when the memory of ids is gone: membership outlives it.
  bench.now = bench.now + std::chrono::hours(24 * 30);
  REQUIRE(find(bench.step(review("e-9", "no_stop", AlertState::End, 9)), DecisionKind::Repeated) != nullptr);
}

TEST_CASE("deduplicate: without a sequence a new event id of the same object is a newer revision") {
  Bench bench;
  bench.step(report("r1", "rác thải đổ bừa bãi"));
  Event corrected = report("r1", "rác thải đổ bừa bãi cạnh trường học");
  corrected.id = EventId("e-r1-corrected");
  REQUIRE(find(bench.step(corrected), DecisionKind::Revised) != nullptr);
  const Incident incident = only(bench);
  REQUIRE(incident.reports == 1);
  REQUIRE(incident.events == 2);
  REQUIRE(incident.summary == "rác thải đổ bừa bãi cạnh trường học");
}

TEST_CASE("locate: no position, 0,0 and a place outside every unit are unknown, and a person gets them") {
  Bench bench;
  for (const auto& position : {std::optional<Position>(), std::optional(Position{0, 0, 0}), std::optional(Position{102900000, 1067000000, 0})}) {
    const auto decisions = bench.step(report("r" + std::to_string(bench.incidents.size()), "đèn đường hỏng", position));
    const auto opened = find(decisions, DecisionKind::Opened);
    REQUIRE(opened != nullptr);
    const Incident incident = bench.incidents.at(opened->incident.str());
    REQUIRE(incident.place_state == PlaceState::Unknown);
    REQUIRE(incident.queue == QueueId("chua-ro-dia-ban"));
  }
}

TEST_CASE("locate: a unit that the address names is its place when there is no position") {
  Bench bench;
  bench.step(with_address(report("r1", "đèn đường hỏng", std::nullopt), "Số 12, tổ 5, phường Quang Trung"));
  REQUIRE(only(bench).place_state == PlaceState::Named);
  REQUIRE_FALSE(only(bench).unit.empty());
}

TEST_CASE("locate: a camera without position lies where the registry says") {
  Bench bench;
  bench.step(camera("c1", "tn_cmt8_01", "accident", AlertState::Start));
  REQUIRE(only(bench).position_source == PositionSource::Registry);
  REQUIRE(only(bench).place_state == PlaceState::Inside);
}

TEST_CASE("locate: a point that collects five addresses is a default coordinate from then on") {
  Bench bench;
  for (int i = 1; i <= 7; ++i) {
    const auto number = std::to_string(i);
    const auto decisions = bench.step(with_address(report("r" + number, "đèn đường hỏng " + number), "Số " + number + ", đường Bắc Kạn"));
    const Decision* located = find(decisions, DecisionKind::Located);
    if (i < 5) continue;
    REQUIRE(located != nullptr);
    REQUIRE(detail(*located, "how") == "default_coordinate");
    bench.restart();
  }
}

TEST_CASE("classify: the sender's category that is none of ours is kept as its type") {
  Bench bench;
  Event event = report("r1", "Please fix");
  std::get<CitizenReport>(event.body).category = "Request for Pothole Repair";
  bench.step(event);
  REQUIRE(only(bench).category == CategoryCode("khac"));
  REQUIRE(only(bench).sender_category == "Request for Pothole Repair");
}

TEST_CASE("classify: danger to life is critical with its evidence; without marks a word is a hint; negated it is none") {
  Bench bench;
  const auto burning = bench.step(report("r1", "Nhà tôi đang cháy, cứu với"));
  REQUIRE(only(bench).emergency);
  REQUIRE(detail(*find(burning, DecisionKind::Classified), "danger_from") == "words");
  REQUIRE(only(bench).severity == Severity::Critical);
  REQUIRE(only(bench).queue == QueueId("khan-cap"));

  Bench folded;
  const auto decisions = folded.step(report("r1", "may bom dang chay ca dem, on ao khong ngu duoc"));
  REQUIRE_FALSE(only(folded).emergency);
  REQUIRE(detail(*find(decisions, DecisionKind::Classified), "emergency_hint") == "đang cháy");

  Bench whole_text;
  const auto alarm = whole_text.step(report("r1", "chay nha roi, lua boc cao, con nguoi ben trong, goi cuu hoa gap"));
  REQUIRE(only(whole_text).emergency);
  REQUIRE(detail(*find(alarm, DecisionKind::Classified), "danger_from") == "words_without_marks");

  Bench negated;
  negated.step(report("r1", "Va chạm xe máy, không ai bị thương"));
  REQUIRE_FALSE(only(negated).emergency);
  REQUIRE(only(negated).category == CategoryCode("giao-thong"));

  Bench lamp;
  lamp.step(report("r1", "Đèn đường bị cháy bóng"));
  REQUIRE_FALSE(only(lamp).emergency);
  REQUIRE(only(lamp).category == CategoryCode("chieu-sang-dien"));
}

TEST_CASE("correlate: reports of one thing from camera and citizens join, with parts, across feeds") {
  Bench bench;
  bench.step(camera("c1", "tn_cmt8_01", "accident", AlertState::Start));
  const Position spot = *only(bench).position;
  for (const char* id : {"r1", "r2", "r3"}) {
    const auto decisions = bench.step(at(report(id, "Tai nạn giao thông giữa ô tô và xe máy", Position{spot.lat_e7 + 3000, spot.lon_e7 + 2000, 0}), 5min));
    const Decision* joined = find(decisions, DecisionKind::Joined);
    REQUIRE(joined != nullptr);
    REQUIRE(joined->candidates.size() == 1);
    REQUIRE(joined->candidates[0].verdict == "joined");
    std::int32_t sum = 0;
    for (const ScorePart& part : joined->candidates[0].parts) sum += part.points;
    REQUIRE(permille_of(sum) == joined->candidates[0].score_permille);
    REQUIRE(bench.statuses()[0].state == ReportState::Joined);
  }
  bench.wait(2s);
  const Incident incident = only(bench);
  REQUIRE(incident.reports == 3);
  REQUIRE(incident.events == 4);
  REQUIRE(incident.sources.size() == 2);
}

TEST_CASE("correlate: another thing, another place or another day opens a new incident") {
  Bench bench;
  const Position spot{215942000, 1058482000, 0};
  bench.step(report("r1", "Nắp cống bị mất", spot));
  REQUIRE(find(bench.step(report("r2", "Karaoke ồn ào suốt đêm", spot)), DecisionKind::Opened) != nullptr);
  REQUIRE(find(bench.step(report("r3", "Nắp cống bị mất", Position{215992000, 1058482000, 0})), DecisionKind::Opened) != nullptr);
  bench.now = bench.now + 60 * 24h;
  REQUIRE(find(bench.step(at(report("r4", "Nắp cống bị mất", spot), 60 * 24h)), DecisionKind::Opened) != nullptr);
  REQUIRE(bench.incidents.size() == 4);
}

TEST_CASE("correlate: what is alike but not enough is suggested with its score") {
  Bench bench;
  const Position spot{215942000, 1058482000, 0};
  bench.step(with_address(report("r1", "Nắp cống bị mất", spot), "Số 12, đường Bắc Kạn"));
  const auto decisions = bench.step(with_address(report("r2", "Mất nắp hố ga rồi", spot), "Số 14, đường Bắc Kạn"));
  REQUIRE(find(decisions, DecisionKind::Opened) != nullptr);
  REQUIRE(find(decisions, DecisionKind::Suggested) != nullptr);
  REQUIRE(bench.incidents.at("0-e-r2").suggestions.size() == 1);
}

TEST_CASE("correlate: after a report was resolved, a further one is a new case; a late one too") {
  Bench bench;
  bench.step(report("r1", "Nắp cống bị mất"));
  Command resolve = command("c-1", only(bench), CommandKind::Resolve);
  resolve.outcome = "fixed";
  bench.step(resolve);
  REQUIRE(find(bench.step(report("r2", "Nắp cống bị mất")), DecisionKind::Opened) != nullptr);
}

TEST_CASE("correlate: a clock's closing does not end it: a late event still joins what its camera saw") {
  Bench bench;
  Event first = camera("c1", "tn_cmt8_01", "illegal_stop", AlertState::Start, 1);
  bench.step(first);
  bench.step(camera("c1", "tn_cmt8_01", "illegal_stop", AlertState::End, 2));
  bench.wait(25h);
  REQUIRE(only(bench).state == IncidentState::Closed);
  bench.restart();
  const auto late = bench.step(at(camera("c2", "tn_cmt8_01", "illegal_stop", AlertState::Start, 1), 5min));
  REQUIRE(find(late, DecisionKind::Suppressed) != nullptr);
  REQUIRE(bench.incidents.size() == 1);
}

TEST_CASE("suppress: a camera that repeats itself raises one incident with a count, chattering is said once") {
  Bench bench;
  std::size_t chattering = 0;
  for (int i = 0; i < 50; ++i) {
    const auto decisions = bench.step(at(camera("c" + std::to_string(i), "tn_cmt8_01", "illegal_stop", AlertState::Start), i * 10s));
    if (i > 0) REQUIRE(find(decisions, DecisionKind::Suppressed) != nullptr);
    if (find(decisions, DecisionKind::Chattering)) ++chattering;
  }
  bench.wait(2s);
  REQUIRE(only(bench).events == 50);
  REQUIRE(only(bench).chattering);
  REQUIRE(chattering == 1);
}

TEST_CASE("deadlines: what only a camera saw closes after its kind's quiet time, with the rule as the reason") {
  Bench bench;
  bench.step(camera("c1", "tn_cmt8_01", "congestion", AlertState::Start, 1));
  bench.wait(2h);
  REQUIRE(only(bench).state == IncidentState::New);  // it has not ended
  bench.now = LogTime::from_ms(kStartMs) + 2h;
  bench.step(at(camera("c1", "tn_cmt8_01", "congestion", AlertState::End, 2), 2h));
  bench.wait(29min);
  REQUIRE(only(bench).state == IncidentState::New);
  const auto closing = bench.wait(2min);
  REQUIRE(only(bench).state == IncidentState::Closed);
  const Decision* closed = find(closing, DecisionKind::Closed);
  REQUIRE(closed != nullptr);
  REQUIRE(closed->rule == "kinds.yaml");
  REQUIRE(closed->reason == "its_source_ended");
}

TEST_CASE("deadlines: what ended long before it arrived has been quiet long enough") {
  Bench bench;
  bench.now = LogTime::from_ms(kStartMs) + 12h;
  bench.step(camera("c1", "tn_cmt8_01", "congestion", AlertState::Start, 1));
  bench.step(at(camera("c1", "tn_cmt8_01", "congestion", AlertState::End, 2), 1min));
  bench.wait(1s);
  REQUIRE(only(bench).state == IncidentState::Closed);
}

TEST_CASE("deadlines: an accident, a citizen's report, and what a person took up wait for a person") {
  SECTION("an accident") {
    Bench bench;
    bench.step(camera("c1", "tn_cmt8_01", "accident", AlertState::Start, 1));
    bench.step(camera("c1", "tn_cmt8_01", "accident", AlertState::End, 2));
    bench.wait(48h);
    REQUIRE(only(bench).state == IncidentState::New);
  }
  SECTION("a person took it up") {
    Bench bench;
    bench.step(camera("c1", "tn_cmt8_01", "congestion", AlertState::Start, 1));
    bench.step(command("k1", only(bench), CommandKind::Acknowledge));
    bench.step(camera("c1", "tn_cmt8_01", "congestion", AlertState::End, 2));
    bench.wait(48h);
    REQUIRE(only(bench).state == IncidentState::New);
  }
  SECTION("a citizen reported it too, after it had ended") {
    Bench bench;
    bench.step(camera("c1", "tn_cmt8_01", "congestion", AlertState::Start, 1));
    bench.step(camera("c1", "tn_cmt8_01", "congestion", AlertState::End, 2));
    const Position spot = *only(bench).position;
    bench.step(report("r1", "Ùn tắc giao thông kéo dài, kẹt xe", spot));
    REQUIRE(bench.incidents.size() == 1);
    bench.wait(48h);
    REQUIRE(only(bench).state == IncidentState::New);
  }
}

TEST_CASE("suppress: what comes back after a clock closed it is open again, an echo is not") {
  Bench bench;
  bench.step(camera("c1", "tn_cmt8_01", "illegal_stop", AlertState::Start, 1));
  bench.step(at(camera("c1", "tn_cmt8_01", "illegal_stop", AlertState::End, 2), 1min));
  bench.wait(20min);
  REQUIRE(only(bench).state == IncidentState::Closed);
  bench.step(camera("c0", "tn_cmt8_01", "illegal_stop", AlertState::Start, 1));
  REQUIRE(only(bench).state == IncidentState::Closed);
  const auto back = bench.step(at(camera("c2", "tn_cmt8_01", "illegal_stop", AlertState::Start, 1), 5min));
  REQUIRE(find(back, DecisionKind::Suppressed)->reason == "came_back_after_closing");
  REQUIRE(only(bench).state == IncidentState::New);
  bench.restart();
  bench.step(at(camera("c2", "tn_cmt8_01", "illegal_stop", AlertState::End, 2), 6min));
  bench.wait(48h);
  REQUIRE(only(bench).state == IncidentState::New);  // the echo's alert has not ended
  bench.step(at(camera("c0", "tn_cmt8_01", "illegal_stop", AlertState::End, 2), 7min));
  bench.wait(1s);
  REQUIRE(only(bench).state == IncidentState::Closed);
  REQUIRE(bench.incidents.size() == 1);
}

TEST_CASE("deadlines: what a checkpoint turns back is over at once and closes when it is quiet") {
  Bench bench;
  bench.step(passage("p1", PassageResult::TurnedBack));
  bench.wait(20min);
  REQUIRE(only(bench).state == IncidentState::New);
  bench.step(at(passage("p2", PassageResult::TurnedBack), 20min));
  bench.wait(20min);
  REQUIRE(only(bench).state == IncidentState::New);
  bench.wait(11min);
  REQUIRE(only(bench).state == IncidentState::Closed);
}

TEST_CASE("suppress: outside its window, of another kind or camera it is another incident") {
  Bench bench;
  bench.step(camera("c1", "tn_cmt8_01", "illegal_stop", AlertState::Start));
  bench.step(at(camera("c2", "tn_cmt8_01", "illegal_stop", AlertState::Start), 2h));
  bench.step(at(camera("c3", "tn_cmt8_01", "wrong_way", AlertState::Start), 2h));
  bench.step(at(camera("c4", "tn_cmt8_02", "illegal_stop", AlertState::Start), 2h));
  REQUIRE(bench.incidents.size() == 4);
}

TEST_CASE("snapshots: those that differ only in counts go out once a second of log time, and the last is not lost") {
  Bench bench;
  std::size_t snapshots = 0;
  for (int i = 0; i < 100; ++i) {
    bench.now = bench.now + 50ms;
    bench.step(at(camera("c" + std::to_string(i), "tn_cmt8_01", "illegal_stop", AlertState::Start), i * 25s));
    snapshots += bench.snapshots().size();
  }
  REQUIRE(snapshots <= 8);
  bench.wait(1s);
  REQUIRE(only(bench).events == 100);
}

TEST_CASE("classify: a kind is known by any spelling, and what producers call it") {
  for (const char* kind : {"fire", "Fire", "FIRE", "fire-detection", "fireDetection", "Fire Alarm", "flame", "Cháy", "Hỏa hoạn", "smoke/fire", "Gunshot", "person in water"}) {
    INFO(kind);
    Bench bench;
    bench.step(camera("a", "tn_cmt8_01", kind, AlertState::Start));
    REQUIRE(bench.incidents.size() == 1);
    CHECK(bench.incidents.begin()->second.severity == Severity::Critical);
    CHECK(bench.incidents.begin()->second.emergency);
  }
  Bench bench;
  bench.step(camera("a", "tn_cmt8_01", "firefly", AlertState::Start));
  CHECK_FALSE(bench.incidents.begin()->second.emergency);
  // Two spellings are one thing of one camera.
  Bench both;
  both.step(camera("a", "tn_cmt8_01", "fire", AlertState::Start));
  both.step(camera("b", "tn_cmt8_01", "Fire", AlertState::Start));
  CHECK(both.incidents.size() == 1);
}

TEST_CASE("classify: passages are counted; turned back, evasion, a long queue and silence are incidents") {
  Bench bench;
  const auto counted = bench.step(passage("1", PassageResult::Pass));
  REQUIRE(counted.size() == 1);
  REQUIRE(counted[0].kind == DecisionKind::Counted);
  REQUIRE(bench.incidents.empty());
  bench.step(passage("2", PassageResult::TurnedBack));
  bench.step(passage("3", PassageResult::TurnedBack));
  REQUIRE(bench.incidents.size() == 1);
  bench.step(passage("4", PassageResult::Evaded));
  bench.step(checkpoint_status("1", 500));
  REQUIRE(bench.incidents.size() == 3);
  bench.restart();
  bench.wait(3h);
  REQUIRE(bench.incidents.size() == 4);
  const auto silent = std::find_if(bench.incidents.begin(), bench.incidents.end(), [](const auto& one) { return one.first.find("silence") != std::string::npos; });
  REQUIRE(silent != bench.incidents.end());
  bench.step(checkpoint_status("2", 1));
  REQUIRE(bench.incidents.at(silent->first).ended);
}

TEST_CASE("route: district subscribers get numbered entries without gaps, over restarts") {
  Bench bench;
  std::uint64_t expected = 1;
  for (int i = 0; i < 5; ++i) {
    bench.step(report("r" + std::to_string(i), "Nắp cống bị mất", Position{215942000 + i * 100000, 1058482000, 0}));
    for (const FeedEntry& entry : bench.entries()) {
      if (entry.subscriber == SubscriberId("tp-thai-nguyen")) REQUIRE(entry.number == expected++);
    }
    bench.restart();
  }
  REQUIRE(expected > 1);
}

TEST_CASE("machine: what is no record is a dead letter and a decision, and the next record goes on") {
  Bench bench;
  const auto decisions = bench.step_bytes("\x0a\x05zzzzz");
  REQUIRE(find(decisions, DecisionKind::DeadLetter) != nullptr);
  REQUIRE(bench.on(topics::kDeadLetters).size() == 1);
  Event nul = report("r1", "x");
  nul.object = ObjectId(std::string("a\0b", 3));
  REQUIRE(find(bench.step(nul), DecisionKind::DeadLetter) != nullptr);
  bench.step(report("r2", "đèn đường hỏng"));
  REQUIRE(bench.incidents.size() == 1);
}

TEST_CASE("machine: before any activation nothing is lost: the queue `chung`, an unknown place") {
  Bench bench(false);
  bench.step(report("r1", "Nắp cống bị mất"));
  REQUIRE(only(bench).queue == QueueId("chung"));
  REQUIRE(only(bench).place_state == PlaceState::Unknown);
  const auto activated = bench.step(Activation{default_hash(), 1, "lan"});
  REQUIRE(find(activated, DecisionKind::Activated) != nullptr);
  REQUIRE(bench.machine->active_bundle() == default_hash());
  bench.restart();
  REQUIRE(bench.machine->active_bundle() == default_hash());
  REQUIRE(Machine::stored_bundle(bench.state) == default_hash());
  REQUIRE(Machine::required_bundle(wire::encode(Record(Activation{"abc", 1, ""}))) == "abc");
}

TEST_CASE("machine: a snapshot stays below 64 KiB whatever is in the event") {
  Bench bench;
  Event event = report("r1", std::string(500'000, 'x'));
  auto& body = std::get<CitizenReport>(event.body);
  body.title = std::string(300'000, 'y');
  body.address = std::string(300'000, 'z');
  body.category = std::string(300'000, 'c');
  bench.step(event);
  REQUIRE(bench.on(topics::kIncidents)[0].value.size() < 64 * 1024);
}
