// Which event ids were seen (DESIGN D5). Exact: 128-bit fingerprints in buckets by the hour that the id itself begins with
// (the source's own time, "20211018-074000-..."), so that a repeat is always looked for in the one bucket where its first
// arrival lies: in memory for the newest hours, in the state's packed records for the others.
#pragma once

#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/hash.h"
#include "libs/base/time.h"
#include "libs/triage/memory/overlay.h"

namespace ioc::triage {

class SeenWindow {
 public:
  explicit SeenWindow(Overlay& state) : x_state(state) {}

  // `memory_hours` are kept in memory, at most `ids_max` ids (the oldest hours leave first); `stored_hours` are kept
  // in state. Called with every new log time.
  void advance(LogTime now, std::int64_t memory_hours, std::int64_t stored_hours, std::uint64_t ids_max);
  // nullopt: the id does not begin with a time.
  static std::optional<std::int64_t> hour_of(std::string_view event_id);
  static std::int64_t hour_of(EventTime at) { return (at.ms() + kVietnamOffset.count()) / 3'600'000; }
  // Younger than what the packed records remember; else the caller keeps a report entry instead.
  [[nodiscard]] bool covers(std::optional<std::int64_t> hour) const { return hour && *hour >= x_stored_from; }
  // Of covered hours only.
  [[nodiscard]] bool contains(const Hash128& id, std::int64_t hour) const;
  void insert(const Hash128& id, std::int64_t hour);

  void load(LogTime now, std::int64_t memory_hours, std::int64_t stored_hours, std::uint64_t ids_max);
  void take_delta(std::uint64_t next_offset);
  [[nodiscard]] std::uint64_t size() const { return x_size; }

 private:
  struct Hasher {
    using is_avalanching = void;
    std::size_t operator()(const Hash128& id) const { return id.low; }
  };
  using Bucket = boost::unordered_flat_set<Hash128, Hasher>;

  void trim(std::uint64_t ids_max);

  Overlay& x_state;
  std::map<std::int64_t, Bucket> x_buckets;                   // hour -> ids
  std::map<std::int64_t, std::vector<Hash128>> x_unwritten;   // hour -> ids since the last delta, in order
  std::int64_t x_memory_from = 0;                             // first hour that memory holds completely
  std::int64_t x_stored_from = 0;                             // first hour that the state holds
  std::int64_t x_dropped_below = 0;                           // hours below left memory for the id limit
  std::int64_t x_expired_below = -1;                          // hours below are erased from state
  std::uint64_t x_size = 0;
};

}  // namespace ioc::triage
