#include "services/ioc/commands/evaluate_duplicates.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <memory>
#include <sstream>

#include "libs/process/exit_code.h"
#include "services/ioc/duplicates/score.h"
#include "services/simulator/csv.h"
#include "services/simulator/progress.h"

namespace ioc::commands {
namespace {

namespace json = boost::json;
using duplicates::Counts;

struct Options {
  std::string file, model, decisions, from, until, rule, only_types;
  bool json = false;
};

double rounded(double share) { return static_cast<double>(static_cast<std::int64_t>(share * 10'000 + 0.5)) / 10'000; }

json::object json_of(const Counts& counts) {
  return {{"reports", counts.reports}, {"marked", counts.marked}, {"joined", counts.joined}, {"right", counts.right},
          {"precision", rounded(counts.precision())}, {"recall", rounded(counts.recall())}, {"f1", rounded(counts.f1())}};
}

json::object json_of(const duplicates::Score& score) {
  json::object out = json_of(score.all);
  out["suggested"] = score.suggested;
  out["suggested_marked"] = score.suggested_marked;
  out["pairs"] = score.pairs;
  out["pairs_joined"] = score.pairs_joined;
  out["labelled_joins"] = score.labelled_joins;
  out["labelled_joins_right"] = score.labelled_joins_right;
  json::object categories;
  for (const auto& [name, counts] : score.by_category) categories[name] = json_of(counts);
  out["categories"] = std::move(categories);
  return out;
}

std::string line_of(const std::string& name, const Counts& counts) {
  return fmt::format("{:<48} {:>8} {:>8} {:>8} {:>8}   {:>6.3f} {:>6.3f} {:>6.3f}\n", name.substr(0, 48), counts.reports, counts.marked, counts.joined,
                     counts.right, counts.precision(), counts.recall(), counts.f1());
}

std::string describe(const duplicates::Score& score) {
  std::string out = fmt::format("{:<48} {:>8} {:>8} {:>8} {:>8}   {:>6} {:>6} {:>6}\n", "category", "reports", "marked", "joined", "right", "prec.", "recall", "F1");
  std::vector<std::pair<std::string, Counts>> rows;
  for (const auto& [name, counts] : score.by_category) {
    if (counts.marked + counts.joined > 0) rows.emplace_back(name, counts);
  }
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.second.marked > b.second.marked; });
  for (const auto& [name, counts] : rows) out += line_of(name, counts);
  out += line_of("all", score.all);
  out += fmt::format("suggested, not joined: {}, of them marked {}\n", score.suggested, score.suggested_marked);
  out += fmt::format("pairs that name their original (at most 500 m, 60 days): {} of {} later ones joined to their cluster\n", score.pairs_joined, score.pairs);
  out += fmt::format("joins of reports in staff's clusters: {} of {} in the right one\n", score.labelled_joins_right, score.labelled_joins);
  return out;
}

bool write_decisions(const std::string& path, const duplicates::LabelledFile& file, const std::vector<duplicates::Played>& played) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << "id,decision,matched_id,score,situation\n";
  for (std::size_t row = 0; row < played.size(); ++row) {
    const duplicates::Played& one = played[row];
    out << simulator::csv_field(file.reports[row].id) << ',' << name_of(one.verdict) << ',' << (one.matched ? simulator::csv_field(file.reports[*one.matched].id) : "") << ','
        << one.score_permille << ',' << one.situation << '\n';
  }
  out.close();
  return static_cast<bool>(out);
}

// Exit code, or nothing.
std::optional<int> read_moment(const char* option, const std::string& text, std::int64_t& into) {
  if (text.empty()) return std::nullopt;
  const auto moment = duplicates::moment_of(text);
  if (!moment) {
    fmt::print(stderr, "{} {}: is no time; write 2011-09-01 or 2011-09-01T00:00:00\n", option, text);
    return process::kUsage;
  }
  into = *moment;
  return std::nullopt;
}

void count_suggested(const duplicates::LabelledFile& file, const std::vector<duplicates::Played>& played, const duplicates::Counted& of, duplicates::Score& score) {
  for (std::size_t row = 0; row < played.size(); ++row) {
    const auto& report = file.reports[row];
    if (played[row].verdict != duplicates::Verdict::Suggest || !of.holds(report)) continue;
    ++score.suggested;
    score.suggested_marked += report.is_duplicate ? 1 : 0;
  }
}

void print(const Options& options, const duplicates::Score& score) {
  if (!options.json) return fmt::print("{}", describe(score));
  fmt::print("{}\n", json::serialize(json_of(score)));
}

int play_and_count(const Options& options, const duplicates::LabelledFile& file, const std::string& model, const duplicates::Counted& of) {
  triage::BundleProblems problems;
  const auto bundle = duplicates::bundle_for(model, problems);
  if (!bundle) {
    for (const std::string& problem : problems.problems) fmt::print(stderr, "{}: {}\n", options.model, problem);
    return process::kConfiguration;
  }
  simulator::Progress bar("playing " + options.file);
  const auto show = [&](std::size_t done, std::size_t all) {
    bar.show(static_cast<double>(done) / static_cast<double>(all), fmt::format("{} of {} reports", done, all));
  };
  const auto played = duplicates::play(file, bundle, show);
  bar.finish(fmt::format("{} reports", played.size()));
  if (!options.decisions.empty() && !write_decisions(options.decisions, file, played)) {
    fmt::print(stderr, "cannot write {}; give a path that can be written\n", options.decisions);
    return process::kMissing;
  }
  duplicates::Score score = duplicates::score(file, duplicates::joins_of(played), of);
  count_suggested(file, played, of, score);
  print(options, score);
  return process::kDone;
}

int run(const Options& options) {
  duplicates::Counted of;
  if (const auto stop = read_moment("--from", options.from, of.from_ms)) return *stop;
  if (const auto stop = read_moment("--until", options.until, of.until_ms)) return *stop;
  if (!options.only_types.empty()) {
    auto types = duplicates::read_types(options.only_types);
    if (!types) {
      fmt::print(stderr, "{}\n", types.error().message);
      return process::kMissing;
    }
    of.types = std::move(types.value());
  }
  std::string model;
  if (!options.model.empty()) {
    std::ifstream in(options.model, std::ios::binary);
    std::ostringstream content;
    if (!in || !(content << in.rdbuf())) {
      fmt::print(stderr, "cannot read the model {}; make one with ioc model train-duplicates\n", options.model);
      return process::kMissing;
    }
    model = std::move(content).str();
  }
  const auto file = duplicates::read_labelled(options.file);
  if (!file) {
    fmt::print(stderr, "{}\n", file.error().message);
    return file.error().kind == ErrorKind::Corrupt ? process::kFoundWrong : process::kMissing;
  }
  if (options.rule.empty()) return play_and_count(options, *file, model, of);
  const bool same_type = options.rule == "same-type-24h";
  print(options, duplicates::score(*file, duplicates::naive_joins(*file, same_type, same_type ? 24 : 48), of));
  return process::kDone;
}

}  // namespace

