#include "services/desk/view/keys.h"

#include <algorithm>

#include "libs/base/assert.h"
#include "libs/text/fold.h"

namespace ioc::desk::view {
namespace {

template <class Number>
void put_big_endian(std::string& to, Number value) {
  for (int shift = 8 * static_cast<int>(sizeof(Number)) - 8; shift >= 0; shift -= 8) {
    to += static_cast<char>((value >> shift) & 0xff);
  }
}

template <class Number>
Number big_endian(std::string_view from) {
  IOC_ASSERT(from.size() >= sizeof(Number));
  Number value = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i) {
    value = static_cast<Number>((value << 8) | static_cast<unsigned char>(from[i]));
  }
  return value;
}

// Order of the times, also before 1970, turned round.
std::uint64_t inverted(EventTime at) { return ~(static_cast<std::uint64_t>(at.ms()) ^ (1ULL << 63)); }
EventTime from_inverted(std::uint64_t value) {
  return EventTime::from_ms(static_cast<std::int64_t>(~value ^ (1ULL << 63)));
}

}  // namespace

std::vector<std::string> family_names() {
  return {"incidents", "by_opened", "changed",      "decisions", "event_decisions", "events",     "outcomes", "members",
          "statuses",  "status_of_event", "commands", "dead_letters", "words",       "indicators", "feed_minutes", "arrivals", "reports", "things"};
}

void put_be32(std::string& to, std::uint32_t value) { put_big_endian(to, value); }
void put_be64(std::string& to, std::uint64_t value) { put_big_endian(to, value); }
std::uint32_t be32(std::string_view from) { return big_endian<std::uint32_t>(from); }
std::uint64_t be64(std::string_view from) { return big_endian<std::uint64_t>(from); }

std::string place_key(Place place) {
  std::string key;
  put_be32(key, place.partition.value());
  put_be64(key, place.offset.value());
  return key;
}

std::optional<Place> place_of(std::string_view bytes) {
  if (bytes.size() < kPlaceBytes) return std::nullopt;
  return Place{PartitionId(be32(bytes)), Offset(be64(bytes.substr(4)))};
}

std::string newest_first(EventTime at, std::string_view id) {
  std::string key;
  put_be64(key, inverted(at));
  key += id;
  return key;
}

std::optional<NewestFirst> newest_first_of(std::string_view key) {
  if (key.size() < kTimeBytes) return std::nullopt;
  return NewestFirst{from_inverted(be64(key)), key.substr(kTimeBytes)};
}

std::string encode_row(const Incident& incident) {
  std::string row;
  row += static_cast<char>(incident.state);
  row += static_cast<char>(incident.severity);
  for (const std::string& text : {incident.queue.str(), incident.area.str(), incident.unit.str(), incident.category.str(), incident.assignee}) {
    row += text;
    row += '\0';
  }
  return row;
}

std::optional<Row> decode_row(std::string_view bytes) {
  if (bytes.size() < 2) return std::nullopt;
  Row row;
  row.state = static_cast<IncidentState>(bytes[0]);
  row.severity = static_cast<Severity>(bytes[1]);
  bytes.remove_prefix(2);
  for (std::string* text : {&row.queue, &row.area, &row.unit, &row.category, &row.assignee}) {
    const auto end = bytes.find('\0');
    if (end == std::string_view::npos) return std::nullopt;
    *text = bytes.substr(0, end);
    bytes.remove_prefix(end + 1);
  }
  return row;
}

std::string prefix_of(std::string_view owner) {
  std::string key(owner);
  key += '\0';
  return key;
}

std::string decision_key(std::string_view owner, const DecisionPlace& at) {
  std::string key = prefix_of(owner) + place_key(at.place);
  put_be32(key, at.index);
  return key;
}

std::string minute_of(LogTime at) {
  std::string key;
  put_be64(key, static_cast<std::uint64_t>(std::max<std::int64_t>(0, at.ms() / 60'000)));
  return key;
}

std::string arrival_key(LogTime at, Arrival kind, std::string_view id) {
  std::string key = minute_of(at);
  key += static_cast<char>(kind);
  key += id;
  return key;
}

std::optional<Arrived> arrived_of(std::string_view key) {
  if (key.size() <= kTimeBytes) return std::nullopt;
  const Arrival kind{key[kTimeBytes]};
  if (kind != Arrival::Command && kind != Arrival::DeadLetter && kind != Arrival::Event) return std::nullopt;
  return Arrived{kind, key.substr(kTimeBytes + 1)};
}

std::string report_key(const ReportStatus& status) { return prefix_of(text::fold(status.report.str())) + status.source.str(); }

std::string indicator_key(const Event& event) {
  const auto& indicator = std::get<Indicator>(event.body);
  return prefix_of(indicator.code) + prefix_of(indicator.unit) + prefix_of(indicator.as_of) + event.source.str();
}

std::string offset_key(std::string_view topic, PartitionId partition) {
  return "offset/" + std::string(topic) + "/" + std::to_string(partition.value());
}

}  // namespace ioc::desk::view
