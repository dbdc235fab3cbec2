#include "services/triage/record_feed.h"

#include <utility>

namespace ioc::triage_service {
namespace {

constexpr std::size_t kPollEntries = 1'000;
constexpr std::size_t kPollBytes = 4 << 20;

}  // namespace

Result<void> RecordFeed::open(std::string_view topic, PartitionId partition, Offset from) {
  close();
  auto reader = x_log.read(topic, partition, from);
  if (reader.has_error()) return reader.error();
  x_reader = *std::move(reader);
  return {};
}

void RecordFeed::close() {
  if (x_reader) x_reader->when_ready({});
  x_batch = {};
  x_at = 0;
  x_reader.reset();
}

Result<const log::Entry*> RecordFeed::peek() {
  if (x_at == x_batch.entries.size()) {
    auto batch = x_reader->poll(kPollEntries, kPollBytes);
    if (batch.has_error()) return batch.error();
    x_batch = *std::move(batch);
    x_at = 0;
  }
  return x_batch.entries.empty() ? nullptr : &x_batch.entries[x_at];
}

void RecordFeed::when_ready(std::function<void()> ready) {
  x_reader->when_ready([notify = x_strand.callback<int>([ready = std::move(ready)](int) { ready(); })] { notify(0); });
}

}  // namespace ioc::triage_service
