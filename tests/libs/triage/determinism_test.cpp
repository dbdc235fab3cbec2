#include <catch2/catch.hpp>

#include "libs/triage/bundle_parts.h"
#include "libs/triage/canonical.h"
#include "tests/libs/triage/fixture.h"

using namespace ioc;
using namespace ioc::triage;
using namespace ioc::triage::testing;

namespace {

struct Run {
  std::vector<std::vector<Effect>> effects;  // by record
  std::uint64_t running_hash = 0;
  MapState state;
};

// Steps the log; after each record `restart_odds` in 1000 write the delta, and half of those start a new machine from it.
Run run(const std::vector<Line>& log, std::uint32_t seed, std::uint32_t restart_odds) {
  Run result;
  std::mt19937 random(seed);
  const auto fresh = [&] {
    auto machine = std::make_unique<Machine>(PartitionId(0), 1, result.state, default_bundle);
    const auto loaded = machine->load();
    if (!loaded) FAIL(loaded.error().message);
    return machine;
  };
  auto machine = fresh();
  const auto write = [&] {
    std::vector<StateWrite> delta;
    machine->take_delta(delta);
    result.state.apply(delta);
  };
  for (std::size_t i = 0; i < log.size(); ++i) {
    machine->step({Offset(i), log[i].at, log[i].value}, result.effects.emplace_back());
    if (random() % 1000 >= restart_odds) continue;
    write();
    if (random() % 2 == 0) machine = fresh();
  }
  write();
  result.running_hash = machine->running_hash();
  return result;
}

std::string canonical(const MapState& state, std::size_t bytes) {
  CanonicalReader reader(state);
  std::string all;
  while (reader.read(all, bytes)) {
  }
  return all;
}

}  // namespace

