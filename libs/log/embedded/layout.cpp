#include "libs/log/embedded/layout.h"

#include "libs/base/hash.h"
#include "libs/log/embedded/bytes.h"

namespace ioc::log::embedded {

namespace {

// The small values (everything but blocks) end in the hash of what is before.
std::string sealed(std::string value) {
  put_fixed(value, hash128(value).low);
  return value;
}

std::optional<std::string_view> opened(std::string_view value) {
  if (value.size() < sizeof(std::uint64_t)) return std::nullopt;
  const auto content = value.substr(0, value.size() - sizeof(std::uint64_t));
  if (Bytes(value.substr(content.size())).fixed<std::uint64_t>() != hash128(content).low) return std::nullopt;
  return content;
}

void put_number(std::string& into, PartitionNumber partition) {
  put_sorted(into, partition.topic);
  put_sorted(into, partition.partition);
}

PartitionNumber take_number(Bytes& bytes) {
  PartitionNumber number;
  number.topic = bytes.sorted<std::uint32_t>();
  number.partition = bytes.sorted<std::uint32_t>();
  return number;
}

std::string named(std::string_view prefix, PartitionNumber partition) {
  std::string key(prefix);
  put_number(key, partition);
  return key;
}

}  // namespace

const std::vector<std::string>& family_names() {
  static const std::vector<std::string> names = {"blocks", "segments", "commits"};
  return names;
}

std::string offset_key(PartitionNumber partition, std::uint64_t offset) {
  std::string key;
  put_number(key, partition);
  put_sorted(key, offset);
  return key;
}

std::optional<OffsetKey> parse_offset_key(std::string_view key) {
  Bytes bytes(key);
  OffsetKey parsed;
  parsed.partition = take_number(bytes);
  parsed.offset = bytes.sorted<std::uint64_t>();
  if (!bytes.good() || !bytes.at_end()) return std::nullopt;
  return parsed;
}

std::string start_key(PartitionNumber partition) { return named("start/", partition); }
std::string clean_key(PartitionNumber partition) { return named("clean/", partition); }

std::string commit_key(std::string_view group, PartitionNumber partition) {
  std::string key = named("", partition);
  key.append(group);
  return key;
}

std::optional<CommitKey> parse_commit_key(std::string_view key) {
  Bytes bytes(key);
  CommitKey parsed;
  parsed.partition = take_number(bytes);
  parsed.group = std::string(bytes.rest());
  if (!bytes.good()) return std::nullopt;
  return parsed;
}

std::string encode(const StoredTopic& topic) {
  std::string value;
  put_varint(value, topic.number);
  put_varint(value, topic.config.partitions);
  put_varint(value, topic.config.compacted ? 1 : 0);
  put_varint(value, static_cast<std::uint64_t>(topic.config.retention_time.count()));
  put_varint(value, topic.config.retention_bytes);
  return sealed(std::move(value));
}

std::optional<StoredTopic> parse_topic(std::string_view name, std::string_view value) {
  const auto content = opened(value);
  if (!content) return std::nullopt;
  Bytes bytes(*content);
  StoredTopic topic;
  topic.number = static_cast<std::uint32_t>(bytes.varint());
  topic.config.name = std::string(name);
  topic.config.partitions = static_cast<std::uint32_t>(bytes.varint());
  topic.config.compacted = bytes.varint() != 0;
  topic.config.retention_time = Millis(static_cast<std::int64_t>(bytes.varint()));
  topic.config.retention_bytes = bytes.varint();
  if (!bytes.good()) return std::nullopt;
  return topic;
}

std::string encode(const Start& start) {
  std::string value;
  put_varint(value, start.offset);
  put_varint(value, static_cast<std::uint64_t>(start.time_ms));
  return sealed(std::move(value));
}

std::optional<Start> parse_start(std::string_view value) {
  const auto content = opened(value);
  if (!content) return std::nullopt;
  Bytes bytes(*content);
  Start start;
  start.offset = bytes.varint();
  start.time_ms = static_cast<std::int64_t>(bytes.varint());
  if (!bytes.good()) return std::nullopt;
  return start;
}

std::string encode_watermark(std::uint64_t groups) {
  std::string value;
  put_fixed(value, groups);
  return sealed(std::move(value));
}

std::optional<std::uint64_t> parse_watermark(std::string_view value) {
  const auto content = opened(value);
  if (!content) return std::nullopt;
  Bytes bytes(*content);
  const auto groups = bytes.fixed<std::uint64_t>();
  if (!bytes.good() || !bytes.at_end()) return std::nullopt;
  return groups;
}

std::string encode_offset(std::uint64_t offset) {
  std::string value;
  put_varint(value, offset);
  return sealed(std::move(value));
}

std::optional<std::uint64_t> parse_offset(std::string_view value) {
  const auto content = opened(value);
  if (!content) return std::nullopt;
  Bytes bytes(*content);
  const auto offset = bytes.varint();
  if (!bytes.good()) return std::nullopt;
  return offset;
}

std::string encode(const Segment& segment) {
  std::string value;
  put_varint(value, segment.last);
  put_varint(value, segment.records);
  put_varint(value, segment.bytes);
  put_varint(value, static_cast<std::uint64_t>(segment.first_time_ms));
  put_varint(value, static_cast<std::uint64_t>(segment.last_time_ms));
  return sealed(std::move(value));
}

std::optional<Segment> parse_segment(std::uint64_t first, std::string_view value) {
  const auto content = opened(value);
  if (!content) return std::nullopt;
  Bytes bytes(*content);
  Segment segment;
  segment.first = first;
  segment.last = bytes.varint();
  segment.records = bytes.varint();
  segment.bytes = bytes.varint();
  segment.first_time_ms = static_cast<std::int64_t>(bytes.varint());
  segment.last_time_ms = static_cast<std::int64_t>(bytes.varint());
  if (!bytes.good() || segment.last < segment.first) return std::nullopt;
  return segment;
}

std::string encode(const CommitState& state) {
  std::string value;
  put_varint(value, state.epoch);
  put_varint(value, state.next ? 1 : 0);
  put_varint(value, state.next.value_or(0));
  put_text(value, state.metadata);
  return sealed(std::move(value));
}

std::optional<CommitState> parse_commit(std::string_view value) {
  const auto content = opened(value);
  if (!content) return std::nullopt;
  Bytes bytes(*content);
  CommitState state;
  state.epoch = bytes.varint();
  const bool committed = bytes.varint() != 0;
  const auto next = bytes.varint();
  if (committed) state.next = next;
  state.metadata = std::string(bytes.text());
  if (!bytes.good()) return std::nullopt;
  return state;
}

}  // namespace ioc::log::embedded
