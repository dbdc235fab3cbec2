#include "services/ingest/metrics.h"

namespace ioc::ingest {
namespace {

constexpr const char* kRecords = "ioc_ingest_records_total";
constexpr const char* kRecordsHelp = "Messages by feed, outcome (accepted, refused, unavailable) and reason";

constexpr const char* kValues = "ioc_ingest_value_flags_total";
constexpr const char* kValuesHelp = "Values of accepted messages that were repaired or left out, by source, field and reason";

std::size_t index_of(Feed feed) { return static_cast<std::size_t>(feed) - 1; }

}  // namespace

Metrics::Metrics(metrics::Registry& registry)
    : protected_sync_seconds(registry.histogram("ioc_ingest_protected_sync_seconds", "Time of one synced write of the protected store")),
      protected_sync_items(registry.histogram("ioc_ingest_protected_sync_items", "Payloads that shared one sync",
                                              {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000})),
      protected_queue_bytes(registry.gauge("ioc_ingest_protected_queue_bytes", "Payloads waiting for a sync")),
      protected_disk_bytes(registry.gauge("ioc_ingest_protected_disk_bytes", "Disk used by the protected store")),
      looks(registry.counter("ioc_ingest_protected_looks_total", "Times that a payload with personal data was shown")),
      x_registry(registry),
      x_durable_seconds(registry.histogram("ioc_ingest_durable_seconds", "From a request's arrival to its events being durable")) {
  for (const Feed feed : kFeeds) {
    const std::string name(name_of(feed));
    x_accepted.push_back(registry.counter(kRecords, kRecordsHelp, {{"feed", name}, {"outcome", "accepted"}, {"reason", ""}}));
    x_bytes.push_back(registry.counter("ioc_ingest_bytes_total", "Payload bytes of accepted messages", {{"feed", name}}));
    x_last_event.push_back(registry.gauge("ioc_ingest_last_event_timestamp_seconds", "When the feed's newest event was accepted", {{"feed", name}}));
  }
}

void Metrics::accepted(Feed feed, std::size_t bytes) const {
  x_accepted[index_of(feed)].add();
  x_bytes[index_of(feed)].add(static_cast<double>(bytes));
}

void Metrics::refused(std::string_view feed, std::string_view reason, std::size_t) const {
  x_registry.counter(kRecords, kRecordsHelp, {{"feed", std::string(feed)}, {"outcome", "refused"}, {"reason", std::string(reason)}}).add();
}

void Metrics::unavailable(std::string_view feed, std::string_view reason) const {
  x_registry.counter(kRecords, kRecordsHelp, {{"feed", std::string(feed)}, {"outcome", "unavailable"}, {"reason", std::string(reason)}}).add();
}

// A label for each field, not for each place in a list: "media[0].url" and "media[7].url" are one.
void Metrics::value_flagged(Feed feed, std::string_view source, const ValueFlag& flag) const {
  std::string field;
  for (const char c : flag.field) {
    const bool in_brackets = !field.empty() && field.back() == '[' && c != ']';
    if (!in_brackets) field += c;
  }
  const metrics::Labels labels = {{"feed", std::string(name_of(feed))}, {"source", std::string(source)}, {"field", field},
                                  {"reason", std::string(name_of(flag.reason))}};
  x_registry.counter(kValues, kValuesHelp, labels).add();
}

void Metrics::last_event(Feed feed, double unix_seconds) const { x_last_event[index_of(feed)].set(unix_seconds); }

}  // namespace ioc::ingest
