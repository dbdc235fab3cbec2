#include "services/ioc/commands/bundle.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <functional>
#include <future>
#include <map>
#include <memory>

#include "libs/config/deployment.h"
#include "libs/domain/topics.h"
#include "libs/domain/wire.h"
#include "libs/log/read_range.h"
#include "libs/process/process.h"
#include "libs/triage/bundle.h"
#include "libs/triage/machine.h"
#include "services/ioc/commands/bundle_trial.h"
#include "services/ioc/commands/stopped_log.h"

namespace ioc::commands {
namespace {

struct Options {
  std::string bundle = config::shared_path("config/bundle"), units = config::shared_path("config/units");
  std::string against, against_units, actor;
  LogOptions log;
  std::size_t examples = 10;
  bool check = false, json = false;
};

struct Built {
  std::vector<triage::BundleFile> files;
  triage::PackedBundle packed;
  std::shared_ptr<const triage::Bundle> compiled;
};

// Prints what is wrong; nullopt then, with the exit code.
std::optional<Built> build(const std::string& bundle, const std::string& units, int& exit_code) {
  auto files = triage::read_bundle(bundle, units);
  if (!files) {
    fmt::print(stderr, "{}\n", files.error().message);
    exit_code = process::kMissing;
    return std::nullopt;
  }
  Built built{std::move(files.value()), {}, nullptr};
  built.packed = triage::pack(built.files);
  triage::BundleProblems problems;
  built.compiled = triage::compile(built.packed.hash, built.files, problems);
  for (const std::string& problem : problems.problems) fmt::print(stderr, "{}\n", problem);
  if (built.compiled) return built;
  fmt::print(stderr, "{} mistakes: the bundle does not compile\n", problems.problems.size());
  exit_code = process::kFoundWrong;
  return std::nullopt;
}

void print_built(const Built& built, const Options& options) {
  std::size_t bytes = 0;
  for (const auto& file : built.files) bytes += file.content.size();
  if (options.json) {
    const boost::json::object line{{"bundle", built.packed.hash}, {"parts", built.files.size()}, {"bytes", bytes},
                                   {"chunks", built.packed.chunks.size()}};
    fmt::print("{}\n", boost::json::serialize(line));
  } else if (!options.check) {
    for (const auto& file : built.files) fmt::print("{:>10}  {}\n", file.content.size(), file.name);
    fmt::print("{}  {} parts, {} bytes, {} chunks\n", built.packed.hash, built.files.size(), bytes, built.packed.chunks.size());
  }
}

// Parts that are new, gone or different. Returns how many.
std::size_t print_changes(const Built& now, const Built& then) {
  std::map<std::string, std::pair<const std::string*, const std::string*>> parts;
  for (const auto& file : then.files) parts[file.name].first = &file.content;
  for (const auto& file : now.files) parts[file.name].second = &file.content;
  std::size_t changes = 0;
  for (const auto& [name, contents] : parts) {
    const auto& [before, after] = contents;
    if (before && after && *before == *after) continue;
    ++changes;
    fmt::print("{:<8} {}\n", !before ? "new" : !after ? "gone" : "changed", name);
  }
  return changes;
}

Result<Offset> append(log::Log& log, std::string_view topic, PartitionId partition, log::Message message) {
  auto done = std::make_shared<std::promise<Result<Offset>>>();
  auto result = done->get_future();
  log.append(topic, partition, std::move(message), [done](Result<Offset> offset) { done->set_value(std::move(offset)); });
  return result.get();
}

// All chunks first, the activation of every partition behind them: who meets it can read the bundle.
Result<void> append_all(log::Log& log, const Built& built, const std::string& actor, std::uint32_t partitions) {
  for (const auto& chunk : built.packed.chunks) {
    if (auto done = append(log, topics::kBundles, PartitionId(0), {chunk.key, chunk.value, {}, false}); !done) return done.error();
  }
  const std::string record = wire::encode(Record(Activation{built.packed.hash, triage::kBehaviourVersion, actor}));
  for (std::uint32_t i = 0; i < partitions; ++i) {
    auto done = append(log, topics::kEvents, PartitionId(i), {"activation", record, {}, false});
    if (!done) return done.error();
    fmt::print("partition {} offset {} activates {}\n", i, done.value().value(), built.packed.hash);
  }
  return {};
}

struct LogWithEvents {
  std::unique_ptr<log::Log> log;
  std::uint32_t partitions = 0;  // of the events topic
};

std::optional<LogWithEvents> open_events(const Options& options, int& exit_code) {
  auto opened = open_log(options.log, exit_code);
  if (!opened) return std::nullopt;
  auto partitions = opened->log->partitions_of(topics::kEvents);
  if (partitions.has_error() || !*partitions) {
    fmt::print(stderr, "the topic {} is not there; start triage once, then call this again\n", topics::kEvents);
    exit_code = process::kMissing;
    return std::nullopt;
  }
  return LogWithEvents{std::move(opened->log), **partitions};
}

int activate(const Options& options, const Built& built) {
  int exit_code = process::kDone;
  const auto open = open_events(options, exit_code);
  if (!open) return exit_code;
  const std::string actor = options.actor.empty() ? process::account() + " (ioc bundle activate)" : options.actor;
  if (auto done = append_all(*open->log, built, actor, open->partitions); !done) {
    fmt::print(stderr, "{}\n", done.error().message);
    return process::kMissing;
  }
  if (options.json) {
    fmt::print("{}\n", boost::json::serialize(boost::json::object{{"bundle", built.packed.hash}, {"partitions", open->partitions}}));
  }
  return process::kDone;
}

// Every entry that is there now, in order.
Result<void> read_all(log::Log& log, std::string_view topic, PartitionId partition, const std::function<void(const log::Entry&)>& take) {
  const auto range = log.range(topic, partition);
  if (range.has_error()) return range.error();
  return log::read_range(log, topic, partition, range->first, range->end, [&](const log::Entry& entry) -> Result<void> {
    take(entry);
    return {};
  });
}

// The bundles that were active: of the log, compiled when first met.
class LogBundles {
 public:
  Result<void> read(log::Log& log) {
    return read_all(log, topics::kBundles, PartitionId(0), [this](const log::Entry& entry) {
      if (!entry.tombstone) static_cast<void>(x_assembler.add(entry.key, entry.value));
    });
  }
  std::shared_ptr<const triage::Bundle> find(std::string_view hash) {
    const auto known = x_compiled.find(hash);
    if (known != x_compiled.end()) return known->second;
    if (!x_assembler.has(hash)) return nullptr;
    triage::BundleProblems ignored;
    return x_compiled.emplace(hash, triage::compile(std::string(hash), x_assembler.files(hash), ignored)).first->second;
  }

