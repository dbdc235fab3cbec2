#include "libs/triage/memory/incident_book.h"

#include <algorithm>

#include "libs/base/assert.h"
#include "libs/geo/cells.h"
#include "libs/triage/codec.h"

namespace ioc::triage {
namespace {

// Which incidents are in memory: loading reads these and not the closed ones of a year.
const std::string kOpenPrefix = "open/";
const std::string kParkedPrefix = "parked/";
const std::string kPastPrefix = "past/";

std::string past_key(std::uint64_t place, const IncidentId& incident) { return kPastPrefix + big_endian(place) + incident.str(); }

// `shown`, and those that its further reports said; each once.
std::vector<std::uint64_t> addresses_of(const OpenIncident& incident, std::uint64_t shown) {
  std::vector<std::uint64_t> all;
  if (shown != 0) all.push_back(shown);
  for (const Mark& mark : incident.beside.marks) {
    if (mark.kind == MarkKind::Address && std::find(all.begin(), all.end(), mark.value) == all.end()) all.push_back(mark.value);
  }
  return all;
}

// Where late events find it.
std::vector<std::uint64_t> past_places_of(OpenIncident& incident) {
  const Incident& shown = incident.shown;
  std::vector<std::uint64_t> all;
  if (shown.position && shown.position_source != PositionSource::PlaceName) all.push_back(IncidentBook::past_cell(geo::cell_of(*shown.position)));
  for (const std::uint64_t address : addresses_of(incident, incident.address_known.of(shown.address))) all.push_back(IncidentBook::past_address(address));
  for (const RepeatKey& repeat : incident.beside.repeats) all.push_back(IncidentBook::past_repeat(repeat.key));
  return all;
}

}  // namespace

bool belongs_in_memory(const OpenIncident& incident, LogTime now) {
  if (incident.beside.parked) return false;
  if (incident.shown.state == IncidentState::Merged) return !incident.beside.top_closed;
  if (incident.shown.state != IncidentState::Closed) return true;
  return incident.beside.forget_at.ms() > now.ms();
}

OpenIncident& IncidentBook::add(IncidentId id) {
  auto incident = std::make_unique<OpenIncident>();
  incident->shown.id = id;
  incident->beside.opened_number = ++opened_count;
  incident->stored_as_open = true;
  x_state.put(Table::Other, kOpenPrefix + id.str(), "");
  OpenIncident& added = *incident;
  IOC_ASSERT(x_by_id.emplace(id.str(), std::move(incident)).second);
  return added;
}

OpenIncident* IncidentBook::in_memory(const IncidentId& id) {
  const auto at = x_by_id.find(id.str());
  return at == x_by_id.end() ? nullptr : at->second.get();
}

OpenIncident* IncidentBook::find(const IncidentId& id) {
  if (OpenIncident* found = in_memory(id)) return found;
  const auto bytes = x_state.get(Table::Incidents, id.str());
  if (!bytes) return nullptr;
  auto incident = std::make_unique<OpenIncident>();
  if (!decode_stored(*bytes, *incident)) return nullptr;
  if (incident->beside.in_past) incident->past_places = past_places_of(*incident);
  OpenIncident* read = x_by_id.emplace(id.str(), std::move(incident)).first->second.get();
  x_to_settle.push_back(read);
  return read;
}

void IncidentBook::enter(Rows& rows, std::uint64_t key, OpenIncident& incident) {
  Row& row = rows[key];
  const auto at = std::lower_bound(row.begin(), row.end(), incident.beside.opened_number,
                                   [](const OpenIncident* a, std::uint64_t number) { return a->beside.opened_number < number; });
  row.insert(at, &incident);
}

void IncidentBook::leave(Rows& rows, std::uint64_t key, const OpenIncident& incident) {
  const auto found = rows.find(key);
  if (found == rows.end()) return;
  Row& row = found->second;
  const auto at = std::lower_bound(row.begin(), row.end(), incident.beside.opened_number,
                                   [](const OpenIncident* a, std::uint64_t number) { return a->beside.opened_number < number; });
  if (at != row.end() && *at == &incident) row.erase(at);
  if (row.empty()) rows.erase(found);
}

void IncidentBook::leave_indexes(OpenIncident& incident) {
  if (!incident.indexed) return;
  if (incident.indexed_cell) leave(x_cells, incident.cell, incident);
  for (const std::uint64_t address : incident.indexed_addresses) leave(x_addresses, address, incident);
  incident.indexed_addresses.clear();
  for (const RepeatKey& repeat : incident.beside.repeats) {
    const auto at = x_repeats.find(repeat.key);
    if (at != x_repeats.end() && at->second == &incident) x_repeats.erase(at);
  }
  incident.indexed = false;
}

void IncidentBook::derive(OpenIncident& incident) {
  const Incident& shown = incident.shown;
  incident.type = incident.first_type = type_hash(shown.category.str(), shown.sender_category);
  if (shown.overruled && !shown.overruled->category.empty()) {
    incident.first_type = type_hash(shown.overruled->category.str(), shown.sender_category);
  }
  incident.address = incident.address_known.of(shown.address);
  incident.indexed_cell = shown.position.has_value() && shown.position_source != PositionSource::PlaceName;
  if (incident.indexed_cell) incident.cell = geo::cell_of(*shown.position);
}

void IncidentBook::index_addresses(OpenIncident& incident) {
  std::vector<std::uint64_t> all = addresses_of(incident, incident.address);
  if (all == incident.indexed_addresses) return;
  for (const std::uint64_t address : incident.indexed_addresses) leave(x_addresses, address, incident);
  for (const std::uint64_t address : all) enter(x_addresses, address, incident);
  incident.indexed_addresses = std::move(all);
}

void IncidentBook::index(OpenIncident& incident) {
  leave_indexes(incident);
  if (!incident.stored_as_open) {
    incident.stored_as_open = true;
    x_state.put(Table::Other, kOpenPrefix + incident.shown.id.str(), "");
  }
  if (incident.beside.in_past) list_in_past(incident, false);
  derive(incident);
  if (incident.indexed_cell) enter(x_cells, incident.cell, incident);
  index_addresses(incident);
  for (const RepeatKey& repeat : incident.beside.repeats) {
    if (repeat.owned) x_repeats[repeat.key] = &incident;
  }
  incident.indexed = true;
}

void IncidentBook::mark_unwritten(OpenIncident& incident) {
  if (incident.unwritten) return;
  incident.unwritten = true;
  x_unwritten.push_back(&incident);
}

void IncidentBook::set_timer(OpenIncident& incident, std::int64_t at_ms) {
  incident.timer_ms = at_ms;
  // Most events only put a clock off: it is listed again when its old time has come (next_due).
  if (at_ms == 0 || incident.listed_ms == 0 || at_ms < incident.listed_ms) list_timer(incident, at_ms);
}

void IncidentBook::list_timer(OpenIncident& incident, std::int64_t at_ms) {
  if (incident.listed_ms != 0) x_timers.erase({incident.listed_ms, &incident});
  incident.listed_ms = at_ms;
  if (at_ms != 0) x_timers.insert({at_ms, &incident});
}

void IncidentBook::settle(LogTime now) {
  std::sort(x_to_settle.begin(), x_to_settle.end());
  x_to_settle.erase(std::unique(x_to_settle.begin(), x_to_settle.end()), x_to_settle.end());
  for (OpenIncident* incident : x_to_settle) {
    if (!belongs_in_memory(*incident, now)) leave_memory(*incident);
    else if (!incident->indexed) index(*incident);
  }
  x_to_settle.clear();
}

void IncidentBook::leave_memory(OpenIncident& incident) {
  const std::string id = incident.shown.id.str();
  set_timer(incident, 0);
  leave_indexes(incident);
  if (incident.stored_as_open) {
    for (RepeatKey& repeat : incident.beside.repeats) repeat.owned = false;
    const bool closed = incident.shown.state == IncidentState::Closed;
    // By a clock: late events still belong to it. Citizens' alone: a further report may say that it happens again.
    if (closed && (!incident.beside.closed_by_record || incident.beside.repeats.empty())) list_in_past(incident, true);
    mark_unwritten(incident);
    x_state.erase(Table::Other, kOpenPrefix + id);
  }
  if (incident.unwritten) {
    if (incident.beside.in_past) list_in_past(incident, true);  // its times may have grown
    x_state.put(Table::Incidents, id, encode_stored(incident));
    x_unwritten.erase(std::find(x_unwritten.begin(), x_unwritten.end(), &incident));
  }
  x_by_id.erase(id);
}

void IncidentBook::forget(OpenIncident& incident) {
  const std::string id = incident.shown.id.str();
  std::erase(x_to_settle, &incident);
  std::erase(x_unwritten, &incident);
  set_timer(incident, 0);
  leave_indexes(incident);
  if (incident.beside.in_past) list_in_past(incident, false);
  x_state.erase(Table::Other, kOpenPrefix + id);
  x_state.erase(Table::Incidents, id);
  x_by_id.erase(id);
}

const IncidentBook::Row* IncidentBook::in_cell(std::uint64_t cell) const {
  const auto at = x_cells.find(cell);
  return at == x_cells.end() ? nullptr : &at->second;
}

const IncidentBook::Row* IncidentBook::at_address(std::uint64_t address) const {
  const auto at = x_addresses.find(address);
  return at == x_addresses.end() ? nullptr : &at->second;
}

OpenIncident* IncidentBook::repeating(const std::string& key) const {
  const auto at = x_repeats.find(key);
  return at == x_repeats.end() ? nullptr : at->second;
}

RepeatKey* IncidentBook::repeat_of(OpenIncident& incident, const std::string& key) {
  for (RepeatKey& repeat : incident.beside.repeats) {
    if (repeat.key == key) return &repeat;
  }
  return nullptr;
}

void IncidentBook::own_repeat(OpenIncident& incident, const std::string& key, std::int64_t at_ms) {
  OpenIncident*& owner = x_repeats[key];
  if (owner == &incident) return;
  if (owner) {
    if (RepeatKey* given_up = repeat_of(*owner, key)) given_up->owned = false;
    mark_unwritten(*owner);
  }
  owner = &incident;
  if (RepeatKey* had = repeat_of(incident, key)) had->owned = true;
  else incident.beside.repeats.push_back({key, {at_ms, 0, 0}, true});
  mark_unwritten(incident);
}

void IncidentBook::list_in_past(OpenIncident& incident, bool listed) {
  const std::vector<std::uint64_t> before = std::move(incident.past_places);
  incident.past_places = listed ? past_places_of(incident) : std::vector<std::uint64_t>();
  incident.beside.in_past = listed;
  x_any_past = x_any_past || listed;
  const auto& now = incident.past_places;
  for (const std::uint64_t place : before) {
    if (std::find(now.begin(), now.end(), place) == now.end()) x_state.erase(Table::Other, past_key(place, incident.shown.id));
  }
  Writer times;
  times.signed_number(incident.shown.opened_at.ms());
  times.signed_number(incident.shown.last_event_at.ms());
  const std::string value = times.take();
  for (const std::uint64_t place : now) x_state.put(Table::Other, past_key(place, incident.shown.id), value);
}

std::vector<OpenIncident*> IncidentBook::in_past(std::uint64_t place, EventTime when, Millis reach, std::uint64_t most) {
  if (!x_any_past) return {};
  const std::string prefix = kPastPrefix + big_endian(place);
  std::vector<IncidentId> ids;
  x_state.scan(Table::Other, prefix, [&](std::string_view key, std::string_view value) {
    Reader in(value);
    const std::int64_t opened = in.signed_number(), last = in.signed_number();
    if (when.ms() >= opened - reach.count() && when.ms() <= last + reach.count()) ids.emplace_back(key.substr(prefix.size()));
    return ids.size() < most;
  });
  std::vector<OpenIncident*> found;
  for (const IncidentId& id : ids) {
    if (OpenIncident* incident = find(id)) found.push_back(incident);
  }
  return found;
}

void IncidentBook::park(OpenIncident& incident) {
  incident.beside.parked = true;
  ++x_parked;
  x_state.put(Table::Other, kParkedPrefix + big_endian(incident.beside.opened_number), incident.shown.id.str());
  mark_unwritten(incident);
  settle_at_end(incident);
}

OpenIncident* IncidentBook::unpark() {
  std::string entry, id;
  x_state.scan(Table::Other, kParkedPrefix, [&](std::string_view key, std::string_view value) {
    entry = key;
    id = value;
    return false;
  });
  if (entry.empty()) return nullptr;
  x_state.erase(Table::Other, entry);
  --x_parked;
  OpenIncident* incident = find(IncidentId(id));
  if (!incident) return nullptr;
  incident->beside.parked = false;
  mark_unwritten(*incident);
  settle_at_end(*incident);
  return incident;
}

OpenIncident* IncidentBook::next_due() {
  while (!x_timers.empty()) {
    OpenIncident& first = *x_timers.begin()->incident;
    if (first.listed_ms == first.timer_ms) return &first;
    list_timer(first, first.timer_ms);
  }
  return nullptr;
}

void IncidentBook::take_delta() {
  for (OpenIncident* incident : x_unwritten) {
    incident->unwritten = false;
    x_state.put(Table::Incidents, incident->shown.id.str(), encode_stored(*incident));
  }
  x_unwritten.clear();
}

bool IncidentBook::load(LogTime now, std::string& bad_key) {
  x_state.scan(Table::Other, kParkedPrefix, [&](std::string_view, std::string_view) { return ++x_parked > 0; });
  x_state.scan(Table::Other, kPastPrefix, [&](std::string_view, std::string_view) { return !(x_any_past = true); });
  std::vector<std::string> ids;
  x_state.scan(Table::Other, kOpenPrefix, [&](std::string_view key, std::string_view) {
    ids.emplace_back(key.substr(kOpenPrefix.size()));
    return true;
  });
  std::vector<OpenIncident*> loaded;
  for (const std::string& id : ids) {
    bad_key = id;
    const auto value = x_state.get(Table::Incidents, id);
    auto incident = std::make_unique<OpenIncident>();
    if (!value || !decode_stored(*value, *incident) || !belongs_in_memory(*incident, now)) return false;
    incident->stored_as_open = true;
    loaded.push_back(x_by_id.emplace(id, std::move(incident)).first->second.get());
  }
  // In order of opening, so that every insertion into a row is at its end.
  std::sort(loaded.begin(), loaded.end(),
            [](const auto* a, const auto* b) { return a->beside.opened_number < b->beside.opened_number; });
  for (OpenIncident* incident : loaded) index(*incident);
  return true;
}

}  // namespace ioc::triage
