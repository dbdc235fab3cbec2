// Bounded runs of the simulation: fixed seeds, new ones, every boundary of a calm run; and the bugs that it must find.
#include <spdlog/spdlog.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdio>
#include <random>

#include "tests/simulation/world.h"

using namespace ioc::simulation;

namespace {

constexpr std::uint64_t kFixedSeeds = 300;
// A log that lost its end and was written on with markers alone: a standby waited for records that never come, and its process
// never joined.
constexpr std::uint64_t kSeedsOfFaults[] = {2'792'510'909};
constexpr std::chrono::seconds kNewSeedsFor{6};
constexpr std::chrono::seconds kPointsFor{6};
constexpr std::uint64_t kPlantRuns = 3'000;

std::string again(const Plan& plan) {
  std::string text = "tests/simulation/run --seed " + std::to_string(plan.seed);
  if (plan.point) text += std::string(plan.at == Plan::At::Crash ? " --crash " : " --freeze ") + std::to_string(*plan.point);
  return text;
}

struct Totals {
  std::uint64_t runs = 0;
  std::vector<std::string> failures;
  Probes probes;

  Outcome add(const Plan& plan) {
    Outcome outcome = run(plan);
    ++runs;
    probes.add(outcome.probes);
    for (const std::string& violation : outcome.violations) failures.push_back(again(plan) + ": " + violation);
    return outcome;
  }
};

// Every `stride`-th boundary of a calm run, from a place that the seed gives, for as long as there is time.
void try_boundaries(Totals& totals, Plan plan, std::uint64_t stride) {
  const auto until = std::chrono::steady_clock::now() + kPointsFor;
  plan.point = 0;
  const std::uint64_t boundaries = totals.add(plan).boundaries;
  for (std::uint64_t at = 1 + plan.seed % stride; at <= boundaries && std::chrono::steady_clock::now() < until; at += stride) {
    plan.point = at;
    totals.add(plan);
  }
}

const Totals& all_runs() {
  static const Totals totals = [] {
    spdlog::set_level(spdlog::level::off);
    Totals all;
    for (std::uint64_t seed = 1; seed <= kFixedSeeds; ++seed) all.add({seed, {}, Plan::At::Crash, Plant::None});
    for (const std::uint64_t seed : kSeedsOfFaults) all.add({seed, {}, Plan::At::Crash, Plant::None});
    const std::uint64_t first = std::random_device{}();
    std::printf("new seeds from %llu\n", static_cast<unsigned long long>(first));
    const auto until = std::chrono::steady_clock::now() + kNewSeedsFor;
    for (std::uint64_t seed = first; std::chrono::steady_clock::now() < until; ++seed) all.add({seed, {}, Plan::At::Crash, Plant::None});
    try_boundaries(all, {1, {}, Plan::At::Crash, Plant::None}, 1);
    try_boundaries(all, {first, {}, Plan::At::Freeze, Plant::None}, 3);
    std::printf("%llu runs\n", static_cast<unsigned long long>(all.runs));
    for (const auto& [name, hits] : all.probes.all()) std::printf("  %-40s %llu\n", name.c_str(), static_cast<unsigned long long>(hits));
    return all;
  }();
  return totals;
}

}  // namespace

TEST_CASE("simulation: whatever goes wrong, outputs and states are those of an undisturbed run") {
  for (const std::string& failure : all_runs().failures) FAIL_CHECK(failure);
}

TEST_CASE("simulation: each rare path was reached") {
  const Probes& probes = all_runs().probes;
  for (const char* name :
       {"unknown, was committed", "unknown, was aborted", "fenced while in flight", "zombie commit refused by the group",
        "zombie commit refused by its epoch", "state store full", "state lagging at restart", "no state at restart",
        "CONCURRENT_TRANSACTIONS", "aborted and sent again", "takeover aborted an open transaction", "takeover waited for markers",
        "transaction timed out", "late request applied", "markers came late", "member lost its place", "member fenced by its double",
        "rebalanced", "frozen in the middle", "power cut lost writes", "disk lost", "log lost its tail",
        "reader beyond the log's end", "command sent", "sent to another area", "activated", "fenced, took over again", "standby took over"}) {
    INFO(name);
    CHECK(probes.hits(name) > 0);
  }
}

TEST_CASE("simulation: the same plan gives the same run") {
  for (const std::uint64_t seed : {3U, 14U, 77U}) {
    const Outcome a = run({seed, {}, Plan::At::Crash, Plant::None});
    const Outcome b = run({seed, {}, Plan::At::Crash, Plant::None});
    CHECK(a.boundaries == b.boundaries);
    CHECK(a.records == b.records);
    CHECK((a.lasted == b.lasted));
    CHECK((a.probes.all() == b.probes.all()));
  }
}

TEST_CASE("simulation: each planted bug is found") {
  spdlog::set_level(spdlog::level::off);
  for (const Plant plant : kPlants) {
    std::uint64_t runs = 0;
    bool found = false;
    while (!found && runs < kPlantRuns) {
      // Zombies are made best by freezing a process somewhere, the rest by all kinds of faults.
      const bool freeze = ++runs % 2 == 0;
      Random random(runs);
      const auto point = freeze ? std::optional(1 + random.pick(1'000)) : std::nullopt;
      const auto violations = run({runs, point, Plan::At::Freeze, plant}).violations;
      // A partition that only stands still is not what was planted.
      found = !violations.empty() && !violations.front().starts_with("progress");
    }
    std::printf("%s: found by run %llu\n", std::string(name_of(plant)).c_str(), static_cast<unsigned long long>(runs));
    INFO(name_of(plant));
    CHECK(found);
  }
}
