#include "services/ioc/commands/bundle.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <future>
#include <map>
#include <memory>

#include "libs/config/deployment.h"
#include "libs/domain/topics.h"
#include "libs/domain/wire.h"
#include "libs/log/open.h"
#include "libs/process/process.h"
#include "libs/triage/bundle.h"
#include "libs/triage/machine.h"

namespace ioc::commands {
namespace {

struct Options {
  std::string bundle = config::shared_path("config/bundle"), units = config::shared_path("config/units");
  std::string against, against_units, config_file, bootstrap, data;
  bool check = false, json = false;
};

struct Built {
  std::vector<triage::BundleFile> files;
  triage::PackedBundle packed;
};

// Prints what is wrong; nullopt then, with the exit code.
std::optional<Built> build(const std::string& bundle, const std::string& units, int& exit_code) {
  auto files = triage::read_bundle(bundle, units);
  if (!files) {
    fmt::print(stderr, "{}\n", files.error().message);
    exit_code = process::kMissing;
    return std::nullopt;
  }
  Built built{std::move(files.value()), {}};
  built.packed = triage::pack(built.files);
  triage::BundleProblems problems;
  const auto compiled = triage::compile(built.packed.hash, built.files, problems);
  for (const std::string& problem : problems.problems) fmt::print(stderr, "{}\n", problem);
  if (compiled) return built;
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

struct Settings {
  config::Deployment deployment;
  log::Settings log;
  void declare(config::Fields& fields) {
    fields.section("deployment", deployment, "what all processes share");
    fields.section("log", log, "where records are kept");
    for (const char* others : {"ingest", "triage", "desk", "standalone", "http"}) fields.reserved(others);
  }
};

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

int activate(const Options& options, const Built& built) {
  Settings settings;
  if (!process::report(config::load(options.config_file, settings))) return process::kConfiguration;
  if (!options.data.empty()) settings.deployment.data = options.data;
  if (!options.bootstrap.empty()) {
    settings.log.kind = "kafka";
    settings.log.kafka.bootstrap = options.bootstrap;
  }
  auto log = log::open(settings.log, settings.deployment.data);
  if (!log) {
    fmt::print(stderr, "{}\n", log.error().message);
    return process::kMissing;
  }
  auto partitions = log.value()->partitions_of(topics::kEvents);
  if (!partitions || !partitions.value()) {
    fmt::print(stderr, "the topic {} is not there; start triage once, then activate\n", topics::kEvents);
    return process::kMissing;
  }
  if (auto done = append_all(*log.value(), built, "ioc bundle activate", *partitions.value()); !done) {
    fmt::print(stderr, "{}\n", done.error().message);
    return process::kMissing;
  }
  return process::kDone;
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

  CLI::App* try_command = bundle->add_subcommand("try", "Compile a bundle and say how it differs from another");
  add_folders(try_command, options);
  try_command->add_option("--against", options->against, "The other bundle's folder")->required();
  try_command->add_option("--against-units", options->against_units, "Its units; the same units when left out");
  try_command->callback([options, &exit_code] {
    const auto now = build(options->bundle, options->units, exit_code);
    if (!now) return;
    const auto then = build(options->against, options->against_units.empty() ? options->units : options->against_units, exit_code);
    if (then) fmt::print("{} parts differ\n", print_changes(*now, *then));
  });

  CLI::App* activate_command = bundle->add_subcommand("activate", "Append a bundle and its activation to the log");
  add_folders(activate_command, options);
  activate_command->add_option("--config", options->config_file, "The deployment's configuration")->required();
  activate_command->add_option("--bootstrap", options->bootstrap, "Kafka broker, HOST:PORT");
  activate_command->add_option("--data", options->data, "Folder of the embedded log; no other process may hold it");
  activate_command->callback([options, &exit_code] {
    if (const auto built = build(options->bundle, options->units, exit_code)) exit_code = activate(*options, *built);
  });
}

}  // namespace ioc::commands
