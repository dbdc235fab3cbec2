// The command reclassify: the operator's choice counts, nothing that comes later undoes it, and what the sender and triage
// had chosen stays beside it.
#include <catch2/catch.hpp>
#include <algorithm>

#include "tests/libs/triage/fixture.h"

using namespace ioc;
using namespace ioc::triage;
using namespace ioc::triage::testing;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kCover = "Nắp cống bị mất", kFire = "Nhà tôi đang cháy, cứu với";

// Under the version that obeys the command.
struct Desk : Bench {
  Desk() { step(Activation{bundle.hash, since::kReclassifies, "test"}); }

  Incident one(const std::string& id = "0-e-r1") { return incidents.at(id); }
  CommandResult run(const Command& command) {
    decisions = step(command);
    return *find(decisions, DecisionKind::Command)->command_result;
  }
  CommandResult choose(std::string_view id, std::string_view category, const std::string& incident = "0-e-r1") {
    Command made = command(id, one(incident), CommandKind::Reclassify);
    made.category = CategoryCode(category);
    return run(made);
  }
  CommandResult rule_out_danger(std::string_view id) {
    Command made = command(id, one(), CommandKind::Reclassify);
    made.emergency = false;
    return run(made);
  }
  CommandResult give_back(std::string_view id, const std::string& incident = "0-e-r1") {
    Command made = command(id, one(incident), CommandKind::Reclassify);
    made.back_to_triage = true;
    return run(made);
  }
  std::vector<Decision> decisions;
};

Event named(Event event, std::string_view category) {
  std::get<CitizenReport>(event.body).category = category;
  return event;
}

Event again(std::string_view id, std::string_view object, std::string_view text) {
  Event event = report(object, text);
  event.id = EventId(id);
  return event;
}

std::string detail(const Decision& decision, std::string_view name) {
  const auto at = std::find_if(decision.details.begin(), decision.details.end(), [&](const Detail& one) { return one.name == name; });
  return at == decision.details.end() ? "" : at->value;
}

LogTime due(const Incident& incident, ClockKind kind) {
  const auto at = std::find_if(incident.clocks.begin(), incident.clocks.end(), [&](const Clock& one) { return one.kind == kind; });
  REQUIRE(at != incident.clocks.end());
  return at->due_at;
}

}  // namespace

TEST_CASE("reclassify: the operator's category counts: queue and clocks follow it, sender's and triage's choices are kept") {
  Desk desk;
  desk.step(named(report("r1", kCover), "giao-thong"));
  const Incident before = desk.one();
  REQUIRE(before.category == CategoryCode("ha-tang"));
  REQUIRE(before.queue == QueueId("do-thi"));
  Command made = command("c-1", before, CommandKind::Reclassify);
  made.category = CategoryCode("moi-truong");
  made.further_categories = {CategoryCode("ha-tang")};
  made.text = "rác lấp miệng cống";
  const CommandResult result = desk.run(made);
  REQUIRE(result.status == CommandStatus::Applied);
  REQUIRE(result.version == before.version + 1);
  const Incident after = desk.one();
  CHECK(after.category == CategoryCode("moi-truong"));
  CHECK(after.further_categories == std::vector<CategoryCode>{CategoryCode("ha-tang")});
  CHECK(after.sender_category == "giao-thong");
  REQUIRE(after.overruled.has_value());
  CHECK(after.overruled->category == CategoryCode("ha-tang"));
  CHECK(after.overruled->by == "lan");
  CHECK_FALSE(after.overruled->severity.has_value());
  CHECK(after.queue == QueueId("moi-truong"));
  CHECK(due(after, ClockKind::Resolve) > due(before, ClockKind::Resolve));  // 56 hours of work and not 40, from the same start
  CHECK(due(after, ClockKind::Forward) == due(before, ClockKind::Forward));
  const Decision* why = find(desk.decisions, DecisionKind::Classified);
  REQUIRE(why != nullptr);
  CHECK(why->reason == "classified_by_operator");
  CHECK(why->actor == "lan");
  CHECK(detail(*why, "category") == "moi-truong");
  CHECK(detail(*why, "category_before") == "ha-tang");
  CHECK(detail(*why, "model_category") == "ha-tang");
  CHECK(detail(*why, "sender_category") == "giao-thong");
  CHECK(find(desk.decisions, DecisionKind::Routed)->rule == "environment");
  CHECK(detail(*find(desk.decisions, DecisionKind::Command), "text") == "rác lấp miệng cống");
}

