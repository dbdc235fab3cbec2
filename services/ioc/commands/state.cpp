#include "services/ioc/commands/state.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <memory>
#include <optional>

#include "libs/process/exit_code.h"
#include "libs/process/process.h"
#include "services/ioc/commands/stopped_log.h"
#include "services/simulator/progress.h"
#include "services/triage/offline.h"

namespace ioc::commands {
namespace {

namespace json = boost::json;
using triage_service::Offline;

struct Options {
  LogOptions log;
  std::optional<std::uint32_t> partition;
  bool as_json = false;
};

// What a command says about one partition; `wrong`: the work found something wrong there.
struct Answer {
  json::object line;
  std::string text;
  bool wrong = false;
};
using Work = Result<Answer> (*)(Offline&, PartitionId, const Offline::Progress&);

Result<Answer> checkpoint(Offline& offline, PartitionId partition, const Offline::Progress&) {
  auto made = offline.checkpoint(partition);
  if (made.has_error()) return made.error();
  return Answer{{{"offset", made->value()}}, fmt::format("checkpoint at offset {}", made->value()), false};
}

Result<Answer> restore(Offline& offline, PartitionId partition, const Offline::Progress& progress) {
  auto done = offline.restore(partition, progress);
  if (done.has_error()) return done.error();
  return Answer{{{"offset", done->offset.value()}, {"bytes", done->bytes}},
                fmt::format("restored from the checkpoint at offset {}, {} bytes", done->offset.value(), done->bytes), false};
}

Result<Answer> rebuild(Offline& offline, PartitionId partition, const Offline::Progress& progress) {
  const auto began = std::chrono::steady_clock::now();
  auto done = offline.rebuild(partition, progress);
  if (done.has_error()) return done.error();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return Answer{{{"offset", done->offset.value()}, {"records", done->records}, {"seconds", seconds}},
                fmt::format("rebuilt up to offset {} from {} records in {:.1f} s", done->offset.value(), done->records, seconds), false};
}

Result<Answer> verify(Offline& offline, PartitionId partition, const Offline::Progress& progress) {
  auto done = offline.verify(partition, progress);
  if (done.has_error()) return done.error();
  Answer answer;
  answer.wrong = done->differences > 0 || !done->wrong.empty();
  answer.line = {{"offset", done->offset.value()}, {"from", done->from},          {"records", done->records},
                 {"entries", done->entries},       {"differences", done->differences}, {"first", json::value_from(done->first)},
                 {"wrong", done->wrong}};
  answer.text = !done->wrong.empty() ? done->wrong
                : done->differences == 0
                    ? fmt::format("good: {} entries at offset {} are what {} and {} records come to", done->entries,
                                  done->offset.value(), done->from, done->records)
                    : fmt::format("{} differences in {} entries at offset {} from what {} and {} records come to", done->differences,
                                  done->entries, done->offset.value(), done->from, done->records);
  for (const std::string& one : done->first) answer.text += "\n  " + one;
  if (done->differences > 0) {
    answer.text += fmt::format("\nThe state was changed or damaged after it was written; the log is as it was. Take it from there: ioc state restore --partition {0}"
                               " (or ioc state rebuild --partition {0}), then verify again.", partition.value());
  }
  return answer;
}

int run(const char* name, Work work, const Options& options) {
  process::set_up_logging();
  int exit_code = 0;
  auto opened = open_log(options.log, exit_code);
  if (!opened) return exit_code;
  auto offline = Offline::open(*opened->log, opened->triage, opened->deployment);
  if (offline.has_error()) {
    fmt::print(stderr, "{}\nThe state belongs to one process: stop it, run this command, start it again.\n", offline.error().message);
    return process::kMissing;
  }
  json::array partitions;
  const std::uint32_t count = opened->deployment.partitions();
  if (options.partition && *options.partition >= count) {
    fmt::print(stderr, "there is no partition {}: the configuration has {}\n", *options.partition, count);
    return process::kUsage;
  }
  exit_code = process::kDone;
  for (std::uint32_t i = options.partition.value_or(0); i < (options.partition ? *options.partition + 1 : count); ++i) {
    simulator::Progress progress(fmt::format("{} partition {}", name, i));
    auto answer = work(**offline, PartitionId(i), [&](std::uint64_t done, std::uint64_t all) {
      progress.show(all == 0 ? 1.0 : static_cast<double>(done) / static_cast<double>(all), fmt::format("{} of {}", done, all));
    });
    json::object line{{"partition", i}};
    if (answer.has_error()) {
      fmt::print(stderr, "partition {}: {}\n", i, answer.error().message);
      line["error"] = answer.error().message;
      exit_code = answer.error().kind == ErrorKind::Transient ? process::kMissing : process::kFoundWrong;
    } else {
      if (!options.as_json) fmt::print("partition {}: {}\n", i, answer->text);
      for (auto& [key, value] : answer->line) line[key] = value;
      if (answer->wrong) exit_code = process::kFoundWrong;
    }
    partitions.push_back(std::move(line));
  }
  if (options.as_json) fmt::print("{}\n", json::serialize(json::object{{"command", name}, {"partitions", std::move(partitions)}}));
  return exit_code;
}

}  // namespace

void add_state_command(CLI::App& app, int& exit_code) {
  CLI::App* state = app.add_subcommand("state", "Triage's state on this disk, against log and checkpoints; while its process is stopped");
  state->require_subcommand(1);
  const auto add = [&](const char* name, const char* help, Work work) {
    auto options = std::make_shared<Options>();
    CLI::App* command = state->add_subcommand(name, help);
    add_log_options(*command, options->log);
    command->add_option("--partition", options->partition, "Only this one (default: all)");
    command->add_flag("--json", options->as_json, "One JSON object on the last line");
    command->callback([options, name, work, &exit_code] { exit_code = run(name, work, *options); });
  };
  add("checkpoint", "Write the state to the log now; the newest two checkpoints are kept", checkpoint);
  add("restore", "Take the state from the newest whole checkpoint; the next start steps the records after it", restore);
  add("verify", "Is the state what the newest checkpoint and the records after it come to? Exit code 1 and where it differs", verify);
  add("rebuild", "Make the state anew from the log's first record to the committed offset", rebuild);
}

}  // namespace ioc::commands
