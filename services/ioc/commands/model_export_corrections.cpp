// What operators corrected (the command reclassify) of what the model is asked for, as texts that `ioc model train` and
// `ioc evaluate categories` read: category, further categories, danger to life. A severity is not among it: rules give it
// (severity.yaml), nothing learns it. One row an incident: the last word counts.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <set>

#include "libs/http/client.h"
#include "libs/text/fold.h"
#include "services/ioc/commands/desk_reader.h"
#include "services/ioc/commands/model_export.h"
#include "services/simulator/csv.h"
#include "services/simulator/progress.h"

namespace ioc::commands {
namespace {

namespace json = boost::json;

constexpr std::size_t kRowsMax = 1'000'000;

std::set<std::string> names_in(const json::object& incident, std::string_view key) {
  std::set<std::string> names;
  if (const json::array* list = list_in(incident, key)) {
    for (const json::value& one : *list) names.emplace(one.is_string() ? one.get_string() : "");
  }
  return names;
}

bool corrected(const json::object& incident) {
  const bool category = text_in(incident, "category") != text_in(incident, "model_category");
  const bool danger = text_in(incident, "emergency") != text_in(incident, "model_emergency");
  const bool further = names_in(incident, "further_categories") != names_in(incident, "model_further_categories");
  return !text_in(incident, "classified_by").empty() && (category || further || danger);
}

struct Words {
  std::string id, text;
};

Words words_of(const json::object& report) { return {text_in(report, "event_id"), words_in(report)}; }

class Export {
 public:
  explicit Export(DeskReader& desk) : x_desk(desk), x_progress("corrections") {}

  Result<bool> add(const json::object& incident) {
    x_progress.show(0, fmt::format("{} incidents, {} corrected", ++x_incidents, x_rows));
    if (!corrected(incident)) return true;
    const auto words = shown_words(incident);
    if (!words) return words.error();
    if (words->text.empty()) {
      ++x_without_text;
      return true;
    }
    if (++x_rows > kRowsMax) return corrupt(fmt::format("more than {} corrections; narrow them with --since and --until", kRowsMax));
    add_row(incident, *words);
    return true;
  }

  void finish() { x_progress.finish(fmt::format("{} incidents, {} corrected, {} of them without words", x_incidents, x_rows, x_without_text)); }
  [[nodiscard]] const std::string& csv() const { return x_csv; }
  [[nodiscard]] json::object summary() const { return {{"incidents", x_incidents}, {"rows", x_rows}, {"without_text", x_without_text}}; }

 private:
  // Of the report whose words the incident shows: the one it is known by, or the newest telling of it.
  Result<Words> shown_words(const json::object& incident) {
    const std::string opener = text_in(incident, "opened_by"), summary = text_in(incident, "summary");
    Words found;
    const auto look = [&](const json::object& event) -> Result<bool> {
      if (text_in(event, "feed") != "citizen-reports") return true;
      const std::string text = text_in(event, "text"), told = text.empty() ? text_in(event, "title") : text;
      const bool shown = !summary.empty() && told.starts_with(summary);
      if (shown || text_in(event, "event_id") == opener) found = words_of(event);
      return !shown;
    };
    const auto read = x_desk.each(fmt::format("/v1/incidents/{}/events", http::escape(text_in(incident, "id"))), "events", look);
    if (!read) return read.error();
    return found;
  }

  void add_row(const json::object& incident, const Words& words) {
    std::string further_ones;
    for (const std::string& one : names_in(incident, "further_categories")) further_ones += (further_ones.empty() ? "" : ";") + one;
    const bool folded = text::fold_keep_marks(words.text) == text::fold(words.text);
    x_csv += fmt::format("{},{},{},{},{},{}\n", simulator::csv_field(words.id), simulator::csv_quoted(words.text), simulator::csv_field(text_in(incident, "category")),
                         simulator::csv_field(further_ones), text_in(incident, "emergency"), folded ? "folded" : "");
  }

  DeskReader& x_desk;
  simulator::Progress x_progress;
  std::string x_csv = "id,text,category,further_categories,emergency,register\n";
  std::uint64_t x_incidents = 0, x_rows = 0, x_without_text = 0;
};

Result<void> export_corrections(const ExportOptions& options) {
  auto desk = DeskReader::open(options.desk, options.token_file);
  if (!desk) return desk.error();
  Export made(*desk);
  const auto add = [&](const json::object& incident) { return made.add(incident); };
  if (auto read = desk->each(options.incidents(), "incidents", add); !read) return read;
  made.finish();
  if (auto written = write_export(options, made.csv()); !written) return written;
  if (options.json) fmt::print("{}\n", json::serialize(made.summary()));
  return {};
}

}  // namespace

void add_export_corrections(CLI::App& group, int& exit_code) {
  add_export(group, "export-corrections", "Categories that operators corrected, as texts to train with", export_corrections, exit_code);
}

}  // namespace ioc::commands
