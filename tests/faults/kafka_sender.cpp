#include "tests/faults/kafka_sender.h"

#include "libs/domain/topics.h"
#include "libs/domain/wire.h"
#include "tests/faults/workload.h"

namespace ioc::faults {
namespace {
constexpr std::uint64_t kUnderWayMax = 20'000;
constexpr Millis kSlice{10};
}  // namespace

KafkaSender::KafkaSender(log::Log& log, PartitionId partition, std::uint64_t seed, Ledger& ledger)
    : x_log(log), x_partition(partition), x_seed(seed), x_ledger(ledger), x_thread([this] { run(); }) {}

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
  std::uint64_t number = 0;
  {
    const std::lock_guard lock(x_mutex);
    if (!x_again.empty()) {
      number = x_again.front();
      x_again.pop_front();
    } else if (x_next < x_until) {
      number = x_next++;
    } else {
      return false;
    }
  }
  send(number);
  return true;
}

void KafkaSender::send(std::uint64_t number) {
  const Event event = make_event(x_seed, number, wall_now());
  ++x_under_way;
  x_ledger.sent(number);
  x_log.append(topics::kEvents, x_partition, {event.source.str(), wire::encode(Record(event)), {}, false},
               [this, number](Result<Offset> done) {
                 if (done.has_value()) {
                   x_ledger.acknowledged(number, done->value());
                 } else {
                   const std::lock_guard lock(x_mutex);
                   x_again.push_back(number);
                 }
                 --x_under_way;
               });
}

}  // namespace ioc::faults
