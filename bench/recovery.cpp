// A partition's state with 10 million dedup ids and 100,000 open incidents on disk: how long a process that was killed
// needs to have it in memory again, what memory that takes, and how fast a state is rebuilt from records.
//   recovery --dir DIR [--json] [--bundle DIR] [--units DIR] [--ids N] [--open N] [--events N]
// The program starts itself once more for each part, so that each begins with an empty memory: `make` writes the state
// and ends by kill -9 in the middle of writing, `load` measures.
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "bench/record_mix.h"
#include "libs/base/hash.h"
#include "libs/domain/wire.h"
#include "libs/triage/bundle.h"
#include "libs/triage/codec.h"
#include "libs/triage/machine.h"
#include "libs/triage/machine_stats.h"
#include "services/triage/state_store.h"

namespace {

using namespace ioc;
using namespace ioc::triage;
using triage_service::open_state_store;
using triage_service::PartitionState;

constexpr PartitionId kPartition{0};
constexpr std::uint64_t kCacheBytes = 32ULL << 20;
constexpr std::uint64_t kIdsPerCommit = 1'000;
constexpr std::int64_t kWindowHours = 72;

struct Options {
  std::string part, dir, bundle_folder = "deploy/config/bundle", units_folder = "deploy/config/units";
  std::uint64_t ids = 10'000'000, opened = 101'000, events = 300'000;
  bool json = false;
};

double seconds_since(std::chrono::steady_clock::time_point from) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - from).count();
}

double resident_mib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("VmRSS:", 0) == 0) return std::strtod(line.c_str() + 6, nullptr) / 1024;
  }
  return 0;
}

struct Rules {
  std::string hash;
  std::shared_ptr<const Bundle> bundle;
};

Rules read_rules(const Options& options) {
  auto files = read_bundle(options.bundle_folder, options.units_folder);
  if (files.has_error()) return {};
  Rules rules;
  rules.hash = pack(*files).hash;
  BundleProblems problems;
  rules.bundle = compile(rules.hash, *files, problems);
  return rules;
}

// Steps and writes as the runtime does: a delta every thousand records, to RocksDB.
class Writer {
 public:
  Writer(const Options& options, const Rules& rules, const std::string& folder)
      : x_store(open_state_store(folder, kCacheBytes).value()),
        x_state(kPartition, *x_store),
        x_machine(kPartition, 1, x_state, [bundle = rules.bundle](std::string_view) { return bundle; }) {
    (void)options;
    if (x_machine.load().has_error()) std::abort();
  }
  void step(std::string_view record, std::int64_t ms) {
    x_effects.clear();
    x_machine.step({Offset(x_offset++), LogTime::from_ms(ms), record}, x_effects);
    if (x_offset % kIdsPerCommit == 0) write();
  }
  void write() {
    std::vector<StateWrite> delta;
    x_machine.take_delta(delta);
    x_state.hold(std::move(delta));
    if (x_state.write_oldest().has_error()) std::abort();
  }
  Machine& machine() { return x_machine; }
  triage_service::StateStore& store() { return *x_store; }

 private:
  std::unique_ptr<triage_service::StateStore> x_store;
  PartitionState x_state;
  Machine x_machine;
  std::vector<Effect> x_effects;
  std::uint64_t x_offset = 0;
};

// Ids as deduplication packs them, spread over the window: stepping ten million events would take minutes.
void write_ids(triage_service::StateStore& store, std::int64_t now_ms, std::uint64_t ids) {
  const std::int64_t last_hour = (now_ms + kVietnamOffset.count()) / 3'600'000;
  std::uint64_t number = 0, key = 1;
  for (std::int64_t hour = last_hour - kWindowHours + 1; hour <= last_hour; ++hour) {
    std::uint64_t left = ids / kWindowHours;
    while (left > 0) {
      std::string packed;
      for (std::uint64_t i = 0; i < std::min(left, kIdsPerCommit); ++i) {
        const Hash128 id = hash128(std::to_string(number++));
        packed += big_endian(id.high) + big_endian(id.low);
      }
      left -= std::min(left, kIdsPerCommit);
      if (store.write(kPartition, {{Table::Seen, big_endian(static_cast<std::uint64_t>(hour)) + big_endian(key++), packed}}).has_error()) std::abort();
    }
  }
}

