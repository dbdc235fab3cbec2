#include "services/triage/control_feed.h"

#include <utility>

#include "libs/domain/topics.h"

namespace ioc::triage_service {

void ControlFeed::refresh(Done done) {
  x_waiting.push_back(std::move(done));
  // A scan that is under way may have asked for the topic's end before this call.
  if (x_serving.empty()) begin();
}

void ControlFeed::begin() {
  x_serving = std::exchange(x_waiting, {});
  x_scan.run(topics::kControl, x_partition, x_next,
             [this](const log::Entry& entry) -> Result<void> {
               if (!entry.tombstone) x_book.add(entry.value);
               return {};
             },
             [this](const Result<Offset>& end) {
               if (end.has_value()) x_next = *end;
               for (const Done& done : std::exchange(x_serving, {})) done(end.has_error() ? Result<void>(end.error()) : Result<void>());
               if (!x_waiting.empty() && x_serving.empty()) begin();
             });
}

}  // namespace ioc::triage_service
