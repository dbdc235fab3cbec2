// All that step() reads besides state and record, immutable, compiled once from hashed parts (DESIGN D1).
// Parts are the files of deploy/config/bundle and deploy/config/units, byte for byte.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "libs/domain/ids.h"

namespace ioc::triage {

struct BundleFile {
  std::string name;  // path below the bundle's folder: "rules.yaml", "units/units-2025.csv"
  std::string content;
};

class Bundle;  // defined in bundle_parts.h: what the stages read

// Every mistake, as "file: place: what is wrong and what to do". Empty: the bundle compiles.
struct BundleProblems {
  std::vector<std::string> problems;
};

// nullptr and all problems when it does not compile.
std::shared_ptr<const Bundle> compile(std::string hash, std::vector<BundleFile> files, BundleProblems& problems);

// Subscribers named by the bundle: each has a topic of its own, made by the runtime.
std::vector<std::string> subscriber_ids(const Bundle& bundle);

// A deployment's bundle: the files of `bundle_folder`, and those of `units_folder` as "units/<name>", sorted by name.
[[nodiscard]] Result<std::vector<BundleFile>> read_bundle(const std::string& bundle_folder, const std::string& units_folder);

// Reads a bundle's folder into files, sorted by name. Permanent: no such folder, or unreadable.
[[nodiscard]] Result<std::vector<BundleFile>> read_bundle_folder(const std::string& folder);

// The manifest's hash (BLAKE2b-256, hex) and the chunks to append to `ioc.bundles.v1`, in order.
struct PackedBundle {
  std::string hash;
  struct Chunk {
    std::string key, value;
  };
  std::vector<Chunk> chunks;
};
PackedBundle pack(const std::vector<BundleFile>& files);

// On `ioc.bundles.v1` beside the chunks: which bundle a partition runs. Its owner appends it, so that who does not step the partition
// (ingest's judge of danger) follows. Key "active/" partition; the value is the bundle's hash.
[[nodiscard]] std::string active_key(PartitionId partition);

// Follows `ioc.bundles.v1`: puts chunks together again, in any order and with repeats, and keeps which bundle each partition runs.
class BundleAssembler {
 public:
  BundleAssembler();
  ~BundleAssembler();
  // Corrupt: neither a chunk nor the mark of an active bundle, or a bundle whose parts do not have the manifest's hashes.
  [[nodiscard]] Result<void> add(std::string_view key, std::string_view value);
  // The hash of the bundle that the partition runs; empty: nothing said so yet.
  [[nodiscard]] std::string active(PartitionId partition) const;
  // All parts are there and verified.
  [[nodiscard]] bool has(std::string_view hash) const;
  [[nodiscard]] std::vector<BundleFile> files(std::string_view hash) const;
 private:
  struct State;
  std::unique_ptr<State> x_state;
};

}  // namespace ioc::triage
