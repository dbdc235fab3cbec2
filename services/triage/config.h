// Settings of the triage runtime. What changes outcomes is in the bundle, not here (DESIGN D1).
#pragma once

#include <cstdint>
#include <string>

#include "libs/config/config.h"

namespace ioc::triage_service {

struct Config {
  std::uint64_t batch_records_max = 5'000;
  std::uint64_t batch_bytes_max = 4ULL << 20;
  std::uint64_t unsent_bytes_max = 32ULL << 20;
  Millis commit_gap{4};
  Millis tick_after{1'000};
  Millis retry_first{50};
  Millis retry_longest{5'000};
  std::uint64_t state_cache_bytes = 32ULL << 20;
  Millis retention{400LL * 24 * 3'600'000};
  std::uint64_t retention_bytes = 0;
  std::uint64_t checkpoint_records = 5'000'000;
  Millis checkpoint_every{6LL * 3'600'000};
  std::string instance;
  Millis standby_look{100};

  void declare(config::Fields& fields) {
    fields.number("batch_records_max", batch_records_max, 1, 1'000'000, "records that one transaction covers at most");
    fields.number("batch_bytes_max", batch_bytes_max, 1 << 10, 1 << 30, "bytes of effects that end a batch");
    fields.number("unsent_bytes_max", unsent_bytes_max, 1 << 16, 1ULL << 32,
                  "effects held until the committed offset passes them; at the limit stepping pauses");
    fields.duration("commit_gap", commit_gap, Millis(0), Millis(10'000),
                    "shortest time between two commits: on Kafka, back to back commits cost a fixed 20 ms each");
    fields.duration("tick_after", tick_after, Millis(10), Millis(60'000), "silence of a partition after which its owner appends a tick");
    fields.duration("retry_first", retry_first, Millis(1), Millis(60'000), "first pause after a failed commit or read");
    fields.duration("retry_longest", retry_longest, Millis(1), Millis(600'000), "longest such pause; it doubles up to here");
    fields.number("state_cache_bytes", state_cache_bytes, 1 << 20, 1ULL << 36, "RocksDB block cache");
    fields.duration("retention", retention, Millis(3'600'000), Millis(4000LL * 24 * 3'600'000),
                    "how long the events and decisions topics keep records (set when a topic is made)");
    fields.number("retention_bytes", retention_bytes, 0, 1ULL << 50, "and how many bytes a partition; 0 = unbounded");
    fields.number("checkpoint_records", checkpoint_records, 0, 1ULL << 40,
                  "records after which the state is written to the log again; 0 = only by time");
    fields.duration("checkpoint_every", checkpoint_every, Millis(1'000), Millis(100LL * 24 * 3'600'000),
                    "time after which it is; at most a quarter of `retention`");
    fields.text("instance", instance,
                "this process's name among those that share the partitions; empty: made of host name and data folder");
    fields.duration("standby_look", standby_look, Millis(5), Millis(60'000),
                    "how often a standby looks how far its partition's owner has committed");
  }
};

}  // namespace ioc::triage_service
