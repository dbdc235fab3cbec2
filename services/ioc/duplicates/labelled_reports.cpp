#include "services/ioc/duplicates/labelled_reports.h"

#include <fmt/format.h>

#include <fstream>
#include <functional>

#include "libs/base/time.h"
#include "libs/geo/degrees.h"
#include "libs/text/fold.h"
#include "libs/triage/cut.h"
#include "libs/triage/stages/classify_text.h"
#include "services/simulator/csv.h"

namespace ioc::duplicates {
namespace {

constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;
constexpr std::size_t kDayBytes = 10, kMistakesMax = 20;

class Rows {
 public:
  Rows(LabelledFile& into, simulator::CsvReader& reader) : x_into(into), x_reader(reader) {}

  Result<void> run() {
    if (auto found = find_columns(); !found) return found;
    while (x_mistakes.size() < kMistakesMax) {
      auto next = x_reader.next(x_fields);
      if (!next) {
        x_mistakes.push_back(x_into.path + ": " + next.error().message);
        break;
      }
      if (!*next) break;
      row();
    }
    if (x_mistakes.empty()) return {};
    std::string all;
    for (const std::string& mistake : x_mistakes) all += (all.empty() ? "" : "\n") + mistake;
    return corrupt(all);
  }

 private:
  struct Column {
    const char* name;
    bool needed;
    std::optional<std::size_t> at;
  };
  enum Name { Id, OpenedAt, ClosedAt, Category, Latitude, Longitude, Address, Text, IsDuplicate, DuplicateOf };

  Result<void> find_columns() {
    std::string missing;
    for (Column& column : x_columns) {
      column.at = x_reader.column(column.name);
      if (column.needed && !column.at) missing += (missing.empty() ? "" : ", ") + std::string(column.name);
    }
    x_into.labelled = x_columns[IsDuplicate].at.has_value();
    if (missing.empty()) return {};
    return corrupt(fmt::format("{}:1: the first line names no column {}; needed are id,opened_at,closed_at,category,latitude,longitude,"
                               "address,text, and for counting is_duplicate,duplicate_of", x_into.path, missing));
  }

  [[nodiscard]] const std::string& field(Name name) const {
    static const std::string none;
    return x_columns[name].at ? x_fields[*x_columns[name].at] : none;
  }

  void mistake(Name name, const std::string& what) {
    x_mistakes.push_back(fmt::format("{}:{}: {}: \"{}\" {}", x_into.path, x_reader.line(), x_columns[name].name, field(name).substr(0, 80), what));
  }

  void row() {
    LabelledReport report;
    report.id = field(Id);
    if (report.id.empty()) mistake(Id, "is empty; give each report an id of its own");
    read_times(report);
    read_position(report);
    report.category = triage::cut(field(Category), triage::kSenderCategoryBytes);
    report.address = field(Address);
    report.text = field(Text);
    const std::string& marked = field(IsDuplicate);
    if (marked == "1" || marked == "true") report.is_duplicate = true;
    else if (!marked.empty() && marked != "0" && marked != "false") mistake(IsDuplicate, "is none of 0, 1, true, false");
    report.duplicate_of = field(DuplicateOf);
    x_into.reports.push_back(std::move(report));
  }

  void read_times(LabelledReport& report) {
    const auto opened = moment_of(field(OpenedAt));
    if (opened) report.opened_ms = *opened;
    else mistake(OpenedAt, "is no time; write 2011-07-01T01:32:33 or 2011-07-01");
    if (field(ClosedAt).empty()) return;
    const auto closed = moment_of(field(ClosedAt));
    if (!closed) return mistake(ClosedAt, "is no time; write 2011-07-01T01:32:33 or 2011-07-01, or leave it empty");
    report.closed_ms = *closed + (field(ClosedAt).size() == kDayBytes ? kDayMs : 0);
  }

  // No place, 0,0 and what lies outside are no position, as at the intake.
  void read_position(LabelledReport& report) {
    const std::string &latitude = field(Latitude), &longitude = field(Longitude);
    if (latitude.empty() && longitude.empty()) return;
    const auto lat = geo::degrees_e7(latitude, 180), lon = geo::degrees_e7(longitude, 180);
    if (!lat) return mistake(Latitude, "is no number of degrees; write 42.2715, or leave both empty");
    if (!lon) return mistake(Longitude, "is no number of degrees; write -71.0772, or leave both empty");
    constexpr std::int32_t kPole = 900'000'000;
    if ((*lat == 0 && *lon == 0) || *lat > kPole || *lat < -kPole) return;
    report.position = Position{*lat, *lon, 0};
  }

  LabelledFile& x_into;
  simulator::CsvReader& x_reader;
  std::vector<std::string> x_fields, x_mistakes;
  Column x_columns[10] = {{"id", true, {}}, {"opened_at", true, {}}, {"closed_at", true, {}}, {"category", true, {}}, {"latitude", true, {}},
                          {"longitude", true, {}}, {"address", true, {}}, {"text", true, {}}, {"is_duplicate", false, {}}, {"duplicate_of", false, {}}};
};

}  // namespace

std::optional<std::int64_t> moment_of(const std::string& text) {
  const auto parsed = parse_time_or_day(text);
  return parsed ? std::optional(parsed->ms) : std::nullopt;
}

Result<std::set<std::string>> read_types(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return permanent("cannot read " + path + "; give a file with one type a line");
  std::set<std::string> types;
  for (std::string line; std::getline(in, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (!line.empty()) types.insert(text::fold(triage::cut(line, triage::kSenderCategoryBytes)));
  }
  return types;
}

bool is_of_types(const LabelledReport& report, const std::set<std::string>& types) { return types.contains(text::fold(report.category)); }

Result<LabelledFile> read_labelled(const std::string& path) {
  auto reader = simulator::CsvReader::open(path);
  if (!reader) return reader.error();
  LabelledFile file{path, {}, false};
  if (auto read = Rows(file, *reader).run(); !read) return read.error();
  return file;
}

}  // namespace ioc::duplicates