TEST_CASE("reclassify: a second correction keeps what triage had chosen, and the same command counts once, also after a restart") {
  Desk desk;
  desk.step(report("r1", kCover));
  const Command first = [&] {
    Command made = command("c-1", desk.one(), CommandKind::Reclassify);
    made.category = CategoryCode("moi-truong");
    return made;
  }();
  const CommandResult result = desk.run(first);
  REQUIRE(desk.choose("c-2", "giao-thong").status == CommandStatus::Applied);
  desk.restart();
  REQUIRE(desk.run(first) == result);
  REQUIRE(desk.snapshots().empty());
  desk.step(command("c-3", desk.one(), CommandKind::Acknowledge));
  CHECK(desk.one().category == CategoryCode("giao-thong"));
  CHECK(desk.one().overruled->category == CategoryCode("ha-tang"));
}

TEST_CASE("reclassify: neither the sender's revision nor a further report undoes what the operator chose") {
  Desk desk;
  desk.step(report("r1", kCover));
  Command made = command("c-1", desk.one(), CommandKind::Reclassify);
  made.category = CategoryCode("moi-truong");
  made.severity = Severity::Info;
  REQUIRE(desk.run(made).status == CommandStatus::Applied);
  desk.restart();
  REQUIRE(find(desk.step(named(again("e-r1-b", "r1", "Nắp cống bị mất trước cổng trường"), "giao-thong")), DecisionKind::Revised) != nullptr);
  REQUIRE(find(desk.step(command("c-2", desk.one(), CommandKind::Acknowledge)), DecisionKind::Command) != nullptr);
  // Triage takes the next one for what it took the first for; and one may speak as the operator does.
  Event urgent = report("r2", kCover);
  std::get<CitizenReport>(urgent.body).urgency = Urgency::Urgent;
  const auto joined = desk.step(urgent);
  REQUIRE(find(joined, DecisionKind::Joined) != nullptr);
  REQUIRE(detail(*find(joined, DecisionKind::Joined), "category") == "ha-tang");
  const auto spoken = desk.step(report("r3", "Rác thải đổ trộm, bốc mùi hôi thối"));
  REQUIRE(find(spoken, DecisionKind::Joined) != nullptr);
  REQUIRE(detail(*find(spoken, DecisionKind::Joined), "category") == "moi-truong");
  desk.wait(2s);
  const Incident after = desk.one();
  CHECK(after.reports == 3);
  CHECK(after.category == CategoryCode("moi-truong"));
  CHECK(after.severity == Severity::Info);
  CHECK(after.queue == QueueId("moi-truong"));
  CHECK(after.overruled->severity == Severity::Medium);
}

TEST_CASE("reclassify: no danger after all lowers severity, queue and clocks; told again it stays so, a further report brings it back") {
  Desk desk;
  desk.step(report("r1", kFire));
  const Incident before = desk.one();
  REQUIRE(before.emergency);
  REQUIRE(before.queue == QueueId("khan-cap"));
  REQUIRE(desk.rule_out_danger("c-1").status == CommandStatus::Applied);
  const Incident after = desk.one();
  CHECK_FALSE(after.emergency);
  CHECK(after.severity > Severity::Critical);
  CHECK(after.queue != QueueId("khan-cap"));
  CHECK(due(after, ClockKind::Resolve) > due(before, ClockKind::Resolve));
  CHECK(after.overruled->emergency == true);
  CHECK(after.overruled->category.empty());
  desk.step(again("e-r1-b", "r1", "Nhà tôi đang cháy, cứu với, nhanh lên"));
  desk.wait(2s);
  CHECK_FALSE(desk.one().emergency);
  CHECK(desk.one().severity == after.severity);
  desk.restart();
  REQUIRE(find(desk.step(report("r2", kFire)), DecisionKind::Joined) != nullptr);
  CHECK(desk.one().emergency);
  CHECK(desk.one().severity == Severity::Critical);
  CHECK(desk.one().queue == QueueId("khan-cap"));
}

