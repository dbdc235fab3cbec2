#include "tests/faults/run.h"

#include <chrono>
#include <cstdio>
#include <thread>

#include "tests/faults/workload.h"

namespace ioc::faults {

std::vector<std::size_t> plan(std::uint64_t seed, std::uint64_t count, std::size_t kinds) {
  std::vector<std::size_t> all;
  while (all.size() < count) {
    std::vector<std::size_t> round;
    for (std::size_t kind = 0; kind < kinds; ++kind) round.push_back(kind);
    for (std::size_t i = kinds; i > 1; --i) std::swap(round[i - 1], round[draw(seed, all.size() + i, 7) % i]);
    all.insert(all.end(), round.begin(), round.end());
  }
  all.resize(count);
  return all;
}

void say(const std::string& text) {
  static const auto began = std::chrono::steady_clock::now();
  const std::chrono::duration<double> since = std::chrono::steady_clock::now() - began;
  std::fprintf(stderr, "[%6.1f s] %s\n", since.count(), text.c_str());
}

void wait_until(std::int64_t seconds, const std::string& what, const std::function<bool()>& done) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  while (!done()) {
    if (std::chrono::steady_clock::now() > deadline) throw Broken(what + ": not within " + std::to_string(seconds) + " s");
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

void merge(Verdict& into, const Verdict& from) {
  into.lost += from.lost;
  into.duplicated += from.duplicated;
  into.reordered += from.reordered;
  into.aborted_read += from.aborted_read;
  into.torn += from.torn;
  into.findings.insert(into.findings.end(), from.findings.begin(), from.findings.end());
}

}  // namespace ioc::faults
