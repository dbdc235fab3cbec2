// step(): the deterministic state machine of one partition (DESIGN D1). No clock, no I/O, no randomness, no
// thread, no floating point that decides. Owned by the strand that owns the partition (services/triage).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "libs/base/time.h"
#include "libs/domain/ids.h"
#include "libs/triage/behaviour.h"
#include "libs/triage/bundle.h"
#include "libs/triage/state.h"

namespace ioc::triage {

struct Input {
  Offset offset;
  LogTime appended_at;     // as the log gave it; small steps back are waited out
  std::string_view value;  // encoded Record
};

struct Effect {
  std::string topic;
  std::string key;
  std::string value;
  std::optional<PartitionId> partition;  // nullopt: the input's partition number
  friend bool operator==(const Effect&, const Effect&) = default;
};

// An operator's word that a record is not to be read (DESIGN D1, "Total"). Kept for ever in `ioc.control.v1`, so whoever
// steps the log again leaves the record out as well.
struct Skip {
  std::string reason, actor;
  EventId event;     // of the record, where somebody could read it
  std::string feed;
};

// Where a stored state stands.
struct StoredPosition {
  Offset next_offset;
  LogTime log_time;
  std::uint64_t running_hash = 0;
  std::string bundle;  // active; empty before the first activation
};

// Counted, never decided upon; reset by the reader of them.
struct Stats;  // machine_stats.h

class Machine {
 public:
  // `stored` must outlive the machine. `bundle` finds a compiled bundle by hash; the runtime makes sure it is there
  // before an activation is stepped (see required_bundle).
  using BundleSource = std::function<std::shared_ptr<const Bundle>(std::string_view hash)>;
  Machine(PartitionId partition, std::uint32_t partitions, const StateView& stored, BundleSource bundle);
  ~Machine();
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  // Builds the memory from what is stored; an empty store is a new partition. Corrupt: says which table and key.
  [[nodiscard]] Result<void> load();

  // The record at next_offset() or later. Total: any bytes lead to effects or a dead letter.
  void step(const Input& input, std::vector<Effect>& effects);

  // Instead of step(): the record is a dead letter, unread; its bytes count in the running hash. Log time stands still and
  // no clock fires, for what crashes may be a clock.
  void skip(const Input& input, const Skip& skip, std::vector<Effect>& effects);

  // All that changed since the last call, one write per key, in table and key order, the same whatever the calls'
  // rhythm was between equal offsets. Includes Meta, so that after applying it `stored` stands for next_offset().
  void take_delta(std::vector<StateWrite>& delta);

  [[nodiscard]] Offset next_offset() const;
  [[nodiscard]] LogTime log_time() const;
  [[nodiscard]] std::uint64_t running_hash() const;   // over records and effects
  [[nodiscard]] bool effects_waiting() const;         // beyond 1,000 a record: the owner ticks at once
  [[nodiscard]] std::optional<LogTime> next_due() const;  // earliest clock; informative
  [[nodiscard]] std::string active_bundle() const;    // hash; empty before the first activation
  Stats& stats();

  // Hash of the bundle that must be found before this record may be stepped; nullopt for all but activations.
  static std::optional<std::string> required_bundle(std::string_view record);
  // Why this binary may not step the record: it activates a behaviour version that it cannot run. The owner stops before
  // it and says so; nullopt for all other records.
  static std::optional<std::string> cannot_step(std::string_view record);
  [[nodiscard]] std::uint32_t active_behaviour() const;
  // Hash of the active bundle in a stored state, before load(); nullopt when new.
  static std::optional<std::string> stored_bundle(const StateView& stored);
  // nullopt: new, or not readable by this version (load() tells them apart).
  static std::optional<StoredPosition> stored_position(const StateView& stored);
  // The key in Table::Meta without which there is no state.
  static std::string_view position_key();

 private:
  struct Impl;
  std::unique_ptr<Impl> x_impl;
};

}  // namespace ioc::triage
