// One run: events go in while everything is killed, stopped, restarted and doubled; then the history is checked.
#pragma once

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/faults/history.h"

namespace ioc::faults {

struct Options {
  std::string log = "kafka-3.9";
  std::uint64_t events = 1'000'000;
  std::uint64_t faults = 0;
  std::uint64_t seed = 1;
  std::uint32_t areas = 2;  // each a partition; Kafka only
  std::string ioc;   // the executable under test
  std::string root;  // of the sources: deploy/
  std::string dir;   // everything of the run; removed at the end when it was clean
};

struct Outcome {
  std::uint64_t events = 0;  // acknowledged and checked
  std::uint64_t faults = 0;  // done
  Verdict verdict;
};

// What makes going on impossible: a process that ended by itself, something that never worked again.
class Broken : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

Outcome run_kafka(const Options& options);
Outcome run_embedded(const Options& options);

// `count` of the kinds [0, kinds), each as often as the others, in a seeded order.
[[nodiscard]] std::vector<std::size_t> plan(std::uint64_t seed, std::uint64_t count, std::size_t kinds);
// A line on standard error with the seconds since the start.
void say(const std::string& text);
// Looks again until `done`; throws Broken with `what` at the deadline.
void wait_until(std::int64_t seconds, const std::string& what, const std::function<bool()>& done);
void merge(Verdict& into, const Verdict& from);

}  // namespace ioc::faults
