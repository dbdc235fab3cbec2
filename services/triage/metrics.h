// Metrics of one partition's runner.
#pragma once

#include <string>

#include "libs/domain/ids.h"
#include "libs/metrics/metrics.h"

namespace ioc::triage_service {

struct PartitionMetrics {
  PartitionMetrics(metrics::Registry& registry, PartitionId partition)
      : records(registry.counter("ioc_triage_records_total", "Records stepped", labels(partition))),
        commits(registry.counter("ioc_triage_commits_total", "Transactions committed", labels(partition))),
        aborts(registry.counter("ioc_triage_aborts_total", "Transactions aborted and sent again", labels(partition))),
        in_doubt(registry.counter("ioc_triage_commits_in_doubt_total", "Transactions whose outcome had to be looked up",
                                  labels(partition))),
        commit_seconds(registry.histogram("ioc_triage_commit_seconds", "From sending a transaction to its commit",
                                          metrics::latency_buckets_seconds(), labels(partition))),
        step_seconds(registry.histogram("ioc_triage_batch_step_seconds", "Stepping the records of one poll",
                                        metrics::latency_buckets_seconds(), labels(partition))),
        latency_seconds(registry.histogram("ioc_triage_latency_seconds",
                                           "From a batch's oldest append to its effects being committed",
                                           metrics::latency_buckets_seconds(), labels(partition))),
        lag_records(registry.gauge("ioc_triage_lag_records", "Records in the log after the committed offset", labels(partition))),
        unsent_bytes(registry.gauge("ioc_triage_unsent_bytes", "Effects held until they are committed", labels(partition))),
        checkpoints(registry.counter("ioc_triage_checkpoints_total", "Checkpoints written", labels(partition))),
        checkpoint_failures(registry.counter("ioc_triage_checkpoint_failures_total", "Checkpoints that could not be written",
                                             labels(partition))),
        restores(registry.counter("ioc_triage_restores_total", "Times that the state came back from a checkpoint or the log's start",
                                  labels(partition))),
        skipped(registry.counter("ioc_triage_skipped_total", "Records that an operator's entry left out", labels(partition))),
        set_back(registry.counter("ioc_triage_log_time_set_back_total", "Times that log time followed a clock that was set back",
                                  labels(partition))),
        checkpoint_seconds(registry.histogram("ioc_triage_checkpoint_seconds", "Writing one checkpoint",
                                              {0.01, 0.1, 0.5, 1, 5, 10, 60, 300, 1800}, labels(partition))),
        checkpoint_offset(registry.gauge("ioc_triage_checkpoint_offset", "Offset that the newest checkpoint stands for", labels(partition))),
        checkpoint_bytes(registry.gauge("ioc_triage_checkpoint_bytes", "Size of the newest checkpoint", labels(partition))),
        checkpoint_retention(registry.gauge("ioc_triage_checkpoint_retention_ratio",
                                            "Older kept checkpoint: its age in the time, or the records since in those, that the log keeps, whichever is more: 1 loses some; alarm at 0.5",
                                            labels(partition))),
        ahead_seconds(registry.gauge("ioc_triage_record_ahead_seconds",
                                     "How far the next record is ahead of this machine's clock, while it waits for that", labels(partition))),
        phase(registry.gauge("ioc_triage_running", "1 while this partition is worked on, else 0", labels(partition))) {}

  static metrics::Labels labels(PartitionId partition) { return {{"partition", std::to_string(partition.value())}}; }

  metrics::Counter records, commits, aborts, in_doubt;
  metrics::Histogram commit_seconds, step_seconds, latency_seconds;
  metrics::Gauge lag_records, unsent_bytes;
  metrics::Counter checkpoints, checkpoint_failures, restores, skipped, set_back;
  metrics::Histogram checkpoint_seconds;
  metrics::Gauge checkpoint_offset, checkpoint_bytes, checkpoint_retention, ahead_seconds, phase;
};

}  // namespace ioc::triage_service
