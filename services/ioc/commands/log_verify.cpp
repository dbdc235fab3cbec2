#include "services/ioc/commands/log_verify.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json.hpp>
#include <memory>
#include <string>

#include "libs/log/embedded/verify.h"
#include "libs/process/exit_code.h"

namespace ioc::commands {

namespace {

struct Options {
  std::string data;
  bool json = false;
};

// A bar on a terminal, a line every tenth elsewhere.
class Bar {
 public:
  void show(std::uint64_t read, std::uint64_t total) {
    const auto percent = total == 0 ? 100 : static_cast<int>(read * 100 / total);
    if (percent == x_shown) return;
    if (x_terminal) {
      const auto filled = static_cast<std::size_t>(percent / 2);
      fmt::print(stderr, "\rverifying [{}{}] {:3} %", std::string(filled, '#'), std::string(50 - filled, ' '), percent);
    } else if (percent / 10 != x_shown / 10 || x_shown < 0) {
      fmt::print(stderr, "verifying: {} %, {} bytes\n", percent, read);
    }
    x_shown = percent;
  }
  void finish() const {
    if (x_terminal && x_shown >= 0) fmt::print(stderr, "\n");
  }

 private:
  const bool x_terminal = isatty(STDERR_FILENO) == 1;
  int x_shown = -1;
};

void print_lines(const log::LogReport& report) {
  fmt::print("log {}\n", report.id);
  for (const auto& each : report.partitions) {
    fmt::print("{}: offsets {} to {}, {} records in {} blocks, {} bytes, {}\n", each.name, each.first, each.end,
               each.records, each.blocks, each.bytes,
               each.faults.empty() ? "good" : fmt::format("{} FAULTS", each.faults.size()));
    for (const auto& fault : each.faults) fmt::print("  {}: {}\n", each.name, fault);
  }
  for (const auto& fault : report.faults) fmt::print("  {}\n", fault);
}

void print_json(const log::LogReport& report) {
  boost::json::array partitions;
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
  for (const auto& each : report.partitions) {
    records += each.records;
    bytes += each.bytes;
    partitions.push_back({{"name", each.name},
                          {"first", each.first},
                          {"end", each.end},
                          {"records", each.records},
                          {"blocks", each.blocks},
                          {"bytes", each.bytes},
                          {"faults", boost::json::value_from(each.faults)}});
  }
  fmt::print("{}\n", boost::json::serialize(boost::json::object{{"id", report.id},
                                                                {"records", records},
                                                                {"bytes", bytes},
                                                                {"committed_offsets", report.committed},
                                                                {"fault_count", report.fault_count()},
                                                                {"faults", boost::json::value_from(report.faults)},
                                                                {"partitions", std::move(partitions)}}));
}

int verify(const Options& options) {
  Bar bar;
  const auto report = log::verify_embedded(
      options.data + "/log", [&bar](std::uint64_t read, std::uint64_t total) { bar.show(read, total); });
  bar.finish();
  if (!report) {
    fmt::print(stderr, "{}\n", report.error().message);
    return report.error().kind == ErrorKind::Corrupt ? process::kFoundWrong : process::kMissing;
  }
  print_lines(*report);
  if (options.json) print_json(*report);
  if (report->fault_count() == 0) return 0;
  fmt::print(stderr, "{} faults: restore the folder {}/log from a copy, check the disk\n", report->fault_count(),
             options.data);
  return process::kFoundWrong;
}

}  // namespace

void add_log_command(CLI::App& app, int& exit_code) {
  auto* log = app.add_subcommand("log", "the embedded log on this machine's disk");
  log->require_subcommand(1);
  auto* command = log->add_subcommand("verify", "read every record of DIR/log, check all of it; exits with 1 naming each fault");
  auto options = std::make_shared<Options>();
  command->add_option("--data", options->data, "data folder of a stopped service")->required();
  command->add_flag("--json", options->json, "the last line is one JSON object");
  command->callback([options, &exit_code] { exit_code = verify(*options); });
}

}  // namespace ioc::commands
