#include "libs/geo/check.h"

#include <algorithm>
#include <cstdlib>
#include <set>

#include "libs/geo/distance.h"
#include "libs/geo/point_index.h"
#include "libs/text/fold.h"

namespace ioc::geo {
namespace {

std::string titled(const Unit& unit) { return unit.code.str() + " " + unit.name; }

class Checker {
 public:
  Checker(const Units& units, std::uint32_t points) : x_units(units), x_points(points) {}

  UnitsCheck run() {
    x_out.units = x_units.all().size();
    for (const Unit& unit : x_units.all()) check_unit(unit);
    std::vector<EventTime> starts{kSinceEver};
    starts.insert(starts.end(), x_units.changes().begin(), x_units.changes().end());
    for (const EventTime from : starts) check_epoch(from);
    return std::move(x_out);
  }

 private:
  bool is_leaf(const Unit& unit) const {
    const auto leaves = x_units.leaves_at(unit.valid_from);
    return std::find(leaves.begin(), leaves.end(), &unit) != leaves.end();
  }

  void check_unit(const Unit& unit) {
    const bool leaf = is_leaf(unit);
    if (unit.outline.empty()) {
      ++x_out.outlines_missing;
      x_out.notes.push_back(titled(unit) + ": has no outline; it is found by name and near its centre only");
    } else {
      const auto rings = x_units.outline(unit);
      if (!PointIndex({&rings}).holds(0, {unit.centre.lat_e7, unit.centre.lon_e7})) {
        x_out.faults.push_back(titled(unit) + ": its lat, lon lies outside its outline");
      }
    }
    if (unit.valid_until == kForEver) return;
    ++x_out.ended;
    x_out.ended_with_successors += unit.successors.empty() ? 0 : 1;
    if (leaf) check_successors(unit);
  }

  void check_successors(const Unit& unit) {
    if (unit.successors.empty())
      return x_out.faults.push_back(titled(unit) + ": ends without a successor; add it to successors.csv");
    x_out.split += unit.successors.size() > 1 ? 1 : 0;
    const auto found = x_units.at(unit.centre, unit.valid_until, 0);
    const bool agree =
        found && std::find(unit.successors.begin(), unit.successors.end(), found->unit->code) != unit.successors.end();
    ++(agree ? x_out.successors_agree : x_out.successors_disagree);
    if (!agree) {
      x_out.notes.push_back(titled(unit) + ": its centre then lies in " +
                            (found ? titled(*found->unit) : std::string("no unit")) +
                            ", which is none of its successors");
    }
  }

  void check_epoch(EventTime from) {
    EpochCheck epoch;
    epoch.from = from;
    epoch.units = x_units.valid_at(from).size();
    std::vector<std::vector<Ring>> leaves, roots;
    for (const Unit* unit : x_units.leaves_at(from)) {
      ++epoch.leaves;
      ++epoch.leaves_by_kind[unit->kind];
      epoch.without_outline += unit->outline.empty() ? 1 : 0;
      if (!unit->outline.empty()) leaves.push_back(x_units.outline(*unit));
    }
    for (const Unit* unit : x_units.valid_at(from)) {
      if (unit->parent.empty() && !unit->outline.empty()) roots.push_back(x_units.outline(*unit));
    }
    count_lines(leaves, epoch);
    count_points(leaves, roots.empty() ? leaves : roots, epoch);
    compare_areas(from);
    count_names(from, epoch);
    const std::string when = "from " + format_time(from).substr(0, 10) + ": ";
    if (epoch.points_in_more > 0)
      x_out.faults.push_back(when + std::to_string(epoch.points_in_more) + " points lie in more than one unit");
    if (epoch.points_in_none * 1'000 > epoch.points_in_one) {
      x_out.faults.push_back(when + std::to_string(epoch.points_in_none) +
                             " points within the outlines lie in no unit");
    }
    if (epoch.lines_of_more > 0)
      x_out.faults.push_back(when + std::to_string(epoch.lines_of_more) +
                             " stretches of line bound more than two units");
    x_out.epochs.push_back(std::move(epoch));
  }

  static void count_lines(const std::vector<std::vector<Ring>>& leaves, EpochCheck& epoch) {
    using End = std::pair<std::int32_t, std::int32_t>;
    std::map<std::pair<End, End>, std::size_t> sides;
    for (const auto& rings : leaves) {
      for (const Ring& ring : rings) {
        for (std::size_t i = 0; i < ring.size(); ++i) {
          const Point a = ring[i], b = ring[i + 1 < ring.size() ? i + 1 : 0];
          const End from{a.lat_e7, a.lon_e7}, to{b.lat_e7, b.lon_e7};
          ++sides[{std::min(from, to), std::max(from, to)}];
        }
      }
    }
    for (const auto& [edge, count] : sides) {
      ++(count == 1 ? epoch.lines_of_one : count == 2 ? epoch.lines_of_two : epoch.lines_of_more);
    }
  }

