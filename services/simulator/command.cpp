#include "services/simulator/command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <thread>

#include "libs/config/deployment.h"
#include "libs/process/exit_code.h"
#include "libs/process/read_token.h"
#include "services/simulator/hostile.h"
#include "services/simulator/operators.h"
#include "services/simulator/replay.h"
#include "services/simulator/simulate.h"

namespace ioc::simulator {
namespace {


// SIGINT and SIGTERM as a stop token: a thread waits for them, every other thread has them blocked.
class StopOnSignal {
 public:
  StopOnSignal() {
    sigemptyset(&x_signals);
    for (const int signal : {SIGINT, SIGTERM, SIGUSR2}) sigaddset(&x_signals, signal);
    pthread_sigmask(SIG_BLOCK, &x_signals, &x_previous);
    x_waiter = std::thread([this] {
      int signal = 0;
      sigwait(&x_signals, &signal);
      x_source.request_stop();
    });
  }
  ~StopOnSignal() {
    pthread_kill(x_waiter.native_handle(), SIGUSR2);
    x_waiter.join();
    pthread_sigmask(SIG_SETMASK, &x_previous, nullptr);
  }
  StopOnSignal(const StopOnSignal&) = delete;
  StopOnSignal& operator=(const StopOnSignal&) = delete;
  [[nodiscard]] std::stop_token token() const { return x_source.get_token(); }

