#include "services/ioc/commands/why.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>
#include <string>

#include "libs/http/client.h"
#include "libs/triage/parts/situations.h"
#include "services/ioc/commands/desk_reader.h"

namespace ioc::commands {
namespace {

namespace json = boost::json;

void add_line(std::string& out, std::string_view label, const std::string& value) {
  if (!value.empty()) out += fmt::format("    {:<9} {}\n", label, value);
}

std::string verdict_words(const std::string& verdict) {
  constexpr std::pair<std::string_view, std::string_view> kWords[] = {
      {"joined", "đã gộp vào"}, {"suggested", "chỉ gợi ý: chưa đủ điểm để tự gộp"}, {"rejected:score", "không gộp: điểm quá thấp"},
      {"rejected:not_the_best", "không gộp: có sự việc khác hợp hơn"},
      {"rejected:taken_apart", "không gộp: người trực đã tách hai việc này"}};
  for (const auto& [name, words] : kWords) {
    if (verdict == name) return fmt::format("{} ({})", words, verdict);
  }
  return verdict;
}

// Points are thousandths of log-odds: what the situation is worth, then what each piece of evidence adds.
void describe_candidate(std::string& out, const json::object& candidate) {
  out += fmt::format("    candidate {}  score {}  {}\n", text_in(candidate, "incident_id"), text_in(candidate, "score"),
                     verdict_words(text_in(candidate, "verdict")));
  const json::array* parts = list_in(candidate, "parts");
  if (!parts) return;
  for (const json::value& part : *parts) {
    if (!part.is_object()) continue;
    const std::string points = text_in(part.get_object(), "points"), name = text_in(part.get_object(), "name");
    const std::string_view words = triage::words_for(name);
    out += fmt::format("              {:>6}  {}{}\n", points.starts_with('-') ? points : "+" + points, name,
                       words.empty() ? "" : fmt::format(": {}", words));
  }
}

// A sub-kind stands within a category of the same decision: "sub_kind" in "category", "model_sub_kind" in "model_category".
std::string sub_kind_words(const json::object& details, std::string_view name, const std::string& code, const SubKindNames& names) {
  const std::string_view category = name == "sub_kind" ? "category" : name == "sub_kind_before" ? "category_before" : name == "model_sub_kind" ? "model_category" : "";
  if (category.empty()) return code;
  const auto known = names.find(text_in(details, category) + "/" + code);
  return known == names.end() ? code : fmt::format("{} ({})", known->second, code);
}

void describe_details(std::string& out, const json::object& decision, const SubKindNames& names) {
  const json::value* details = decision.if_contains("details");
  if (!details || !details->is_object()) return;
  for (const auto& [name, value] : details->get_object()) {
    const std::string text = value.is_string() ? std::string(value.get_string()) : json::serialize(value);
    out += fmt::format("    {:<9} {}\n", std::string_view(name), sub_kind_words(details->get_object(), name, text, names));
  }
}

void describe_decision(std::string& out, const json::object& decision, const SubKindNames& names) {
  out += fmt::format("{}  {}", text_in(decision, "at"), text_in(decision, "kind"));
  if (const std::string reason = text_in(decision, "reason"); !reason.empty()) out += ": " + reason;
  out += fmt::format("\n    {:<9} partition {}, offset {}, number {}\n", "record", text_in(decision, "partition"),
                     text_in(decision, "offset"), text_in(decision, "index"));
  const std::string feed = text_in(decision, "feed");
  add_line(out, "event", text_in(decision, "event_id") + (feed.empty() ? "" : " (" + feed + ")"));
  add_line(out, "rule", text_in(decision, "rule"));
  add_line(out, "actor", text_in(decision, "actor"));
  if (const json::array* candidates = list_in(decision, "candidates")) {
    for (const json::value& candidate : *candidates) {
      if (candidate.is_object()) describe_candidate(out, candidate.get_object());
    }
  }
  describe_details(out, decision, names);
  add_line(out, "result", text_in(decision, "command_result"));
  if (const std::string bundle = text_in(decision, "bundle"); !bundle.empty()) add_line(out, "bundle", bundle.substr(0, 16));
}

// Empty where the desk has none to tell: then codes are shown.
SubKindNames sub_kind_names(DeskReader& desk) {
  SubKindNames names;
  const auto take = [&names](const json::object& category) -> Result<bool> {
    const json::array* all = list_in(category, "sub_kinds");
    for (std::size_t i = 0; all && i < all->size(); ++i) {
      if (const auto* one = (*all)[i].if_object()) names[text_in(category, "code") + "/" + text_in(*one, "code")] = text_in(*one, "name");
    }
    return true;
  };
  if (!desk.each("/v1/categories", "categories", take)) names.clear();
  return names;
}

struct Options {
  std::string incident, desk, token_file;
  bool json = false;
};

int run(const Options& options) {
  json::array all;
  const auto take = [&all](const json::object& decision) -> Result<bool> {
    all.emplace_back(decision);
    return true;
  };
  auto desk = DeskReader::open(options.desk, options.token_file);
  if (!desk) return failed_at_desk(desk.error());
  const auto read = desk->each("/v1/incidents/" + http::escape(options.incident) + "/decisions", "decisions", take);
  if (!read) return failed_at_desk(read.error());
  const json::value decisions = json::object{{"decisions", std::move(all)}};
  fmt::print("{}", options.json ? json::serialize(decisions) + "\n" : describe_decisions(decisions, sub_kind_names(*desk)));
  return 0;
}

}  // namespace

std::string describe_decisions(const json::value& answer, const SubKindNames& names) {
  const json::array* decisions = answer.is_object() ? list_in(answer.get_object(), "decisions") : nullptr;
  if (!decisions || decisions->empty()) return "no decisions\n";
  std::string out;
  for (const json::value& decision : *decisions) {
    if (decision.is_object()) describe_decision(out, decision.get_object(), names);
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
