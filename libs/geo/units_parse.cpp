// The units folder, read: units.csv, successors.csv, kinds.csv, outlines*.json. Other files are not ours.
#include <algorithm>
#include <chrono>
#include <limits>
#include <map>

#include "libs/geo/degrees.h"
#include "libs/geo/table.h"
#include "libs/geo/units_data.h"

namespace ioc::geo {
namespace {

// "2025-07-01" at midnight +07:00.
std::optional<EventTime> date_of(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  int parts[3] = {0, 0, 0}, part = 0;
  for (const char c : text) {
    if (c == '-') {
      ++part;
    } else if (c < '0' || c > '9' || part > 2) {
      return std::nullopt;
    } else {
      parts[part] = parts[part] * 10 + (c - '0');
    }
  }
  using namespace std::chrono;
  const year_month_day date{year(parts[0]), month(static_cast<unsigned>(parts[1])),
                            day(static_cast<unsigned>(parts[2]))};
  if (!date.ok() || parts[0] < 1900 || parts[0] > 2999) return std::nullopt;
  return EventTime(Millis(sys_days(date).time_since_epoch()) - kVietnamOffset);
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t bar = text.find('|');
    if (bar != 0) out.emplace_back(text.substr(0, bar));
    text.remove_prefix(bar == std::string_view::npos ? text.size() : bar + 1);
  }
  return out;
}

bool is_outlines(std::string_view name) { return name.starts_with("outlines") && name.ends_with(".json"); }

class Parser {
 public:
  Parser(Outlines& outlines, std::vector<Kind>& kinds, std::vector<Unit>& units, std::vector<std::string>& problems)
      : x_outlines(outlines), x_kinds(kinds), x_units(units), x_problems(problems) {}

  void read(const std::vector<std::pair<std::string, std::string>>& files) {
    const std::string* units = nullptr;
    const std::string* successors = nullptr;
    for (const auto& [name, content] : files) {
      if (name == "units.csv") units = &content;
      if (name == "successors.csv") successors = &content;
      if (name == "kinds.csv") read_kinds(content);
      if (is_outlines(name)) read_outlines(name, content, x_outlines, x_problems);
    }
    if (units == nullptr) return x_problems.push_back("units.csv: is not there; put it into the units folder");
    read_units(*units);
    check_times();
    check_parents();
    if (successors != nullptr && x_problems.empty()) read_successors(*successors);
  }

 private:
  void wrong(std::string_view file, std::size_t line, const std::string& what) {
    x_problems.push_back(std::string(file) + ":" + std::to_string(line) + ": " + what);
  }

  bool has_columns(std::string_view file, const Table& table, std::initializer_list<std::string_view> names) {
    bool all = true;
    for (const auto name : names) {
      if (table.column(name) != Table::npos) continue;
      wrong(file, 1, "column `" + std::string(name) + "` is missing");
      all = false;
    }
    return all;
  }

  void read_kinds(const std::string& content) {
    const Table table = read_table("kinds.csv", content, x_problems);
    if (!has_columns("kinds.csv", table, {"kind", "label", "words"})) return;
    for (const Row& row : table.rows) {
      x_kinds.push_back({row.fields[table.column("kind")], row.fields[table.column("label")],
                         split(row.fields[table.column("words")])});
      if (x_kinds.back().kind.empty()) wrong("kinds.csv", row.line, "has no kind");
    }
  }

  void read_units(const std::string& content) {
    const Table table = read_table("units.csv", content, x_problems);
    if (!has_columns(
            "units.csv", table,
            {"code", "name", "kind", "parent", "valid_from", "valid_until", "aliases", "lat", "lon", "outline"})) {
      return;
    }
    for (const Row& row : table.rows) read_unit(table, row);
    if (table.rows.empty()) wrong("units.csv", 1, "has no units");
    std::sort(x_units.begin(), x_units.end(), [](const Unit& a, const Unit& b) {
      return a.code != b.code ? a.code < b.code : a.valid_from < b.valid_from;
    });
  }

