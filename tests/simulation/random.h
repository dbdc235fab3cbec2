// Everything that a run leaves to chance comes from here, so that its seed replays it.
#pragma once

#include <cstdint>
#include <vector>

namespace ioc::simulation {

// SplitMix64: the same numbers on every platform, unlike the distributions of <random>.
class Random {
 public:
  explicit Random(std::uint64_t seed) : x_state(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (x_state += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  // [0, below); below > 0.
  std::uint64_t pick(std::uint64_t below) { return next() % below; }
  // [from, to]
  std::int64_t between(std::int64_t from, std::int64_t to) {
    return from + static_cast<std::int64_t>(pick(static_cast<std::uint64_t>(to - from + 1)));
  }
  bool chance(std::uint64_t permille) { return pick(1000) < permille; }
  template <class T>
  const T& one_of(const std::vector<T>& all) { return all[pick(all.size())]; }
  // A stream of its own: drawing from it does not move this one.
  Random fork(std::uint64_t name) { return Random(x_state ^ (name * 0xd6e8feb86659fd93ULL)); }

 private:
  std::uint64_t x_state;
};

}  // namespace ioc::simulation