void add_evaluate_duplicates(CLI::App& group, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = group.add_subcommand("duplicates", "A labelled file of reports through the real correlate stage, strictly online");
  command->add_option("FILE", options->file,
                      "Reports, CSV, plain or .gz, in the order in which they came: id,opened_at,closed_at,category,latitude,longitude,address,text, and to count "
                      "by is_duplicate (0 or 1) and duplicate_of (an id); times as 2011-07-01T01:32:33 or 2011-07-01")->required();
  command->add_option("--model", options->model, "A duplicates.yaml, such as the bundle's, or one made by `ioc model train-duplicates` (default: the careful prior for a new place)");
  command->add_option("--decisions", options->decisions, "Writes one row a report: id,decision,matched_id,score,situation");
  command->add_option("--from", options->from, "Count only reports opened since then (2011-09-01 or 2011-09-01T00:00:00); the earlier ones are played all the same");
  command->add_option("--until", options->until, "Count only reports opened before then");
  command->add_option("--only-types", options->only_types, "A file of types, one a line: count only their reports, such as those that `ioc model train-duplicates --leave-out` never saw");
  command->add_option("--rule", options->rule, "A naive rule in place of the stage: same-type-24h, any-type-48h (same address, still open)")
      ->check(CLI::IsMember({"same-type-24h", "any-type-48h"}));
  command->add_flag("--json", options->json, "One JSON object as the last line");
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace ioc::commands
