// Events a second through triage::Machine::step() on one core: full mix (nine camera or checkpoint events to one text
// report), warm, 100,000 open incidents. Deltas are taken every 1,000 records, as the runtime does. Log and event time
// pass as they do at 5,000 events a second.
//   step [--json] [--bundle DIR] [--units DIR] [--events N] [--open N] [--stages]
#include <sys/resource.h>
#include <time.h>

#include <cstdio>
#include <cstring>
#include <string>

#include "bench/record_mix.h"
#include "libs/domain/wire.h"
#include "libs/triage/machine.h"
#include "libs/triage/machine_stats.h"
#include "libs/triage/map_state.h"

namespace {

using namespace ioc;
using namespace ioc::triage;

using ioc::bench::kStartMs;

// Of this thread's processor time: one core's work, whatever else the machine does.
std::uint64_t nanoseconds() {
  timespec at{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
  return static_cast<std::uint64_t>(at.tv_sec) * 1'000'000'000ULL + static_cast<std::uint64_t>(at.tv_nsec);
}

struct Runner {
  Machine& machine;
  MapState& state;
  std::uint64_t offset = 0;
  std::uint64_t effects_seen = 0, effect_bytes = 0, delta_ns = 0;

  void run(const std::vector<std::string>& records, std::int64_t from_ms) {
    std::vector<Effect> effects;
    const std::uint64_t first = offset;
    for (const std::string& record : records) {
      effects.clear();
      machine.step({Offset(offset++), LogTime::from_ms(from_ms + static_cast<std::int64_t>((offset - first) / bench::kEventsPerMs)), record}, effects);
      effects_seen += effects.size();
      for (const Effect& effect : effects) effect_bytes += effect.value.size();
      if (offset % 1000 != 0) continue;
      const std::uint64_t from = nanoseconds();
      std::vector<StateWrite> delta;
      machine.take_delta(delta);
      taken += delta.size();
      x_take_ns += nanoseconds() - from;
      state.apply(std::move(delta));
      delta_ns += nanoseconds() - from;
    }
  }
  std::uint64_t taken = 0, x_take_ns = 0;
};

void print(bool json, const char* name, double value, const char* unit, const char* goal) {
  if (json) std::printf("{\"name\":\"%s\",\"value\":%.0f,\"unit\":\"%s\",\"goal\":\"%s\"}\n", name, value, unit, goal);
  else std::printf("%-46s %12.0f %-12s goal %s\n", name, value, unit, goal);
}

}  // namespace

int main(int argc, char** argv) {
  bool json = false, stages = false;
  std::string bundle_folder = "deploy/config/bundle", units_folder = "deploy/config/units";
  std::size_t events = 400'000, opened = 101'000;
  for (int i = 1; i < argc; ++i) {
    const bool more = i + 1 < argc;
    if (std::strcmp(argv[i], "--json") == 0) json = true;
    else if (std::strcmp(argv[i], "--stages") == 0) stages = true;
    else if (std::strcmp(argv[i], "--bundle") == 0 && more) bundle_folder = argv[++i];
    else if (std::strcmp(argv[i], "--units") == 0 && more) units_folder = argv[++i];
    else if (std::strcmp(argv[i], "--events") == 0 && more) events = std::strtoull(argv[++i], nullptr, 10);
    else if (std::strcmp(argv[i], "--open") == 0 && more) opened = std::strtoull(argv[++i], nullptr, 10);
    else return std::fprintf(stderr, "usage: step [--json] [--stages] [--bundle DIR] [--units DIR] [--events N] [--open N]\n"), 2;
  }
  auto files = read_bundle(bundle_folder, units_folder);
  if (!files) return std::fprintf(stderr, "%s\n", files.error().message.c_str()), 3;
  const std::string hash = pack(files.value()).hash;
  BundleProblems problems;
  const auto bundle = compile(hash, files.value(), problems);
  for (const std::string& problem : problems.problems) std::fprintf(stderr, "%s\n", problem.c_str());
  if (!bundle) return 3;

  MapState state;
  Machine machine(PartitionId(0), 1, state, [&](std::string_view) { return bundle; });
  if (!machine.load()) return 4;
  Runner runner{machine, state};
  bench::RecordMix mix;
  std::vector<std::string> warm{wire::encode(Record(Activation{hash, kBehaviourVersion, "bench"}))};
  while (warm.size() < opened) {
    ++mix.ms;
    warm.push_back(mix.warm());
  }
  std::fprintf(stderr, "step: opening %zu incidents\n", opened);
  runner.run(warm, kStartMs);
  std::vector<std::string> settle, measured;
  for (std::size_t i = 0; i < events / 4; ++i) settle.push_back(mix.next());
  for (std::size_t i = 0; i < events; ++i) measured.push_back(mix.next());
  std::fprintf(stderr, "step: %zu events, full mix\n", events);
  runner.run(settle, machine.log_time().ms() + 1);
  runner.effects_seen = runner.effect_bytes = runner.delta_ns = runner.taken = runner.x_take_ns = 0;
  if (stages) machine.stats().clock_ns = nanoseconds;
  const std::int64_t at_ms = machine.log_time().ms() + 1;
  const std::uint64_t from = nanoseconds();
  runner.run(measured, at_ms);
  const std::uint64_t whole = nanoseconds() - from;
  const double step_seconds = static_cast<double>(whole - runner.delta_ns) / 1e9;
  const double with_delta = static_cast<double>(whole - runner.delta_ns + runner.x_take_ns) / 1e9;
  const auto n = static_cast<double>(events);

  const Stats& stats = machine.stats();
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  print(json, "step, full mix, warm", n / step_seconds, "events/s", ">= 200000");
  print(json, "step and delta, full mix, warm", n / with_delta, "events/s", "-");
  print(json, "open incidents while measured", static_cast<double>(stats.incidents_in_memory), "incidents", ">= 100000");
  print(json, "effects an event, times 1000", 1000.0 * static_cast<double>(runner.effects_seen) / n, "effects", "-");
  print(json, "bytes of effects an event", static_cast<double>(runner.effect_bytes) / n, "bytes", "-");
  print(json, "state writes an event, times 1000", 1000.0 * static_cast<double>(runner.taken) / n, "writes", "-");
  print(json, "resident memory, benchmark's own state included", static_cast<double>(usage.ru_maxrss) / 1024, "MiB", "-");
  if (stages) {
    for (const auto& [name, time] : stats.stages) {
      std::fprintf(stderr, "%-12.*s %8llu calls %8.0f ns each %10.1f ms\n", static_cast<int>(name.size()), name.data(),
                   static_cast<unsigned long long>(time.count), static_cast<double>(time.total_ns) / static_cast<double>(time.count),
                   static_cast<double>(time.total_ns) / 1e6);
    }
    for (const auto& [outcome, count] : stats.outcomes) {
      std::fprintf(stderr, "  feed %u %s %s: %llu\n", outcome.feed, std::string(name_of(outcome.kind)).c_str(), std::string(outcome.reason).c_str(), static_cast<unsigned long long>(count));
    }
  }
  return 0;
}
