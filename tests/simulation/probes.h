// Counters of rare paths: a simulation that never gets there proves nothing about them, so tests ask.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace ioc::simulation {

class Probes {
 public:
  void hit(const char* name) { ++x_hits[name]; }
  void add(const Probes& other) {
    for (const auto& [name, hits] : other.x_hits) x_hits[name] += hits;
  }
  [[nodiscard]] std::uint64_t hits(const std::string& name) const {
    const auto found = x_hits.find(name);
    return found == x_hits.end() ? 0 : found->second;
  }
  [[nodiscard]] const std::map<std::string, std::uint64_t>& all() const { return x_hits; }

 private:
  std::map<std::string, std::uint64_t> x_hits;
};

}  // namespace ioc::simulation
