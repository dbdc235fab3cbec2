// Behaviour versions, and the golden effects that notice a change of behaviour that nobody meant.
#include <catch2/catch.hpp>
#include <fstream>
#include <iostream>
#include <sstream>

#include "libs/base/hash.h"
#include "libs/triage/codec.h"
#include "tests/libs/triage/fixture.h"

using namespace ioc;
using namespace ioc::triage;
using namespace ioc::triage::testing;
using namespace std::chrono_literals;

namespace {

const std::string kGolden = IOC_SOURCE_DIR "/tests/libs/triage/golden/";

// Frozen: what a deployment's bundle becomes changes nothing here.
const TestBundle& golden_bundle() {
  static const TestBundle bundle = [] {
    auto files = read_bundle(kGolden + "bundle", IOC_SOURCE_DIR "/deploy/config/units");
    REQUIRE(files.has_value());
    return compile_for_test("golden", files.value());
  }();
  return bundle;
}

std::string read_file(const std::string& name) {
  std::ifstream in(kGolden + name, std::ios::binary);
  std::stringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

std::vector<Line> read_log() {
  const std::string bytes = read_file("log.bin");
  Reader in(bytes);
  std::vector<Line> log(in.count());
  for (Line& line : log) {
    line.at = LogTime::from_ms(in.signed_number());
    line.value = in.text();
  }
  REQUIRE(in.complete());
  return log;
}

// The same log; from `switch_at` on under version 2.
std::vector<Line> switched(std::vector<Line> log, std::size_t switch_at) {
  log.insert(log.begin() + static_cast<std::ptrdiff_t>(switch_at),
             {log[switch_at - 1].at, wire::encode(Record(Activation{golden_bundle().hash, 2, "test"}))});
  return log;
}

// One line a record: the hash of its effects; at the end the running hash. Writes and reloads as `seed` says; 0: never.
std::vector<std::string> effects_of(const std::vector<Line>& log, std::uint32_t seed) {
  std::mt19937 random(seed);
  MapState state;
  const auto fresh = [&] {
    auto machine = std::make_unique<Machine>(PartitionId(0), 1, state, [](std::string_view hash) { return golden_bundle().find(hash); });
    REQUIRE(machine->load().has_value());
    return machine;
  };
  auto machine = fresh();
  std::vector<std::string> lines;
  const auto add = [&](std::uint64_t hash) {
    std::ostringstream line;
    line << std::hex << hash;
    lines.push_back(line.str());
  };
  for (std::size_t i = 0; i < log.size(); ++i) {
    std::vector<Effect> effects;
    machine->step({Offset(i), log[i].at, log[i].value}, effects);
    std::uint64_t hash = 0;
    for (const Effect& effect : effects) hash = chain(chain(chain(hash, effect.topic), effect.key), effect.value);
    add(hash);
    if (seed == 0 || random() % 3 != 0) continue;
    std::vector<StateWrite> delta;
    machine->take_delta(delta);
    state.apply(delta);
    machine = fresh();
  }
  add(machine->running_hash());
  return lines;
}

std::vector<std::string> read_golden(const std::string& name) {
  std::vector<std::string> lines;
  std::istringstream in(read_file(name));
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

void compare(const std::vector<std::string>& now, const std::string& name) {
  const auto golden = read_golden(name);
  REQUIRE(now.size() == golden.size());
  for (std::size_t i = 0; i < now.size(); ++i) {
    INFO(name << ": record " << i << " has other effects. Meant? Then it needs a behaviour version: libs/triage/README.md");
    REQUIRE(now[i] == golden[i]);
  }
}

constexpr std::size_t kSwitchAt = 200;

// r2 was taken out of r1's incident and resolved; r3 is like r2, and like r1 too.
DecisionKind third_report(Bench& bench) {
  const auto with_place = [](Event event, std::int32_t east) {
    event.position = Position{215942000, 1058482000 + east, 0};
    return event;
  };
  bench.step(with_place(report("r1", "Nắp cống bị mất"), 0));
  bench.step(with_place(report("r2", "Nắp cống bị mất"), 1000));
  bench.wait(2s);
  REQUIRE(bench.incidents.at("0-e-r1").reports == 2);
  Command split = command("c-1", bench.incidents.at("0-e-r1"), CommandKind::Split);
  split.events = {EventId("e-r2")};
  bench.step(split);
  Command resolve = command("c-2", bench.incidents.at("0-c-1"), CommandKind::Resolve);
  resolve.outcome = "fixed";
  bench.step(resolve);
  const auto decisions = bench.step(with_place(report("r3", "Nắp cống bị mất"), 1000));
  return find(decisions, DecisionKind::Joined) ? DecisionKind::Joined : DecisionKind::Opened;
}

}  // namespace

// Renews the golden files: build/release/bin/triage_upgrade "[write-golden]" (libs/triage/README.md says when).
TEST_CASE("golden: write", "[.][write-golden]") {
  if (read_file("log.bin").empty()) {
    const auto log = make_log(2026, 400, golden_bundle());
    Writer out;
    out.number(log.size());
    for (const Line& line : log) {
      out.signed_number(line.at.ms());
      out.text(line.value);
    }
    std::ofstream(kGolden + "log.bin", std::ios::binary) << out.take();
  }
  const auto write = [](const std::string& name, const std::vector<std::string>& lines) {
    std::ofstream file(kGolden + name);
    for (const std::string& line : lines) file << line << '\n';
  };
  write("effects-v1.txt", effects_of(read_log(), 0));
  write("effects-v2.txt", effects_of(switched(read_log(), kSwitchAt), 0));
  std::cout << "written: " << kGolden << '\n';
}

TEST_CASE("golden: an old log gives the effects it gave, byte for byte, under the version it was written for") {
  compare(effects_of(read_log(), 0), "effects-v1.txt");
  compare(effects_of(read_log(), 7), "effects-v1.txt");
}

TEST_CASE("golden: the activation switches at its record, also when every third record is followed by a crash") {
  const auto log = switched(read_log(), kSwitchAt);
  compare(effects_of(log, 0), "effects-v2.txt");
  compare(effects_of(log, 7), "effects-v2.txt");
  const auto v1 = read_golden("effects-v1.txt"), v2 = read_golden("effects-v2.txt");
  for (std::size_t i = 0; i < kSwitchAt; ++i) REQUIRE(v1[i] == v2[i]);
}

TEST_CASE("upgrade: version 2 does not join again what an operator took apart, version 1 does") {
  Bench first;
  REQUIRE(first.machine->active_behaviour() == 1);
  REQUIRE(third_report(first) == DecisionKind::Joined);
  Bench second;
  second.step(Activation{second.bundle.hash, 2, "test"});
  second.restart();
  REQUIRE(second.machine->active_behaviour() == 2);
  REQUIRE(third_report(second) == DecisionKind::Opened);
}

TEST_CASE("upgrade: a binary stops before a version that it cannot run, and says which can") {
  const std::string next = wire::encode(Record(Activation{"abc", 3, "lan"}));
  const auto why = Machine::cannot_step(next);
  REQUIRE(why.has_value());
  REQUIRE(why->find("behaviour version 3") != std::string::npos);
  REQUIRE(why->find("start a release that runs 3") != std::string::npos);
  for (const std::uint32_t version : {1U, 2U}) {
    REQUIRE_FALSE(Machine::cannot_step(wire::encode(Record(Activation{"abc", version, "lan"}))).has_value());
  }
  REQUIRE_FALSE(Machine::cannot_step(wire::encode(Record(Tick{}))).has_value());
  REQUIRE_FALSE(Machine::cannot_step(wire::encode(Record(report("r1", "x")))).has_value());
  REQUIRE_FALSE(Machine::cannot_step("no record").has_value());
  // Hidden behind another field it is found as well: the last kind in a record counts.
  REQUIRE(Machine::cannot_step(wire::encode(Record(Tick{})) + next).has_value());
  REQUIRE(Machine::required_bundle(wire::encode(Record(Tick{})) + next) == "abc");
}

TEST_CASE("upgrade: a state that a newer version made is not loaded, and the error says what to start") {
  Bench bench;
  bench.step(report("r1", "Nắp cống bị mất"));
  bench.restart();
  auto& meta = bench.state.tables[static_cast<std::size_t>(Table::Meta)].at("machine");
  const std::size_t at = meta.size() - bench.bundle.hash.size() - 2;  // before the bundle and its length
  REQUIRE(meta[at] == 1);
  meta[at] = 3;
  Machine machine(PartitionId(0), 1, bench.state, [&](std::string_view hash) { return bench.bundle.find(hash); });
  const auto loaded = machine.load();
  REQUIRE(loaded.has_error());
  REQUIRE(loaded.error().message.find("start a release that runs 3") != std::string::npos);
}