  static PointIndex index_of(const std::vector<std::vector<Ring>>& shapes) {
    std::vector<const std::vector<Ring>*> all;
    for (const auto& rings : shapes) all.push_back(&rings);
    return PointIndex(all);
  }

  void count_points(const std::vector<std::vector<Ring>>& leaves, const std::vector<std::vector<Ring>>& roots,
                    EpochCheck& epoch) const {
    const PointIndex of_leaves = index_of(leaves), of_roots = index_of(roots);
    const auto [south_west, north_east] = x_units.bounds();
    const std::int64_t rows = std::int64_t{north_east.lat_e7} - south_west.lat_e7,
                       columns = std::int64_t{north_east.lon_e7} - south_west.lon_e7;
    for (std::int64_t i = 0; i < x_points; ++i) {
      for (std::int64_t j = 0; j < x_points; ++j) {
        const Point point{static_cast<std::int32_t>(south_west.lat_e7 + (2 * i + 1) * rows / (2 * x_points)),
                          static_cast<std::int32_t>(south_west.lon_e7 + (2 * j + 1) * columns / (2 * x_points))};
        if (!of_roots.inside(point)) continue;
        std::size_t holders = 0;
        for (std::uint32_t shape = 0; shape < leaves.size(); ++shape) holders += of_leaves.holds(shape, point) ? 1 : 0;
        ++(holders == 0 ? epoch.points_in_none : holders == 1 ? epoch.points_in_one : epoch.points_in_more);
      }
    }
  }

  // A whole is as large as its parts together, within 1 %.
  void compare_areas(EventTime from) {
    std::map<std::string, std::int64_t> parts;
    std::set<std::string> incomplete;
    for (const Unit* unit : x_units.valid_at(from)) {
      if (unit->outline.empty())
        incomplete.insert(unit->parent.str());
      else
        parts[unit->parent.str()] += area_milli_km2(x_units.outline(*unit));
    }
    for (const Unit* unit : x_units.valid_at(from)) {
      const auto found = parts.find(unit->code.str());
      if (unit->outline.empty() || found == parts.end() || incomplete.contains(unit->code.str())) continue;
      const std::int64_t whole = area_milli_km2(x_units.outline(*unit));
      if (std::abs(whole - found->second) * 100 > whole) {
        x_out.faults.push_back("from " + format_time(from).substr(0, 10) + ": " + titled(*unit) + ": its outline has " +
                               std::to_string(whole / 1'000) + " km², its parts " +
                               std::to_string(found->second / 1'000));
      }
    }
  }

  // Asks as a report would: each name of each unit up to now, with its kind word.
  void count_names(EventTime from, EpochCheck& epoch) {
    std::set<std::string> own, former;
    for (const Unit* unit : x_units.leaves_at(from)) {
      if (x_units.kind_has_words(unit->kind)) own.insert(text::fold(unit->name));
    }
    for (const Unit& unit : x_units.all()) {
      if (unit.valid_from > from || !x_units.kind_has_words(unit.kind) || !is_leaf(unit)) continue;
      former.insert(text::fold(unit.name));
      for (const auto& alias : unit.aliases) former.insert(text::fold(alias));
    }
    for (const auto& name : own) {
      former.erase(name);
      if (x_units.named_in(name, from).unit != nullptr) continue;
      ++epoch.names_ambiguous;
      if (x_units.changes().empty() || from == x_units.changes().back())
        x_out.notes.push_back("\"" + name + "\" alone does not say which unit");
    }
    for (const auto& name : former) epoch.former_names_ambiguous += x_units.named_in(name, from).unit == nullptr ? 1 : 0;
  }

  const Units& x_units;
  std::uint32_t x_points;
  UnitsCheck x_out;
};

}  // namespace

std::int64_t area_milli_km2(const std::vector<Ring>& rings) {
  if (rings.empty() || rings.front().empty()) return 0;
  const Point origin = rings.front().front();
  std::int64_t north = 0, count = 0;
  for (const Ring& ring : rings) {
    for (const Point point : ring) north += point.lat_e7, ++count;
  }
  const std::int64_t cosine = cosine_q30(static_cast<std::int32_t>(north / count));
  // In metres from the first point: a unit of 1,000 km gives products of 1e12, thousands of them fit.
  const auto y = [&](Point p) { return (std::int64_t{p.lat_e7} - origin.lat_e7) * kMicroCmPerE7 / 100'000'000; };
  const auto x = [&](Point p) {
    return ((std::int64_t{p.lon_e7} - origin.lon_e7) * kMicroCmPerE7 / 100'000'000 * cosine) >> 30;
  };
  std::int64_t sum = 0;
  for (const Ring& ring : rings) {
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const Point a = ring[i], b = ring[i + 1 < ring.size() ? i + 1 : 0];
      sum += x(a) * y(b) - x(b) * y(a);
    }
  }
  return std::abs(sum) / 2 / 1'000;
}

UnitsCheck check(const Units& units, std::uint32_t points) { return Checker(units, points).run(); }

}  // namespace ioc::geo