TEST_CASE("canonical: a state that is written from its canonical bytes has the same canonical bytes and goes on the same") {
  const auto log = make_log(3, 400);
  const Run whole = run(log, 3, 300);
  MapState restored;
  CanonicalParser parser([&](StateWrite write) -> Result<void> {
    std::vector<StateWrite> one{std::move(write)};
    restored.apply(one);
    return {};
  });
  const std::string bytes = canonical(whole.state, 777);
  for (std::size_t at = 0; at < bytes.size(); at += 1000) REQUIRE(parser.add(std::string_view(bytes).substr(at, 1000)).has_value());
  REQUIRE(parser.complete());
  CHECK((canonical(restored, 10'000) == bytes));
  Machine a(PartitionId(0), 1, whole.state, default_bundle), b(PartitionId(0), 1, restored, default_bundle);
  REQUIRE(a.load().has_value());
  REQUIRE(b.load().has_value());
  const auto more = make_log(3, 800);
  for (std::size_t i = 300; i < more.size(); ++i) {
    std::vector<Effect> from_a, from_b;
    a.step({Offset(i + 1000), more[i].at, more[i].value}, from_a);
    b.step({Offset(i + 1000), more[i].at, more[i].value}, from_b);
    REQUIRE(from_a == from_b);
  }
}

TEST_CASE("canonical: damaged bytes are said to be damaged") {
  CanonicalParser parser([](const StateWrite&) -> Result<void> { return {}; });
  CHECK(parser.add(std::string("\x63\x01k\x01v", 5)).has_error());
}

TEST_CASE("machine: a record that is skipped is a dead letter with its place and the operator's words, and counts in the hash") {
  MapState state;
  Machine machine(PartitionId(0), 1, state, default_bundle), other(PartitionId(0), 1, state, default_bundle);
  REQUIRE(machine.load().has_value());
  REQUIRE(other.load().has_value());
  std::vector<Effect> effects, same;
  const Input input{Offset(7), LogTime::from_ms(5), "\xff\xff crashes"};
  machine.skip(input, {"crashes since 1.4", "lan", EventId("20211018-074000-r-x"), "citizen-reports"}, effects);
  REQUIRE(effects.size() == 2);
  const auto letter = wire::decode_dead_letter(effects[0].value).value();
  CHECK(letter.reason == "skipped_by_operator");
  CHECK(letter.origin_offset == Offset(7));
  CHECK(letter.event.str() == "20211018-074000-r-x");
  const auto decision = wire::decode_decision(effects[1].value).value();
  CHECK(decision.actor == "lan");
  CHECK(decision.reason == "skipped_by_operator");
  CHECK(machine.next_offset() == Offset(8));
  other.step(input, same);
  CHECK(other.running_hash() != machine.running_hash());
}

TEST_CASE("machine: any split into batches and any restart give the same effects, byte for byte") {
  for (const std::uint32_t seed : {1U, 2U, 3U, 4U, 5U, 6U}) {
    INFO("seed " << seed);
    const auto log = make_log(seed, 700);
    const Run whole = run(log, seed, 0);
    for (const std::uint32_t odds : {30U, 300U, 1000U}) {
      INFO("restart odds " << odds);
      const Run split = run(log, seed + odds, odds);
      for (std::size_t i = 0; i < log.size(); ++i) {
        INFO("record " << i);
        REQUIRE(split.effects[i] == whole.effects[i]);
      }
      REQUIRE(split.running_hash == whole.running_hash);
      for (const Table table : kTables) {
        if (table == Table::Seen) continue;  // packed by batch: its keys may differ
        INFO("table " << name_of(table));
        REQUIRE(split.state.tables[static_cast<std::size_t>(table)] == whole.state.tables[static_cast<std::size_t>(table)]);
      }
      REQUIRE((canonical(split.state, 1'000) == canonical(whole.state, 50'000)));
    }
  }
}

TEST_CASE("machine: every accepted event leaves at least one decision with its id") {
  const auto log = make_log(11, 600);
  const Run whole = run(log, 1, 0);
  for (std::size_t i = 0; i < log.size(); ++i) {
    const auto record = wire::decode_record(log[i].value);
    if (!record || !std::holds_alternative<Event>(record.value())) continue;
    const EventId id = std::get<Event>(record.value()).id;
    bool named = false;
    for (const Effect& effect : whole.effects[i]) {
      named = named || (effect.topic == topics::kDecisions && wire::decode_decision(effect.value).value().event == id);
    }
    INFO("record " << i << " event " << id.str());
    REQUIRE(named);
  }
}

TEST_CASE("machine: ticks in between change no incident") {
  auto log = make_log(12, 400);
  for (int i = 0; i < 3; ++i) log.push_back({log.back().at + Millis(2000), wire::encode(Record(Tick{}))});  // what is due is told
  std::vector<Line> ticking;
  for (const Line& line : log) {
    ticking.push_back(line);
    ticking.push_back({line.at, wire::encode(Record(Tick{}))});
  }
  const auto incidents = [](const Run& result) {
    std::map<std::string, std::string> found;
    for (const auto& effects : result.effects) {
      for (const Effect& effect : effects) {
        if (effect.topic == topics::kIncidents) found[effect.key] = effect.value;
      }
    }
    return found;
  };
  const auto without = incidents(run(log, 1, 0)), with = incidents(run(ticking, 1, 0));
  REQUIRE(without.size() == with.size());
  for (const auto& [id, snapshot] : without) {
    INFO("incident " << id);
    REQUIRE(with.at(id) == snapshot);
  }
}

namespace {

// About a few things in a few words: what one report brings and the next is found by.
Event random_report(std::mt19937& random, int number) {
  const auto one_of = [&](int count) { return static_cast<int>(random() % static_cast<unsigned>(count)); };
  Event event = report("r" + std::to_string(number), "Xem ảnh", std::nullopt);
  auto& body = std::get<CitizenReport>(event.body);
  body.category = std::string("Việc ") + static_cast<char>('A' + one_of(3));
  if (one_of(4) > 0) body.address = "số " + std::to_string(10 + 2 * one_of(6)) + " đường Lương Ngọc Quyến";
  if (one_of(3) > 0) event.position = Position{215942000 + 4000 * one_of(3), 1058482000, 0};
  if (one_of(2) > 0) body.media.push_back({"https://media.example/1.jpg", "photo", std::string(64, static_cast<char>('a' + one_of(6)))});
  return event;
}

Command random_split(std::mt19937& random, int number, const Incident& of) {
  Command split = command("s" + std::to_string(number), of, CommandKind::Split);
  split.events = {of.newest_events[random() % of.newest_events.size()]};
  return split;
}

}  // namespace

TEST_CASE("determinism: what an incident is found by is stored with it, however marks come, leave and are split off") {
  const TestBundle bundle = with_limits("correlate: {marks_max: 3, scan_max: 8}\n");
  std::size_t joined = 0, split = 0;
  for (std::uint32_t seed = 0; seed < 30; ++seed) {
    std::mt19937 random(seed);
    Bench steady(true, bundle), restarted(true, bundle);
    for (int i = 0; i < 150; ++i) {
      Record record = at(random_report(random, i), std::chrono::minutes(i));
      if (i > 10 && random() % 5 == 0) {
        const auto of = std::next(steady.incidents.begin(), static_cast<std::ptrdiff_t>(random() % steady.incidents.size()));
        record = random_split(random, i, of->second);
      }
      const auto decisions = steady.step(record);
      restarted.step(record);
      REQUIRE(steady.effects == restarted.effects);
      joined += find(decisions, DecisionKind::Joined) != nullptr;
      split += find(decisions, DecisionKind::Split) != nullptr;
      if (random() % 3 == 0) restarted.restart();
    }
  }
  CHECK(joined > 500);
  CHECK(split > 100);
}

namespace {

// Of a few texts with sub-kinds and danger, of others than the one before.
Event telling_report(std::mt19937& random, int number) {
  static const std::vector<std::string> kTexts{"Ổ gà to trên đường", "Mất nắp cống trước cổng trường", "Rác thải đổ trộm bốc mùi", "Cháy nhà, có người mắc kẹt",
                                               "o ga sau hoam", "Tai nạn, có người bị thương nặng", "Đèn đường hỏng", "Xem ảnh"};
  Event event = random_report(random, number);
  std::get<CitizenReport>(event.body).text = kTexts[random() % kTexts.size()];
  if (random() % 2 == 0) std::get<CitizenReport>(event.body).category.clear();
  if (random() % 4 == 0) event.object = ObjectId("o" + std::to_string(random() % 20));
  event.revision = static_cast<std::uint64_t>(number);
  return event;
}

// What an operator may order, and much that is refused.
Command random_command(std::mt19937& random, int number, const std::map<std::string, Incident>& all) {
  const auto any = [&]() -> const Incident& { return std::next(all.begin(), static_cast<std::ptrdiff_t>(random() % all.size()))->second; };
  const Incident& of = any();
  constexpr CommandKind kKinds[] = {CommandKind::Split, CommandKind::Split, CommandKind::Merge, CommandKind::Merge, CommandKind::Unmerge, CommandKind::Reclassify,
                                    CommandKind::Reclassify, CommandKind::Reclassify, CommandKind::Forward, CommandKind::Resolve, CommandKind::Reopen, CommandKind::Relocate};
  Command order = command("c" + std::to_string(number), of, kKinds[random() % std::size(kKinds)]);
  const auto& categories = default_test_bundle().compiled->categories;
  const auto& named = categories[random() % categories.size()];
  switch (order.kind) {
    case CommandKind::Split:
      for (const EventId& event : of.newest_events) {
        if (random() % 3 == 0) order.events.push_back(event);
      }
      break;
    case CommandKind::Merge: order.into = any().id; break;
    case CommandKind::Forward:
      for (int i = 0; i < 20; ++i) order.units.emplace_back("u" + std::to_string(random() % 60));
      break;
    case CommandKind::Resolve: order.outcome = "fixed"; break;
    case CommandKind::Relocate: order.position = Position{215942000 + 4000 * static_cast<std::int32_t>(random() % 3), 1058482000, 0}; break;
    case CommandKind::Reclassify:
      if (random() % 4 == 0) order.back_to_triage = true;
      if (random() % 3 == 0) order.category = named.code;
      if (random() % 3 == 0 && !named.sub_kinds.empty()) order.sub_kind = named.sub_kinds[random() % named.sub_kinds.size()].code;
      if (random() % 3 == 0) order.severity = static_cast<Severity>(1 + random() % 4);
      if (random() % 3 == 0) order.emergency = random() % 2 == 0;
      break;
    default: break;
  }
  return order;
}

}  // namespace

TEST_CASE("determinism: whatever operators order, also what is refused, a restart after any record changes nothing") {
  const TestBundle bundle = with_limits("correlate: {marks_max: 3, scan_max: 8}\n");
  std::map<CommandKind, std::size_t> applied;
  std::size_t refused = 0;
  for (std::uint32_t seed = 0; seed < 30; ++seed) {
    INFO("seed " << seed);
    std::mt19937 random(seed);
    Bench steady(true, bundle), restarted(true, bundle);
    for (Bench* bench : {&steady, &restarted}) bench->step(Activation{bundle.hash, kBehaviourVersion, "test"});
    for (int i = 0; i < 200; ++i) {
      INFO("record " << i);
      Record record = at(telling_report(random, i), std::chrono::minutes(i));
      if (i > 10 && random() % 2 == 0) record = random_command(random, i, steady.incidents);
      const auto decisions = steady.step(record);
      restarted.step(record);
      REQUIRE(steady.effects == restarted.effects);
      if (const auto* order = std::get_if<Command>(&record)) {
        const Decision* decision = find(decisions, DecisionKind::Command);
        REQUIRE(decision != nullptr);
        const bool done = decision->command_result->status == CommandStatus::Applied;
        if (done) ++applied[order->kind];
        else ++refused;
      }
      if (random() % 3 == 0) restarted.restart();
    }
    steady.restart();
    restarted.restart();
    REQUIRE(steady.machine->running_hash() == restarted.machine->running_hash());
    for (const Table table : kTables) {
      if (table != Table::Seen) REQUIRE(steady.state.tables[static_cast<std::size_t>(table)] == restarted.state.tables[static_cast<std::size_t>(table)]);
    }
  }
  CHECK(refused > 100);
  for (const CommandKind kind : {CommandKind::Split, CommandKind::Merge, CommandKind::Unmerge, CommandKind::Reclassify, CommandKind::Forward, CommandKind::Resolve,
                                 CommandKind::Reopen}) {
    INFO("command " << name_of(kind));
    CHECK(applied[kind] > 10);
  }
}
