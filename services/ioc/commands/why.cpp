#include "services/ioc/commands/why.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>
#include <string>

#include "libs/http/client.h"
#include "libs/process/exit_code.h"
#include "libs/process/read_token.h"
#include "libs/triage/parts/situations.h"

namespace ioc::commands {
namespace {

namespace json = boost::json;

std::string text_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (!value || value->is_null()) return {};
  return value->is_string() ? std::string(value->get_string()) : json::serialize(*value);
}

const json::array* list_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value && value->is_array() ? &value->get_array() : nullptr;
}

void add_line(std::string& out, std::string_view label, const std::string& value) {
  if (!value.empty()) out += fmt::format("    {:<9} {}\n", label, value);
}

std::string verdict_words(const std::string& verdict) {
  constexpr std::pair<std::string_view, std::string_view> kWords[] = {
      {"joined", "đã gộp vào"}, {"suggested", "chỉ gợi ý: chưa đủ điểm để tự gộp"}, {"rejected:score", "không gộp: điểm quá thấp"},
      {"rejected:not_the_best", "không gộp: có vụ việc khác hợp hơn"},
      {"rejected:taken_apart", "không gộp: người trực đã tách hai việc này"}};
  for (const auto& [name, words] : kWords) {
    if (verdict == name) return fmt::format("{} ({})", words, verdict);
  }
  return verdict;
}

// Points are thousandths of log-odds: what the situation is worth, then what each piece of evidence adds.
void describe_candidate(std::string& out, const json::object& candidate) {
  out += fmt::format("    candidate {}  score {}  {}\n", text_of(candidate, "incident_id"), text_of(candidate, "score"),
                     verdict_words(text_of(candidate, "verdict")));
  const json::array* parts = list_of(candidate, "parts");
  if (!parts) return;
  for (const json::value& part : *parts) {
    if (!part.is_object()) continue;
    const std::string points = text_of(part.get_object(), "points"), name = text_of(part.get_object(), "name");
    const std::string_view words = triage::words_for(name);
    out += fmt::format("              {:>6}  {}{}\n", points.starts_with('-') ? points : "+" + points, name,
                       words.empty() ? "" : fmt::format(": {}", words));
  }
}

void describe_details(std::string& out, const json::object& decision) {
  const json::value* details = decision.if_contains("details");
  if (!details || !details->is_object()) return;
  for (const auto& [name, value] : details->get_object()) {
    out += fmt::format("    {:<9} {}\n", std::string_view(name), value.is_string() ? std::string(value.get_string()) : json::serialize(value));
  }
}

void describe_decision(std::string& out, const json::object& decision) {
  out += fmt::format("{}  {}", text_of(decision, "at"), text_of(decision, "kind"));
  if (const std::string reason = text_of(decision, "reason"); !reason.empty()) out += ": " + reason;
  out += fmt::format("\n    {:<9} partition {}, offset {}, number {}\n", "record", text_of(decision, "partition"),
                     text_of(decision, "offset"), text_of(decision, "index"));
  const std::string feed = text_of(decision, "feed");
  add_line(out, "event", text_of(decision, "event_id") + (feed.empty() ? "" : " (" + feed + ")"));
  add_line(out, "rule", text_of(decision, "rule"));
  add_line(out, "actor", text_of(decision, "actor"));
  if (const json::array* candidates = list_of(decision, "candidates")) {
    for (const json::value& candidate : *candidates) {
      if (candidate.is_object()) describe_candidate(out, candidate.get_object());
    }
  }
  describe_details(out, decision);
  add_line(out, "result", text_of(decision, "command_result"));
  if (const std::string bundle = text_of(decision, "bundle"); !bundle.empty()) add_line(out, "bundle", bundle.substr(0, 16));
}

struct Options {
  std::string incident, desk, token_file;
  bool json = false;
};

int refused(const Options& options, const http::ClientResponse& answer) {
  if (answer.status == 404) {
    fmt::print(stderr, "{} knows no incident {}\n", options.desk, options.incident);
    return process::kFoundWrong;
  }
  if (answer.status == 401 || answer.status == 403) {
    fmt::print(stderr, "{} answered {}: give a token with the role operator (--token-file FILE or IOC_TOKEN)\n", options.desk, answer.status);
    return process::kConfiguration;
  }
  fmt::print(stderr, "{} answered {}: {}\n", options.desk, answer.status, answer.body.substr(0, 500));
  return answer.status >= 500 ? process::kMissing : process::kFoundWrong;
}

// Adds a page's decisions; `cursor` becomes that of the page behind it, empty at the end.
bool add_page(std::string_view body, json::array& all, std::string& cursor) {
  boost::system::error_code error;
  const json::value page = json::parse(body, error);
  const json::array* decisions = !error && page.is_object() ? list_of(page.get_object(), "decisions") : nullptr;
  if (!decisions) return false;
  all.insert(all.end(), decisions->begin(), decisions->end());
  cursor = text_of(page.get_object(), "next");
  return true;
}

int run(const Options& options) {
  const auto token = process::read_token(options.token_file);
  if (!token) {
    fmt::print(stderr, "{}\n", token.error().message);
    return process::kConfiguration;
  }
  http::Client desk(options.desk);
  if (!token->empty()) desk.set_token(*token);
  json::array all;
  std::string cursor;
  do {
    const std::string target = "/v1/incidents/" + http::escape(options.incident) + "/decisions";
    const auto answer = desk.request("GET", cursor.empty() ? target : target + "?cursor=" + http::escape(cursor));
    if (!answer) {
      fmt::print(stderr, "{}\n", answer.error().message);
      return process::kMissing;
    }
    if (answer->status != 200) return refused(options, *answer);
    if (!add_page(answer->body, all, cursor)) {
      fmt::print(stderr, "{} answered with something that is no page of decisions\n", options.desk);
      return process::kFoundWrong;
    }
  } while (!cursor.empty());
  const json::value decisions = json::object{{"decisions", std::move(all)}};
  fmt::print("{}", options.json ? json::serialize(decisions) + "\n" : describe_decisions(decisions));
  return 0;
}

}  // namespace

std::string describe_decisions(const json::value& answer) {
  const json::array* decisions = answer.is_object() ? list_of(answer.get_object(), "decisions") : nullptr;
  if (!decisions || decisions->empty()) return "no decisions\n";
  std::string out;
  for (const json::value& decision : *decisions) {
    if (decision.is_object()) describe_decision(out, decision.get_object());
  }
  return out;
}

void add_why_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("why", "Every decision about an incident, with its reason");
  command->add_option("incident", options->incident, "Id of the incident")->required();
  command->add_option("--desk", options->desk, "Where the desk is: http://HOST:PORT")->required();
  command->add_option("--token-file", options->token_file, "File with the token (else IOC_TOKEN)");
  command->add_flag("--json", options->json, "The desk's answer as it is, in one line");
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace ioc::commands
