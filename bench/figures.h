// One figure is one line of JSON on standard output; bench/run gathers the lines of all programs.
#pragma once

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <string_view>
#include <vector>

namespace ioc::bench {

// `goal` is DESIGN 6's, as text ("<= 15"), or empty where none is set.
inline void report(std::string_view name, double value, std::string_view unit, std::string_view goal = "") {
  fmt::print("{{\"name\":\"{}\",\"value\":{:.6g},\"unit\":\"{}\",\"goal\":\"{}\"}}\n", name, value, unit, goal);
  std::fflush(stdout);
}

// Nearest rank; sorts. `share` 0.5 is the median. 0 when there is nothing.
inline double percentile(std::vector<double>& values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const auto rank = static_cast<std::size_t>(share * static_cast<double>(values.size()));
  return values[std::min(rank, values.size() - 1)];
}

}  // namespace ioc::bench
