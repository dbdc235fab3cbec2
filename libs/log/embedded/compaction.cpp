#include "libs/log/embedded/compaction.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_map>

#include "libs/log/embedded/block.h"

namespace ioc::log::embedded {

namespace {

constexpr std::size_t kKeyOverheadBytes = 96;  // of a key in the map beside its text
constexpr std::size_t kOldKeysMax = 50000;      // blocks that one write replaces, about

class Pass {
 public:
  Pass(store::Store& store, Partition& partition, const EmbeddedSettings& settings, std::int64_t now_ms)
      : x_store(store), x_partition(partition), x_settings(settings), x_now_ms(now_ms) {}

  Result<void> run(const std::stop_token& stop);

 private:
  // What one write replaces: consecutive segments and what is left of them.
  struct Output {
    std::optional<Segment> segment;
    std::size_t inputs = 0;
    bool changed = false;
    BlockBuilder builder;
    std::int64_t builder_time_ms = 0;
    store::Batch batch;
    std::vector<std::string> old_keys;
  };

  template <class Each>
  Result<void> for_each_block(const Segment& segment, Each each);
  [[nodiscard]] std::uint64_t clean_until() const;
  [[nodiscard]] bool enough_is_new(std::uint64_t clean) const;
  Result<void> learn_keys(std::uint64_t clean, const std::stop_token& stop);
  [[nodiscard]] bool superseded(const Entry& entry) const;
  Result<void> rewrite(const Segment& segment, Output& output);
  Result<void> add_block(const Block& block, Output& output);
  void close_block(Output& output, std::uint64_t last);
  Result<void> write(Output& output);