TEST_CASE("reclassify: a category that the rules call urgent raises the severity; a deadline that has passed stays passed") {
  Desk desk;
  desk.step(report("r1", kCover));
  for (int hour = 0; hour < 6; ++hour) desk.wait(1h);
  REQUIRE(desk.one().clocks.front().state == ClockState::Breached);
  REQUIRE(desk.choose("c-1", "y-te-dich-benh").status == CommandStatus::Applied);
  const Incident after = desk.one();
  CHECK(after.severity == Severity::High);
  CHECK(after.queue == QueueId("y-te"));
  CHECK(after.clocks.front().kind == ClockKind::Forward);
  CHECK(after.clocks.front().state == ClockState::Breached);
  CHECK(find(desk.wait(1s), DecisionKind::ClockBreached) == nullptr);
}

TEST_CASE("reclassify: what it cannot be is refused with what is allowed; under version 1 it is not possible yet") {
  Desk desk;
  desk.step(report("r1", kCover));
  const auto refused = [&](const Command& command) {
    const CommandResult result = desk.run(command);
    REQUIRE(result.status == CommandStatus::Refused);
    REQUIRE_FALSE(desk.one().overruled.has_value());
    return result.detail;
  };
  Command made = command("c-1", desk.one(), CommandKind::Reclassify);
  CHECK(refused(made) == "name a category, a sub-kind, a severity, or whether it is an emergency");
  made.id = CommandId("c-2");
  made.category = CategoryCode("magic");
  CHECK(refused(made).find("there is no category magic; name one of ") == 0);
  CHECK(refused(made).find("moi-truong") != std::string::npos);
  made.id = CommandId("c-3");
  made.category = CategoryCode("moi-truong");
  made.further_categories = {CategoryCode("moi-truong")};
  CHECK(refused(made) == "the category moi-truong is named twice");
  made.id = CommandId("c-4");
  made.further_categories = {CategoryCode("khac"), CategoryCode("ha-tang"), CategoryCode("giao-thong"), CategoryCode("cay-xanh")};
  CHECK(refused(made) == "name at most 3 further categories");
  made.id = CommandId("c-5");
  made.category = {};
  CHECK(refused(made) == "name the category that the further ones stand beside");
  made.id = CommandId("c-6");
  made.version = 99;
  CHECK(desk.run(made).status == CommandStatus::StaleVersion);
  Bench first;
  first.step(report("r1", kCover));
  made = command("c-1", first.incidents.at("0-e-r1"), CommandKind::Reclassify);
  made.category = CategoryCode("moi-truong");
  const auto decisions = first.step(made);
  CHECK(find(decisions, DecisionKind::Command)->command_result->detail == "the command reclassify is not possible yet");
}

