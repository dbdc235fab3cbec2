#include "services/triage/last_checkpoint.h"

#include <spdlog/spdlog.h>

#include <future>
#include <memory>

#include "services/triage/checkpoint_writer.h"

namespace ioc::triage_service {

bool write_last_checkpoint(PartitionId partition, log::Log& log, StateStore& store, Scheduler& scheduler, const Config& config,
                           metrics::Registry& registry, Millis longest) {
  const PartitionMetrics metrics(registry, partition);
  Strand strand(scheduler);
  CheckpointWriter writer(partition, log, store, strand, config, metrics);
  // Shared: the end may come after this function gave up.
  const auto ended = std::make_shared<std::promise<bool>>();
  auto future = ended->get_future();
  strand.post([&writer, ended] { writer.write_now([ended](bool written) { ended->set_value(written); }); });
  const bool in_time = future.wait_for(longest) == std::future_status::ready;
  if (!in_time) spdlog::error("triage: no last checkpoint within {} ms partition={}", longest.count(), partition.value());
  // Whatever it does now ends before its parts go.
  const auto idle = std::make_shared<std::promise<void>>();
  auto stopped = idle->get_future();
  strand.post([&strand, idle] {
    const auto end = [&strand, idle] {
      strand.end();
      idle->set_value();
    };
    if (!strand.busy()) return end();
    strand.when_idle(end);
  });
  stopped.wait();
  return in_time && future.get();
}

}  // namespace ioc::triage_service
