// Consume, produce, commit the offset with the outputs: what every exactly-once engine on Kafka does at least.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace ioc::bench {

struct CopyOutput {
  std::string topic;
  std::int32_t partition = 0;
  std::string key, value;
};

struct CopyJob {
  std::string bootstrap, from, to;
  std::chrono::milliseconds gap{5};  // between the end of a commit and the next: back to back costs 20 ms each
  std::uint64_t stop_after = 0;      // events
  // What the n-th event leads to; without it, each event is copied to `to`. copy_bare only.
  const std::vector<std::vector<CopyOutput>>* outputs = nullptr;
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
