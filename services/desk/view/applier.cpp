#include "services/desk/view/applier.h"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "libs/domain/topics.h"
#include "libs/domain/wire.h"
#include "services/desk/view/words.h"

namespace ioc::desk::view {
namespace {

std::string status_key(const ReportStatus& status) { return prefix_of(status.source.str()) + status.report.str(); }

std::string minute_key(LogTime at, Feed feed) { return minute_of(at) + static_cast<char>(feed); }

std::string thing_of(const Event& event) {
  if (const auto* alert = std::get_if<CameraAlert>(&event.body)) return alert->camera;
  if (const auto* passage = std::get_if<CheckpointPassage>(&event.body)) return passage->checkpoint;
  if (const auto* status = std::get_if<CheckpointStatus>(&event.body)) return status->checkpoint;
  return {};
}

// How often the incident that an event came with had changed areas (DESIGN D6).
std::uint32_t hop_of(const Decision& made) {
  if (made.kind != DecisionKind::Relocated) return 0;
  for (const Detail& detail : made.details) {
    std::uint32_t hop = 0;
    if (detail.name == "hop" && std::from_chars(detail.value.data(), detail.value.data() + detail.value.size(), hop).ec == std::errc()) return hop;
  }
  return 0;
}

}  // namespace

std::optional<StoredIncident> decode_stored_incident(std::string_view bytes) {
  const auto place = place_of(bytes);
  if (!place) return std::nullopt;
  auto incident = wire::decode_incident(bytes.substr(kPlaceBytes));
  if (!incident) return std::nullopt;
  return StoredIncident{*place, std::move(*incident)};
}

Result<void> Applier::apply(std::string_view topic, PartitionId partition, const log::Entry& entry) {
  if (topic == topics::kIncidents) return incident(partition, entry);
  if (topic == topics::kDecisions) return decision(partition, entry);
  if (topic == topics::kEvents) return record(partition, entry);
  if (topic == topics::kReportStatus) return report_status(entry);
  return dead_letter(entry);
}

Result<void> Applier::incident(PartitionId partition, const log::Entry& entry) {
  std::shared_ptr<Incident> after;
  if (!entry.tombstone) {
    auto decoded = wire::decode_incident(entry.value);
    if (!decoded) return decoded.error();
    after = std::make_shared<Incident>(std::move(*decoded));
  }
  const std::string id(entry.key);
  std::shared_ptr<const Incident> before;
  if (const auto stored = x_writes.get(kIncidents, id)) {
    if (auto known = decode_stored_incident(*stored)) {
      before = std::make_shared<const Incident>(std::move(known->incident));
      x_writes.erase(kChanged, place_key(known->place));
    }
  }
  const Place place{partition, entry.offset};
  reindex(before.get(), after.get());
  if (after) {
    x_writes.put(kIncidents, id, place_key(place) + std::string(entry.value));
    x_writes.put(kChanged, place_key(place), id);
  } else {
    x_writes.erase(kIncidents, id);
  }
  x_changes.incidents.push_back({IncidentId(id), std::move(before), std::move(after), place});
  return {};
}

void Applier::reindex(const Incident* before, const Incident* after) {
  const auto key_of = [](const Incident* incident) { return newest_first(incident->opened_at, incident->id.str()); };
  const bool moved = before == nullptr || after == nullptr || before->opened_at != after->opened_at;
  if (before != nullptr && moved) x_writes.erase(kByOpened, key_of(before));
  if (after != nullptr && (moved || encode_row(*before) != encode_row(*after))) {
    x_writes.put(kByOpened, key_of(after), encode_row(*after));
  }
  const std::vector<std::string> old_terms = before != nullptr ? terms_of(*before) : std::vector<std::string>();
  const std::vector<std::string> new_terms = after != nullptr ? terms_of(*after) : std::vector<std::string>();
  for (const std::string& term : old_terms) {
    if (moved || !std::binary_search(new_terms.begin(), new_terms.end(), term)) {
      x_writes.erase(kWords, prefix_of(term) + key_of(before));
    }
  }
  for (const std::string& term : new_terms) {
    if (moved || !std::binary_search(old_terms.begin(), old_terms.end(), term)) {
      x_writes.put(kWords, prefix_of(term) + key_of(after), {});
    }
  }
}

Result<void> Applier::decision(PartitionId partition, const log::Entry& entry) {
  if (entry.tombstone) return {};
  const auto decoded = wire::decode_decision(entry.value);
  if (!decoded) return decoded.error();
  const Decision& made = *decoded;
  done(partition, made.decided_at);
  if (made.kind == DecisionKind::Archived && !made.incident.empty()) {
    x_writes.erase_all_of(kDecisions, made.incident.str());
    x_writes.erase_all_of(kMembers, made.incident.str());
  }
  x_writes.put(kDecisions, decision_key(made.incident.str(), place_of(made)), std::string(entry.value));
  if (!made.event.empty()) {
    x_writes.put(kEventDecisions, decision_key(made.event.str(), place_of(made)), made.incident.str());
    decide(made);
  }
  if (made.command_result) {
    const std::string& id = made.command_result->command.str();
    const auto known = x_writes.get(kCommands, id);
    // The first result counts: a repeated command gets it again (DESIGN D11).
    if (!known || known->front() != kCommandDone) x_writes.put(kCommands, id, kCommandDone + std::string(entry.value));
    x_changes.commands_done.push_back(id);
  }
  return {};
}

void Applier::done(PartitionId partition, LogTime at) {
  LogTime& known = x_changes.done_at[partition];
  known = std::max(known, at);
}

void Applier::decide(const Decision& made) {
  switch (made.kind) {
    case DecisionKind::Opened:
    case DecisionKind::Joined:
    case DecisionKind::Revised:
    case DecisionKind::StaleRevision:
    case DecisionKind::Suppressed:
    case DecisionKind::Relocated:  // with its incident, from another area
      if (!made.incident.empty()) settle(made, OutcomeKind::Incident, made.incident);
      break;
    case DecisionKind::Counted:
      settle(made, OutcomeKind::Counted, made.incident);
      break;
    case DecisionKind::DeadLetter:
      settle(made, OutcomeKind::DeadLetter, {});
      break;
    case DecisionKind::Transferred:
      settle(made, OutcomeKind::Transferred, {});
      break;
    case DecisionKind::Split:
      split(made);
      break;
    default:
      break;
  }
}

void Applier::settle(const Decision& made, OutcomeKind kind, const IncidentId& incident) {
  const EventId& event = made.event;
  Outcome outcome{kind, incident, made.reason, hop_of(made), made.partition};
  const auto bytes = x_writes.get(kOutcomes, event.str());
  const auto known = bytes ? decode_outcome(*bytes) : std::nullopt;
  const bool final = known && (known->kind == OutcomeKind::Incident || known->kind == OutcomeKind::Counted);
  // The receiving area's decision is the answer, in whichever order the two areas' outputs are read.
  if (outcome.kind == OutcomeKind::Transferred && final) return;
  if (known && known->hop > outcome.hop) {
    if (known->partition != made.partition) return;  // what an area said before it gave the incident away, read late
    outcome.hop = known->hop;
  }
  if (known && known->kind == OutcomeKind::Incident && known->incident != outcome.incident) {
    x_writes.erase(kMembers, prefix_of(known->incident.str()) + event.str());
  }
  if (outcome.kind == OutcomeKind::Incident) x_writes.put(kMembers, prefix_of(outcome.incident.str()) + event.str(), {});
  x_writes.put(kOutcomes, event.str(), encode(outcome));
}

void Applier::split(const Decision& made) {
  const auto to = std::find_if(made.details.begin(), made.details.end(), [](const Detail& detail) {
    return detail.name == "to" || detail.name == "new_incident" || detail.name == "created";
  });
  if (to != made.details.end()) {
    settle(made, OutcomeKind::Incident, IncidentId(to->value));
  } else {
    x_writes.erase(kMembers, prefix_of(made.incident.str()) + made.event.str());
  }
}

Result<void> Applier::record(PartitionId partition, const log::Entry& entry) {
  const auto at = entry.appended_at;
  const auto decoded = wire::decode_record(entry.value);
  if (!decoded) return decoded.error();
  const Place place{partition, entry.offset};
  if (const auto* said = std::get_if<Event>(&*decoded)) {
    event(place, at, *said);
  } else if (const auto* command = std::get_if<Command>(&*decoded)) {
    if (!x_writes.get(kCommands, command->id.str())) {
      x_writes.put(kCommands, command->id.str(), kCommandWaiting + command->incident.str());
    }
    x_writes.put(kArrivals, arrival_key(at, Arrival::Command, command->id.str()), {});
  } else if (std::holds_alternative<Tick>(*decoded)) {
    done(partition, at);
  } else if (const auto* activation = std::get_if<Activation>(&*decoded)) {
    x_changes.activated = activation->bundle;
    x_writes.put(store::kDefault, "bundle", activation->bundle);
  }
  return {};
}

void Applier::event(Place place, LogTime at, const Event& said) {
  // The first record of an id in log order wins (DESIGN D5); redelivery counts once.
  if (x_writes.get(kEvents, said.id.str())) return;
  x_writes.put(kEvents, said.id.str(), place_key(place) + wire::encode(said));
  x_writes.put(kArrivals, arrival_key(at, Arrival::Event, said.id.str()), {});
  const std::string minute = minute_key(at, said.feed);
  const auto count = x_writes.get(kFeedMinutes, minute);
  std::string next;
  put_be64(next, (count && count->size() == 8 ? be64(*count) : 0) + 1);
  x_writes.put(kFeedMinutes, minute, next);
  std::string thing = thing_of(said);
  std::string seen;
  put_be64(seen, static_cast<std::uint64_t>(at.ms()));
  x_writes.put(store::kDefault, "feed/" + std::string(name_of(said.feed)), seen);
  if (!thing.empty()) x_writes.put(kThings, thing, seen);
  x_changes.feeds.push_back({said.feed, at, std::move(thing)});
  if (std::holds_alternative<Indicator>(said.body)) {
    x_writes.put(kIndicators, indicator_key(said), wire::encode(said));
    x_changes.indicators.push_back(said);
  }
}

Result<void> Applier::report_status(const log::Entry& entry) {
  if (entry.tombstone) return {};
  const auto decoded = wire::decode_report_status(entry.value);
  if (!decoded) return decoded.error();
  const std::string key = status_key(*decoded);
  if (!decoded->event.empty()) x_writes.put(kStatusOfEvent, decoded->event.str(), key);
  if (const auto stored = x_writes.get(kStatuses, key)) {
    const auto known = wire::decode_report_status(*stored);
    // Areas write independently: readers take the highest (DESIGN D6).
    if (known && std::pair(known->hop, known->revision) > std::pair(decoded->hop, decoded->revision)) return {};
  }
  x_writes.put(kStatuses, key, std::string(entry.value));
  if (!decoded->incident.empty()) x_writes.put(kReports, report_key(*decoded), decoded->incident.str());
  return {};
}

Result<void> Applier::dead_letter(const log::Entry& entry) {
  if (entry.tombstone) return {};
  const auto decoded = wire::decode_dead_letter(entry.value);
  if (!decoded) return decoded.error();
  const std::string key = decoded->event.empty() ? decoded->id : decoded->event.str();
  if (!x_writes.get(kDeadLetters, key)) {
    x_writes.put(kDeadLetters, key, std::string(entry.value));
    x_writes.put(kArrivals, arrival_key(entry.appended_at, Arrival::DeadLetter, key), {});
  }
  if (!decoded->event.empty() && !x_writes.get(kOutcomes, key)) {
    x_writes.put(kOutcomes, key, encode(Outcome{OutcomeKind::DeadLetter, {}, decoded->reason, 0, {}}));
  }
  return {};
}

}  // namespace ioc::desk::view
