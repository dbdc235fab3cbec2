// Where everything lies in the embedded log's RocksDB: families and keys. The grammar with an example is in README.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/log/log.h"
#include "libs/store/store.h"

namespace ioc::log::embedded {

inline constexpr store::Family kBlocks = 0;
inline constexpr store::Family kSegments = 1;
inline constexpr store::Family kCommits = 2;
const std::vector<std::string>& family_names();

inline constexpr std::string_view kFormatKey = "format";
inline constexpr std::string_view kFormat = "1";
inline constexpr std::string_view kIdKey = "id";
inline constexpr std::string_view kRetentionClockKey = "retention-clock";
inline constexpr std::string_view kGroupsKey = "groups";
inline constexpr std::string_view kTopicPrefix = "topic/";

// Numbers instead of names in keys: given at creation, never used again.
struct PartitionNumber {
  std::uint32_t topic = 0;
  std::uint32_t partition = 0;
  friend bool operator==(const PartitionNumber&, const PartitionNumber&) = default;
};

std::string offset_key(PartitionNumber partition, std::uint64_t offset);  // of blocks and segments
struct OffsetKey {
  PartitionNumber partition;
  std::uint64_t offset = 0;
};
std::optional<OffsetKey> parse_offset_key(std::string_view key);

std::string start_key(PartitionNumber partition);  // default family
std::string clean_key(PartitionNumber partition);  // default family
std::string commit_key(std::string_view group, PartitionNumber partition);
struct CommitKey {
  PartitionNumber partition;
  std::string group;
};
std::optional<CommitKey> parse_commit_key(std::string_view key);

struct StoredTopic {
  std::uint32_t number = 0;
  TopicConfig config;
};
std::string encode(const StoredTopic& topic);
std::optional<StoredTopic> parse_topic(std::string_view name, std::string_view value);

// The oldest offset that may be read, and the newest append time when it was moved there: both must survive when
// everything else of the partition is deleted.
struct Start {
  std::uint64_t offset = 0;
  std::int64_t time_ms = 0;
};
std::string encode(const Start& start);
std::optional<Start> parse_start(std::string_view value);

std::string encode_offset(std::uint64_t offset);
std::optional<std::uint64_t> parse_offset(std::string_view value);

// How many commit groups were written: in the store and, of the acknowledged ones, in the file `acknowledged`.
std::string encode_watermark(std::uint64_t groups);
std::optional<std::uint64_t> parse_watermark(std::string_view value);

// A run of consecutive blocks: what retention deletes and compaction rewrites at once.
struct Segment {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
  std::int64_t first_time_ms = 0;
  std::int64_t last_time_ms = 0;
};
std::string encode(const Segment& segment);  // `first` is in the key
std::optional<Segment> parse_segment(std::uint64_t first, std::string_view value);

struct CommitState {
  std::uint64_t epoch = 0;
  std::optional<std::uint64_t> next;
  std::string metadata;
};
std::string encode(const CommitState& state);
std::optional<CommitState> parse_commit(std::string_view value);

}  // namespace ioc::log::embedded
