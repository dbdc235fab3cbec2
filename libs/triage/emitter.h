// Where effects are made and numbered. At most kEffectsPerRecord leave with one record; what is beyond waits in a FIFO
// in the state and leaves with the next ones (DESIGN D1 "Bounded").
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "libs/domain/decision.h"
#include "libs/domain/output.h"
#include "libs/domain/record.h"
#include "libs/triage/machine.h"
#include "libs/triage/machine_stats.h"
#include "libs/triage/memory/overlay.h"

namespace ioc::triage {

inline constexpr std::size_t kEffectsPerRecord = 1000;

// Reasons are literals of the code, so that they can be counted without copying them.
class Reason {
 public:
  template <std::size_t n>
  consteval Reason(const char (&literal)[n]) : x_text(literal, n - 1) {}
  [[nodiscard]] constexpr std::string_view text() const { return x_text; }

 private:
  std::string_view x_text;
};

class Emitter {
 public:
  Emitter(PartitionId partition, Overlay& state, Stats& stats) : x_partition(partition), x_state(state), x_stats(stats) {}

  // The waiting effects leave first.
  void begin(Offset offset, std::vector<Effect>& effects, std::uint64_t& running_hash);
  void set_now(LogTime now) { x_now = now; }
  void set_bundle(std::string_view short_hash) { x_bundle = short_hash; }
  // Before the record itself, while clocks fire (report statuses tell the two apart).
  void set_firing(bool firing) { x_firing = firing; }

  // Fills in partition, offset, index, time, bundle and, where it is empty, the actor.
  void decide(Reason reason, Decision decision);
  void snapshot(const Incident& incident);
  void subscriber_entry(const SubscriberId& subscriber, const Incident& incident);
  void report_status(ReportStatus status);
  void dead_letter(std::string_view reason, std::string_view field, std::string detail, const EventId& event, std::string_view feed);
  void transfer(const Transfer& transfer, PartitionId to);
  void relocation(const Relocation& relocation, PartitionId to);

  [[nodiscard]] Offset offset() const { return x_offset; }
  [[nodiscard]] std::size_t waiting_count() const { return x_waiting.size(); }
  [[nodiscard]] bool waiting() const { return !x_waiting.empty(); }
  [[nodiscard]] std::uint64_t status_revision() const { return 2 * x_offset.value() + (x_firing ? 1 : 2); }
  bool load();  // false: a waiting effect is damaged

 private:
  void emit(Effect effect);
  void leave(Effect effect);

  PartitionId x_partition;
  Overlay& x_state;
  Stats& x_stats;
  Offset x_offset;
  LogTime x_now;
  std::string x_bundle;
  bool x_firing = false;
  std::uint32_t x_index = 0;
  std::size_t x_left_with_record = 0;
  std::vector<Effect>* x_effects = nullptr;
  std::uint64_t* x_running_hash = nullptr;
  std::deque<Effect> x_waiting;
  std::uint64_t x_first_waiting = 0;  // number of the FIFO's front
  std::map<std::string, std::uint64_t, std::less<>> x_feed_numbers;  // subscriber -> last number given
};

}  // namespace ioc::triage
