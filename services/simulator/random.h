// Numbers that a seed decides, the same everywhere and for ever (std::*_distribution differs between libraries).
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

#include "libs/base/hash.h"

namespace ioc::simulator {

class Random {
 public:
  explicit Random(std::uint64_t seed) : x_state(seed) {}
  // A stream of its own for each (seed, what, number).
  Random(std::uint64_t seed, std::string_view what, std::int64_t number)
      : x_state(hash128(what, seed ^ (static_cast<std::uint64_t>(number) * 0x9E3779B97F4A7C15ULL)).low) {}

  // SplitMix64.
  std::uint64_t next() {
    std::uint64_t z = (x_state += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  // 0 … bound-1
  std::int64_t below(std::int64_t bound) { return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(bound)); }
  std::int64_t between(std::int64_t low, std::int64_t high) { return low + below(high - low + 1); }
  bool chance(std::int64_t permille) { return below(1000) < permille; }

  template <class List>
  auto& pick(List&& list) {
    return list[static_cast<std::size_t>(below(static_cast<std::int64_t>(std::size(list))))];
  }
  // The place of the weight that was drawn.
  std::size_t weighted(std::span<const int> weights) {
    std::int64_t sum = 0;
    for (const int weight : weights) sum += weight;
    std::int64_t drawn = below(sum);
    std::size_t at = 0;
    while (drawn >= weights[at]) drawn -= weights[at++];
    return at;
  }
  // How often something happens that is expected `expected_e9` / 1e9 times.
  std::int64_t count(std::int64_t expected_e9) {
    constexpr std::int64_t kOne = 1'000'000'000;
    return expected_e9 / kOne + (below(kOne) < expected_e9 % kOne ? 1 : 0);
  }

 private:
  std::uint64_t x_state;
};

}  // namespace ioc::simulator
