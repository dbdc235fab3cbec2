// splitmix64: draws from a seed, the same on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace ioc::text {

struct Draw {
  std::uint64_t state;
  std::uint64_t next() {
    std::uint64_t value = state += 0x9E3779B97F4A7C15ULL;
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9ULL;
    value = (value ^ value >> 27) * 0x94D049BB133111EBULL;
    return value ^ value >> 31;
  }
  std::size_t below(std::size_t end) { return static_cast<std::size_t>(next() % end); }
  bool chance(std::size_t permille) { return below(1000) < permille; }
  template <class T>
  void shuffle(std::vector<T>& all) {
    for (std::size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[below(i)]);
  }
};

}  // namespace ioc::text
