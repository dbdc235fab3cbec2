#include "libs/log/embedded/reader.h"

#include <algorithm>

namespace ioc::log::embedded {

namespace {

constexpr std::size_t kReadAheadBytes = 512 << 10;

std::size_t size_of(const Entry& entry) {
  std::size_t bytes = entry.key.size() + entry.value.size();
  for (const auto& [name, value] : entry.headers) bytes += name.size() + value.size();
  return bytes;
}

}  // namespace

PartitionReader::PartitionReader(const store::Store& store, Partition& partition, Offset from)
    : x_store(store), x_partition(partition), x_position(from.value()) {
  x_partition.attach(x_waiter);
}

PartitionReader::~PartitionReader() {
  x_partition.detach(x_waiter);
  x_waiter->disarm();
}

void PartitionReader::seek(Offset offset) {
  x_position = offset.value();
  x_block.reset();
  x_records.reset();
  x_fetched.clear();
}

void PartitionReader::when_ready(std::function<void()> ready) {
  if (!ready) return x_waiter->disarm();
  // Armed first, then looked: an append between the two fires it, and once is all it fires.
  x_waiter->arm(std::move(ready));
  const auto range = x_partition.range();
  if (outside(range) || x_position < range.end.value()) x_waiter->fire();
}

std::optional<Error> PartitionReader::outside(const Range& range) const {
  if (x_position >= range.first.value() && x_position <= range.end.value()) return std::nullopt;
  return permanent(x_partition.name + ": offset " + std::to_string(x_position) + " is outside of what the log holds, " +
                   std::to_string(range.first.value()) + " to " + std::to_string(range.end.value()) +
                   "; what is older was removed by retention: start from the range the log gives");
}

Error PartitionReader::damage(const Error& error) const {
  return {error.kind, x_partition.name + ": reading offset " + std::to_string(x_position) + ": " + error.message};
}

// Blocks from x_position on into x_fetched, as far as they follow one another.
Result<void> PartitionReader::fetch(std::uint64_t end) {
  x_fetched.clear();
  const auto at = x_store.iterate(store::Family{kBlocks}, store::Cache::Bypass);
  at->seek_for_prev(offset_key(x_partition.number, x_position));
  std::uint64_t expected = x_position;
  std::size_t bytes = 0;
  for (; at->valid() && bytes < kReadAheadBytes && expected < end; at->next()) {
    const auto place = parse_offset_key(at->key());
    if (!place || place->partition != x_partition.number || place->offset > expected) break;
    if (!x_fetched.empty() && place->offset != expected) break;
    auto block = parse_block(at->key(), std::string(at->value()));
    if (!block) {
      if (x_fetched.empty()) return damage(block.error());
      break;
    }
    if (block->last < expected) break;
    expected = block->last + 1;
    bytes += block->bytes.size();
    x_fetched.push_back(std::make_shared<const Block>(std::move(*block)));
  }
  if (!x_fetched.empty()) return {};
  if (const auto status = at->status(); !status) return damage(status.error());
  // Retention may have taken it between the look at the range and now: then it is not damage.
  if (const auto gone = outside(x_partition.range())) return *gone;
  return corrupt(x_partition.name + ": the record at offset " + std::to_string(x_position) +
                 " is missing; run `ioc log verify`, restore the log's folder from a copy");
}

Result<bool> PartitionReader::find_block() {
  while (!x_records || x_position > x_block->last || (x_records->at_end())) {
    if (x_records) {
      // What compaction took out at the end of a block is passed in silence.
      x_position = std::max(x_position, x_block->last + 1);
      x_records.reset();
      x_block.reset();
    }
    const auto range = x_partition.range();
    if (auto error = outside(range)) return *error;
    if (x_position >= range.end.value()) return false;
    if (!x_fetched.empty() && x_fetched.front()->first == x_position) {
      x_block = x_fetched.front();
      x_fetched.pop_front();
    } else if (auto newest = x_partition.in_memory(x_position)) {
      x_block = std::move(newest);
      x_fetched.clear();
    } else {
      if (auto fetched = fetch(range.end.value()); !fetched) return fetched.error();
      x_block = x_fetched.front();
      x_fetched.pop_front();
    }
    x_records.emplace(*x_block);
  }
  return true;
}

Result<Batch> PartitionReader::poll(std::size_t entries_max, std::size_t bytes_max) {
  Batch batch;
  const auto memory = std::make_shared<std::vector<std::shared_ptr<const Block>>>();
  std::size_t bytes = 0;
  std::optional<Error> error;
  while (batch.entries.size() < std::max<std::size_t>(entries_max, 1)) {
    const auto found = find_block();
    if (!found) error = found.error();
    if (!found || !*found) break;
    const auto before = *x_records;
    Entry entry;
    if (const auto read = x_records->next(entry, x_partition.name); !read) {
      error = read.error();
      break;
    }
    if (entry.offset.value() < x_position) continue;
    bytes += size_of(entry);
    if (!batch.entries.empty() && bytes > bytes_max) {
      x_records = before;
      break;
    }
    if (memory->empty() || memory->back() != x_block) memory->push_back(x_block);
    x_position = entry.offset.value() + 1;
    batch.entries.push_back(std::move(entry));
  }
  // What came before the damage is good and is given out; the next poll names the damage.
  if (error && batch.entries.empty()) return *error;
  batch.next = Offset(x_position);
  batch.memory = memory;
  return batch;
}

}  // namespace ioc::log::embedded
