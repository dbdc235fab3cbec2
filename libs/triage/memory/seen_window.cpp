#include "libs/triage/memory/seen_window.h"

#include <algorithm>

#include "libs/triage/codec.h"

namespace ioc::triage {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;

std::string pack(const std::vector<Hash128>& ids) {
  std::string bytes;
  bytes.reserve(ids.size() * 16);
  for (const Hash128& id : ids) {
    bytes += big_endian(id.high);
    bytes += big_endian(id.low);
  }
  return bytes;
}

Hash128 unpack(std::string_view bytes, std::size_t at) {
  return {from_big_endian(bytes.substr(at, 8)), from_big_endian(bytes.substr(at + 8, 8))};
}

}  // namespace

void SeenWindow::trim(std::uint64_t ids_max) {
  while (!x_buckets.empty() && (x_buckets.begin()->first < x_memory_from || x_size > ids_max)) {
    const auto oldest = x_buckets.begin();
    x_dropped_below = std::max(x_dropped_below, oldest->first + 1);
    x_size -= oldest->second.size();
    x_buckets.erase(oldest);
  }
  x_memory_from = std::max(x_memory_from, x_dropped_below);
}

void SeenWindow::advance(LogTime now, std::int64_t memory_hours, std::int64_t stored_hours, std::uint64_t ids_max) {
  const std::int64_t hour = (now.ms() + kVietnamOffset.count()) / kHourMs;
  x_memory_from = std::max({x_memory_from, hour - memory_hours, x_dropped_below});
  x_stored_from = std::max<std::int64_t>(0, hour - stored_hours);
  if (x_size > ids_max || (!x_buckets.empty() && x_buckets.begin()->first < x_memory_from)) trim(ids_max);
}

std::optional<std::int64_t> SeenWindow::hour_of(std::string_view id) {
  if (id.size() < 15 || id[8] != '-') return std::nullopt;
  int fields[4] = {};
  constexpr std::size_t kFrom[4] = {0, 4, 6, 9}, kDigits[4] = {4, 2, 2, 2};
  for (std::size_t field = 0; field < 4; ++field) {
    for (std::size_t i = kFrom[field]; i < kFrom[field] + kDigits[field]; ++i) {
      if (id[i] < '0' || id[i] > '9') return std::nullopt;
      fields[field] = fields[field] * 10 + (id[i] - '0');
    }
  }
  const std::chrono::year_month_day date{std::chrono::year(fields[0]), std::chrono::month(static_cast<unsigned>(fields[1])),
                                         std::chrono::day(static_cast<unsigned>(fields[2]))};
  if (fields[0] < 1970 || !date.ok() || fields[3] > 23) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count() * std::int64_t{24} + fields[3];
}

bool SeenWindow::contains(const Hash128& id, std::int64_t hour) const {
  if (hour >= x_memory_from) {
    const auto bucket = x_buckets.find(hour);
    return bucket != x_buckets.end() && bucket->second.contains(id);
  }
  if (const auto fresh = x_unwritten.find(hour); fresh != x_unwritten.end()) {
    if (std::find(fresh->second.begin(), fresh->second.end(), id) != fresh->second.end()) return true;
  }
  bool found = false;
  x_state.scan(Table::Seen, big_endian(static_cast<std::uint64_t>(hour)), [&](std::string_view, std::string_view ids) {
    for (std::size_t at = 0; at + 16 <= ids.size() && !found; at += 16) found = unpack(ids, at) == id;
    return !found;
  });
  return found;
}

void SeenWindow::insert(const Hash128& id, std::int64_t hour) {
  x_unwritten[hour].push_back(id);
  if (hour >= x_memory_from && x_buckets[hour].insert(id).second) ++x_size;
}

void SeenWindow::load(LogTime now, std::int64_t memory_hours, std::int64_t stored_hours, std::uint64_t ids_max) {
  advance(now, memory_hours, stored_hours, ids_max);
  const auto from = static_cast<std::uint64_t>(std::max<std::int64_t>(0, x_memory_from));
  x_state.scan_stored(Table::Seen, big_endian(from), [&](std::string_view key, std::string_view ids) {
    Bucket& bucket = x_buckets[static_cast<std::int64_t>(from_big_endian(key))];
    for (std::size_t at = 0; at + 16 <= ids.size(); at += 16) {
      if (bucket.insert(unpack(ids, at)).second) ++x_size;
    }
    return true;
  });
  trim(ids_max);
}

void SeenWindow::take_delta(std::uint64_t next_offset) {
  for (const auto& [hour, ids] : x_unwritten) {
    x_state.put(Table::Seen, big_endian(static_cast<std::uint64_t>(hour)) + big_endian(next_offset), pack(ids));
  }
  x_unwritten.clear();
  if (x_stored_from == x_expired_below) return;
  x_expired_below = x_stored_from;
  // Expired hours go with the delta: one scan stops at the first key that stays.
  std::vector<std::string> expired;
  x_state.scan(Table::Seen, "", [&](std::string_view key, std::string_view) {
    if (static_cast<std::int64_t>(from_big_endian(key)) >= x_stored_from) return false;
    expired.emplace_back(key);
    return true;
  });
  for (const std::string& key : expired) x_state.erase(Table::Seen, key);
}

}  // namespace ioc::triage
