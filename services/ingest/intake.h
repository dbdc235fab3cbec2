// The one path of a message, whatever brought it: parse, identify, mask; then the protected store (synced), the log,
// the answer, in this order (DESIGN D5).
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/config/deployment.h"
#include "libs/domain/output.h"
#include "libs/log/log.h"
#include "services/ingest/config.h"
#include "services/ingest/danger.h"
#include "services/ingest/formats/format.h"
#include "services/ingest/identity.h"
#include "services/ingest/metrics.h"
#include "services/ingest/protected_store.h"

namespace ioc::ingest {

// Who sends, as configuration sees it.
struct Sender {
  std::string token;  // empty: a raw topic
  SourceId source;
  PartitionId partition;
  bool replay = false;
};

struct Origin {  // of a raw topic; empty for HTTP
  std::string topic;
  PartitionId partition;
  Offset offset;
};

// A message that is ready to be stored: an event, or a dead letter.
struct Prepared {
  EventId event;                   // empty: refused
  std::optional<Refusal> refusal;
  std::string dead_letter;         // id, when refused
  bool danger = false;             // of an event or of what was refused
  std::string feed;
  SourceId source;
  std::vector<ValueFlag> value_flags;
  std::size_t payload_bytes = 0;
  ProtectedStore::Item item;
  log::Output output;
};

// Whether the log takes events: that it does again is only seen by the next event, so a refusal is held against it for a while.
class LogTrouble {
 public:
  void note(const Result<void>& outcome);
  [[nodiscard]] std::string because() const;  // empty: none lately

 private:
  mutable std::mutex x_mutex;
  std::atomic<bool> x_refused{false};  // so that the usual, an event that is taken, needs no lock
  std::string x_message;
  std::chrono::steady_clock::time_point x_at;
};

class Intake {
 public:
  Intake(const Config& config, const config::Deployment& deployment, std::string identity_key, log::Log& log,
         ProtectedStore& store, const Metrics& metrics, const Danger& danger);

  [[nodiscard]] Sender sender(std::string_view token, Feed feed) const;

  // Pure but for the clock it is given: the same bytes from the same source give the same event id.
  [[nodiscard]] Prepared prepare(const Format& format, const Sender& sender, std::string_view payload, WallTime now,
                                 const Origin& origin = {}) const;
  // Whether a message speaks of danger, read or not: what can be read of the bytes is judged.
  [[nodiscard]] bool raw_speaks_of_danger(PartitionId partition, std::string_view payload) const;
  // A message that met no format. `path`: of HTTP, or the format that was named.
  [[nodiscard]] Prepared refuse(Refusal refusal, std::string_view feed, std::string_view path, const Sender& sender,
                                std::string_view payload, WallTime now, const Origin& origin = {}) const;

  using Outcomes = std::vector<Result<void>>;  // one per message, in order
  // `done` is called once, on a thread of the store's or the log's. Success: durable in both.
  void store(std::vector<Prepared> messages, std::function<void(Outcomes)> done);
  // Counts what came of a message.
  void count(const Prepared& message, const Result<void>& outcome) const;

  // Why events cannot be made durable now, as far as the last ones tell; empty: they can.
  [[nodiscard]] std::string not_durable_because() const;

  [[nodiscard]] const Identity& identity() const { return x_identity; }
  [[nodiscard]] const Config& config() const { return x_config; }

 private:
  [[nodiscard]] ParseContext context() const { return {x_identity, x_config.limits, x_config.frigate_kinds}; }
  [[nodiscard]] bool speaks_of_danger(PartitionId partition, const Event& event, std::string_view payload) const;
  void identify(Parsed& parsed, const Sender& sender) const;

  const Config& x_config;
  std::vector<config::Area> x_areas;
  Identity x_identity;
  log::Log& x_log;
  ProtectedStore& x_store;
  const Metrics& x_metrics;
  const Danger& x_danger;
  std::shared_ptr<LogTrouble> x_log_trouble = std::make_shared<LogTrouble>();  // shared with what the log answers late
};

}  // namespace ioc::ingest
