#include "services/triage/checkpoint_catalog.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <utility>

#include "libs/domain/topics.h"

namespace ioc::triage_service {
namespace {

constexpr std::size_t kHashBytes = 32;

// "3/<checkpoint>/000017"
std::optional<std::pair<std::string, std::uint32_t>> parts_of(std::string_view key) {
  const auto first = key.find('/');
  const auto last = key.rfind('/');
  if (first == std::string_view::npos || first == last) return std::nullopt;
  std::uint32_t index = 0;
  for (const char digit : key.substr(last + 1)) {
    if (digit < '0' || digit > '9') return std::nullopt;
    index = index * 10 + static_cast<std::uint32_t>(digit - '0');
  }
  return std::pair(std::string(key.substr(first + 1, last - first - 1)), index);
}

}  // namespace

struct CheckpointHash::State {
  crypto_generichash_state state;
};

CheckpointHash::CheckpointHash() : x_state(std::make_unique<State>()) {
  crypto_generichash_init(&x_state->state, nullptr, 0, kHashBytes);
}
CheckpointHash::~CheckpointHash() = default;
CheckpointHash::CheckpointHash(CheckpointHash&&) noexcept = default;
CheckpointHash& CheckpointHash::operator=(CheckpointHash&&) noexcept = default;

void CheckpointHash::add(std::string_view bytes) {
  crypto_generichash_update(&x_state->state, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
}

std::string CheckpointHash::hex() {
  std::array<unsigned char, kHashBytes> hash{};
  crypto_generichash_final(&x_state->state, hash.data(), hash.size());
  std::string text(2 * kHashBytes + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), hash.data(), hash.size());
  text.pop_back();
  return text;
}

void CheckpointCatalog::add(const log::Entry& entry) {
  auto parts = parts_of(entry.key);
  if (!parts) return;
  auto& [name, index] = *parts;
  if (entry.tombstone) {
    // Of a checkpoint that goes: without one of its chunks it is not whole.
    if (const auto found = x_all.find(name); found != x_all.end()) {
      found->second.broken = true;
      found->second.manifest.reset();
      found->second.live.erase(index);
    }
    return;
  }
  Partial& partial = x_all[name];
  partial.live.insert(index);
  auto record = wire::decode_checkpoint_record(entry.value);
  if (record.has_error()) {
    partial.broken = true;
    return;
  }
  if (const auto* chunk = std::get_if<CheckpointChunk>(&*record)) {
    if (chunk->index == 0) partial.first = entry.offset;
    partial.broken = partial.broken || chunk->index != partial.next;
    ++partial.next;
    partial.bytes += chunk->content.size();
    partial.hash.add(chunk->content);
    return;
  }
  const auto& manifest = std::get<CheckpointManifest>(*record);
  const bool whole = !partial.broken && manifest.chunks == partial.next && manifest.size_bytes == partial.bytes &&
                     manifest.hash == partial.hash.hex();
  partial.broken = !whole;
  if (whole) partial.manifest = manifest;
}

void CheckpointCatalog::added(const CheckpointManifest& manifest) {
  Partial& partial = x_all[manifest.checkpoint];
  partial.manifest = manifest;
  for (std::uint32_t i = 0; i <= manifest.chunks; ++i) partial.live.insert(i);
}

std::vector<CheckpointCatalog::Whole> CheckpointCatalog::whole() const {
  std::vector<Whole> all;
  for (const auto& [name, partial] : x_all) {
    if (partial.manifest) all.push_back({*partial.manifest, partial.first});
  }
  std::sort(all.begin(), all.end(), [](const Whole& a, const Whole& b) {
    return std::pair(a.manifest.offset, a.manifest.made_at) > std::pair(b.manifest.offset, b.manifest.made_at);
  });
  return all;
}

std::optional<CheckpointCatalog::Whole> CheckpointCatalog::newest_up_to(Offset committed) const {
  for (Whole& one : whole()) {
    if (one.manifest.offset <= committed) return std::move(one);
  }
  return std::nullopt;
}

std::vector<CheckpointCatalog::Stale> CheckpointCatalog::take_stale() {
  const auto all = whole();
  std::vector<std::string> kept;
  for (std::size_t i = 0; i < all.size() && i < kCheckpointsKept; ++i) kept.push_back(all[i].manifest.checkpoint);
  std::vector<Stale> stale;
  for (auto at = x_all.begin(); at != x_all.end();) {
    if (std::find(kept.begin(), kept.end(), at->first) != kept.end()) {
      ++at;
    } else {
      if (!at->second.live.empty()) stale.push_back({at->first, std::move(at->second.live)});
      at = x_all.erase(at);
    }
  }
  return stale;
}

void read_catalog(TopicScan& scan, PartitionId partition, CheckpointCatalog& catalog, std::function<void(const Result<Offset>& end)> done) {
  catalog = {};
  scan.run(topics::kCheckpoints, partition, std::nullopt,
           [&catalog](const log::Entry& entry) -> Result<void> {
             catalog.add(entry);
             return {};
           },
           std::move(done));
}

}  // namespace ioc::triage_service
