// What lies in `ioc.checkpoints.v1` of one partition: which checkpoints are whole, and which keys belong to none that is
// kept. Pure: entries in log order in, lists out.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "libs/domain/state_records.h"
#include "libs/log/log.h"
#include "services/triage/topic_scan.h"

namespace ioc::triage_service {

inline constexpr std::size_t kCheckpointsKept = 2;
inline constexpr std::size_t kCheckpointChunkBytes = 512 << 10;

// BLAKE2b-256 over pieces.
class CheckpointHash {
 public:
  CheckpointHash();
  ~CheckpointHash();
  CheckpointHash(CheckpointHash&&) noexcept;
  CheckpointHash& operator=(CheckpointHash&&) noexcept;
  void add(std::string_view bytes);
  [[nodiscard]] std::string hex();  // ends it

 private:
  struct State;
  std::unique_ptr<State> x_state;
};

class CheckpointCatalog {
 public:
  struct Whole {
    CheckpointManifest manifest;
    Offset first;  // of its first chunk in the topic
  };

  // Chunk by chunk; the bytes are hashed and forgotten.
  void add(const log::Entry& entry);
  // A checkpoint that was just written; `first` is not known then and not needed.
  void added(const CheckpointManifest& manifest);
  // Whole checkpoints, newest offset first.
  [[nodiscard]] std::vector<Whole> whole() const;
  [[nodiscard]] std::optional<Whole> newest_up_to(Offset committed) const;
  // Checkpoints beyond the newest two, broken and unfinished ones: with the indexes of their keys. Forgets them.
  struct Stale {
    std::string checkpoint;
    std::set<std::uint32_t> indexes;
  };
  [[nodiscard]] std::vector<Stale> take_stale();

 private:
  struct Partial {
    CheckpointHash hash;
    std::uint32_t next = 0;        // chunk
    std::set<std::uint32_t> live;  // indexes of its keys that are no tombstones
    std::uint64_t bytes = 0;
    bool broken = false;
    Offset first;
    std::optional<CheckpointManifest> manifest;  // when it is whole
  };
  std::map<std::string, Partial, std::less<>> x_all;
};

// Fills `catalog` anew with all that lies in the topic. Both must outlive the scan; `done` as TopicScan has it.
void read_catalog(TopicScan& scan, PartitionId partition, CheckpointCatalog& catalog, std::function<void(const Result<Offset>& end)> done);

}  // namespace ioc::triage_service