  EventTime read_date(std::string_view file, const Row& row, std::size_t column, EventTime otherwise) {
    const auto& text = row.fields[column];
    if (text.empty()) return otherwise;
    const auto at = date_of(text);
    if (!at) wrong(file, row.line, "`" + text + "` is no date; write YYYY-MM-DD, or nothing for without end");
    return at.value_or(otherwise);
  }

  void read_unit(const Table& table, const Row& row) {
    const auto field = [&](std::string_view name) -> const std::string& { return row.fields[table.column(name)]; };
    Unit unit;
    unit.code = UnitCode(field("code"));
    unit.name = field("name");
    unit.kind = field("kind");
    unit.parent = UnitCode(field("parent"));
    unit.valid_from = read_date("units.csv", row, table.column("valid_from"), kSinceEver);
    unit.valid_until = read_date("units.csv", row, table.column("valid_until"), kForEver);
    unit.aliases = split(field("aliases"));
    unit.outline = field("outline");
    if (unit.code.empty() || unit.name.empty() || unit.kind.empty())
      wrong("units.csv", row.line, "code, name and kind must be given");
    if (unit.valid_until <= unit.valid_from) wrong("units.csv", row.line, "ends before it starts");
    if (!unit.outline.empty() && !x_outlines.contains(unit.outline)) {
      wrong("units.csv", row.line, "outline `" + unit.outline + "` is in no outline file");
    }
    const auto lat = degrees_e7(field("lat"), 90), lon = degrees_e7(field("lon"), 180);
    if (!lat || !lon) wrong("units.csv", row.line, "lat and lon must be decimal degrees of a point inside");
    unit.centre = {lat.value_or(0), lon.value_or(0), 0};
    x_units.push_back(std::move(unit));
  }

  void check_times() {
    for (std::size_t i = 1; i < x_units.size(); ++i) {
      if (x_units[i].code == x_units[i - 1].code && x_units[i].valid_from < x_units[i - 1].valid_until) {
        x_problems.push_back("units.csv: " + x_units[i].code.str() + ": two rows are valid at the same time");
      }
    }
  }

  [[nodiscard]] const Unit* find(const UnitCode& code, EventTime when) const {
    for (auto unit = std::lower_bound(x_units.begin(), x_units.end(), code,
                                      [](const Unit&a, const UnitCode&b) { return a.code < b; });
         unit != x_units.end() && unit->code == code; ++unit) {
      if (unit->valid_from <= when && when < unit->valid_until) return &*unit;
    }
    return nullptr;
  }

  void check_parents() {
    for (const Unit& unit : x_units) {
      if (unit.parent.empty()) continue;
      if (unit.parent == unit.code || find(unit.parent, unit.valid_from) == nullptr ||
          find(unit.parent, unit.valid_until - Millis(1)) == nullptr) {
        x_problems.push_back("units.csv: " + unit.code.str() + ": parent " + unit.parent.str() +
                             " is not there all that time");
      }
    }
  }

  // date,code,successor: the unit of that code that ends on that date goes on in the successor. An empty successor says
  // that nothing follows.
  void read_successors(const std::string& content) {
    constexpr std::string_view kFile = "successors.csv";
    const Table table = read_table(kFile, content, x_problems);
    if (!has_columns(kFile, table, {"date", "code", "successor"})) return;
    for (const Row& row : table.rows) {
      const EventTime at = read_date(kFile, row, table.column("date"), kSinceEver);
      const UnitCode code(row.fields[table.column("code")]), next(row.fields[table.column("successor")]);
      const auto unit = std::find_if(x_units.begin(), x_units.end(),
                                     [&](const Unit& u) { return u.code == code && u.valid_until == at; });
      if (unit == x_units.end()) {
        wrong(kFile, row.line, "no unit " + code.str() + " ends on that date in units.csv");
      } else if (!next.empty() && find(next, at) == nullptr) {
        wrong(kFile, row.line, "successor " + next.str() + " is not valid on that date in units.csv");
      } else if (!next.empty()) {
        unit->successors.push_back(next);
      }
    }
    for (Unit& unit : x_units) {
      std::sort(unit.successors.begin(), unit.successors.end());
      unit.successors.erase(std::unique(unit.successors.begin(), unit.successors.end()), unit.successors.end());
    }
  }

