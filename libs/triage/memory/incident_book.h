// The incidents in memory, with the indexes that find them: by id, by cell, by address, by a sensor's repetition key, and
// by the time of their next clock. What leaves memory is read again by key.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "libs/base/hash.h"
#include "libs/triage/memory/open_incident.h"
#include "libs/triage/memory/overlay.h"

namespace ioc::triage {

class IncidentBook {
 public:
  explicit IncidentBook(Overlay& state) : x_state(state) {}
  IncidentBook(const IncidentBook&) = delete;
  IncidentBook& operator=(const IncidentBook&) = delete;

  // A new incident; the caller fills it and then calls `index`.
  OpenIncident& add(IncidentId id);
  // In memory, or read by key from the state: then it leaves again at the end of the record.
  OpenIncident* find(const IncidentId& id);
  [[nodiscard]] OpenIncident* in_memory(const IncidentId& id);

  // (Re-)enters it into the indexes after its place, address, type or repetition keys changed.
  void index(OpenIncident& incident);
  // The same for addresses alone, after its marks changed: what is found may hang on nothing but what is stored.
  void index_addresses(OpenIncident& incident);
  // Type, address and cell from what is shown.
  static void derive(OpenIncident& incident);
  void mark_unwritten(OpenIncident& incident);
  void set_timer(OpenIncident& incident, std::int64_t at_ms);
  // Closed by a clock and out of memory: those that were at that place (past_cell, past_address, past_repeat) and
  // saw something within `reach` of `when`. Late events still belong to them (DESIGN D4). In order of opening, `most` looked at.
  std::vector<OpenIncident*> in_past(std::uint64_t place, EventTime when, Millis reach, std::uint64_t most);
  static std::uint64_t past_cell(std::uint64_t cell) { return cell * 0x9e3779b97f4a7c15ULL + 1; }
  static std::uint64_t past_address(std::uint64_t address) { return address * 0x9e3779b97f4a7c15ULL + 2; }
  static std::uint64_t past_repeat(std::string_view key) { return hash128(key, 3).low; }

  // No room: it is kept in the state until there is.
  void park(OpenIncident& incident);
  // The one that was parked first, in memory again; nullptr: none is.
  OpenIncident* unpark();
  [[nodiscard]] std::uint64_t parked() const { return x_parked; }

  // At the end of a record: what closed in it, or was only read by key, leaves memory; written first.
  void settle_at_end(OpenIncident& incident) { x_to_settle.push_back(&incident); }
  void settle(LogTime now);
  // Leaves memory and state.
  void forget(OpenIncident& incident);

  using Row = std::vector<OpenIncident*>;  // in order of opening
  [[nodiscard]] const Row* in_cell(std::uint64_t cell) const;
  [[nodiscard]] const Row* at_address(std::uint64_t address) const;
  // A key has one owner: the newest incident of that sensor; an earlier one gives it up.
  [[nodiscard]] OpenIncident* repeating(const std::string& key) const;
  void own_repeat(OpenIncident& incident, const std::string& key, std::int64_t at_ms);
  static RepeatKey* repeat_of(OpenIncident& incident, const std::string& key);

  [[nodiscard]] OpenIncident* next_due();  // nullptr: no clock runs
  void take_delta();
  // False: `bad_key` is damaged.
  bool load(LogTime now, std::string& bad_key);
  [[nodiscard]] std::size_t size() const { return x_by_id.size(); }
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (const auto& [id, incident] : x_by_id) visit(*incident);
  }
  std::uint64_t opened_count = 0;  // incidents ever opened in this partition; stored by the machine

 private:
  struct Timer {
    std::int64_t at_ms;  // beside the pointer, so that looking for a place in the order stays out of the incidents
    OpenIncident* incident;
  };
  struct Earlier {
    bool operator()(const Timer& a, const Timer& b) const {
      return a.at_ms != b.at_ms ? a.at_ms < b.at_ms : a.incident->shown.id < b.incident->shown.id;
    }
  };
  using Rows = boost::unordered_flat_map<std::uint64_t, Row>;

  static void enter(Rows& rows, std::uint64_t key, OpenIncident& incident);
  static void leave(Rows& rows, std::uint64_t key, const OpenIncident& incident);
  void leave_indexes(OpenIncident& incident);
  void list_timer(OpenIncident& incident, std::int64_t at_ms);
  void leave_memory(OpenIncident& incident);
  void list_in_past(OpenIncident& incident, bool listed);

  Overlay& x_state;
  boost::unordered_flat_map<std::string, std::unique_ptr<OpenIncident>> x_by_id;
  Rows x_cells, x_addresses;
  boost::unordered_flat_map<std::string, OpenIncident*> x_repeats;
  std::set<Timer, Earlier> x_timers;  // by `listed_ms`
  std::vector<OpenIncident*> x_unwritten, x_to_settle;
  std::uint64_t x_parked = 0;
  bool x_any_past = false;  // only so that nothing is looked for in vain
};

// Stays in memory: open, or a clock closed it and late events may still belong to it (DESIGN D4).
bool belongs_in_memory(const OpenIncident& incident, LogTime now);

}  // namespace ioc::triage
