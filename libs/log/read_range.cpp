#include "libs/log/read_range.h"

#include <fmt/format.h>

#include <chrono>
#include <future>

namespace ioc::log {
namespace {

constexpr std::chrono::seconds kWaitLongest{60};
constexpr std::size_t kPollEntries = 2'000, kPollBytes = 8 << 20;

// Waits until the reader may have something new. False: nothing within the limit.
bool wait_ready(Reader& reader) {
  const auto ready = std::make_shared<std::promise<void>>();
  auto future = ready->get_future();
  reader.when_ready([ready] { ready->set_value(); });
  const bool in_time = future.wait_for(kWaitLongest) == std::future_status::ready;
  if (!in_time) reader.when_ready({});
  return in_time;
}

}  // namespace

Result<void> read_range(Log& log, std::string_view topic, PartitionId partition, Offset from, Offset until,
                        const std::function<Result<void>(const Entry&)>& visit) {
  if (from >= until) return {};
  auto reader = log.read(topic, partition, from);
  if (reader.has_error()) return reader.error();
  while ((*reader)->position() < until) {
    auto batch = (*reader)->poll(kPollEntries, kPollBytes);
    if (batch.has_error()) return batch.error();
    for (const Entry& entry : batch->entries) {
      if (entry.offset >= until) return {};
      if (auto visited = visit(entry); visited.has_error()) return visited;
    }
    if (batch->entries.empty() && (*reader)->position() < until && !wait_ready(**reader)) {
      return transient(fmt::format("{}/{}: nothing to read at offset {} within a minute", topic, partition.value(),
                                   (*reader)->position().value()));
    }
  }
  return {};
}

}  // namespace ioc::log
