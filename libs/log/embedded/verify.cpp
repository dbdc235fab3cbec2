#include "libs/log/embedded/verify.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>

#include "libs/log/embedded/block.h"
#include "libs/log/embedded/catalog.h"
#include "libs/log/embedded/watermark.h"

namespace ioc::log {

namespace {

using namespace embedded;
using Progress = std::function<void(std::uint64_t, std::uint64_t)>;

std::string number(std::uint64_t value) { return std::to_string(value); }

// RocksDB locks this file; asking takes nothing.
bool in_use(const std::string& folder) {
  const int file = ::open((folder + "/LOCK").c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) return false;
  struct flock lock = {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  const bool held = ::fcntl(file, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
  ::close(file);
  return held;
}

// One partition, from its first block to its last.
class PartitionCheck {
 public:
  PartitionCheck(const store::Store& store, PartitionNumber partition, std::string name)
      : x_store(store), x_number(partition) {
    x_report.name = std::move(name);
  }

  PartitionReport run(const Progress& progress, std::uint64_t& read_bytes, std::uint64_t total_bytes) {
    read_descriptions();
    std::uint64_t from = x_expected;
    while (const auto next = scan(from, progress, read_bytes, total_bytes)) from = *next;
    finish_segments();
    x_report.end = x_expected;
    if (x_dropped > 0) x_report.faults.push_back("and " + number(x_dropped) + " more");
    return std::move(x_report);
  }

 private:
  void fault(std::string what) {
    if (x_report.faults.size() < kFaultsMax) {
      x_report.faults.push_back(std::move(what));
    } else {
      ++x_dropped;
    }
  }

  void read_descriptions() {
    if (const auto start = read_start(x_store, x_number)) {
      x_report.first = start->offset;
    } else {
      fault(start.error().message);
    }
    x_expected = x_report.first;
    if (auto segments = read_segments(x_store, x_number)) {
      x_segments = std::move(*segments);
    } else {
      fault(segments.error().message);
    }
    std::erase_if(x_segments, [&](const Segment& each) { return each.last < x_report.first; });
  }

  // From `from` to the end, or to damage that RocksDB cannot read over: then where to go on.
  std::optional<std::uint64_t> scan(std::uint64_t from, const Progress& progress, std::uint64_t& read_bytes,
                                    std::uint64_t total_bytes) {
    const auto at = x_store.iterate(kBlocks, store::Cache::Bypass);
    for (at->seek(offset_key(x_number, from)); at->valid(); at->next()) {
      const auto place = parse_offset_key(at->key());
      if (!place || place->partition != x_number) break;
      read_bytes += at->value().size();
      progress(read_bytes, std::max(read_bytes, total_bytes));
      check_block(place->offset, parse_block(at->key(), std::string(at->value())));
    }
    const auto status = at->status();
    if (status) return std::nullopt;
    fault("offset " + number(x_expected) + " on: " + status.error().message);
    const auto next = std::find_if(x_segments.begin(), x_segments.end(),
                                   [&](const Segment& each) { return each.first > std::max(x_expected, from); });
    if (next == x_segments.end()) return std::nullopt;
    return next->first;
  }

  void check_block(std::uint64_t first, const Result<Block>& block) {
    if (first != x_expected) fault("offsets " + number(x_expected) + " to " + number(first - 1) + " are missing");
    x_expected = std::max(x_expected, first + 1);
    if (!block) return fault(block.error().message);
    x_expected = block->last + 1;
    ++x_report.blocks;
    x_report.records += block->records;
    x_report.bytes += block->bytes.size();
    check_records(*block);
    count_segment(*block);
  }

  void check_records(const Block& block) {
    Entry entry;
    auto at_least = block.first;
    for (BlockReader records(block); !records.at_end();) {
      if (const auto read = records.next(entry, x_report.name); !read) return fault(read.error().message);
      if (entry.offset.value() < at_least || entry.offset.value() > block.last) {
        return fault("offset " + number(entry.offset.value()) + " lies in the block of offsets " +
                     number(block.first) + " to " + number(block.last) + " out of order");
      }
      at_least = entry.offset.value() + 1;
    }
  }

  void count_segment(const Block& block) {
    while (x_segment < x_segments.size() && x_segments[x_segment].last < block.first) close_segment();
    x_segment_records += block.records;
    x_segment_bytes += block.bytes.size();
  }

  void close_segment() {
    const auto& segment = x_segments[x_segment++];
    if (segment.records != x_segment_records || segment.bytes != x_segment_bytes) {
      fault("the segment of offsets " + number(segment.first) + " to " + number(segment.last) + " should hold " +
            number(segment.records) + " records in " + number(segment.bytes) + " bytes, it holds " +
            number(x_segment_records) + " in " + number(x_segment_bytes));
    }
    x_segment_records = 0;
    x_segment_bytes = 0;
  }

  void finish_segments() {
    while (x_segment < x_segments.size()) close_segment();
    if (!x_segments.empty() && x_expected <= x_segments.back().last) {
      fault("offsets " + number(x_expected) + " to " + number(x_segments.back().last) + " are missing");
      x_expected = x_segments.back().last + 1;
    }
  }

  const store::Store& x_store;
  const PartitionNumber x_number;
  PartitionReport x_report;
  std::uint64_t x_dropped = 0;
  std::uint64_t x_expected = 0;
  std::vector<Segment> x_segments;
  std::size_t x_segment = 0;
  std::uint64_t x_segment_records = 0;
  std::uint64_t x_segment_bytes = 0;
};

std::uint64_t described_bytes(const store::Store& store, const std::vector<StoredTopic>& topics) {
  std::uint64_t bytes = 0;
  for (const auto& topic : topics) {
    for (std::uint32_t each = 0; each < topic.config.partitions; ++each) {
      const auto segments = read_segments(store, {topic.number, each});
      if (!segments) continue;
      for (const auto& segment : *segments) bytes += segment.bytes;
    }
  }
  return bytes;
}

struct Known {
  PartitionNumber number;
  std::size_t report;
};

// Records that belong to no topic: what should name them was lost.
void check_strangers(const store::Store& store, const std::vector<Known>& known, LogReport& report) {
  const auto at = store.iterate(kBlocks, store::Cache::Bypass);
  std::string from;
  for (at->seek(from); at->valid(); at->seek(from)) {
    const auto place = parse_offset_key(at->key());
    if (!place) {
      report.faults.push_back("a key of blocks that is none");
      return;
    }
    const auto is = [&](const Known& each) { return each.number == place->partition; };
    if (std::none_of(known.begin(), known.end(), is)) {
      report.faults.push_back("records of topic number " + number(place->partition.topic) + ", partition " +
                              number(place->partition.partition) + ": no topic has this number");
    }
    from = offset_key({place->partition.topic, place->partition.partition}, ~std::uint64_t{0}) + '\0';
  }
}

void check_committed(const store::Store& store, const std::vector<Known>& known, LogReport& report) {
  const auto owners = read_owners(store);
  if (!owners) {
    report.faults.push_back(owners.error().message);
    return;
  }
  for (const auto& each : *owners) {
    const auto key = parse_commit_key(each->key);
    const auto found = std::find_if(known.begin(), known.end(),
                                    [&](const Known& one) { return key && one.number == key->partition; });
    if (!key || found == known.end()) {
      report.faults.push_back("a committed offset of no known partition");
      continue;
    }
    ++report.committed;
    auto& partition = report.partitions[found->report];
    if (!each->state.next) continue;
    const auto next = *each->state.next;
    if (next < partition.first || next > partition.end) {
      partition.faults.push_back("group " + key->group + " has committed offset " + number(next) +
                                 ", outside of what is there, " + number(partition.first) + " to " +
                                 number(partition.end));
    }
  }
}

}  // namespace

std::uint64_t LogReport::fault_count() const {
  std::uint64_t count = faults.size();
  for (const auto& each : partitions) count += each.faults.size();
  return count;
}

Result<LogReport> verify_embedded(const std::string& folder, const Progress& progress) {
  if (!std::filesystem::exists(folder + "/CURRENT")) {
    return permanent("log " + folder + ": there is no embedded log; name the data folder of a service");
  }
  if (in_use(folder)) return transient("log " + folder + ": a process has it open; stop the service first");
  store::Options options;
  options.families = family_names();
  options.read_only = true;
  const auto opened = store::Store::open(folder, options);
  if (!opened) return opened.error();
  const auto& store = **opened;
  LogReport report;
  if (const auto id = store.get(store::kDefault, kIdKey); id && *id) {
    report.id = **id;
  } else {
    report.faults.push_back("the log's id is missing");
  }
  const auto groups = read_groups(store);
  const auto newest = groups ? check_watermark(folder, *groups) : Result<void>(groups.error());
  if (!newest) report.faults.push_back(newest.error().message);
  const auto topics = read_topics(store);
  if (!topics) {
    report.faults.push_back(topics.error().message);
    return report;
  }
  const auto total = described_bytes(store, *topics);
  std::uint64_t read = 0;
  std::vector<Known> known;
  for (const auto& topic : *topics) {
    for (std::uint32_t each = 0; each < topic.config.partitions; ++each) {
      known.push_back({{topic.number, each}, report.partitions.size()});
      PartitionCheck check(store, known.back().number, topic.config.name + "/" + number(each));
      report.partitions.push_back(check.run(progress, read, total));
    }
  }
  check_strangers(store, known, report);
  check_committed(store, known, report);
  return report;
}

}  // namespace ioc::log
