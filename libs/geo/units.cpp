#include "libs/geo/units.h"

#include <algorithm>

#include "libs/geo/distance.h"
#include "libs/geo/units_data.h"

namespace ioc::geo {

const Epoch& Units::Data::epoch(EventTime when) const {
  const auto next = std::upper_bound(changes.begin(), changes.end(), when);
  return epochs[static_cast<std::size_t>(next - changes.begin())];
}

bool Units::Data::is_leaf(std::uint32_t unit) const {
  const auto& leaves = epoch(units[unit].valid_from).leaves;
  return std::binary_search(leaves.begin(), leaves.end(), unit);
}

const Unit* Units::Data::by_code(const UnitCode& code, EventTime when) const {
  for (auto unit = std::lower_bound(units.begin(), units.end(), code,
                                    [](const Unit&a, const UnitCode&b) { return a.code < b; });
       unit != units.end() && unit->code == code; ++unit) {
    if (unit->valid_from <= when && when < unit->valid_until) return &*unit;
  }
  return nullptr;
}

Units::Units(std::unique_ptr<Data> data) : x_data(std::move(data)) {}
Units::~Units() = default;

std::optional<Units::Found> Units::at(Position position, EventTime when, std::int64_t limit_dm) const {
  const Epoch& epoch = x_data->epoch(when);
  const Point point{position.lat_e7, position.lon_e7};
  if (const auto shape = epoch.index->inside(point)) {
    return Found{&x_data->units[epoch.shaped[*shape]], PlaceState::Inside, 0};
  }
  std::optional<Found> best;
  if (const auto near = epoch.index->nearest(point, limit_dm)) {
    best = Found{&x_data->units[epoch.shaped[near->shape]], PlaceState::Nearest, near->distance_dm};
  }
  for (const std::uint32_t i : epoch.shapeless) {
    const std::int64_t distance = distance_dm(position, x_data->units[i].centre);
    if (distance <= limit_dm && (!best || distance < best->distance_dm)) {
      best = Found{&x_data->units[i], PlaceState::Nearest, distance};
    }
  }
  return best;
}

const Unit* Units::by_code(const UnitCode& code, EventTime when) const { return x_data->by_code(code, when); }

std::vector<const Unit*> Units::now_of(const Unit& unit, EventTime when) const {
  std::vector<const Unit*> open{&unit}, out;
  while (!open.empty()) {
    const Unit* next = open.back();
    open.pop_back();
    if (when < next->valid_until) {
      if (next->valid_from <= when) out.push_back(next);
      continue;
    }
    for (const UnitCode& code : next->successors) {
      if (const Unit* successor = by_code(code, next->valid_until)) open.push_back(successor);
    }
  }
  std::sort(out.begin(), out.end());  // by code: they lie in x_data->units
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

namespace {

// What a mention may mean, and what became of it.
struct Reading {
  const Unit* named = nullptr;
  const Unit* leaf = nullptr;  // nullptr: it went into several
};

// The one that followed; of several the one that still has the name.
const Unit* leaf_meant(const std::vector<const Unit*>& now, const std::vector<std::uint32_t>& named,
                       const std::vector<Unit>& units) {
  if (now.size() == 1) return now.front();
  const auto same = std::find_if(now.begin(), now.end(), [&](const Unit* unit) {
    return std::binary_search(named.begin(), named.end(), static_cast<std::uint32_t>(unit - units.data()));
  });
  return same == now.end() ? nullptr : *same;
}

void take_leaf(const std::vector<Reading>& readings, std::vector<const Unit*>& leaves) {
  for (const Reading& reading : readings) leaves.push_back(reading.leaf);
  std::sort(leaves.begin(), leaves.end());
  leaves.erase(std::unique(leaves.begin(), leaves.end()), leaves.end());
}

}  // namespace

const Unit* Units::named_in(std::string_view folded_text, EventTime when) const {
  const auto& units = x_data->units;
  const auto mentions = x_data->names->mentions(folded_text);
  std::vector<UnitCode> wholes;  // larger units in the text: they tell namesakes apart
  for (const auto& mention : mentions) {
    for (const std::uint32_t i : mention.units) {
      if (units[i].valid_from <= when && !x_data->is_leaf(i)) wholes.push_back(units[i].code);
    }
  }
  const Unit* answer = nullptr;
  for (const auto& mention : mentions) {
    std::vector<Reading> readings, in_wholes;
    for (const std::uint32_t i : mention.units) {
      if (units[i].valid_from > when || !x_data->is_leaf(i)) continue;
      readings.push_back({&units[i], leaf_meant(now_of(units[i], when), mention.units, units)});
      if (std::find(wholes.begin(), wholes.end(), units[i].parent) != wholes.end())
        in_wholes.push_back(readings.back());
    }
    if (readings.empty()) continue;
    std::vector<const Unit*> leaves;
    take_leaf(readings, leaves);
    if (leaves.size() > 1 && !in_wholes.empty()) {
      leaves.clear();
      take_leaf(in_wholes, leaves);
    }
    if (leaves.size() != 1 || leaves.front() == nullptr || (answer != nullptr && answer != leaves.front()))
      return nullptr;
    answer = leaves.front();
  }
  return answer;
}

bool Units::kind_has_words(std::string_view kind) const {
  return std::any_of(x_data->kinds.begin(), x_data->kinds.end(),
                     [kind](const Kind& known) { return known.kind == kind && !known.words.empty(); });
}

std::span<const Unit> Units::all() const { return x_data->units; }

std::vector<const Unit*> Units::valid_at(EventTime when) const {
  std::vector<const Unit*> out;
  for (const std::uint32_t i : x_data->epoch(when).valid) out.push_back(&x_data->units[i]);
  return out;
}

std::vector<const Unit*> Units::leaves_at(EventTime when) const {
  std::vector<const Unit*> out;
  for (const std::uint32_t i : x_data->epoch(when).leaves) out.push_back(&x_data->units[i]);
  return out;
}

std::span<const EventTime> Units::changes() const { return x_data->changes; }

std::vector<Ring> Units::outline(const Unit& unit) const {
  const auto found = x_data->outlines.find(unit.outline);
  return found == x_data->outlines.end() ? std::vector<Ring>{} : found->second;
}

Units::Bounds Units::bounds() const { return x_data->bounds; }

bool Units::within_bounds(Position position) const {
  const auto& [south_west, north_east] = x_data->bounds;
  const Reach reach = reach_of(position, kSliverLimitDm);
  return position.lat_e7 >= south_west.lat_e7 - reach.lat_e7 && position.lat_e7 <= north_east.lat_e7 + reach.lat_e7 &&
         position.lon_e7 >= south_west.lon_e7 - reach.lon_e7 && position.lon_e7 <= north_east.lon_e7 + reach.lon_e7;
}

}  // namespace ioc::geo
