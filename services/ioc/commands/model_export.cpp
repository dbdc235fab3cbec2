#include "services/ioc/commands/model_export.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "libs/http/client.h"
#include "services/ioc/commands/desk_reader.h"
#include "services/ioc/commands/output_file.h"

namespace ioc::commands {

namespace {
constexpr std::size_t kPage = 200;
}

void ExportOptions::declare(CLI::App& command) {
  command.add_option("--desk", desk, "Where the desk is: http://HOST:PORT")->required();
  command.add_option("--token-file", token_file, "File with an operator's token (else IOC_TOKEN)");
  command.add_option("--since", since, "Of incidents opened then or later: 2021-10-18, or a moment with its offset");
  command.add_option("--until", until, "Of incidents opened before");
  CLI::Option* file = command.add_option("--out", out, "CSV to write (else standard output)");
  command.add_flag("--json", json, "One JSON object on the last line")->needs(file);
}

std::string ExportOptions::incidents() const {
  std::string target = fmt::format("/v1/incidents?limit={}", kPage);
  if (!since.empty()) target += "&since=" + http::escape(since);
  if (!until.empty()) target += "&until=" + http::escape(until);
  return target;
}

void add_export(CLI::App& group, const std::string& name, const std::string& what, Result<void> (*run)(const ExportOptions&), int& exit_code) {
  auto options = std::make_shared<ExportOptions>();
  CLI::App* command = group.add_subcommand(name, what);
  options->declare(*command);
  command->callback([options, run, &exit_code] {
    if (const auto done = run(*options); !done) exit_code = failed_at_desk(done.error());
  });
}

Result<void> write_export(const ExportOptions& options, const std::string& csv) {
  if (options.out.empty()) {
    if (std::fwrite(csv.data(), 1, csv.size(), stdout) == csv.size() && std::fflush(stdout) == 0) return {};
    return transient("standard output cannot be written; name a file with --out, on a disk with room");
  }
  return write_whole(options.out, csv);
}

}  // namespace ioc::commands
