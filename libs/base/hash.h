// Non-cryptographic hashes with a fixed definition: they enter state and effects, so they may never change.
#pragma once

#include <cstdint>
#include <string_view>

namespace ioc {

struct Hash128 {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  friend bool operator==(const Hash128&, const Hash128&) = default;
  friend auto operator<=>(const Hash128&, const Hash128&) = default;
};

// MurmurHash3 x64 128 (A. Appleby, public domain algorithm), little-endian reads.
Hash128 hash128(std::string_view bytes, std::uint64_t seed = 0);

// Running hash of a stream of byte strings: each step depends on all before it.
inline std::uint64_t chain(std::uint64_t previous, std::string_view bytes) { return hash128(bytes, previous).low; }

}  // namespace ioc