TEST_CASE("reclassify: what is taken out shows its own class; the correction stays with the words that it was about") {
  for (const bool opener_goes : {false, true}) {
    Desk desk;
    desk.step(report("r1", kCover));
    desk.step(report("r2", "Mất nắp cống, nguy hiểm"));
    desk.wait(2s);
    REQUIRE(desk.one().reports == 2);
    REQUIRE(desk.choose("c-1", "moi-truong").status == CommandStatus::Applied);
    Command split = command("c-2", desk.one(), CommandKind::Split);
    split.events = {EventId(opener_goes ? "e-r1" : "e-r2")};
    REQUIRE(desk.run(split).status == CommandStatus::Applied);
    const Incident corrected = desk.one(opener_goes ? "0-c-2" : "0-e-r1"), other = desk.one(opener_goes ? "0-e-r1" : "0-c-2");
    CHECK(corrected.category == CategoryCode("moi-truong"));
    CHECK(corrected.overruled.has_value());
    CHECK(other.category == CategoryCode("ha-tang"));
    CHECK(other.queue == QueueId("do-thi"));
    CHECK(corrected.queue == QueueId("moi-truong"));
    CHECK_FALSE(other.overruled.has_value());
  }
}

TEST_CASE("reclassify: of what is merged the one on top gets the category, and all of it the urgency; nothing merged is corrected by itself") {
  Desk desk;
  desk.step(report("r1", kCover, Position{215942000, 1058482000, 0}));
  desk.step(report("r2", kFire, Position{216542000, 1058482000, 0}));
  const CategoryCode child = desk.one("0-e-r2").category;
  Command merge = command("c-1", desk.one("0-e-r2"), CommandKind::Merge);
  merge.into = desk.one().id;
  REQUIRE(desk.run(merge).status == CommandStatus::Applied);
  REQUIRE(desk.one().emergency);
  REQUIRE(desk.choose("c-2", "moi-truong", "0-e-r2").status == CommandStatus::Refused);
  Command made = command("c-3", desk.one(), CommandKind::Reclassify);
  made.category = CategoryCode("moi-truong");
  made.emergency = false;
  REQUIRE(desk.run(made).status == CommandStatus::Applied);
  CHECK(desk.one().category == CategoryCode("moi-truong"));
  CHECK_FALSE(desk.one().emergency);
  CHECK(desk.one().severity > Severity::Critical);
  desk.restart();
  REQUIRE(desk.run(command("c-4", desk.one("0-e-r2"), CommandKind::Unmerge)).status == CommandStatus::Applied);
  CHECK(desk.one("0-e-r2").category == child);
  CHECK_FALSE(desk.one("0-e-r2").emergency);
  CHECK(desk.one("0-e-r2").overruled->category.empty());
  CHECK(desk.one("0-e-r2").queue != QueueId("khan-cap"));
}

TEST_CASE("reclassify: what is merged is corrected only where its urgency would show through") {
  Desk desk;
  desk.step(report("r1", kCover, Position{215942000, 1058482000, 0}));
  desk.step(report("r2", "Đèn đường hỏng", Position{216542000, 1058482000, 0}));
  Command merge = command("c-1", desk.one("0-e-r2"), CommandKind::Merge);
  merge.into = desk.one().id;
  REQUIRE(desk.run(merge).status == CommandStatus::Applied);
  Command made = command("c-2", desk.one(), CommandKind::Reclassify);
  made.emergency = true;
  REQUIRE(desk.run(made).status == CommandStatus::Applied);
  CHECK(desk.one().emergency);
  CHECK(desk.one().queue == QueueId("khan-cap"));
  CHECK_FALSE(desk.one("0-e-r2").overruled.has_value());
}

TEST_CASE("reclassify: a queue that a person chose stays while the rules give the same one") {
  Desk desk;
  desk.step(report("r1", kCover));
  Command assign = command("c-1", desk.one(), CommandKind::Assign);
  assign.queue = QueueId("an-ninh");
  REQUIRE(desk.run(assign).status == CommandStatus::Applied);
  Command made = command("c-2", desk.one(), CommandKind::Reclassify);
  made.severity = Severity::High;
  REQUIRE(desk.run(made).status == CommandStatus::Applied);
  CHECK(desk.one().queue == QueueId("an-ninh"));
  REQUIRE(desk.choose("c-3", "moi-truong").status == CommandStatus::Applied);
  CHECK(desk.one().queue == QueueId("moi-truong"));
}