 private:
  sigset_t x_signals{}, x_previous{};
  std::stop_source x_source;
  std::thread x_waiter;
};

int exit_code_of(const Error& error) {
  fmt::print(stderr, "{}\n", error.message);
  return error.kind == ErrorKind::Transient ? process::kMissing : error.kind == ErrorKind::Permanent ? process::kConfiguration : process::kFoundWrong;
}

struct SimulateOptions {
  SimulateConfig config;
  std::string token_file, desk_url, duration = "24h", fill = "0s";
  std::uint64_t rounds = 20;
  bool hostile = false, demo = false, json = false;
};

// CLI11 checks the form; this reads it.
Millis duration_of(const std::string& text) {
  std::size_t digits = 0;
  const std::int64_t count = std::stoll(text, &digits);
  const std::string unit = text.substr(digits);
  const std::int64_t ms = unit == "ms" ? 1 : unit == "s" ? 1'000 : unit == "m" ? 60'000 : unit == "h" ? 3'600'000 : 86'400'000;
  return Millis(count * ms);
}

std::string check_duration(const std::string& text) {
  std::size_t digits = 0;
  while (digits < text.size() && digits < 10 && text[digits] >= '0' && text[digits] <= '9') ++digits;
  const std::string unit = text.substr(digits);
  const bool known = unit == "ms" || unit == "s" || unit == "m" || unit == "h" || unit == "d";
  return digits > 0 && known ? std::string() : "'" + text + "' is no duration; write 30s, 15m or 24h";
}

int run_hostile(const SimulateOptions& options, const std::stop_token& stop) {
  const auto counts = attack({options.config.url, options.config.token, options.config.seed, options.rounds, false}, stop);
  if (!counts) return exit_code_of(counts.error());
  for (const std::string& line : counts->unexpected) fmt::print(stderr, "unexpected: {}\n", line);
  if (options.json) {
    fmt::print("{}\n", to_json(*counts));
  } else {
    fmt::print("{} sent, {} connections ended without an answer, {} unexpected\n", counts->sent, counts->broken, counts->unexpected_count);
    for (const auto& [status, count] : counts->by_status) fmt::print("  {} × {}\n", status, count);
  }
  return counts->unexpected_count == 0 ? 0 : process::kFoundWrong;
}

int run_simulate(SimulateOptions& options) {
  auto token = process::read_token(options.token_file);
  if (!token) return exit_code_of(token.error());
  options.config.token = *token;
  options.config.fill = options.demo ? Millis(std::chrono::hours(24)) : duration_of(options.fill);
  options.config.duration = options.demo ? Millis(-1) : duration_of(options.duration);
  if (options.config.bundle_folder.empty()) options.config.bundle_folder = config::shared_path("config/bundle");
  const StopOnSignal signals;
  if (options.hostile) return run_hostile(options, signals.token());
  const OperatorsConfig people{options.desk_url, {options.config.token}, options.config.seed};
  std::jthread working;
  if (!people.desk_url.empty()) {
    options.config.filled = [&](const SimulateCounts&) { working = std::jthread([&people](const std::stop_token& end) { run_operators(people, end); }); };
  }
  SimulateCounts counts;
  const auto done = simulate(options.config, signals.token(), counts);
  const auto total = counts.total();
  if (options.json) {
    fmt::print("{}\n", to_json(counts));
  } else {
    for (std::size_t kind = 0; kind < kMessageKinds; ++kind) {
      const auto& one = counts.kinds[kind];
      fmt::print("{:<18} {:>9} sent {:>9} accepted {:>7} rejected\n", name_of(static_cast<MessageKind>(kind)), one.sent, one.accepted, one.rejected);
    }
    fmt::print("{:<18} {:>9} sent {:>9} accepted {:>7} rejected  in {:.1f} s, {} tries again\n", "all", total.sent, total.accepted,
               total.rejected, counts.seconds, counts.retries);
  }
  if (!done) return exit_code_of(done.error());
  if (total.rejected > 0) fmt::print(stderr, "first rejected: {}\n", counts.first_problem);
  return total.rejected == 0 ? 0 : process::kFoundWrong;
}

void add_simulate(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<SimulateOptions>();
  CLI::App* command = app.add_subcommand("simulate", "Send a made-up day of Thái Nguyên to ingest");
  command->add_option("--to", options->config.url, "Where ingest is: http://HOST:PORT")->required();
  command->add_option("--seed", options->config.seed, "The same seed sends the same events")->capture_default_str();
  command->add_option("--rate", options->config.events_a_second, "Events a second, about; 0: an ordinary day's")->check(CLI::Range(0, 1'000'000));
  command->add_option("--fill", options->fill, "First send so much of the past, as fast as it is taken")->check(check_duration)->capture_default_str();
  command->add_option("--duration", options->duration, "Then go on in real time for so long")->check(check_duration)->capture_default_str();
  command->add_flag("--demo", options->demo, "Fill in the last 24 hours, then go on until stopped");
  command->add_option("--desk", options->desk_url, "Where the desk is: with it operators deal with what was sent (role operator)");
  command->add_flag("--hostile", options->hostile, "Send what must not get in instead, and count what came back");
  command->add_option("--rounds", options->rounds, "With --hostile: how often each kind is tried")->capture_default_str();
  command->add_option("--bundle", options->config.bundle_folder, "Folder with sources.yaml; empty: what came with the program");
  command->add_option("--token-file", options->token_file, "File with the token (else IOC_TOKEN)");
  command->add_flag("--json", options->json, "Last line of output: one JSON object");
  command->callback([options, &exit_code] { exit_code = run_simulate(*options); });
}

struct ReplayOptions {
  ReplayConfig config;
  std::string token_file, speed = "max", ids_file, settle = "2m", retry_for = "5m";
  bool json = false;
};

void print_found(const char* title, const std::vector<Unaccounted>& all) {
  constexpr std::size_t kShownMax = 10;
  for (std::size_t i = 0; i < all.size() && i < kShownMax; ++i) {
    fmt::print(stderr, "{}: report {}{}{}: {}\n", title, all[i].report_id, all[i].event_id.empty() ? "" : ", event ", all[i].event_id, all[i].why);
  }
}

int run_replay(ReplayOptions& options) {
  auto token = process::read_token(options.token_file);
  if (!token) return exit_code_of(token.error());
  ReplayConfig& config = options.config;
  config.token = *token;
  if (config.desk_url.empty()) config.desk_url = config.ingest_url;
  if (options.speed != "max") config.speed = std::stod(options.speed);
  config.settle = duration_of(options.settle);
  config.retry.give_up_after = duration_of(options.retry_for);
  if (access(config.file.c_str(), R_OK) != 0) {
    fmt::print(stderr, "{}: cannot be read: {}\n", config.file, std::strerror(errno));
    return process::kMissing;
  }
  if (std::filesystem::is_directory(config.file)) {
    fmt::print(stderr, "{}: is a folder, not a file of reports\n", config.file);
    return process::kFoundWrong;
  }
  const StopOnSignal signals;
  const auto result = replay(config, signals.token());
  if (!result) return exit_code_of(result.error());
  if (!options.ids_file.empty()) {
    if (const auto written = write_ids(*result, options.ids_file); !written) return exit_code_of(written.error());
  }
  const Reconciliation& found = result->reconciliation;
  print_found("rejected", result->first_rejected);
  print_found("unaccounted for", found.unaccounted);
  if (options.json) {
    fmt::print("{}\n", to_json(*result));
  } else {
    fmt::print("{} sent, {} accepted, {} rejected; {} incidents, {} joined, {} unaccounted for; {:.1f} s\n", result->sent,
               result->accepted, result->rejected, found.incidents, found.joined, found.unaccounted.size(), result->seconds);
  }
  return adds_up(*result) ? 0 : process::kFoundWrong;
}

std::string check_speed(const std::string& text) {
  if (text == "max") return {};
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  return *end == '\0' && value > 0 ? std::string() : "'" + text + "' is no speed; write max, or how many times real time";
}

void add_replay(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<ReplayOptions>();
  CLI::App* command = app.add_subcommand("replay", "Send a file of real reports in its order, then prove where each of them is");
  command->add_option("file", options->config.file, "CSV or CSV.gz: id,opened_at,category,latitude,longitude,address,text,…")->required();
  command->add_option("--to", options->config.ingest_url, "Where ingest is: http://HOST:PORT")->required();
  command->add_option("--desk", options->config.desk_url, "Where the desk is (default: the same)");
  command->add_option("--speed", options->speed, "Times real time, or max")->check(check_speed)->capture_default_str();
  command->add_option("--batch", options->config.batch_lines, "Reports in one request")->check(CLI::Range(1, 10'000))->capture_default_str();
  command->add_option("--connections", options->config.desk_connections, "To the desk, for the reconciliation")->check(CLI::Range(1, 64))->capture_default_str();
  command->add_option("--settle", options->settle, "How long an event may take to reach the desk")->check(check_duration)->capture_default_str();
  command->add_option("--retry-for", options->retry_for, "How long a server may be away")->check(check_duration)->capture_default_str();
  command->add_option("--ids", options->ids_file, "Write report_id,event_id,incident_id to this file");
  command->add_option("--token-file", options->token_file, "File with the token (else IOC_TOKEN): roles source:citizen-reports and operator; for events older than ingest's late_days a token named replay");
  command->add_flag("--json", options->json, "Last line of output: one JSON object");
  command->callback([options, &exit_code] { exit_code = run_replay(*options); });
}

}  // namespace

void add_command(CLI::App& app, int& exit_code) {
  add_simulate(app, exit_code);
  add_replay(app, exit_code);
}

}  // namespace ioc::simulator
