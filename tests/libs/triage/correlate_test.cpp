#include <catch2/catch.hpp>
#include <cmath>

#include "libs/triage/bundle_parts.h"
#include "libs/triage/memory/open_incident.h"
#include "tests/libs/triage/fixture.h"

using namespace ioc;
using namespace ioc::triage;
using namespace ioc::triage::testing;
using namespace std::chrono_literals;

namespace {

const Position kSpot{215942000, 1058482000, 0};

void resolve(Bench& bench, const std::string& incident, std::string_view id) {
  Command done = command(id, bench.incidents.at(incident), CommandKind::Resolve);
  done.outcome = "fixed";
  bench.step(done);
  REQUIRE(bench.incidents.at(incident).state == IncidentState::Resolved);
}

std::string recurrence(const std::vector<Decision>& decisions) {
  const Decision* classified = find(decisions, DecisionKind::Classified);
  REQUIRE(classified != nullptr);
  for (const Detail& one : classified->details) {
    if (one.name == "recurrence_of") return one.value;
  }
  return {};
}

}  // namespace

TEST_CASE("duplicate model: log-odds and their inverse are the logarithm's, in integers") {
  for (std::int64_t share = 1; share < kShareWhole; share += 7) {
    const double p = static_cast<double>(share) / static_cast<double>(kShareWhole);
    REQUIRE(std::abs(log_odds_milli(share) - 1000 * std::log(p / (1 - p))) < 2);
  }
  for (std::int32_t permille = 1; permille < 1000; ++permille) REQUIRE(permille_of(log_odds_milli(permille, 1000)) == permille);
  REQUIRE(permille_of(-20'000) == 1);
  REQUIRE(permille_of(20'000) == 999);
}

TEST_CASE("duplicate model: the shipped file is the prior that is built in; every name has words") {
  const DuplicateModel& shipped = default_bundle(default_hash())->duplicates;
  const DuplicateModel builtin;
  REQUIRE(shipped.types.empty());
  REQUIRE(shipped.situations == builtin.situations);
  REQUIRE(shipped.evidence == builtin.evidence);
  REQUIRE(shipped.unseen.evidence == builtin.unseen.evidence);
  REQUIRE(shipped.unseen.join_permille == builtin.unseen.join_permille);
  REQUIRE(shipped.unseen.suggest_permille == builtin.unseen.suggest_permille);
  for (std::size_t i = 0; i <= kSituations; ++i) REQUIRE_FALSE(words_for(name_of(static_cast<Situation>(i))).empty());
  for (std::size_t i = 0; i < kEvidence; ++i) REQUIRE_FALSE(words_for(name_of(static_cast<Evidence>(i))).empty());
}

TEST_CASE("duplicate model: mistakes are named, a type's row decides for that type alone") {
  std::vector<BundleFile> files = default_files();
  std::erase_if(files, [](const BundleFile& file) { return file.name == "duplicates.yaml"; });
  files.push_back({"duplicates.yaml", "situations: [nowhere 5]\nevidence: [same_photo much]\ntypes:\n  - {type: a, shares: [same_type_near_3d 1 2]}\n  - {type: a, related: [b]}\n"});
  BundleProblems problems;
  REQUIRE(compile("wrong", files, problems) == nullptr);
  REQUIRE(problems.problems.size() == 5);
  files.back().content = "join_permille: 300\nsuggest_permille: 100\ntypes:\n  - {type: Đèn Hỏng, shares: [same_type_same_address_3d 9 20 4000]}\n";
  problems.problems.clear();
  const auto bundle = compile("right", files, problems);
  REQUIRE(bundle != nullptr);
  const auto seen = type_hash("khac", "đèn hỏng"), other = type_hash("khac", "khác nữa");
  const auto learned = bundle->duplicates.judge(seen, seen, Situation::SameTypeSameAddress3d);
  const auto unseen = bundle->duplicates.judge(other, other, Situation::SameTypeSameAddress3d);
  REQUIRE(permille_of(learned.odds) == 400);
  REQUIRE(learned.thresholds.join_permille == 300);
  REQUIRE(permille_of(unseen.odds) >= 579);
  REQUIRE(unseen.thresholds.join_permille == 500);
}

TEST_CASE("duplicate model: where nothing was learned the prior decides, with its own points and thresholds") {
  DuplicateModel model;
  model.learned = {190, 95};
  model.evidence = {"related_type 1875", "text_none 400"};
  model.types = {{"Lamp", {}, {"same_type_near_3d 5 9 3000", "other_type_same_address_3d 50 90 5000"}}, {"Power", {}, {"same_type_near_3d 5 9 3000"}}};
  std::vector<std::string> problems;
  model.compile(problems);
  REQUIRE(problems.empty());
  const DuplicateModel prior;
  const auto lamp = type_hash("khac", "lamp"), power = type_hash("khac", "power"), unknown = type_hash("khac", "unknown");
  const auto is_learned = [&](std::uint64_t type, std::uint64_t other, Situation situation) {
    const auto judge = model.judge(type, other, situation), careful = prior.judge(type, other, situation);
    const bool learned = judge.thresholds.join_permille == 190;
    CHECK(learned == (judge.of(Evidence::RelatedType) == 1875));
    CHECK((learned || (judge.odds == careful.odds && judge.points == careful.points && judge.thresholds.join_permille == careful.thresholds.join_permille)));
    return learned;
  };
  CHECK(is_learned(lamp, lamp, Situation::SameTypeNear3d));
  CHECK(is_learned(lamp, unknown, Situation::SameTypeNear3d));               // the incident took the type from a further report
  CHECK_FALSE(is_learned(lamp, lamp, Situation::SameTypeOtherFeed30m));      // a situation that no report was in
  CHECK_FALSE(is_learned(unknown, unknown, Situation::SameTypeNear3d));      // a type without a row
  CHECK(is_learned(lamp, power, Situation::OtherTypeSameAddress3d));
  CHECK_FALSE(is_learned(lamp, unknown, Situation::OtherTypeSameAddress3d)); // the incident's type has none
  CHECK_FALSE(is_learned(unknown, lamp, Situation::OtherTypeSameAddress3d));
}

TEST_CASE("duplicate model: types are related both ways, by the names in either row, and no type to others") {
  DuplicateModel model;
  model.types = {{"Đèn hỏng", {"mất điện"}, {}}, {"Mất điện", {}, {}}, {"Ổ gà", {}, {}}};
  std::vector<std::string> problems;
  model.compile(problems);
  REQUIRE(problems.empty());
  const auto lamp = type_hash("khac", "đèn hỏng"), power = type_hash("khac", "MẤT ĐIỆN"), hole = type_hash("khac", "ổ gà");
  REQUIRE(model.related(lamp, power));
  REQUIRE(model.related(power, lamp));
  REQUIRE_FALSE(model.related(lamp, hole));
  REQUIRE_FALSE(model.related(lamp, type_hash("khac", "not in the file")));
}

TEST_CASE("correlate: what is open far away is not looked at") {
  for (const int far : {0, 2'000}) {
    Bench bench;
    for (int i = 0; i < far; ++i) bench.step(report("far" + std::to_string(i), "Nắp cống bị mất", Position{216942000 + i * 9000, 1058482000, 0}));
    bench.step(report("r1", "Nắp cống bị mất", kSpot));
    const std::uint64_t before = bench.machine->stats().candidates_looked_at;
    REQUIRE(find(bench.step(report("r2", "Nắp cống bị mất", kSpot)), DecisionKind::Joined) != nullptr);
    REQUIRE(bench.machine->stats().candidates_looked_at - before == 1);
  }
}

TEST_CASE("correlate: the sender names a closed report: a recurrence with a count, chains count on") {
  Bench bench;
  bench.step(report("r1", "Nắp cống bị mất", kSpot));
  resolve(bench, "0-e-r1", "c-1");
  for (const auto& [id, earlier, count] : {std::tuple("r2", "r1", 2U), std::tuple("r3", "r2", 3U)}) {
    Event again = report(id, "Nắp cống bị mất", kSpot);
    std::get<CitizenReport>(again.body).follows = earlier;
    REQUIRE(recurrence(bench.step(again)) == "0-e-" + std::string(earlier));
    REQUIRE(bench.incidents.at("0-e-" + std::string(id)).occurrence == count);
    REQUIRE(bench.incidents.at("0-e-" + std::string(id)).recurrence_of == IncidentId("0-e-" + std::string(earlier)));
    resolve(bench, "0-e-" + std::string(id), "c-" + std::string(id));
  }
}

TEST_CASE("correlate: what was merged happens again: the incident that holds it is named, and its count goes on") {
  Bench bench;
  bench.step(report("r1", "Nắp cống bị mất", kSpot));
  bench.step(report("r2", "Đèn đường hỏng", {{kSpot.lat_e7 + 100'000, kSpot.lon_e7, 0}}));
  Command merge = command("m", bench.incidents.at("0-e-r1"), CommandKind::Merge);
  merge.into = IncidentId("0-e-r2");
  bench.step(merge);
  resolve(bench, "0-e-r2", "c-1");
  REQUIRE(recurrence(bench.step(report("r3", "Nắp cống lại bị mất", kSpot))) == "0-e-r2");
  REQUIRE(bench.incidents.at("0-e-r3").occurrence == 2);
}

TEST_CASE("correlate: words that say it happens again link to what was closed there, also out of memory; a lane is no count") {
  Bench bench;
  bench.step(report("r1", "Nắp cống bị mất", kSpot));
  resolve(bench, "0-e-r1", "c-1");
  REQUIRE(recurrence(bench.step(report("r2", "Nắp cống lại bị mất", kSpot))) == "0-e-r1");
  REQUIRE(bench.incidents.at("0-e-r2").occurrence == 2);
  resolve(bench, "0-e-r2", "c-2");
  bench.wait(40 * 24h);
  bench.restart();
  REQUIRE(bench.machine->stats().incidents_in_memory == 0);
  const auto third = bench.step(at(report("r3", "Mất nắp cống lần thứ ba rồi", kSpot), 40 * 24h));
  REQUIRE(recurrence(third) == "0-e-r2");
  REQUIRE(bench.incidents.at("0-e-r3").occurrence == 3);
  resolve(bench, "0-e-r3", "c-3");
  REQUIRE(recurrence(bench.step(at(report("r4", "Nắp cống bị mất ở làn 2", kSpot), 40 * 24h))).empty());
  REQUIRE(bench.incidents.at("0-e-r4").occurrence == 1);
}

TEST_CASE("correlate: of several, the one in the first situation is joined and the others say why they lost") {
  Bench bench;
  Event other = report("r1", "Nắp cống bị mất", Position{kSpot.lat_e7 + 4000, kSpot.lon_e7, 0});
  bench.step(other);
  bench.step(report("r2", "Nắp cống bị mất", kSpot));
  const auto decisions = bench.step(report("r3", "Nắp cống bị mất", kSpot));
  const Decision* joined = find(decisions, DecisionKind::Joined);
  REQUIRE(joined != nullptr);
  REQUIRE(joined->candidates.size() == 2);
  CHECK(joined->candidates[0].incident == IncidentId("0-e-r2"));
  CHECK(joined->candidates[0].verdict == "joined");
  CHECK(joined->candidates[0].parts.front().name == "same_type_spot_30m");
  CHECK(joined->candidates[1].incident == IncidentId("0-e-r1"));
  CHECK(joined->candidates[1].verdict == "rejected:not_the_best");
  CHECK(joined->candidates[1].parts.front().name == "same_type_near_30m");
}

namespace {

constexpr Millis kLater = std::chrono::minutes(20);

Event with_photo(Event event, std::string sha256) {
  std::get<CitizenReport>(event.body).media.push_back({"https://media.example/1.jpg", "photo", std::move(sha256)});
  return event;
}

const std::string kPhoto(64, 'a');

std::vector<std::string> parts_of(const std::vector<Decision>& decisions, DecisionKind kind) {
  const Decision* decision = find(decisions, kind);
  REQUIRE(decision != nullptr);
  REQUIRE(decision->candidates.size() == 1);
  std::vector<std::string> names;
  for (const ScorePart& part : decision->candidates.front().parts) names.push_back(part.name);
  return names;
}

bool holds(const std::vector<std::string>& names, std::string_view name) { return std::find(names.begin(), names.end(), name) != names.end(); }

Position beside_spot(std::int32_t metres) { return {kSpot.lat_e7 + metres * 90, kSpot.lon_e7, 0}; }

}  // namespace

TEST_CASE("correlate: a photo that an open incident has joins what its place alone only suggests, and the decision names it") {
  for (const auto& [sha256, joins] : {std::pair(kPhoto, true), std::pair(std::string(64, 'b'), false)}) {
    Bench bench;
    bench.step(with_photo(report("a", "Cây đổ chắn ngang đường", kSpot), kPhoto));
    const auto decisions = bench.step(at(with_photo(report("b", "Cây to đổ xuống lòng đường", beside_spot(60)), sha256), kLater));
    const auto parts = parts_of(decisions, joins ? DecisionKind::Joined : DecisionKind::Opened);
    REQUIRE(holds(parts, "same_photo") == joins);
  }
}

TEST_CASE("correlate: a photo moves with its report when that is split off, and is remembered over a restart") {
  Bench bench;
  bench.step(report("a", "Cây đổ chắn ngang đường", kSpot));
  bench.step(at(with_photo(report("b", "Cây đổ chắn ngang đường", kSpot), kPhoto), 1min));
  REQUIRE(bench.incidents.size() == 1);
  const Incident first = bench.incidents.begin()->second;
  Command split = command("s", first, CommandKind::Split);
  split.events = {report("b", "").id};
  bench.step(split);
  REQUIRE(bench.incidents.size() == 2);
  bench.restart();
  const auto decisions = bench.step(at(with_photo(report("c", "Cây to đổ xuống lòng đường", beside_spot(60)), kPhoto), kLater));
  const Decision* joined = find(decisions, DecisionKind::Joined);
  REQUIRE(joined != nullptr);
  REQUIRE(joined->incident != first.id);
}

namespace {

const char *const kHouse = "số 12 đường Lương Ngọc Quyến", *const kNeighbour = "số 14 đường Lương Ngọc Quyến";

Event told(std::string_view id, const char* category, const char* address) {
  Event event = report(id, "Xem ảnh", std::nullopt);
  std::get<CitizenReport>(event.body).category = category;
  std::get<CitizenReport>(event.body).address = address;
  return event;
}

// An incident at two houses, of "e-a" at the one and "e-b" at the other.
Incident at_both_houses(Bench& bench) {
  Event first = with_photo(told("a", "Đèn hỏng", kHouse), kPhoto), second = with_photo(told("b", "Đèn hỏng", kNeighbour), kPhoto);
  first.position = second.position = kSpot;
  bench.step(first);
  REQUIRE(find(bench.step(at(second, 1min)), DecisionKind::Joined) != nullptr);
  return bench.incidents.begin()->second;
}

}  // namespace

TEST_CASE("correlate: the type of a report that joined finds its incident too") {
  Bench bench;
  bench.step(with_photo(told("a", "Đèn hỏng", kHouse), kPhoto));
  REQUIRE(find(bench.step(at(with_photo(told("b", "Mất điện", kHouse), kPhoto), 1min)), DecisionKind::Joined) != nullptr);
  REQUIRE(parts_of(bench.step(at(told("c", "Mất điện", kHouse), 2min)), DecisionKind::Joined).front() == "same_type_same_address_30m");
  REQUIRE(parts_of(bench.step(at(told("d", "Mất nước", kHouse), 3min)), DecisionKind::Opened).front() == "other_type_same_address_30m");
}

TEST_CASE("correlate: the address of a report that joined finds its incident too, also after a restart, and goes with it when it is split off") {
  for (const bool split_off : {false, true}) {
    Bench bench;
    const Incident incident = at_both_houses(bench);
    if (split_off) {
      Command split = command("s", incident, CommandKind::Split);
      split.events = {EventId("e-b")};
      bench.step(split);
    }
    bench.restart();
    const auto decisions = bench.step(at(told("c", "Đèn hỏng", kNeighbour), 2min));
    const Decision* joined = find(decisions, DecisionKind::Joined);
    REQUIRE(joined != nullptr);
    REQUIRE((joined->incident == incident.id) == !split_off);
    REQUIRE(joined->candidates.front().parts.front().name == "same_type_same_address_30m");
  }
}

namespace {

// What becomes of a second report of the same type ten minutes after the first.
std::vector<Decision> second(Event first, Event again) {
  Bench bench;
  bench.step(first);
  return bench.step(at(std::move(again), 10min));
}

std::vector<Decision> second(const char* address, std::optional<Position> here, const char* again, std::optional<Position> there) {
  Event a = told("a", "Va chạm xe", address), b = told("b", "Va chạm xe", again);
  a.position = here;
  b.position = there;
  return second(std::move(a), std::move(b));
}

std::string verdict_of(const std::vector<Decision>& decisions) {
  for (const Decision& decision : decisions) {
    if (decision.kind != DecisionKind::Joined && decision.kind != DecisionKind::Opened) continue;
    return decision.candidates.empty() ? "alone" : decision.candidates.front().verdict + " " + decision.candidates.front().parts.front().name;
  }
  return "none";
}

}  // namespace

TEST_CASE("correlate: two accidents 4.7 km apart on one street are two") {
  CHECK(verdict_of(second("đường Cách Mạng Tháng Tám", kSpot, "đường Cách Mạng Tháng Tám", beside_spot(4'700))) == "alone");
}

TEST_CASE("correlate: a street, lane, group or zone without a distance is suggested at most; a house and a kilometre join") {
  for (const char* rough : {"đường Bắc Kạn", "ngõ 12 đường Bắc Kạn", "tổ 5, phường Quang Trung", "xóm Cây Xanh, xã Phúc Xuân", "KCN Sông Công II", "chợ Thái", "số 12, phường Quang Trung", "trước cổng trường"}) {
    INFO(rough);
    CHECK(verdict_of(second(rough, std::nullopt, rough, std::nullopt)) == "suggested same_type_doubtful_place_3d");
    CHECK(verdict_of(second(rough, kSpot, rough, std::nullopt)) == "suggested same_type_doubtful_place_3d");
  }
  for (const char* exact : {"số 12 đường Bắc Kạn", "QL3 Km12+300", "ngã tư Bắc Kạn - Bến Oánh", "Số 12, tổ 5, phường Quang Trung"}) {
    INFO(exact);
    CHECK(verdict_of(second(exact, std::nullopt, exact, std::nullopt)) == "joined same_type_same_address_30m");
  }
}

TEST_CASE("correlate: where both positions count, their distance decides for one street, and the street is evidence") {
  for (const char* again : {"đường Bắc Kạn", "đường Bến Oánh"}) {
    const auto decisions = second("đường Bắc Kạn", kSpot, again, beside_spot(40));
    CHECK(verdict_of(decisions) == "suggested same_type_near_30m");
    CHECK(holds(parts_of(decisions, DecisionKind::Opened), "same_street") == (again == std::string("đường Bắc Kạn")));
  }
  CHECK(verdict_of(second("đường Bắc Kạn", kSpot, "đường Bắc Kạn", beside_spot(10))) == "joined same_type_spot_30m");
  CHECK(verdict_of(second("đường Bắc Kạn", kSpot, "số 12 đường Bắc Kạn", beside_spot(10))) == "joined same_type_spot_30m");
  CHECK(verdict_of(second("số 14 đường Bắc Kạn", kSpot, "số 12 đường Bắc Kạn", beside_spot(10))) == "suggested same_type_other_address_30m");
}

TEST_CASE("correlate: one house number on streets of one name in two towns is two places, by their towns, communes or distance") {
  const char* house = "số 12 đường Hùng Vương";
  CHECK(verdict_of(second(house, kSpot, house, beside_spot(1'500))) == "joined same_type_same_address_30m");  // a phone's position
  CHECK(verdict_of(second(house, kSpot, house, beside_spot(4'000))) == "suggested same_type_doubtful_place_3d");
  CHECK(verdict_of(second("số 12 đường Hùng Vương, TP Sông Công", std::nullopt, "số 12 đường Hùng Vương, TP Phổ Yên", std::nullopt)) == "suggested same_type_doubtful_place_3d");
  CHECK(verdict_of(second("số 12 đường Hùng Vương, TP Sông Công", std::nullopt, "12 Hùng Vương", std::nullopt)) == "joined same_type_same_address_30m");
  CHECK(verdict_of(second("số 12 đường Hùng Vương, phường Quang Trung", std::nullopt, "số 12 đường Hùng Vương, phường Phan Đình Phùng", std::nullopt)) ==
        "joined same_type_same_address_30m");
  CHECK(verdict_of(second("số 12 đường Hùng Vương, phường Quang Trung", std::nullopt, "số 12 đường Hùng Vương, phường Ba Hàng", std::nullopt)) ==
        "suggested same_type_doubtful_place_3d");
}

TEST_CASE("correlate: two reports at the sender's home about things in another commune are not joined by their positions") {
  const auto thing = [](const char* id, const char* address) {
    Event event = told(id, "Va chạm xe", address);
    event.position = kSpot;
    return event;
  };
  const char *here = "xã Phú Thượng, huyện Võ Nhai", *there = "thị trấn Hùng Sơn, huyện Đại Từ", *house = "số 12 đường Bắc Kạn, thị trấn Hùng Sơn, huyện Đại Từ";
  CHECK(verdict_of(second(thing("a", here), thing("b", there))) == "suggested same_type_doubtful_place_3d");
  CHECK(verdict_of(second(thing("a", here), thing("b", ""))) == "suggested same_type_doubtful_place_3d");
  CHECK(verdict_of(second(thing("a", ""), thing("b", there))) == "suggested same_type_doubtful_place_3d");
  CHECK(verdict_of(second(thing("a", ""), thing("b", ""))) == "joined same_type_spot_30m");
  Event at_the_thing = told("b", "Va chạm xe", house);
  at_the_thing.position = Position{216278000, 1056410000, 0};
  CHECK(verdict_of(second(thing("a", house), at_the_thing)) == "joined same_type_same_address_30m");  // the address tells, the sender's position does not deny it
}

TEST_CASE("marks: what several events brought stays until the last of them leaves, and goes with each") {
  const std::size_t most = 8;
  for (const std::size_t brought : {std::size_t{2}, kEventsOfMark, kEventsOfMark + 3}) {
    Marks marks;
    std::vector<EventId> events;
    add_marks(with_photo(report("other", "x"), std::string(64, 'b')), most, marks);
    for (std::size_t i = 0; i < brought; ++i) {
      const Event event = with_photo(report("r" + std::to_string(i), "x"), kPhoto);
      add_marks(event, most, marks);
      add_marks(event, most, marks);  // told again
      events.push_back(event.id);
    }
    CHECK(marks.size() <= 1 + kEventsOfMark + 1);
    const Marks probe = marks_of(with_photo(report("p", "x"), kPhoto), most);
    const std::vector<EventId> first(events.begin(), events.end() - 1);
    const Marks taken = take_marks(first, marks);
    CHECK(share_mark(MarkKind::Photo, probe, taken));
    CHECK(share_mark(MarkKind::Photo, probe, marks));
    take_marks({events.back()}, marks);
    CHECK(share_mark(MarkKind::Photo, probe, marks) == (brought > kEventsOfMark));  // who the further ones were, is not known
    CHECK(share_mark(MarkKind::Photo, marks_of(with_photo(report("p", "x"), std::string(64, 'b')), most), marks));
  }
}

TEST_CASE("correlate: a photo that two reports brought is still the incident's when one of them is split off") {
  Bench bench;
  bench.step(at(with_photo(report("a", "Cây đổ chắn ngang đường", kSpot), kPhoto), 0min));
  bench.step(at(with_photo(report("b", "Cây đổ chắn ngang đường", kSpot), kPhoto), 1min));
  bench.wait(2s);
  REQUIRE(bench.incidents.size() == 1);
  const Incident whole = bench.incidents.begin()->second;
  Command split = command("s", whole, CommandKind::Split);
  split.events = {report("a", "").id};
  bench.step(split);
  REQUIRE(bench.incidents.size() == 2);
  bench.restart();
  const auto decisions = bench.step(at(with_photo(report("c", "Cây to đổ xuống lòng đường", beside_spot(60)), kPhoto), kLater));
  const Decision* told = find(decisions, DecisionKind::Joined) ? find(decisions, DecisionKind::Joined) : find(decisions, DecisionKind::Opened);
  REQUIRE(told != nullptr);
  std::size_t with = 0;
  for (const Candidate& candidate : told->candidates) {
    with += static_cast<std::size_t>(std::count_if(candidate.parts.begin(), candidate.parts.end(), [](const ScorePart& part) { return part.name == "same_photo"; }));
  }
  CHECK(with == 2);
}

TEST_CASE("marks: bounded, each thing once, and damaged bytes are refused") {
  Marks marks;
  for (int i = 0; i < 40; ++i) add_marks(with_photo(report("r" + std::to_string(i), "x"), std::string(63, 'c') + static_cast<char>('0' + i % 20)), 8, marks);
  REQUIRE(marks.size() == 8);
  Marks read;
  const std::string bytes = encode_marks(marks);
  REQUIRE(decode_marks(bytes, read));
  REQUIRE(read == marks);
  for (std::size_t size = 1; size < bytes.size(); ++size) REQUIRE_FALSE(decode_marks(bytes.substr(0, size), read));
  REQUIRE(encode_marks({}).empty());
}

TEST_CASE("correlate: two cameras that saw one number plate, and one camera that saw two kinds, are told so") {
  const auto seen = [](std::string_view alert, std::string_view by, std::string_view kind, std::string plate) {
    Event event = camera(alert, by, kind, AlertState::Start);
    event.position = kSpot;
    std::get<CameraAlert>(event.body).objects.push_back({"car", std::move(plate)});
    return event;
  };
  struct Case {
    std::string_view camera, kind;
    std::string plate;
    bool same_plate, same_camera;
  };
  for (const Case& one : {Case{"CAM-2", "congestion", "hash-1", true, false}, Case{"CAM-2", "congestion", "hash-2", false, false},
                          Case{"CAM-1", "congestion", "hash-1", true, true}}) {
    CAPTURE(one.camera, one.kind, one.plate);
    Bench bench;
    bench.step(seen("x1", "CAM-1", "accident", "hash-1"));
    const auto decisions = bench.step(at(seen("x2", one.camera, one.kind, one.plate), 2min));
    std::vector<std::string> parts;
    for (const Decision& decision : decisions) {
      for (const Candidate& candidate : decision.candidates) {
        for (const ScorePart& part : candidate.parts) parts.push_back(part.name);
      }
    }
    REQUIRE_FALSE(parts.empty());
    REQUIRE(holds(parts, "same_plate") == one.same_plate);
    REQUIRE(holds(parts, "same_camera") == one.same_camera);
  }
}

TEST_CASE("correlate: what is told again at the address of a report that joined is a recurrence, also when the incident left memory") {
  for (const auto waited : {Millis(1h), Millis(24h * 40)}) {
    for (const char* address : {kHouse, kNeighbour}) {
      Bench bench;
      const Incident incident = at_both_houses(bench);
      resolve(bench, incident.id.str(), "c-1");
      bench.wait(waited);
      bench.wait(1min);
      INFO("state " << name_of(bench.incidents.at(incident.id.str()).state) << " " << address);
      Event again = told("d", "Đèn hỏng", address);
      std::get<CitizenReport>(again.body).text = "Xem ảnh lần 2";
      CHECK(recurrence(bench.step(at(again, waited + Millis(2min)))) == incident.id.str());
    }
  }
}