TEST_CASE("reclassify: no deadline is won by choosing twice") {
  Desk desk;
  desk.step(camera("a1", "CAM-1", "congestion", AlertState::Start));
  const std::string id = desk.incidents.begin()->first;
  const LogTime due_at = due(desk.one(id), ClockKind::Resolve);
  const auto choose = [&](std::string_view command_id, Severity severity) {
    desk.wait(2h);
    Command made = command(command_id, desk.one(id), CommandKind::Reclassify);
    made.severity = severity;
    REQUIRE(desk.run(made).status == CommandStatus::Applied);
  };
  choose("c-1", Severity::Info);
  choose("c-2", Severity::Medium);
  CHECK(due(desk.one(id), ClockKind::Resolve) == due_at);
}

namespace {

// A log's records with corrections between them, and what each incident must show from then on.
class Corrected {
 public:
  explicit Corrected(std::uint32_t seed) : x_random(seed) {
    for (const Line& line : make_log(seed, 1200)) {
      x_bench.now = line.at;
      check(x_bench.step_bytes(line.value));
      if (x_random() % 4 == 0) check(x_bench.step(correction()));
      if (x_random() % 50 == 0) x_bench.restart();
    }
  }
  std::size_t corrections = 0, shown = 0;

 private:
  Command correction() {
    auto at = x_bench.incidents.begin();
    if (at == x_bench.incidents.end()) return {};
    std::advance(at, x_random() % x_bench.incidents.size());
    static constexpr std::string_view kCategories[] = {"", "moi-truong", "giao-thong", "y-te-dich-benh", "khac"};
    Command made = command("own-" + std::to_string(x_random()), at->second, CommandKind::Reclassify);
    made.category = CategoryCode(kCategories[x_random() % 5]);
    if (x_random() % 3 == 0) made.severity = static_cast<Severity>(1 + x_random() % 4);
    if (x_random() % 3 == 0) made.emergency = x_random() % 2 == 0;
    return made;
  }

  void check(const std::vector<Decision>& decisions) {
    for (const Decision& decision : decisions) {
      if (decision.kind == DecisionKind::Split) x_chosen.erase(detail(decision, "from"));
      if (decision.kind != DecisionKind::Command || decision.reason != "applied" || detail(decision, "command") != "reclassify") continue;
      ++corrections;
      x_chosen[decision.incident.str()] = x_bench.incidents.at(decision.incident.str());
    }
    for (const Incident& now : x_bench.snapshots()) check(now);
  }

  void check(const Incident& now) {
    const auto at = x_chosen.find(now.id.str());
    if (at == x_chosen.end()) return;
    INFO("incident " << now.id.str());
    REQUIRE(now.overruled.has_value());
    const Overruled& was = *at->second.overruled;
    REQUIRE(now.overruled->category == was.category);
    REQUIRE(now.sender_category == at->second.sender_category);
    if (!was.category.empty()) REQUIRE(now.category == at->second.category);
    if (was.severity && now.merged.empty()) REQUIRE(now.severity == at->second.severity);  // a merged one shows the urgency of all
    ++shown;
  }

  std::mt19937 x_random;
  Bench x_bench{false};
  std::map<std::string, Incident> x_chosen;
};

}  // namespace

TEST_CASE("reclassify: whatever comes after it, also restarts, an incident shows what the operator named until an operator changes that") {
  for (const std::uint32_t seed : {1U, 2U, 3U}) {
    INFO("seed " << seed);
    const Corrected log(seed);
    REQUIRE(log.corrections > 30);
    REQUIRE(log.shown > log.corrections);
  }
}

