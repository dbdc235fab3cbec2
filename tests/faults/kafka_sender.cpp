#include "tests/faults/kafka_sender.h"

#include "libs/domain/topics.h"
#include "libs/domain/wire.h"
#include "tests/faults/workload.h"

namespace ioc::faults {
namespace {
constexpr std::uint64_t kUnderWayMax = 20'000;
constexpr Millis kSlice{10};
}  // namespace

KafkaSender::KafkaSender(log::Log& log, std::uint32_t areas, std::uint64_t seed, Ledger& ledger)
    : x_log(log), x_areas(areas), x_seed(seed), x_ledger(ledger), x_thread([this] { run(); }) {}

KafkaSender::~KafkaSender() {
  x_stop = true;
  x_thread.join();
  while (x_under_way > 0) std::this_thread::sleep_for(kSlice);
}

void KafkaSender::allow(std::uint64_t until, std::uint64_t per_second) {
  x_per_second = per_second;
  x_until = until;
}

void KafkaSender::run() {
  while (!x_stop) {
    const std::uint64_t slice = x_per_second / (1'000 / static_cast<std::uint64_t>(kSlice.count())) + 1;
    for (std::uint64_t i = 0; i < slice && !x_stop && send_one(); ++i) {
    }
    std::this_thread::sleep_for(kSlice);
  }
}

bool KafkaSender::send_one() {
  if (x_under_way >= kUnderWayMax) return false;
  Unsent one;
  {
    const std::lock_guard lock(x_mutex);
    if (!x_again.empty()) {
      one = x_again.front();
      x_again.pop_front();
    } else if (x_next < x_until) {
      one = {x_next++, wall_now()};
    } else {
      return false;
    }
  }
  send(one);
  return true;
}

// Whatever is sent again is the same event.
void KafkaSender::send(Unsent one) {
  const Event event = make_event(x_seed, one.number, x_areas, one.first_sent);
  const PartitionId home = home_of(x_seed, one.number, x_areas);
  ++x_under_way;
  x_ledger.sent(one.number);
  x_log.append(topics::kEvents, home, {event.source.str(), wire::encode(Record(event)), {}, false},
               [this, one, home](Result<Offset> done) {
                 if (done.has_value()) {
                   x_ledger.acknowledged(one.number, Where{home, done->value()});
                 } else {
                   const std::lock_guard lock(x_mutex);
                   x_again.push_back(one);
                 }
                 --x_under_way;
               });
}

}  // namespace ioc::faults
