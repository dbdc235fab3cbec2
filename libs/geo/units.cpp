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

std::vector<const Unit*> Units::Data::now_of(const Unit& unit, EventTime when) const {
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

std::vector<const Unit*> Units::now_of(const Unit& unit, EventTime when) const { return x_data->now_of(unit, when); }

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

bool Units::may_name(std::string_view text) const { return x_data->names->may_name(text); }

Units::Named Units::named_in(std::string_view text, EventTime when) const { return named_in(Sighted(text), when); }

Units::Named Units::named_in(const Sighted& sighted, EventTime when) const {
  const auto namings = x_data->names->namings(sighted);
  if (namings.empty()) return {};
  const Named exact = x_data->clear_one(sighted, namings, when, false);
  if (exact.unit != nullptr || std::none_of(namings.begin(), namings.end(), [](const auto& one) { return one.typo; })) return exact;
  if (exact.to != 0) return {};  // names that are right and not clear: a typo makes them no clearer
  return x_data->clear_one(sighted, namings, when, true);
}

// `to` without a unit: something was named, and it is not clear.
Units::Named Units::Data::clear_one(const Sighted& text, const std::vector<PlaceNames::Naming>& namings, EventTime when, bool typo) const {
  std::vector<UnitCode> wholes;  // larger units in the text: they tell namesakes apart
  for (const auto& naming : namings) {
    for (const std::uint32_t i : naming.units) {
      if (units[i].valid_from <= when && !is_leaf(i)) wholes.push_back(units[i].code);
    }
  }
  Named answer;
  for (const auto& naming : namings) {
    if (naming.typo != typo) continue;
    std::vector<Reading> readings, in_wholes;
    for (const std::uint32_t i : naming.units) {
      if (units[i].valid_from > when || !is_leaf(i)) continue;
      readings.push_back({&units[i], leaf_meant(now_of(units[i], when), naming.units, units)});
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
    const std::uint32_t from = text.words[naming.first_word].from, to = text.words[naming.first_word + naming.words - 1].to;
    if (leaves.size() != 1 || leaves.front() == nullptr || (answer.unit != nullptr && answer.unit != leaves.front()))
      return {nullptr, typo, from, to};
    if (answer.unit == nullptr) answer = {leaves.front(), typo, from, to};
  }
  return answer;
}

std::vector<Mention> Units::mentions_in(std::string_view text, Form form, EventTime when) const {
  const Sighted sighted(text);
  auto out = geo::mentions_in(sighted, form);
  // Units that are known by name are told by name; what only looks like one stays without codes.
  for (const auto& naming : x_data->names->namings(sighted)) {
    Mention mention;
    mention.from = sighted.words[naming.first_word].from;
    mention.to = sighted.words[naming.first_word + naming.words - 1].to;
    std::erase_if(out, [&](const Mention& one) {
      return (one.kind == MentionKind::Unit || one.kind == MentionKind::Whole) && one.from < mention.to && mention.from < one.to;
    });
    for (const std::uint32_t i : naming.units) {
      mention.kind = x_data->is_leaf(i) ? MentionKind::Unit : MentionKind::Whole;
      if (x_data->units[i].valid_from > when) continue;
      for (const Unit* now : now_of(x_data->units[i], when)) mention.units.push_back(now->code);
    }
    std::sort(mention.units.begin(), mention.units.end());
    mention.units.erase(std::unique(mention.units.begin(), mention.units.end()), mention.units.end());
    mention.key = sighted.words.joined(naming.first_word, naming.words);
    mention.first_word = static_cast<std::uint32_t>(naming.first_word);
    mention.words = static_cast<std::uint32_t>(naming.words);
    out.push_back(std::move(mention));
  }
  std::stable_sort(out.begin(), out.end(), [](const Mention& a, const Mention& b) { return a.from < b.from; });
  return out;
}

std::optional<std::int64_t> Units::distance_to(const Unit& leaf, Position position, EventTime when, std::int64_t limit_dm) const {
  const Epoch& epoch = x_data->epoch(when);
  const auto number = static_cast<std::uint32_t>(&leaf - x_data->units.data());
  const auto shape = std::lower_bound(epoch.shaped.begin(), epoch.shaped.end(), number);
  if (shape == epoch.shaped.end() || *shape != number) return std::nullopt;
  return epoch.index->distance(static_cast<std::uint32_t>(shape - epoch.shaped.begin()), {position.lat_e7, position.lon_e7}, limit_dm);
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