TEST_CASE("reclassify: back to triage's choice: category, further ones, severity, danger, queue and clocks are as they were, and history tells") {
  Desk desk;
  desk.step(report("r1", kFire));
  const Incident before = desk.one();
  Command made = command("c-1", before, CommandKind::Reclassify);
  made.category = CategoryCode("moi-truong");
  made.further_categories = {CategoryCode("ha-tang")};
  made.severity = Severity::Info;
  made.emergency = false;
  REQUIRE(desk.run(made).status == CommandStatus::Applied);
  REQUIRE(desk.one().queue != before.queue);
  desk.restart();
  REQUIRE(desk.give_back("c-2").status == CommandStatus::Applied);
  const Incident after = desk.one();
  CHECK(after.category == before.category);
  CHECK(after.further_categories == before.further_categories);
  CHECK(after.severity == before.severity);
  CHECK(after.emergency);
  CHECK_FALSE(after.overruled.has_value());
  CHECK(after.queue == before.queue);
  CHECK(after.subscribers == before.subscribers);
  CHECK(due(after, ClockKind::Resolve) == due(before, ClockKind::Resolve));
  const Decision* why = find(desk.decisions, DecisionKind::Classified);
  REQUIRE(why != nullptr);
  CHECK(why->reason == "given_back_to_triage");
  CHECK(why->actor == "lan");
  CHECK(detail(*why, "category") == before.category.str());
  CHECK(detail(*why, "category_before") == "moi-truong");
  CHECK(detail(*find(desk.decisions, DecisionKind::Command), "back_to_triage") == "yes");
}

TEST_CASE("reclassify: back to triage's choice, a severity that only the operator's category had raised falls again") {
  Desk desk;
  desk.step(report("r1", kCover));
  const Severity before = desk.one().severity;
  REQUIRE(desk.choose("c-1", "y-te-dich-benh").status == CommandStatus::Applied);
  REQUIRE(desk.one().severity < before);
  Command named = command("c-2", desk.one(), CommandKind::Reclassify);
  named.severity = Severity::Info;
  REQUIRE(desk.run(named).status == CommandStatus::Applied);
  CHECK(desk.one().overruled->severity == before);
  desk.restart();
  REQUIRE(desk.give_back("c-3").status == CommandStatus::Applied);
  CHECK(desk.one().severity == before);
}

TEST_CASE("reclassify: back to triage's choice, what further reports said of danger and urgency meanwhile counts") {
  Desk desk;
  desk.step(report("r1", kCover));
  Command made = command("c-1", desk.one(), CommandKind::Reclassify);
  made.severity = Severity::Info;
  made.emergency = true;
  REQUIRE(desk.run(made).status == CommandStatus::Applied);
  Event urgent = report("r2", kCover);
  std::get<CitizenReport>(urgent.body).urgency = Urgency::Urgent;
  REQUIRE(find(desk.step(urgent), DecisionKind::Joined) != nullptr);
  Command other = command("c-2", desk.one(), CommandKind::Reclassify);
  other.category = CategoryCode("moi-truong");
  REQUIRE(desk.run(other).status == CommandStatus::Applied);
  Desk untouched;
  untouched.step(report("r1", kCover));
  untouched.step(urgent);
  untouched.wait(2s);
  REQUIRE(desk.give_back("c-3").status == CommandStatus::Applied);
  CHECK(desk.one().severity == untouched.one().severity);
  CHECK_FALSE(desk.one().emergency);
  REQUIRE(desk.rule_out_danger("c-4").status == CommandStatus::Applied);
  REQUIRE(find(desk.step(report("r3", "Nắp cống bị mất, có người bị rơi xuống bị thương nặng, cần cấp cứu")), DecisionKind::Joined) != nullptr);
  REQUIRE(desk.one().emergency);
  REQUIRE(desk.give_back("c-5").status == CommandStatus::Applied);
  CHECK(desk.one().emergency);
  CHECK(desk.one().queue == QueueId("khan-cap"));
}

