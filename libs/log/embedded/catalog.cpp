#include "libs/log/embedded/catalog.h"

#include <algorithm>
#include <mutex>

#include "libs/log/embedded/block.h"

namespace ioc::log::embedded {

namespace {

constexpr std::uint32_t kPartitionsMax = 10000;

// Ends at the first key that does not begin with `prefix`.
template <class Each>
Result<void> for_each(const store::Store& store, store::Family family, const std::string& prefix, Each each) {
  const auto at = store.iterate(family, store::Cache::Bypass);
  for (at->seek(prefix); at->valid() && at->key().starts_with(prefix); at->next()) {
    if (auto done = each(at->key(), at->value()); !done) return done;
  }
  return at->status();
}

std::string prefix_of(PartitionNumber partition) { return offset_key(partition, 0).substr(0, 8); }

bool is_name(const std::string& name) {
  return !name.empty() && name.size() <= 249 && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-';
  });
}

std::string name_of(const StoredTopic& topic, std::uint32_t partition) {
  return topic.config.name + "/" + std::to_string(partition);
}

}  // namespace

Result<std::vector<StoredTopic>> read_topics(const store::Store& store) {
  std::vector<StoredTopic> topics;
  const auto read = for_each(store, store::kDefault, std::string(kTopicPrefix),
                             [&](std::string_view key, std::string_view value) -> Result<void> {
                               const auto name = key.substr(kTopicPrefix.size());
                               auto topic = parse_topic(name, value);
                               if (!topic) return corrupt("the settings of topic " + std::string(name) + " are damaged");
                               topics.push_back(std::move(*topic));
                               return {};
                             });
  if (!read) return read.error();
  return topics;
}

Result<std::vector<Segment>> read_segments(const store::Store& store, PartitionNumber partition) {
  std::vector<Segment> segments;
  const auto read = for_each(store, kSegments, prefix_of(partition),
                             [&](std::string_view key, std::string_view value) -> Result<void> {
                               const auto place = parse_offset_key(key);
                               const auto segment = place ? parse_segment(place->offset, value) : std::nullopt;
                               if (!segment) return corrupt("the description of a segment is damaged");
                               segments.push_back(*segment);
                               return {};
                             });
  if (!read) return read.error();
  return segments;
}

Result<Start> read_start(const store::Store& store, PartitionNumber partition) {
  const auto value = store.get(store::kDefault, start_key(partition));
  if (!value) return value.error();
  if (!*value) return Start{};
  const auto start = parse_start(**value);
  if (!start) return corrupt("the start of the partition is damaged");
  return *start;
}

Result<std::uint64_t> read_groups(const store::Store& store) {
  const auto value = store.get(store::kDefault, kGroupsKey);
  if (!value) return value.error();
  if (!*value) return std::uint64_t{0};
  const auto groups = parse_watermark(**value);
  if (!groups) return corrupt("the number of commit groups is damaged");
  return *groups;
}

Result<std::vector<std::unique_ptr<OwnerSlot>>> read_owners(const store::Store& store) {
  std::vector<std::unique_ptr<OwnerSlot>> slots;
  const auto read =
      for_each(store, kCommits, "", [&](std::string_view key, std::string_view value) -> Result<void> {
        auto state = parse_commit(value);
        if (!state) {
          const auto place = parse_commit_key(key);
          return corrupt("the committed offset of group " + (place ? place->group : std::string("?")) + " is damaged");
        }
        slots.push_back(std::make_unique<OwnerSlot>(OwnerSlot{std::string(key), std::move(*state)}));
        return {};
      });
  if (!read) return read.error();
  return slots;
}

std::unique_ptr<Catalog::Topic> Catalog::make_topic(StoredTopic stored) const {
  auto topic = std::make_unique<Topic>();
  for (std::uint32_t each = 0; each < stored.config.partitions; ++each) {
    topic->partitions.push_back(std::make_unique<Partition>(PartitionNumber{stored.number, each},
                                                            name_of(stored, each), x_tail_bytes_max));
  }
  topic->stored = std::move(stored);
  return topic;
}

Result<void> Catalog::restore() {
  auto topics = read_topics(x_store);
  if (!topics) return topics.error();
  for (auto& each : *topics) {
    x_next_number = std::max(x_next_number, each.number + 1);
    const auto name = each.config.name;
    auto topic = make_topic(std::move(each));
    for (const auto& partition : topic->partitions) {
      if (auto done = restore_partition(*partition); !done) {
        return Error{done.error().kind, partition->name + ": " + done.error().message};
      }
    }
    x_topics.emplace(name, std::move(topic));
  }
  return {};
}

Result<void> Catalog::restore_partition(Partition& partition) {
  const auto start = read_start(x_store, partition.number);
  if (!start) return start.error();
  auto segments = read_segments(x_store, partition.number);
  if (!segments) return segments.error();
  if (start->offset > 0) {
    store::Batch batch;
    batch.erase_range(kBlocks, offset_key(partition.number, 0), offset_key(partition.number, start->offset));
    batch.erase_range(kSegments, offset_key(partition.number, 0), offset_key(partition.number, start->offset));
    const auto at = x_store.iterate(kBlocks, store::Cache::Bypass);
    at->seek(offset_key(partition.number, 0));
    if (at->valid() && at->key() < offset_key(partition.number, start->offset)) {
      if (auto written = x_store.write(batch, store::Sync::No); !written) return written;
    }
    std::erase_if(*segments, [&](const Segment& each) { return each.last < start->offset; });
  }
  std::uint64_t expected = start->offset;
  for (const auto& each : *segments) {
    if (each.first != expected) return corrupt("records from offset " + std::to_string(expected) + " on are missing");
    expected = each.last + 1;
  }
  const auto active = scan_active(partition, expected);
  if (!active) return active.error();
  // The newest record counts, not the latest time: records from before a wrong clock was set back are in the past.
  const std::int64_t newest_ms = *active ? (*active)->last_time_ms : segments->empty() ? start->time_ms : segments->back().last_time_ms;
  x_last_time_ms = std::max(x_last_time_ms, newest_ms);
  partition.restore(start->offset, std::move(*segments), *active);
  return {};
}