 private:
  triage::BundleAssembler x_assembler;
  std::map<std::string, std::shared_ptr<const triage::Bundle>, std::less<>> x_compiled;
};

// Plays the log under both. `then` nullptr: under the bundles that were active.
int play(const Options& options, const Built& now, const std::shared_ptr<const triage::Bundle>& then) {
  int exit_code = process::kDone;
  const auto open = open_events(options, exit_code);
  if (!open) return exit_code;
  LogBundles active;
  auto read = active.read(*open->log);
  for (std::uint32_t i = 0; i < open->partitions && read; ++i) {
    // A bundle that the log no longer holds cannot be compared with: the new one stands in and makes no difference.
    Trial before(PartitionId(i), open->partitions, [&](std::string_view hash) {
      auto found = then ? then : active.find(hash);
      return found ? found : now.compiled;
    });
    Trial after(PartitionId(i), open->partitions, [&](std::string_view) { return now.compiled; });
    std::uint64_t records = 0;
    read = read_all(*open->log, topics::kEvents, PartitionId(i), [&](const log::Entry& entry) {
      const triage::Input input{entry.offset, entry.appended_at, entry.value};
      before.step(input, then ? now.packed.hash : std::string());
      after.step(input, now.packed.hash);
      if (++records % 10'000 == 0) fmt::print(stderr, "partition {}: {} records played\n", i, records);
    });
    if (!read) break;
    fmt::print("partition {}, {} records\n{}", i, records, describe_trial(before.outcome(), after.outcome(), options.examples));
    if (options.json) fmt::print("{}\n", trial_json(before.outcome(), after.outcome(), records, options.examples));
  }
  if (read) return process::kDone;
  fmt::print(stderr, "{}\n", read.error().message);
  return process::kMissing;
}

int try_out(const Options& options) {
  int exit_code = process::kDone;
  const auto now = build(options.bundle, options.units, exit_code);
  if (!now) return exit_code;
  std::optional<Built> then;
  if (!options.against.empty()) {
    then = build(options.against, options.against_units.empty() ? options.units : options.against_units, exit_code);
    if (!then) return exit_code;
    fmt::print("{} parts differ\n", print_changes(*now, *then));
  }
  if (options.log.named()) return play(options, *now, then ? then->compiled : nullptr);
  if (then) return process::kDone;
  fmt::print(stderr, "name a log to play (--data, --bootstrap or --config), another bundle (--against), or both\n");
  return process::kUsage;
}

void add_folders(CLI::App* command, const std::shared_ptr<Options>& options) {
  command->add_option("--bundle", options->bundle, "Folder of rules")->capture_default_str();
  command->add_option("--units", options->units, "Folder of administrative units")->capture_default_str();
  command->add_flag("--json", options->json, "One JSON object on the last line");
}

}  // namespace

void add_bundle_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* bundle = app.add_subcommand("bundle", "Rules, lexicons, units and limits that triage runs by");
  bundle->require_subcommand(1);

  CLI::App* build_command = bundle->add_subcommand("build", "Compile a bundle and print its hash and parts");
  add_folders(build_command, options);
  build_command->add_flag("--check", options->check, "Only say what is wrong");
  build_command->callback([options, &exit_code] {
    if (const auto built = build(options->bundle, options->units, exit_code)) print_built(*built, *options);
  });

  CLI::App* try_command = bundle->add_subcommand("try", "Play the log under these rules and say how the incidents would differ; nothing is changed");
  add_folders(try_command, options);
  add_log_options(*try_command, options->log);
  try_command->add_option("--against", options->against, "Folder of the rules to compare with; else those that were active in the log");
  try_command->add_option("--examples", options->examples, "How many reports that fare differently are shown")->capture_default_str();
  try_command->add_option("--against-units", options->against_units, "Its units; the same units when left out");
  try_command->callback([options, &exit_code] { exit_code = try_out(*options); });

  CLI::App* activate_command = bundle->add_subcommand("activate", "Append a bundle and its activation to the log");
  add_folders(activate_command, options);
  add_log_options(*activate_command, options->log);
  activate_command->add_option("--actor", options->actor, "Who does it, for the audit trail; else the user of this terminal");
  activate_command->callback([options, &exit_code] {
    if (!options->log.named()) {
      fmt::print(stderr, "name the log: --data DIR, --bootstrap HOST:PORT or --config FILE\n");
      exit_code = process::kUsage;
      return;
    }
    if (const auto built = build(options->bundle, options->units, exit_code)) exit_code = activate(*options, *built);
  });
}

}  // namespace ioc::commands