  store::Store& x_store;
  Partition& x_partition;
  const EmbeddedSettings& x_settings;
  const std::int64_t x_now_ms;
  std::vector<Segment> x_segments;
  std::unordered_map<std::string, std::uint64_t> x_newest;  // of every key between the clean part and x_known_until
  std::uint64_t x_known_until = 0;
  std::uint64_t x_removed = 0;
};

template <class Each>
Result<void> Pass::for_each_block(const Segment& segment, Each each) {
  const auto at = x_store.iterate(kBlocks, store::Cache::Bypass);
  std::uint64_t expected = segment.first;
  for (at->seek(offset_key(x_partition.number, segment.first)); at->valid() && expected <= segment.last; at->next()) {
    const auto block = parse_block(at->key(), std::string(at->value()));
    if (!block) return block.error();
    if (block->partition != x_partition.number || block->first != expected) break;
    expected = block->last + 1;
    if (auto done = each(*block); !done) return done;
  }
  if (auto status = at->status(); !status) return status;
  if (expected <= segment.last) return corrupt("records from offset " + std::to_string(expected) + " on are missing");
  return {};
}

std::uint64_t Pass::clean_until() const {
  const auto value = x_store.get(store::kDefault, clean_key(x_partition.number));
  // Not knowing only means cleaning again.
  return value && *value ? parse_offset(**value).value_or(0) : 0;
}

bool Pass::enough_is_new(std::uint64_t clean) const {
  std::uint64_t all = 0;
  std::uint64_t fresh = 0;
  for (const auto& each : x_segments) {
    all += each.bytes;
    if (each.first >= clean) fresh += each.bytes;
  }
  return fresh > 0 && fresh * 100 >= all * x_settings.compaction_dirty_percent;
}

Result<void> Pass::learn_keys(std::uint64_t clean, const std::stop_token& stop) {
  std::size_t bytes = 0;
  for (const auto& segment : x_segments) {
    if (segment.first < clean) continue;
    // The first segment is always taken whole, else a pass might never get on.
    if (bytes >= x_settings.compaction_keys_bytes_max || stop.stop_requested()) break;
    const auto learned = for_each_block(segment, [&](const Block& block) -> Result<void> {
      Entry entry;
      for (BlockReader records(block); !records.at_end();) {
        if (auto read = records.next(entry, x_partition.name); !read) return read;
        const auto [found, added] = x_newest.try_emplace(std::string(entry.key), entry.offset.value());
        found->second = entry.offset.value();
        if (added) bytes += entry.key.size() + kKeyOverheadBytes;
      }
      return {};
    });
    if (!learned) return learned;
    x_known_until = segment.last + 1;
  }
  return {};
}

bool Pass::superseded(const Entry& entry) const {
  if (entry.key.empty()) return false;  // nothing says what would replace it
  const auto newest = x_newest.find(std::string(entry.key));
  if (newest != x_newest.end() && newest->second > entry.offset.value()) return true;
  // Everything older of this key is gone by now: passes go from old to new.
  return entry.tombstone && entry.appended_at.ms() + x_settings.tombstone_retention.count() < x_now_ms;
}

void Pass::close_block(Output& output, std::uint64_t last) {
  if (!output.builder.started()) return;
  const auto block = output.builder.finish(last, output.builder_time_ms);
  output.segment->bytes += block->bytes.size();
  output.segment->records += block->records;
  const auto key = offset_key(block->partition, block->first);
  std::erase(output.old_keys, key);
  output.batch.put(kBlocks, key, block->bytes);
}

// Blocks are packed anew and stay consecutive: a block stands for all offsets up to the next one, also those whose
// records are gone, so a lost block is told from a compacted one.
Result<void> Pass::add_block(const Block& block, Output& output) {
  output.old_keys.push_back(offset_key(block.partition, block.first));
  if (output.builder.size_bytes() >= kBlockBytes) close_block(output, block.first - 1);
  if (!output.builder.started()) output.builder.start(block.partition, block.first, block.first_time_ms);
  Entry entry;
  for (BlockReader records(block); !records.at_end();) {
    if (auto read = records.next(entry, x_partition.name); !read) return read;
    if (superseded(entry)) {
      ++x_removed;
      output.changed = true;
    } else {
      output.builder.add(entry);
    }
  }
  output.builder_time_ms = block.last_time_ms;
  output.segment->last = block.last;
  output.segment->last_time_ms = block.last_time_ms;
  return {};
}

Result<void> Pass::rewrite(const Segment& segment, Output& output) {
  if (!output.segment) {
    output.segment = Segment{segment.first, segment.last, 0, 0, segment.first_time_ms, segment.last_time_ms};
  }
  ++output.inputs;
  return for_each_block(segment, [&](const Block& block) { return add_block(block, output); });
}

Result<void> Pass::write(Output& output) {
  if (!output.segment) return {};
  close_block(output, output.segment->last);
  auto done = std::exchange(output, Output());
  // Segments that lost nothing are left as they are, unless several small ones became one.
  if (!done.changed && done.inputs == 1) return {};
  for (const auto& key : done.old_keys) done.batch.erase(kBlocks, key);
  const auto& segment = *done.segment;
  done.batch.erase_range(kSegments, offset_key(x_partition.number, segment.first),
                         offset_key(x_partition.number, segment.last + 1));
  done.batch.put(kSegments, offset_key(x_partition.number, segment.first), encode(segment));
  if (auto written = x_store.write(done.batch, store::Sync::No); !written) return written;
  x_partition.replace(segment);
  return {};
}

Result<void> Pass::run(const std::stop_token& stop) {
  x_segments = x_partition.sealed();
  const auto clean = clean_until();
  if (!enough_is_new(clean)) return {};
  if (auto learned = learn_keys(clean, stop); !learned) return learned;
  if (stop.stop_requested()) return {};
  Output output;
  for (const auto& segment : x_segments) {
    if (segment.first >= x_known_until) break;
    if (stop.stop_requested()) return {};
    if (auto done = rewrite(segment, output); !done) return done;
    const auto held = output.segment->bytes + output.builder.size_bytes();
    if (held < x_settings.segment_bytes / 2 && output.old_keys.size() < kOldKeysMax) continue;
    if (auto done = write(output); !done) return done;
  }
  if (auto done = write(output); !done) return done;
  store::Batch batch;
  batch.put(store::kDefault, clean_key(x_partition.number), encode_offset(x_known_until));
  if (auto written = x_store.write(batch, store::Sync::No); !written) return written;
  if (x_removed > 0) {
    spdlog::debug("log compaction partition={} until={} removed={} keys={}", x_partition.name, x_known_until, x_removed,
                 x_newest.size());
  }
  return {};
}

}  // namespace

Result<void> compact(store::Store& store, Partition& partition, const EmbeddedSettings& settings, std::int64_t now_ms,
                     const std::stop_token& stop) {
  return Pass(store, partition, settings, now_ms).run(stop);
}

}  // namespace ioc::log::embedded