// The newest segment is described nowhere yet: its blocks are, and they are few.
Result<std::optional<Segment>> Catalog::scan_active(const Partition& partition, std::uint64_t from) const {
  std::optional<Segment> active;
  std::uint64_t expected = from;
  const auto at = x_store.iterate(kBlocks, store::Cache::Bypass);
  for (at->seek(offset_key(partition.number, from)); at->valid(); at->next()) {
    const auto place = parse_offset_key(at->key());
    if (!place || place->partition != partition.number) break;
    const auto block = parse_block(at->key(), std::string(at->value()));
    if (!block) return block.error();
    if (block->first != expected) return corrupt("records from offset " + std::to_string(expected) + " on are missing");
    expected = block->last + 1;
    if (!active) active = Segment{block->first, block->last, 0, 0, block->first_time_ms, block->last_time_ms};
    active->last = block->last;
    active->records += block->records;
    active->bytes += block->bytes.size();
    active->last_time_ms = block->last_time_ms;
  }
  if (auto status = at->status(); !status) return status.error();
  return active;
}

Result<void> Catalog::check(std::span<const TopicConfig> topics) const {
  std::string wrong;
  const auto say = [&wrong](const TopicConfig& topic, const std::string& what) {
    wrong += (wrong.empty() ? "" : "; ") + topic.name + ": " + what;
  };
  for (const auto& each : topics) {
    if (!is_name(each.name)) say(each, "a topic's name is 1 to 249 of letters, digits, '.', '_' and '-'");
    if (each.partitions < 1 || each.partitions > kPartitionsMax) {
      say(each, "a topic has 1 to " + std::to_string(kPartitionsMax) + " partitions");
    }
    if (each.retention_time.count() < 0) say(each, "retention_time is negative");
    const auto found = x_topics.find(each.name);
    if (found == x_topics.end()) continue;
    const auto& is = found->second->stored.config;
    if (is.partitions != each.partitions) {
      say(each, "has " + std::to_string(is.partitions) + " partitions, asked for are " + std::to_string(each.partitions));
    }
    if (is.compacted != each.compacted) say(each, is.compacted ? "is compacted, asked for is not" : "is not compacted, asked for is");
  }
  if (wrong.empty()) return {};
  return permanent("topics of this log differ from what is asked for: " + wrong +
                   "; change the configuration back or start with a new data folder");
}

Result<void> Catalog::ensure(std::span<const TopicConfig> topics) {
  const std::unique_lock lock(x_mutex);
  if (auto checked = check(topics); !checked) return checked;
  store::Batch batch;
  std::map<std::string, StoredTopic> changed;
  auto number = x_next_number;
  for (const auto& each : topics) {
    const auto found = x_topics.find(each.name);
    const auto twice = changed.find(each.name);
    StoredTopic topic;
    topic.number = twice != changed.end() ? twice->second.number
                   : found != x_topics.end() ? found->second->stored.number
                                             : number++;
    topic.config = each;
    // A start with a full disk asks for what is there already: that must not need room.
    const bool same = found != x_topics.end() && encode(found->second->stored) == encode(topic);
    if (same && twice == changed.end()) continue;
    batch.put(store::kDefault, std::string(kTopicPrefix) + each.name, encode(topic));
    changed[each.name] = std::move(topic);
  }
  if (auto written = x_store.write(batch, store::Sync::Yes); !written) return written;
  x_next_number = number;
  for (auto& [name, topic] : changed) {
    const auto found = x_topics.find(name);
    if (found != x_topics.end()) {
      found->second->stored = std::move(topic);
    } else {
      x_topics.emplace(name, make_topic(std::move(topic)));
    }
  }
  return {};
}

std::optional<std::uint32_t> Catalog::partitions_of(std::string_view topic) const {
  const std::shared_lock lock(x_mutex);
  const auto found = x_topics.find(topic);
  if (found == x_topics.end()) return std::nullopt;
  return found->second->stored.config.partitions;
}

Partition* Catalog::find(std::string_view topic, PartitionId partition) const {
  const std::shared_lock lock(x_mutex);
  const auto found = x_topics.find(topic);
  if (found == x_topics.end() || partition.value() >= found->second->partitions.size()) return nullptr;
  return found->second->partitions[partition.value()].get();
}

std::vector<TopicPartition> Catalog::all() const {
  const std::shared_lock lock(x_mutex);
  std::vector<TopicPartition> partitions;
  for (const auto& [name, topic] : x_topics) {
    for (const auto& each : topic->partitions) partitions.push_back({topic->stored.config, each.get()});
  }
  return partitions;
}

}  // namespace ioc::log::embedded
