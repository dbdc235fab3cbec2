// Events for measuring the whole system over HTTP: the full mix (nine camera or checkpoint events to one text report).
#pragma once

#include <cstdint>
#include <string>
#include <utility>

namespace ioc::bench {

struct Batch {
  std::string path, body;  // NDJSON
  std::uint64_t events = 0;
};

// Each call gives other events; not from two threads at once.
class Mix {
 public:
  // Names of different runs differ, so that no event of one repeats another's.
  explicit Mix(std::string run) : x_run(std::move(run)) {}
  // About `events` events, all of one feed; the feeds take turns so that the shares of the mix come out.
  [[nodiscard]] Batch batch(std::uint64_t events);
  // A citizen's report as one JSON object; some are about the same thing.
  [[nodiscard]] std::string report();
  // A report of something that no other report is about: it opens an incident. A kilometre from all others and in words of its
  // own; `place` comes round after 1,000.
  [[nodiscard]] std::string lone_report(std::uint64_t place);

 private:
  [[nodiscard]] std::string report_at(const std::string& position, const std::string& words);
  [[nodiscard]] std::string alert();
  [[nodiscard]] std::string passage();
  const std::string x_run;
  std::uint64_t x_next = 0;
  std::uint64_t x_batches = 0;
};

}  // namespace ioc::bench
