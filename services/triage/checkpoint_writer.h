// Writes a partition's checkpoints (DESIGN D3 "Disk lost"): canonical bytes of a snapshot of the store, read off the
// strand, in chunks to `ioc.checkpoints.v1`, the manifest last; then tombstones for what is older than the newest two.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libs/log/log.h"
#include "libs/triage/canonical.h"
#include "libs/triage/machine.h"
#include "services/triage/checkpoint_catalog.h"
#include "services/triage/config.h"
#include "services/triage/metrics.h"
#include "services/triage/state_store.h"
#include "services/triage/strand.h"
#include "services/triage/topic_scan.h"

namespace ioc::triage_service {

class CheckpointWriter {
 public:
  // All must outlive the writer.
  CheckpointWriter(PartitionId partition, log::Log& log, StateStore& store, Strand& strand, const Config& config,
                   const PartitionMetrics& metrics);

  // From time to time, with where the stored state stands and what the log still has (nullopt: not known now): begins one
  // when it is due by records or time. Warns when retention comes near the records that the older of the kept ones needs.
  void consider(Offset stored, const std::optional<log::Range>& records);
  // As soon as the stored state has come to `from`, whatever else is due.
  void demand(Offset from) { x_demanded = from; }
  // One at once, of what is stored; `done` with whether there is one (why not is said in the log).
  void write_now(std::function<void(bool)> done);
  [[nodiscard]] bool under_way() const { return x_state != State::Idle; }

 private:
  enum class State { Idle, Reading, Writing };

  void begin();
  void start_writing();
  void read_chunk();
  void append_chunk();
  void append_manifest();
  void written();
  void erase_stale();
  void append(std::string key, std::string value, bool tombstone, std::function<void()> then);
  void failed(const std::string& why);
  void finish(bool written);
  void warn_of_retention(const std::optional<log::Range>& records);
  [[nodiscard]] double share_by_bytes(Offset older, const std::optional<log::Range>& records) const;

  const PartitionId x_partition;
  log::Log& x_log;
  StateStore& x_store;
  Strand& x_strand;
  const Config& x_config;
  const PartitionMetrics& x_metrics;

  State x_state = State::Idle;
  std::optional<Offset> x_demanded;
  bool x_warned = false;
  bool x_catalog_read = false;
  CheckpointCatalog x_catalog;
  TopicScan x_scan;
  std::vector<std::function<void(bool)>> x_done;

  // Of the one under way.
  struct Work {
    std::unique_ptr<triage::StateView> snapshot;
    std::unique_ptr<triage::CanonicalReader> reader;
    CheckpointHash hash;
    CheckpointManifest manifest;
    std::string buffer;
    bool more = true;
    WallTime began;
  };
  std::unique_ptr<Work> x_work;
  std::vector<std::string> x_to_erase;

  Offset x_last;          // offset of the newest
  WallTime x_last_at;     // when it was made, or this writer began
};

}  // namespace ioc::triage_service
