#include "libs/log/embedded/block.h"

#include "libs/base/assert.h"
#include "libs/base/hash.h"
#include "libs/log/embedded/bytes.h"

namespace ioc::log::embedded {

namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kCheckBytes = 4;
constexpr std::size_t kHeaderBytes = 1 + 8 + 4 + 8 + 8 + kCheckBytes;
constexpr std::uint64_t kTombstone = 1;

// The key is part of every check: bytes that are right but lie in the wrong place are found too.
std::uint64_t seed_of(PartitionNumber partition, std::uint64_t first) { return hash128(offset_key(partition, first)).low; }

std::uint32_t check_of(std::string_view bytes, std::uint64_t seed) {
  return static_cast<std::uint32_t>(hash128(bytes, seed).low);
}

std::string header_of(const Block& block, std::uint64_t seed) {
  std::string header;
  header.push_back(static_cast<char>(kVersion));
  put_fixed(header, block.last);
  put_fixed(header, block.records);
  put_fixed(header, static_cast<std::uint64_t>(block.first_time_ms));
  put_fixed(header, static_cast<std::uint64_t>(block.last_time_ms));
  put_fixed(header, check_of(header, seed));
  return header;
}

std::string_view name_of(const std::pair<std::string_view, std::string_view>& header) { return header.first; }
std::string_view value_of(const std::pair<std::string_view, std::string_view>& header) { return header.second; }
std::string_view name_of(const Header& header) { return header.name; }
std::string_view value_of(const Header& header) { return header.value; }

// False: not the body of a record.
bool parse_body(std::string_view body, const Block& block, Entry& entry) {
  Bytes bytes(body);
  entry.offset = Offset(block.first + bytes.varint());
  entry.appended_at = LogTime::from_ms(block.first_time_ms + static_cast<std::int64_t>(bytes.varint()));
  entry.tombstone = (bytes.varint() & kTombstone) != 0;
  entry.key = bytes.text();
  entry.value = bytes.text();
  const auto headers = bytes.varint();
  entry.headers.clear();
  for (std::uint64_t i = 0; i < headers && bytes.good(); ++i) {
    const auto name = bytes.text();
    entry.headers.emplace_back(name, bytes.text());
  }
  return bytes.good() && bytes.at_end();
}

}  // namespace

Result<Block> parse_block(std::string_view key, std::string bytes) {
  const auto place = parse_offset_key(key);
  if (!place) return corrupt("a key of blocks that is none, " + std::to_string(key.size()) + " bytes");
  Block block;
  block.partition = place->partition;
  block.first = place->offset;
  block.bytes = std::move(bytes);
  Bytes header(block.bytes);
  const auto version = header.fixed<std::uint8_t>();
  block.last = header.fixed<std::uint64_t>();
  block.records = header.fixed<std::uint32_t>();
  block.first_time_ms = static_cast<std::int64_t>(header.fixed<std::uint64_t>());
  block.last_time_ms = static_cast<std::int64_t>(header.fixed<std::uint64_t>());
  const auto check = header.fixed<std::uint32_t>();
  const auto checked = std::string_view(block.bytes).substr(0, kHeaderBytes - kCheckBytes);
  if (!header.good() || check != check_of(checked, seed_of(block.partition, block.first))) {
    return corrupt("the block's header at offset " + std::to_string(block.first) + " is not what was written");
  }
  if (version != kVersion) {
    return permanent("the block at offset " + std::to_string(block.first) + " is of version " +
                     std::to_string(version) + ": a newer program wrote it");
  }
  return block;
}

BlockReader::BlockReader(const Block& block)
    : x_block(&block),
      x_rest(std::string_view(block.bytes).substr(kHeaderBytes)),
      x_seed(seed_of(block.partition, block.first)),
      x_expected(block.first),
      x_left(block.records) {}

Result<void> BlockReader::next(Entry& entry, PartitionName name) {
  Bytes bytes(x_rest);
  const auto size = bytes.fixed<std::uint32_t>();
  const auto check = bytes.fixed<std::uint32_t>();
  const auto body = bytes.text(size);
  const bool surplus = x_left == 1 && !bytes.at_end();
  if (!bytes.good() || surplus || check != check_of(body, x_seed) || !parse_body(body, *x_block, entry)) {
    return corrupt(std::string(name) + ": the record at offset " + std::to_string(x_expected) +
                   " is not what was written; restore the log's folder from a copy or check the disk");
  }
  x_rest = bytes.rest();
  --x_left;
  x_expected = entry.offset.value() + 1;
  return {};
}

void BlockBuilder::start(PartitionNumber partition, std::uint64_t first, std::int64_t time_ms) {
  IOC_ASSERT(x_block == nullptr);
  x_block = std::make_shared<Block>();
  x_block->partition = partition;
  x_block->first = first;
  x_block->first_time_ms = time_ms;
  x_block->bytes.assign(kHeaderBytes, '\0');
  x_seed = seed_of(partition, first);
}

template <class Headers>
void BlockBuilder::add_record(std::uint64_t offset, std::int64_t time_ms, bool tombstone, std::string_view key,
                              std::string_view value, const Headers& headers) {
  IOC_ASSERT(x_block != nullptr && offset >= x_block->first);
  x_body.clear();
  put_varint(x_body, offset - x_block->first);
  // Before the first one where the clock was set back in between and compaction joined the blocks: modulo 2^64.
  put_varint(x_body, static_cast<std::uint64_t>(time_ms - x_block->first_time_ms));
  put_varint(x_body, tombstone ? kTombstone : 0);
  put_text(x_body, key);
  put_text(x_body, tombstone ? std::string_view() : value);
  put_varint(x_body, headers.size());
  for (const auto& header : headers) {
    put_text(x_body, name_of(header));
    put_text(x_body, value_of(header));
  }
  put_fixed(x_block->bytes, static_cast<std::uint32_t>(x_body.size()));
  put_fixed(x_block->bytes, check_of(x_body, x_seed));
  x_block->bytes.append(x_body);
  ++x_block->records;
}

void BlockBuilder::add(std::uint64_t offset, std::int64_t time_ms, const Message& message) {
  add_record(offset, time_ms, message.tombstone, message.key, message.value, message.headers);
}

void BlockBuilder::add(const Entry& entry) {
  add_record(entry.offset.value(), entry.appended_at.ms(), entry.tombstone, entry.key, entry.value, entry.headers);
}

std::shared_ptr<const Block> BlockBuilder::finish(std::uint64_t last, std::int64_t last_time_ms) {
  IOC_ASSERT(x_block != nullptr && last >= x_block->first);
  x_block->last = last;
  x_block->last_time_ms = last_time_ms;
  x_block->bytes.replace(0, kHeaderBytes, header_of(*x_block, x_seed));
  return std::exchange(x_block, nullptr);
}

}  // namespace ioc::log::embedded