  Outlines& x_outlines;
  std::vector<Kind>& x_kinds;
  std::vector<Unit>& x_units;
  std::vector<std::string>& x_problems;
};

std::vector<EventTime> changes_of(const std::vector<Unit>& units) {
  std::vector<EventTime> out;
  for (const Unit& unit : units) {
    out.push_back(unit.valid_from);
    out.push_back(unit.valid_until);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  std::erase_if(out, [](EventTime at) { return at == kSinceEver || at == kForEver; });
  return out;
}

Epoch epoch_of(const std::vector<Unit>& units, EventTime from) {
  Epoch out;
  out.from = from;
  std::vector<UnitCode> parents;
  for (std::uint32_t i = 0; i < units.size(); ++i) {
    if (units[i].valid_from > from || from >= units[i].valid_until) continue;
    out.valid.push_back(i);
    if (!units[i].parent.empty()) parents.push_back(units[i].parent);
  }
  std::sort(parents.begin(), parents.end());
  for (const std::uint32_t i : out.valid) {
    if (std::binary_search(parents.begin(), parents.end(), units[i].code)) continue;
    out.leaves.push_back(i);
    (units[i].outline.empty() ? out.shapeless : out.shaped).push_back(i);
  }
  return out;
}

Units::Bounds bounds_of(const std::vector<Unit>& units, const Outlines& outlines) {
  constexpr std::int32_t kMin = std::numeric_limits<std::int32_t>::min(),
                         kMax = std::numeric_limits<std::int32_t>::max();
  Units::Bounds out{{kMax, kMax}, {kMin, kMin}};
  const auto take = [&out](std::int32_t lat, std::int32_t lon) {
    out.south_west = {std::min(out.south_west.lat_e7, lat), std::min(out.south_west.lon_e7, lon)};
    out.north_east = {std::max(out.north_east.lat_e7, lat), std::max(out.north_east.lon_e7, lon)};
  };
  for (const Unit& unit : units) {
    take(unit.centre.lat_e7, unit.centre.lon_e7);
    if (unit.outline.empty()) continue;
    for (const Ring& ring : outlines.find(unit.outline)->second) {
      for (const Point point : ring) take(point.lat_e7, point.lon_e7);
    }
  }
  return out;
}

}  // namespace

bool Units::reads(std::string_view file_name) {
  return file_name == "units.csv" || file_name == "successors.csv" || file_name == "kinds.csv" ||
         is_outlines(file_name);
}

std::shared_ptr<const Units> Units::parse(const std::vector<std::pair<std::string, std::string>>& files,
                                          std::vector<std::string>& problems) {
  auto data = std::make_unique<Data>();
  std::vector<std::string> own;
  Parser(data->outlines, data->kinds, data->units, own).read(files);
  problems.insert(problems.end(), own.begin(), own.end());
  if (!own.empty()) return nullptr;
  data->changes = changes_of(data->units);
  data->epochs.push_back(epoch_of(data->units, kSinceEver));
  for (const EventTime at : data->changes) data->epochs.push_back(epoch_of(data->units, at));
  // Epochs whose leaves have the same outlines (a renamed unit) share one index.
  std::map<std::vector<std::string>, std::shared_ptr<const PointIndex>> indexes;
  for (Epoch& epoch : data->epochs) {
    std::vector<std::string> names;
    std::vector<const std::vector<Ring>*> shapes;
    for (const std::uint32_t unit : epoch.shaped) {
      names.push_back(data->units[unit].outline);
      shapes.push_back(&data->outlines.find(names.back())->second);
    }
    auto& index = indexes[names];
    if (index == nullptr) index = std::make_shared<const PointIndex>(shapes);
    epoch.index = index;
  }
  data->names = std::make_unique<PlaceNames>(data->units, data->kinds);
  data->bounds = bounds_of(data->units, data->outlines);
  return std::shared_ptr<const Units>(new Units(std::move(data)));
}

}  // namespace ioc::geo
