// A day at ten times the design load (300,000 events of cameras and checkpoints and 250 reports a day), compressed, through
// step() with the state in RocksDB: how memory grows in the second half. Windows that are longer than half a day are
// shortened, so that they are full by noon; operators resolve what citizens report.
//   day [--bundle DIR] [--units DIR] [--events N] [--dir DIR]
#include <malloc.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <deque>
#include <filesystem>
#include <fstream>
#include <string>

#include "bench/figures.h"
#include "bench/record_mix.h"
#include "libs/domain/record.h"
#include "libs/domain/topics.h"
#include "libs/domain/wire.h"
#include "libs/triage/machine.h"
#include "libs/triage/machine_stats.h"
#include "services/triage/state_store.h"

namespace {

using namespace ioc;
using namespace ioc::triage;

constexpr std::int64_t kDayMs = 86'400'000;
constexpr PartitionId kPartition(0);
constexpr const char* kLimits =
    "deduplicate: {window: 6h, ids_max: 1000000}\n"
    "life: {closing: 2h, ended_closing: 1h, correlatable_after_closing: 2h}\n";

double resident_mib() {
  malloc_trim(0);  // what the allocator keeps is not what the machine holds
  std::ifstream statm("/proc/self/statm");
  std::uint64_t whole = 0, resident = 0;
  statm >> whole >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1024 * 1024);
}

// Operators: each incident that a report opened is resolved an hour later.
class Operators {
 public:
  void see(const std::vector<Effect>& effects, std::int64_t now_ms) {
    for (const Effect& effect : effects) {
      if (effect.topic != topics::kIncidents) continue;
      const auto incident = wire::decode_incident(effect.value);
      if (incident && incident->reports > 0 && incident->version == 1 && incident->state == IncidentState::New) {
        x_waiting.push_back({now_ms + 3'600'000, incident->id});
      }
    }
  }
  std::optional<std::string> next(std::int64_t now_ms) {
    if (x_waiting.empty() || x_waiting.front().at_ms > now_ms) return std::nullopt;
    Command command;
    command.id = CommandId("c-" + std::to_string(++x_count));
    command.incident = x_waiting.front().incident;
    command.version = 1;
    command.kind = CommandKind::Resolve;
    command.actor = "lan";
    command.outcome = "fixed";
    x_waiting.pop_front();
    return wire::encode(Record(command));
  }

 private:
  struct Waiting {
    std::int64_t at_ms = 0;
    IncidentId incident;
  };
  std::deque<Waiting> x_waiting;
  std::uint64_t x_count = 0;
};

struct Options {
  std::string bundle = "deploy/config/bundle", units = "deploy/config/units", dir;
  std::uint64_t events = 3'000'000;
};

std::shared_ptr<const Bundle> read_bundle_of(const Options& options) {
  auto files = read_bundle(options.bundle, options.units);
  if (!files) return std::fprintf(stderr, "%s\n", files.error().message.c_str()), nullptr;
  for (BundleFile& file : files.value()) {
    if (file.name == "limits.yaml") file.content = kLimits;
  }
  BundleProblems problems;
  auto bundle = compile("day", files.value(), problems);
  for (const std::string& problem : problems.problems) std::fprintf(stderr, "%s\n", problem.c_str());
  return bundle;
}

int run(const Options& options) {
  const auto bundle = read_bundle_of(options);
  if (!bundle) return 3;
  auto store = triage_service::open_state_store(options.dir, 32ULL << 20);
  if (!store) return std::fprintf(stderr, "%s\n", store.error().message.c_str()), 4;
  triage_service::PartitionState state(kPartition, **store);
  Machine machine(kPartition, 1, state, [&](std::string_view) { return bundle; });
  if (!machine.load()) return 4;

  bench::RecordMix mix;
  Operators operators;
  std::vector<Effect> effects;
  std::uint64_t offset = 0;
  const auto step = [&](const std::string& record) {
    effects.clear();
    machine.step({Offset(offset++), LogTime::from_ms(mix.ms), record}, effects);
    operators.see(effects, mix.ms);
  };
  step(wire::encode(Record(Activation{"day", kBehaviourVersion, "bench"})));
  // By quarter of the day: the cache of objects fills and is halved in turn, so one moment says little.
  double sums[4] = {};
  constexpr std::uint64_t kSamplesADay = 96;
  for (std::uint64_t i = 0; i < options.events; ++i) {
    mix.ms = bench::kStartMs + static_cast<std::int64_t>(i * static_cast<std::uint64_t>(kDayMs) / options.events);
    step(mix.of_a_day());
    while (const auto command = operators.next(mix.ms)) step(*command);
    if (i % 1'000 == 999) {
      std::vector<StateWrite> delta;
      machine.take_delta(delta);
      state.hold(std::move(delta));
      if (!state.write_oldest()) return 4;
    }
    if (i % (options.events / kSamplesADay) == 0) sums[std::min<std::uint64_t>(3, i * 4 / options.events)] += resident_mib();
    if (i % (options.events / 24) == 0) {
      const Stats& stats = machine.stats();
      std::fprintf(stderr, "day: hour %2llu %7.1f MiB, %llu incidents, %llu ids, %llu objects\n",
                   static_cast<unsigned long long>(i / (options.events / 24)), resident_mib(),
                   static_cast<unsigned long long>(stats.incidents_in_memory), static_cast<unsigned long long>(stats.ids_in_memory),
                   static_cast<unsigned long long>(stats.objects_cached));
    }
  }
  const double third = sums[2] * 4 / kSamplesADay, fourth = sums[3] * 4 / kSamplesADay;
  bench::report("a day at ten times the load: resident memory, mean of the third quarter", third, "MiB");
  bench::report("a day at ten times the load: growth from the third quarter to the fourth", 100 * (fourth - third) / third, "%", "< 1");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  options.dir = (std::filesystem::temp_directory_path() / ("ioc-day-" + std::to_string(getpid()))).string();
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--bundle") == 0) options.bundle = argv[i + 1];
    else if (std::strcmp(argv[i], "--units") == 0) options.units = argv[i + 1];
    else if (std::strcmp(argv[i], "--events") == 0) options.events = std::strtoull(argv[i + 1], nullptr, 10);
    else if (std::strcmp(argv[i], "--dir") == 0) options.dir = argv[i + 1];
    else argc = 0;
  }
  if (argc % 2 == 0 || options.events < 96) {
    return std::fprintf(stderr, "usage: day [--bundle DIR] [--units DIR] [--events N] [--dir DIR]\n"), 2;
  }
  std::filesystem::create_directories(options.dir);
  const int result = run(options);
  std::error_code ignored;
  std::filesystem::remove_all(options.dir, ignored);
  return result;
}
