// Runs the simulation for a while, or one run of it again. `tests/simulation/run` builds and starts this.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <CLI/CLI.hpp>
#include <random>

#include "tests/simulation/world.h"

using namespace ioc::simulation;

namespace {

struct Totals {
  std::uint64_t runs = 0, crash_points = 0, violations = 0, records = 0;
  Probes probes;
};

// So many for each run whose boundaries are all tried.
constexpr std::uint64_t kRandomRuns = 400;

std::string again(const Plan& plan) {
  return fmt::format("tests/simulation/run --seed {}{}{}", plan.seed, plan.point ? fmt::format(" --{} {}", plan.at == Plan::At::Crash ? "crash" : "freeze", *plan.point) : "",
                     plan.plant == Plant::None ? "" : fmt::format(" --plant {}", name_of(plan.plant)));
}

Outcome one(const Plan& plan, Totals& totals) {
  Outcome outcome = run(plan);
  ++totals.runs;
  totals.records += outcome.records;
  totals.probes.add(outcome.probes);
  if (outcome.point != nullptr && plan.point && plan.at == Plan::At::Crash) ++totals.crash_points;
  if (outcome.violations.empty()) return outcome;
  totals.violations += outcome.violations.size();
  fmt::print("seed {} fails{}; again: {}\n", plan.seed,
             outcome.point ? fmt::format(" (at \"{}\")", outcome.point) : "", again(plan));
  for (const std::string& violation : outcome.violations) fmt::print("  {}\n", violation);
  std::fflush(stdout);
  return outcome;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Deterministic simulation of the triage runtime");
  std::uint64_t seconds = 0, seed = 0, crash = 0, freeze = 0;
  bool json = false, verbose = false;
  std::string plant;
  auto* seconds_given = app.add_option("--seconds", seconds, "runs for so long (default 60)");
  auto* seed_given = app.add_option("--seed", seed, "replays this run; with --seconds: the first of a series");
  auto* crash_given = app.add_option("--crash", crash, "the run in which this boundary is a crash");
  auto* freeze_given = app.add_option("--freeze", freeze, "the run in which the process is frozen at this boundary");
  app.add_option("--plant", plant, "a bug on purpose (README)");
  app.add_flag("--json", json, "the last line is {\"runs\",\"crash_points\",\"violations\"}");
  app.add_flag("--verbose", verbose, "shows what the runtime logs");
  CLI11_PARSE(app, argc, argv);
  spdlog::set_level(verbose ? spdlog::level::debug : spdlog::level::off);

  Plan plan;
  if (!plant.empty()) {
    const auto named = plant_named(plant);
    if (!named) {
      fmt::print(stderr, "there is no plant '{}'\n", plant);
      return 2;
    }
    plan.plant = *named;
  }
  Totals totals;
  const auto began = std::chrono::steady_clock::now();
  const auto elapsed = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count(); };
  plan.seed = seed_given->count() > 0 ? seed : std::random_device{}();
  if (seed_given->count() > 0 && seconds_given->count() == 0) {
    if (crash_given->count() > 0) plan.point = crash;
    if (freeze_given->count() > 0) {
      plan.point = freeze;
      plan.at = Plan::At::Freeze;
    }
    const Outcome outcome = one(plan, totals);
    if (!json) fmt::print("{} records, {} boundaries, {} ms of virtual time\n", outcome.records, outcome.boundaries, outcome.lasted.count() / 1000);
  } else {
    const double limit = seconds_given->count() > 0 ? static_cast<double>(seconds) : 60.0;
    fmt::print("first seed {}\n", plan.seed);
    // In turn: runs with random faults, and every boundary of one calm run, as long as there is time.
    for (std::uint64_t i = 0; elapsed() < limit; ++i, ++plan.seed) {
      plan.point.reset();
      one(plan, totals);
      if (i % kRandomRuns != kRandomRuns / 4) continue;
      for (const Plan::At at : {Plan::At::Crash, Plan::At::Freeze}) {
        plan.at = at;
        plan.point = 0;
        const std::uint64_t boundaries = one(plan, totals).boundaries;
        for (std::uint64_t point = 1; point <= boundaries && elapsed() < limit; ++point) {
          plan.point = point;
          one(plan, totals);
        }
      }
    }
  }
  if (!json) {
    for (const auto& [name, hits] : totals.probes.all()) fmt::print("  {:<40} {}\n", name, hits);
    fmt::print("{} runs, {} records, {:.0f} s\n", totals.runs, totals.records, elapsed());
  }
  fmt::print("{{\"runs\":{},\"crash_points\":{},\"violations\":{}}}\n", totals.runs, totals.crash_points, totals.violations);
  return totals.violations == 0 ? 0 : 1;
}
