#include "services/triage/topic_scan.h"

#include <algorithm>
#include <utility>

namespace ioc::triage_service {
namespace {

constexpr Millis kTryAgain{1'000};
constexpr std::size_t kEntriesAtOnce = 200;

}  // namespace

void TopicScan::run(std::string_view topic, PartitionId partition, std::optional<Offset> from, Visit visit,
                    std::function<void(Result<Offset>)> done) {
  x_topic = topic;
  x_partition = partition;
  x_from = from;
  x_visit = std::move(visit);
  x_done = std::move(done);
  begin();
}

void TopicScan::begin() {
  auto range = std::make_shared<Result<log::Range>>(transient("not asked yet"));
  x_strand.blocking([this, range] { *range = x_log.range(x_topic, x_partition); },
                    [this, range] {
                      if (!x_done) return;
                      if (range->has_error()) return failed(range->error());
                      x_end = (*range)->end;
                      const Offset from = std::max(x_from.value_or((*range)->first), (*range)->first);
                      if (from >= x_end) return finish(x_end);
                      if (auto opened = x_feed.open(x_topic, x_partition, from); opened.has_error()) return failed(opened.error());
                      pump();
                    });
}

void TopicScan::pump() {
  if (!x_done) return;
  for (std::size_t i = 0; i < kEntriesAtOnce; ++i) {
    auto next = x_feed.peek();
    if (next.has_error()) return failed(next.error());
    if (*next == nullptr || (*next)->offset >= x_end) {
      if (*next != nullptr || x_feed.position() >= x_end) return finish(x_end);
      return x_feed.when_ready([this] { pump(); });
    }
    x_from = (*next)->offset.next();
    if (auto visited = x_visit(**next); visited.has_error()) return finish(visited.error());
    x_feed.pop();
  }
  x_strand.post([this] { pump(); });
}

void TopicScan::finish(Result<Offset> how) {
  x_feed.close();
  const auto done = std::exchange(x_done, {});
  x_visit = {};
  done(std::move(how));
}

void TopicScan::failed(const Error& error) {
  if (error.kind != ErrorKind::Transient) return finish(error);
  x_strand.after(kTryAgain, [this] {
    if (x_done) begin();
  });
}

void TopicScan::stop() {
  x_feed.close();
  x_done = {};
  x_visit = {};
}

}  // namespace ioc::triage_service
