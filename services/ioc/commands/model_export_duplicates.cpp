#include <fmt/format.h>

#include <boost/json.hpp>

#include "libs/http/client.h"
#include "services/ioc/commands/desk_reader.h"
#include "services/ioc/commands/model_export.h"
#include "services/ioc/commands/operators_reports.h"
#include "services/simulator/progress.h"

namespace ioc::commands {
namespace {

namespace json = boost::json;

constexpr std::size_t kReportsMax = 1'000'000;

class Export {
 public:
  explicit Export(DeskReader& desk) : x_desk(desk), x_progress("reports") {}

  Result<bool> add(const json::object& incident) {
    x_progress.show(0, fmt::format("{} incidents, {} reports", ++x_incidents, x_reports.reports()));
    x_reports.add_incident(incident);
    const std::string id = text_in(incident, "id"), target = "/v1/incidents/" + http::escape(id);
    if (text_in(incident, "reports") == "0") return true;
    const auto event = [&](const json::object& one) -> Result<bool> {
      x_reports.add_event(id, one);
      if (x_reports.reports() > kReportsMax) return corrupt(fmt::format("more than {} reports; narrow them with --since and --until", kReportsMax));
      return true;
    };
    const auto decision = [&](const json::object& one) -> Result<bool> {
      x_reports.add_decision(id, one);
      return true;
    };
    if (auto read = x_desk.each(target + "/events", "events", event); !read) return read.error();
    if (auto read = x_desk.each(target + "/decisions", "decisions", decision); !read) return read.error();
    return true;
  }

  // What was merged into an incident outside the time asked for, is together with that one's reports.
  Result<void> add_missing() {
    for (auto missing = x_reports.missing(); !missing.empty(); missing = x_reports.missing()) {
      for (const std::string& id : missing) {
        const auto incident = x_desk.find("/v1/incidents/" + http::escape(id));
        if (!incident) return incident.error();
        // Archived: what was merged into it is still one thing.
        if (auto added = add(incident->value_or(json::object{{"id", id}, {"reports", 0}})); !added) return added.error();
      }
    }
    return {};
  }

  [[nodiscard]] const OperatorsReports& reports() const { return x_reports; }
  [[nodiscard]] std::uint64_t incidents() const { return x_incidents; }
  void finish(const OperatorsReports::Labelled& made) {
    x_progress.finish(fmt::format("{} incidents, {} reports of those that operators handled, {} of them duplicates", x_incidents, made.reports, made.duplicates));
  }

 private:
  DeskReader& x_desk;
  simulator::Progress x_progress;
  OperatorsReports x_reports;
  std::uint64_t x_incidents = 0;
};

Result<void> export_duplicates(const ExportOptions& options) {
  auto desk = DeskReader::open(options.desk, options.token_file);
  if (!desk) return desk.error();
  Export made(*desk);
  const auto add = [&](const json::object& incident) { return made.add(incident); };
  if (auto read = desk->each(options.incidents(), "incidents", add); !read) return read;
  if (auto read = made.add_missing(); !read) return read;
  const OperatorsReports::Labelled labelled = made.reports().labelled();
  if (auto written = write_export(options, labelled.csv); !written) return written;
  made.finish(labelled);
  if (!options.json) return {};
  const json::object summary{{"incidents", made.incidents()}, {"reports", labelled.reports}, {"duplicates", labelled.duplicates}};
  fmt::print("{}\n", json::serialize(summary));
  return {};
}

}  // namespace

void add_export_duplicates(CLI::App& group, int& exit_code) {
  add_export(group, "export-duplicates", "Reports of the incidents that operators handled, with which of them they left or put together, as labelled data",
             export_duplicates, exit_code);
}

}  // namespace ioc::commands
