// Consume, produce, commit the offset with the outputs: what every exactly-once engine on Kafka does at least.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace ioc::bench {

struct CopyJob {
  std::string bootstrap, from, to;
  std::chrono::milliseconds gap{5};  // between the end of a commit and the next: back to back costs 20 ms each
  std::uint64_t stop_after = 0;      // events
};

struct CopyCost {
  std::uint64_t events = 0;
  double cpu_seconds = 0;   // of the whole process, from the first event on
  double wall_seconds = 0;  // likewise
};

// Written against librdkafka and nothing else: the baseline.
CopyCost copy_bare(const CopyJob& job);
// The same through libs/log.
CopyCost copy_seam(const CopyJob& job);

}  // namespace ioc::bench