int make(const Options& options) {
  const Rules rules = read_rules(options);
  if (!rules.bundle) return 3;
  Writer writer(options, rules, options.dir + "/state");
  bench::RecordMix mix;
  std::int64_t ms = bench::kStartMs;
  writer.step(wire::encode(Record(Activation{rules.hash, kBehaviourVersion, "bench"})), ms);
  for (std::uint64_t i = 0; i < options.opened; ++i) {
    ++mix.ms;
    writer.step(mix.warm(), ++ms);
  }
  writer.write();
  write_ids(writer.store(), ms, options.ids);
  std::fprintf(stderr, "recovery: state written, %zu incidents in memory; more records until kill -9\n",
               static_cast<std::size_t>(writer.machine().stats().incidents_in_memory));
  for (std::uint64_t i = 0; i < 50'000; ++i) writer.step(mix.next(), ++ms);
  return ::kill(::getpid(), SIGKILL);
}

void print(const Options& options, const char* name, double value, const char* unit, const char* goal) {
  if (options.json) std::printf("{\"name\":\"%s\",\"value\":%.3f,\"unit\":\"%s\",\"goal\":\"%s\"}\n", name, value, unit, goal);
  else std::printf("%-60s %12.3f %-9s goal %s\n", name, value, unit, goal);
  std::fflush(stdout);
}

int load(const Options& options) {
  const auto began = std::chrono::steady_clock::now();
  const Rules rules = read_rules(options);
  if (!rules.bundle) return 3;
  const double compiled = seconds_since(began);
  auto store = open_state_store(options.dir + "/state", kCacheBytes);
  if (store.has_error()) return 4;
  const double opened = seconds_since(began);
  PartitionState state(kPartition, **store);
  Machine machine(kPartition, 1, state, [&](std::string_view) { return rules.bundle; });
  if (machine.load().has_error()) return 4;
  const double loaded = seconds_since(began);
  const Stats& stats = machine.stats();
  print(options, "restart after kill -9: bundle, state opened, loaded", loaded, "s", "<= 2");
  print(options, "  of it the bundle", compiled, "s", "-");
  print(options, "  of it opening RocksDB", opened - compiled, "s", "-");
  print(options, "  of it loading", loaded - opened, "s", "-");
  print(options, "dedup ids in memory", static_cast<double>(stats.ids_in_memory), "ids", ">= 10000000");
  print(options, "incidents in memory", static_cast<double>(stats.incidents_in_memory), "incidents", ">= 100000");
  print(options, "resident memory with that state", resident_mib(), "MiB", "<= 1024");
  return 0;
}

int rebuild(const Options& options) {
  const Rules rules = read_rules(options);
  if (!rules.bundle) return 3;
  bench::RecordMix mix;
  std::vector<std::string> records;
  for (std::uint64_t i = 0; i < options.events; ++i) records.push_back(mix.next());
  Writer writer(options, rules, options.dir + "/rebuilt");
  std::int64_t ms = bench::kStartMs;
  writer.step(wire::encode(Record(Activation{rules.hash, kBehaviourVersion, "bench"})), ms);
  const auto began = std::chrono::steady_clock::now();
  for (std::uint64_t i = 0; i < records.size(); ++i) writer.step(records[i], ms + static_cast<std::int64_t>(i / bench::kEventsPerMs));
  writer.write();
  print(options, "rebuild from records, full mix, state to RocksDB", static_cast<double>(options.events) / seconds_since(began), "events/s", "-");
  return 0;
}

// 0 or 128 + signal.
int again(char** argv, const std::string& part) {
  const pid_t child = ::fork();
  if (child == 0) {
    std::vector<char*> arguments;
    for (char** at = argv; *at != nullptr; ++at) arguments.push_back(*at);
    std::string option = "--part", value = part;
    arguments.push_back(option.data());
    arguments.push_back(value.data());
    arguments.push_back(nullptr);
    ::execv("/proc/self/exe", arguments.data());
    ::_exit(127);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const bool more = i + 1 < argc;
    if (std::strcmp(argv[i], "--json") == 0) options.json = true;
    else if (std::strcmp(argv[i], "--dir") == 0 && more) options.dir = argv[++i];
    else if (std::strcmp(argv[i], "--part") == 0 && more) options.part = argv[++i];
    else if (std::strcmp(argv[i], "--bundle") == 0 && more) options.bundle_folder = argv[++i];
    else if (std::strcmp(argv[i], "--units") == 0 && more) options.units_folder = argv[++i];
    else if (std::strcmp(argv[i], "--ids") == 0 && more) options.ids = std::strtoull(argv[++i], nullptr, 10);
    else if (std::strcmp(argv[i], "--open") == 0 && more) options.opened = std::strtoull(argv[++i], nullptr, 10);
    else if (std::strcmp(argv[i], "--events") == 0 && more) options.events = std::strtoull(argv[++i], nullptr, 10);
    else return std::fprintf(stderr, "usage: recovery --dir DIR [--json] [--bundle DIR] [--units DIR] [--ids N] [--open N] [--events N]\n"), 2;
  }
  if (options.dir.empty()) return std::fprintf(stderr, "recovery: --dir is missing\n"), 2;
  if (options.part == "make") return make(options);
  if (options.part == "load") return load(options);
  if (options.part == "rebuild") return rebuild(options);
  std::filesystem::remove_all(options.dir);
  std::filesystem::create_directories(options.dir);
  if (const int ended = again(argv, "make"); ended != 128 + SIGKILL) return ended == 0 ? 1 : ended;
  int code = again(argv, "load");
  if (code == 0) code = again(argv, "rebuild");
  std::filesystem::remove_all(options.dir);
  return code;
}
