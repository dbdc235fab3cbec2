#include "services/desk/view/expiry.h"

#include <algorithm>
#include <string>
#include <vector>

#include "libs/domain/wire.h"
#include "services/desk/view/keys.h"
#include "services/desk/view/outcome.h"

namespace ioc::desk::view {
namespace {

void erase_status(const store::Store& stored, store::Batch& batch, const std::string& id) {
  const auto key = stored.get(kStatusOfEvent, id);
  batch.erase(kStatusOfEvent, id);
  if (!key || !*key) return;
  const auto bytes = stored.get(kStatuses, **key);
  const auto status = bytes && *bytes ? wire::decode_report_status(**bytes) : corrupt("");
  // A younger revision of the same report keeps it.
  if (!status || status->event.str() != id) return;
  batch.erase(kStatuses, **key);
  batch.erase(kReports, report_key(*status));
}

void erase_indicator(const store::Store& stored, store::Batch& batch, const std::string& id) {
  const auto bytes = stored.get(kEvents, id);
  if (!bytes || !*bytes || (*bytes)->size() < kPlaceBytes) return;
  const auto event = wire::decode_event(std::string_view(**bytes).substr(kPlaceBytes));
  if (!event || !std::holds_alternative<Indicator>(event->body)) return;
  const auto shown = stored.get(kIndicators, indicator_key(*event));
  const auto newest = shown && *shown ? wire::decode_event(**shown) : corrupt("");
  if (newest && newest->id.str() == id) batch.erase(kIndicators, indicator_key(*event));
}

void erase_event(const store::Store& stored, store::Batch& batch, const std::string& id) {
  const std::string prefix = prefix_of(id);
  const auto at = stored.iterate(kEventDecisions);
  for (at->seek(prefix); at->valid() && at->key().starts_with(prefix); at->next()) {
    batch.erase(kDecisions, prefix_of(at->value()) + std::string(at->key().substr(prefix.size())));
    batch.erase(kEventDecisions, at->key());
  }
  const auto outcome = stored.get(kOutcomes, id);
  const auto known = outcome && *outcome ? decode_outcome(**outcome) : std::nullopt;
  if (known) batch.erase(kMembers, prefix_of(known->incident.str()) + id);
  erase_status(stored, batch, id);
  erase_indicator(stored, batch, id);
  for (const Family family : {kEvents, kOutcomes, kDeadLetters}) batch.erase(family, id);
}

// A letter without an event of its own leaves alone; else what the event's other rows say goes with the event.
void erase_dead_letter(const store::Store& stored, store::Batch& batch, const std::string& id) {
  batch.erase(kDeadLetters, id);
  const auto event = stored.get(kEvents, id);
  if (event && !*event) batch.erase(kOutcomes, id);
}

}  // namespace

Result<std::size_t> expire(store::Store& stored, LogTime events_before, LogTime minutes_before) {
  store::Batch batch;
  batch.erase_range(kFeedMinutes, "", minute_of(minutes_before));
  const std::string until = minute_of(events_before);
  std::size_t count = 0;
  const auto at = stored.iterate(kArrivals);
  for (at->seek(""); at->valid() && at->key() < until && count < kExpireAtOnce; at->next(), ++count) {
    if (const auto arrived = arrived_of(at->key())) {
      const std::string id(arrived->id);
      switch (arrived->kind) {
        case Arrival::Event: erase_event(stored, batch, id); break;
        case Arrival::Command: batch.erase(kCommands, id); break;
        case Arrival::DeadLetter: erase_dead_letter(stored, batch, id); break;
      }
    }
    batch.erase(kArrivals, at->key());
  }
  if (auto written = stored.write(batch, store::Sync::No); !written) return written.error();
  return count;
}

Result<void> expire_things(store::Store& stored, LogTime before, std::size_t most) {
  std::vector<std::pair<std::uint64_t, std::string>> kept;  // when it was last heard
  store::Batch batch;
  const auto at = stored.iterate(kThings);
  for (at->seek(""); at->valid(); at->next()) {
    const std::uint64_t heard_ms = at->value().size() == kTimeBytes ? be64(at->value()) : 0;
    if (heard_ms < static_cast<std::uint64_t>(std::max<std::int64_t>(0, before.ms()))) {
      batch.erase(kThings, at->key());
    } else {
      kept.emplace_back(heard_ms, at->key());
    }
  }
  if (kept.size() > most) {
    const auto last_gone = kept.begin() + static_cast<std::ptrdiff_t>(kept.size() - most);
    std::nth_element(kept.begin(), last_gone, kept.end());
    for (auto gone = kept.begin(); gone != last_gone; ++gone) batch.erase(kThings, gone->second);
  }
  return stored.write(batch, store::Sync::No);
}

}  // namespace ioc::desk::view
