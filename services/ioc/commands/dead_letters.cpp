#include "services/ioc/commands/dead_letters.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <iostream>
#include <memory>
#include <optional>

#include "libs/http/client.h"
#include "libs/process/exit_code.h"
#include "libs/process/read_token.h"

namespace ioc::commands {
namespace {

namespace json = boost::json;

struct Options {
  std::string url = "http://127.0.0.1:8081", token_file, reason;
  std::vector<std::string> ids;
  std::uint64_t limit = 50;
  bool as_json = false;
};

std::string text_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (value == nullptr || value->is_null()) return {};
  return value->is_string() ? std::string(value->get_string()) : json::serialize(*value);
}

// The answer's object; nullopt after telling on stderr why there is none.
std::optional<json::object> ask(http::Client& client, std::string_view method, const std::string& target, int& exit_code) {
  const auto answer = client.request(method, target);
  if (answer.has_error()) {
    std::cerr << answer.error().message << '\n';
    exit_code = process::kMissing;
    return std::nullopt;
  }
  json::error_code error;
  auto value = json::parse(answer->body, error);
  const bool is_object = !error && value.is_object();
  if (answer->status >= 200 && answer->status < 300 && is_object) return std::move(value.get_object());
  std::string detail = is_object ? text_of(value.get_object(), "detail") : std::string{};
  if (is_object && value.get_object().contains("field")) detail += fmt::format(" (field {})", text_of(value.get_object(), "field"));
  std::cerr << fmt::format("{} {}: {} {}\n", method, target, answer->status, detail);
  exit_code = answer->status == 401 || answer->status == 403 ? process::kConfiguration
              : answer->status == 503                         ? process::kMissing
                                                              : process::kFoundWrong;
  return std::nullopt;
}

void list(http::Client& client, const Options& options, int& exit_code) {
  std::string target = fmt::format("/v1/dead-letters?limit={}", options.limit);
  if (!options.reason.empty()) target += "&reason=" + http::escape(options.reason);
  const auto answer = ask(client, "GET", target, exit_code);
  if (!answer) return;
  if (options.as_json) {
    std::cout << json::serialize(*answer) << '\n';
    return;
  }
  const auto* letters = answer->if_contains("dead_letters");
  if (letters == nullptr || !letters->is_array()) return;
  for (const auto& letter : letters->get_array()) {
    if (!letter.is_object()) continue;
    const auto& one = letter.get_object();
    std::cout << fmt::format("{}  {}  {:<20} {:<7} {:<18} {}\n", text_of(one, "at"), text_of(one, "id"), text_of(one, "feed"),
                             text_of(one, "stage"), text_of(one, "reason"), text_of(one, "field"));
  }
}

void show(http::Client& client, const Options& options, int& exit_code) {
  for (const auto& id : options.ids) {
    const auto answer = ask(client, "GET", "/v1/dead-letters/" + http::escape(id), exit_code);
    if (!answer) continue;
    if (options.as_json) {
      std::cout << json::serialize(*answer) << '\n';
      continue;
    }
    for (const auto& [key, value] : *answer)
      std::cout << fmt::format("{:<9} {}\n", std::string_view(key), value.is_string() ? std::string(value.get_string()) : json::serialize(value));
  }
}

void replay(http::Client& client, const Options& options, int& exit_code) {
  std::size_t accepted = 0;
  for (const auto& id : options.ids) {
    const auto answer = ask(client, "POST", "/v1/dead-letters/" + http::escape(id) + "/replay", exit_code);
    if (!answer) continue;
    ++accepted;
    if (!options.as_json) std::cout << fmt::format("{}  ->  {}\n", id, text_of(*answer, "event_id"));
  }
  if (!options.as_json) return;
  json::object summary;
  summary["replayed"] = options.ids.size();
  summary["accepted"] = accepted;
  std::cout << json::serialize(summary) << '\n';
}

using Action = void (*)(http::Client&, const Options&, int&);

void run(Action action, const Options& options, int& exit_code) {
  exit_code = process::kDone;
  const auto token = process::read_token(options.token_file);
  if (!token) {
    std::cerr << token.error().message << '\n';
    exit_code = process::kConfiguration;
    return;
  }
  http::Client client(options.url);
  client.set_token(*token);
  action(client, options, exit_code);
}

}  // namespace

void add_dead_letters_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("dead-letters", "What was refused and why; send it through again after a fix");
  command->require_subcommand(1);
  const auto add = [&](const char* name, const char* help, Action action) {
    CLI::App* sub = command->add_subcommand(name, help);
    sub->add_option("--ingest", options->url, "Address of ingest (or of standalone)")->capture_default_str();
    sub->add_option("--token-file", options->token_file, "File with a supervisor's or admin's token; else IOC_TOKEN");
    sub->add_flag("--json", options->as_json, "One JSON object a line");
    sub->callback([options, action, &exit_code] { run(action, *options, exit_code); });
    return sub;
  };
  CLI::App* listed = add("list", "The newest dead letters", list);
  listed->add_option("--limit", options->limit, "How many")->check(CLI::Range(1, 500))->capture_default_str();
  listed->add_option("--reason", options->reason, "Only those with this reason");
  add("show", "One dead letter", show)->add_option("ID", options->ids, "Ids")->required();
  add("replay", "Once more through the same path", replay)->add_option("ID", options->ids, "Ids")->required();
}

}  // namespace ioc::commands
