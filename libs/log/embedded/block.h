// A block: consecutive records of one partition in one RocksDB value (grammar in README.md). One commit group writes one
// block per partition instead of one key per record, which is what makes small messages cheap.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "libs/base/result.h"
#include "libs/log/embedded/layout.h"
#include "libs/log/log.h"

namespace ioc::log::embedded {

// A group's records are cut into blocks of about this size, so that a reader of one offset unpacks little.
inline constexpr std::size_t kBlockBytes = 64 << 10;

struct Block {
  PartitionNumber partition;
  std::uint64_t first = 0;  // the offsets it stands for, from first to last, also where compaction took records out
  std::uint64_t last = 0;
  std::uint32_t records = 0;
  std::int64_t first_time_ms = 0;
  std::int64_t last_time_ms = 0;
  std::string bytes;  // as stored
};

// What stands before the records is checked; the records are when they are read.
[[nodiscard]] Result<Block> parse_block(std::string_view key, std::string bytes);

// Names a partition in errors: "ioc.events.v1/0" is better than numbers, but only the catalogue knows it.
using PartitionName = std::string_view;


// Goes through a block's records in order.
class BlockReader {
 public:
  explicit BlockReader(const Block& block);
  [[nodiscard]] bool at_end() const { return x_left == 0; }
  // Corrupt, naming partition and offset, when the bytes are not what was written; it stays there.
  [[nodiscard]] Result<void> next(Entry& entry, PartitionName name);

 private:
  const Block* x_block;
  std::string_view x_rest;
  std::uint64_t x_seed;
  std::uint64_t x_expected;
  std::uint32_t x_left;
};

// Packs records, offsets ascending.
class BlockBuilder {
 public:
  void start(PartitionNumber partition, std::uint64_t first, std::int64_t time_ms);
  void add(std::uint64_t offset, std::int64_t time_ms, const Message& message);
  void add(const Entry& entry);
  // Covers offsets up to `last`, which may be past the last record where compaction took records out.
  [[nodiscard]] std::shared_ptr<const Block> finish(std::uint64_t last, std::int64_t last_time_ms);
  [[nodiscard]] bool started() const { return x_block != nullptr; }
  [[nodiscard]] std::size_t size_bytes() const { return x_block ? x_block->bytes.size() : 0; }
  [[nodiscard]] std::uint32_t records() const { return x_block ? x_block->records : 0; }

 private:
  template <class Headers>
  void add_record(std::uint64_t offset, std::int64_t time_ms, bool tombstone, std::string_view key,
                  std::string_view value, const Headers& headers);
  std::shared_ptr<Block> x_block;
  std::uint64_t x_seed = 0;
  std::string x_body;
};

}  // namespace ioc::log::embedded
