#include "services/desk/view/tables.h"

#include "libs/domain/wire.h"
#include "libs/text/fold.h"
#include "services/desk/view/applier.h"

namespace ioc::desk::view {

std::optional<std::string> Tables::get(store::Family family, std::string_view key) const {
  auto read = x_stored.get(family, key);
  return read ? std::move(*read) : std::nullopt;
}

void Tables::scan(store::Family family, std::string_view prefix, std::string_view from,
                  const std::function<bool(std::string_view key, std::string_view value)>& visit) const {
  const auto at = x_stored.iterate(family);
  for (at->seek(from); at->valid() && at->key().starts_with(prefix); at->next()) {
    if (!visit(at->key(), at->value())) return;
  }
}

std::shared_ptr<const Incident> Tables::incident(const IncidentId& id) const {
  const auto bytes = get(kIncidents, id.str());
  auto stored = bytes ? decode_stored_incident(*bytes) : std::nullopt;
  return stored ? std::make_shared<const Incident>(std::move(stored->incident)) : nullptr;
}

std::vector<std::shared_ptr<const Incident>> Tables::named(std::string_view beginning, std::size_t limit) const {
  std::set<std::string> ids;
  scan(kIncidents, beginning, beginning, [&](std::string_view id, std::string_view) {
    ids.emplace(id);
    return ids.size() < limit;
  });
  const std::string report = text::fold(beginning);
  scan(kReports, report, report, [&](std::string_view, std::string_view id) {
    if (ids.size() < limit) ids.emplace(id);
    return ids.size() < limit;
  });
  std::vector<std::shared_ptr<const Incident>> all;
  for (const std::string& id : ids) {
    if (auto found = incident(IncidentId(id))) all.push_back(std::move(found));
  }
  return all;
}

std::vector<Decision> Tables::decisions(const IncidentId& id, const std::optional<DecisionPlace>& after,
                                        std::size_t limit) const {
  std::vector<Decision> all;
  const std::string prefix = prefix_of(id.str());
  const std::string last = after ? decision_key(id.str(), *after) : prefix;
  scan(kDecisions, prefix, last, [&](std::string_view key, std::string_view value) {
    if (key == last) return true;
    if (auto decision = wire::decode_decision(value)) all.push_back(std::move(*decision));
    return all.size() < limit;
  });
  return all;
}

std::vector<Decision> Tables::decisions_of(const EventId& id, std::size_t limit) const {
  std::vector<Decision> all;
  const std::string prefix = prefix_of(id.str());
  scan(kEventDecisions, prefix, prefix, [&](std::string_view key, std::string_view incident) {
    const auto bytes = get(kDecisions, prefix_of(incident) + std::string(key.substr(prefix.size())));
    if (!bytes) return true;
    if (auto decision = wire::decode_decision(*bytes)) all.push_back(std::move(*decision));
    return all.size() < limit;
  });
  return all;
}

std::vector<EventId> Tables::members(const IncidentId& id, std::string_view after, std::size_t limit) const {
  std::vector<EventId> all;
  const std::string prefix = prefix_of(id.str());
  scan(kMembers, prefix, prefix + std::string(after), [&](std::string_view key, std::string_view) {
    const std::string_view event = key.substr(prefix.size());
    if (after.empty() || event != after) all.emplace_back(event);
    return all.size() < limit;
  });
  return all;
}

std::optional<StoredEvent> Tables::event(const EventId& id) const {
  const auto bytes = get(kEvents, id.str());
  const auto place = bytes ? place_of(*bytes) : std::nullopt;
  if (!place) return std::nullopt;
  auto event = wire::decode_event(std::string_view(*bytes).substr(kPlaceBytes));
  if (!event) return std::nullopt;
  return StoredEvent{*place, std::move(*event)};
}

std::optional<Outcome> Tables::outcome(const EventId& id) const {
  const auto bytes = get(kOutcomes, id.str());
  return bytes ? decode_outcome(*bytes) : std::nullopt;
}

std::optional<ReportStatus> Tables::status_of(const EventId& id) const {
  auto key = get(kStatusOfEvent, id.str());
  if (!key) {
    // A later revision of the same report has no status of its own.
    const auto known = event(id);
    if (!known) return std::nullopt;
    key = prefix_of(known->event.source.str()) + known->event.object.str();
  }
  const auto bytes = get(kStatuses, *key);
  if (!bytes) return std::nullopt;
  auto status = wire::decode_report_status(*bytes);
  return status ? std::optional(std::move(*status)) : std::nullopt;
}

std::optional<DeadLetter> Tables::dead_letter(std::string_view event_or_letter_id) const {
  const auto bytes = get(kDeadLetters, event_or_letter_id);
  if (!bytes) return std::nullopt;
  auto letter = wire::decode_dead_letter(*bytes);
  return letter ? std::optional(std::move(*letter)) : std::nullopt;
}

std::optional<CommandState> Tables::command(const CommandId& id) const {
  const auto bytes = get(kCommands, id.str());
  if (!bytes || bytes->empty()) return std::nullopt;
  const std::string_view rest = std::string_view(*bytes).substr(1);
  if (bytes->front() != kCommandDone) return CommandState{false, IncidentId(rest), std::nullopt};
  auto decision = wire::decode_decision(rest);
  if (!decision || !decision->command_result) return std::nullopt;
  CommandState state{true, decision->command_result->incident, std::nullopt};
  state.decision = std::move(*decision);
  return state;
}

bool Tables::other_command(std::string_view prefix, const CommandId& than) const {
  bool other = false;
  scan(kCommands, prefix, prefix, [&](std::string_view id, std::string_view) { return !(other = id != than.str()); });
  return other;
}

void Tables::changed_since(Place from, const std::function<bool(Place, std::shared_ptr<const Incident>)>& visit) const {
  std::string prefix;
  put_be32(prefix, from.partition.value());
  scan(kChanged, prefix, place_key(from), [&](std::string_view key, std::string_view id) {
    const auto place = place_of(key);
    auto found = incident(IncidentId(id));
    return !place || !found || visit(*place, std::move(found));
  });
}

void Tables::each_incident(EventTime since, const std::function<void(std::shared_ptr<const Incident>)>& visit) const {
  scan(kByOpened, {}, {}, [&](std::string_view key, std::string_view value) {
    const auto place = newest_first_of(key);
    const auto row = decode_row(value);
    if (!place || !row) return true;
    if (is_open(row->state) || place->at >= since) {
      if (auto found = incident(IncidentId(place->id))) visit(std::move(found));
    }
    return true;
  });
}

void Tables::each_indicator(const std::function<void(const Event&)>& visit) const {
  scan(kIndicators, {}, {}, [&](std::string_view, std::string_view value) {
    if (const auto event = wire::decode_event(value)) visit(*event);
    return true;
  });
}

void Tables::each_feed_minute(
    const std::function<void(std::int64_t minute, Feed feed, std::uint64_t events)>& visit) const {
  scan(kFeedMinutes, {}, {}, [&](std::string_view key, std::string_view value) {
    if (key.size() == 9 && value.size() == 8) {
      visit(static_cast<std::int64_t>(be64(key)), static_cast<Feed>(key[8]), be64(value));
    }
    return true;
  });
}

void Tables::each_thing(const std::function<void(std::string_view name, LogTime at)>& visit) const {
  scan(kThings, {}, {}, [&](std::string_view name, std::string_view value) {
    if (value.size() == kTimeBytes) visit(name, LogTime::from_ms(static_cast<std::int64_t>(be64(value))));
    return true;
  });
}

void Tables::each_meta(std::string_view prefix,
                       const std::function<void(std::string_view rest, std::string_view value)>& visit) const {
  scan(store::kDefault, prefix, prefix, [&](std::string_view key, std::string_view value) {
    visit(key.substr(prefix.size()), value);
    return true;
  });
}

std::optional<std::string> Tables::meta(std::string_view key) const { return get(store::kDefault, key); }

}  // namespace ioc::desk::view