TEST_CASE("reclassify: back to triage's choice is refused where nobody chose otherwise, and names nothing else") {
  Desk desk;
  desk.step(report("r1", kCover));
  REQUIRE(desk.give_back("c-1").detail == "nobody has chosen otherwise than triage; there is nothing to give back");
  REQUIRE(desk.choose("c-2", "moi-truong").status == CommandStatus::Applied);
  Command made = command("c-3", desk.one(), CommandKind::Reclassify);
  made.back_to_triage = true;
  made.severity = Severity::High;
  REQUIRE(desk.run(made).status == CommandStatus::Refused);
  REQUIRE(desk.give_back("c-4").status == CommandStatus::Applied);
  REQUIRE(desk.give_back("c-5").status == CommandStatus::Refused);
}

TEST_CASE("reclassify: back to triage's choice brings back the danger of what is merged into it, and leaves the category that was chosen for that") {
  Desk desk;
  desk.step(report("r1", kCover, Position{215942000, 1058482000, 0}));
  desk.step(report("r2", kFire, Position{216542000, 1058482000, 0}));
  REQUIRE(desk.choose("c-0", "moi-truong", "0-e-r2").status == CommandStatus::Applied);
  Command merge = command("c-1", desk.one("0-e-r2"), CommandKind::Merge);
  merge.into = desk.one().id;
  REQUIRE(desk.run(merge).status == CommandStatus::Applied);
  REQUIRE(desk.rule_out_danger("c-2").status == CommandStatus::Applied);
  REQUIRE_FALSE(desk.one().emergency);
  REQUIRE(desk.give_back("c-3").status == CommandStatus::Applied);
  CHECK(desk.one().emergency);
  CHECK(desk.one().severity == Severity::Critical);
  REQUIRE(desk.run(command("c-4", desk.one("0-e-r2"), CommandKind::Unmerge)).status == CommandStatus::Applied);
  CHECK(desk.one("0-e-r2").emergency);
  CHECK(desk.one("0-e-r2").queue == QueueId("khan-cap"));
  CHECK(desk.one("0-e-r2").category == CategoryCode("moi-truong"));
}

namespace {

// The same log with and without corrections, which are all given back at the end.
void check_given_back(std::uint32_t seed, std::size_t& compared) {
  std::mt19937 random(seed);
  Bench corrected{false}, left{false};
  for (const Line& line : make_log(seed, 800)) {
    for (Bench* bench : {&corrected, &left}) {
      bench->now = line.at;
      bench->step_bytes(line.value);
    }
    if (random() % 4 != 0 || corrected.incidents.empty()) continue;
    auto at = corrected.incidents.begin();
    std::advance(at, random() % corrected.incidents.size());
    Command made = command("own-" + std::to_string(random()), at->second, CommandKind::Reclassify);
    // Categories decide what joins; with urgency alone both see the same.
    if (random() % 2 == 0) made.severity = static_cast<Severity>(1 + random() % 4);
    else made.emergency = random() % 2 == 0;
    corrected.step(made);
  }
  for (const auto& [id, as_left] : left.incidents) {
    const auto found = corrected.incidents.find(id);
    if (found == corrected.incidents.end() || !found->second.overruled || !is_open(found->second.state)) continue;
    Command back = command("back-" + id, found->second, CommandKind::Reclassify);
    back.back_to_triage = true;
    if (find(corrected.step(back), DecisionKind::Command)->command_result->status != CommandStatus::Applied) continue;
    const Incident& now = corrected.incidents.at(id);
    // The log corrects and splits by itself, what it still can.
    if (as_left.overruled || now.newest_events != as_left.newest_events || now.events != as_left.events) continue;
    INFO("seed " << seed << ", incident " << id);
    CHECK_FALSE(now.overruled.has_value());
    CHECK(now.severity == as_left.severity);
    CHECK(now.emergency == as_left.emergency);
    ++compared;
  }
}

}  // namespace

TEST_CASE("reclassify: given back to triage, an incident is as severe and dangerous as if nobody had ever chosen") {
  std::size_t compared = 0;
  for (const std::uint32_t seed : {1U, 2U, 3U, 4U}) check_given_back(seed, compared);
  REQUIRE(compared > 20);
}
