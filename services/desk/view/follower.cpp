#include "services/desk/view/follower.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "libs/domain/topics.h"
#include "services/desk/view/expiry.h"

namespace ioc::desk::view {
namespace {

using Steady = std::chrono::steady_clock;

// Grows with the meaning of what is stored: a view of another number is built again.
constexpr std::string_view kFormat = "4";
constexpr auto kClockInterval = std::chrono::seconds(1);
constexpr auto kProgressInterval = std::chrono::seconds(5);
constexpr auto kPruneInterval = std::chrono::minutes(1);
constexpr auto kRetryInterval = std::chrono::seconds(1);
constexpr Millis kKeepFeedMinutes = std::chrono::hours(25);

constexpr std::string_view kTopics[] = {topics::kEvents, topics::kIncidents, topics::kDecisions, topics::kReportStatus,
                                        topics::kDeadLetters};

std::string next_bytes(Offset offset) {
  std::string bytes;
  put_be64(bytes, offset.value());
  return bytes;
}

}  // namespace

Follower::Follower(log::Log& log, store::Store& store, Tables& tables, Live& live, reference::Current& reference,
                   FollowerLimits limits, Publishing publishing, Metrics& metrics)
    : x_log(log), x_store(store), x_tables(tables), x_live(live), x_reference(reference), x_limits(limits),
      x_publishing(std::move(publishing)), x_metrics(metrics) {}

Follower::~Follower() { stop(); }

Result<void> Follower::start() {
  auto fits = view_fits();
  if (!fits) return fits.error();
  if (!*fits) {
    if (auto wiped = wipe(); !wiped) return wiped.error();
  }
  if (auto opened = open_sources(); !opened) return opened.error();
  if (auto bundle = x_tables.meta("bundle")) x_wanted_bundle = *bundle;
  x_live.load(x_tables, incidents_next(), wall_now());
  spdlog::info("desk: view opened open_incidents={} records_to_read={}", x_live.open_count(), x_total.load());
  x_thread = std::thread([this] { run(); });
  x_lag_thread = std::thread([this] { count_lag(); });
  return {};
}

// Of this log, and nowhere ahead of it.
Result<bool> Follower::view_fits() {
  if (x_tables.meta("format") != std::optional<std::string>(kFormat)) return false;
  if (x_tables.meta("log_id") != std::optional<std::string>(x_log.id())) return false;
  for (const std::string_view topic : kTopics) {
    const auto partitions = x_log.partitions_of(topic);
    if (!partitions) return partitions.error();
    for (std::uint32_t i = 0; i < partitions->value_or(0); ++i) {
      const auto range = x_log.range(topic, PartitionId(i));
      if (!range) return range.error();
      const auto next = x_tables.meta(offset_key(topic, PartitionId(i)));
      if (next && next->size() == 8 && be64(*next) > range->end.value()) return false;
    }
  }
  return true;
}

Result<void> Follower::wipe() {
  const bool was_there = x_tables.meta("format").has_value();
  if (was_there) spdlog::warn("desk: the view is of another log or format and is built again from log_id={}", x_log.id());
  const std::string end(64, '\xff');
  store::Batch batch;
  batch.erase_range(store::kDefault, "", end);
  for (store::Family family = 0; family < kFamilyCount; ++family) batch.erase_range(family, "", end);
  batch.put(store::kDefault, "format", kFormat);
  batch.put(store::kDefault, "log_id", x_log.id());
  return x_store.write(batch, store::Sync::Yes);
}

Result<void> Follower::open_sources() {
  // Bundles first: names are there before the first incident is shown.
  if (auto opened = open_topic(topics::kBundles, false); !opened) return opened.error();
  for (const std::string_view topic : kTopics) {
    if (auto opened = open_topic(topic, true); !opened) return opened.error();
  }
  return {};
}

Result<void> Follower::open_topic(std::string_view topic, bool is_view) {
  const auto partitions = x_log.partitions_of(topic);
  if (!partitions) return partitions.error();
  if (!*partitions) {
    return transient("topic " + std::string(topic) + " is not there; start triage first, it creates the topics");
  }
  for (std::uint32_t i = 0; i < **partitions; ++i) {
    const PartitionId partition(i);
    const auto range = x_log.range(topic, partition);
    if (!range) return range.error();
    const auto stored = is_view ? x_tables.meta(offset_key(topic, partition)) : std::nullopt;
    const Offset from(stored && stored->size() == 8 ? std::max(be64(*stored), range->first.value()) : range->first.value());
    auto reader = x_log.read(topic, partition, from);
    if (!reader) return reader.error();
    auto source = std::make_unique<Source>();
    source->topic = topic;
    source->partition = partition;
    source->reader = std::move(*reader);
    source->target = range->end;
    source->is_view = is_view;
    source->next = from.value();
    x_total += range->end.value() - std::min(from, range->end).value();
    x_sources.push_back(std::move(source));
  }
  return {};
}

std::vector<Offset> Follower::incidents_next() const {
  std::vector<Offset> next;
  for (const auto& source : x_sources) {
    if (source->topic == topics::kIncidents) next.push_back(source->reader->position());
  }
  return next;
}

void Follower::notify() {
  const std::lock_guard lock(x_mutex);
  x_notified = true;
  x_wake.notify_one();
}

void Follower::stop() {
  if (!x_thread.joinable()) return;
  {
    const std::lock_guard lock(x_mutex);
    x_stopping = true;
    x_wake.notify_one();
    x_lag_wake.notify_one();
  }
  x_thread.join();
  x_lag_thread.join();
  for (const auto& source : x_sources) source->reader->when_ready({});
  x_sources.clear();
  x_live.close_clients();
}

std::string Follower::progress() const {
  return std::to_string(std::min(x_done.load(), x_total.load())) + " of " + std::to_string(x_total.load()) + " records";
}

void Follower::run() {
  const auto now = Steady::now();
  x_next_clock = x_next_publish = x_next_prune = x_retry_at = now;
  x_next_progress = now + kProgressInterval;
  for (;;) {
    const bool more = step();
    periodic();
    std::unique_lock lock(x_mutex);
    if (!more) {
      x_wake.wait_until(lock, std::min({x_next_clock, x_next_publish}), [this] { return x_notified || x_stopping; });
    }
    x_notified = false;
    if (x_stopping) return;
  }
}

// One round over all topics, written together with the offsets that it stands for. Whether there may be more.
bool Follower::step() {
  if (Steady::now() < x_retry_at) return false;
  Writes writes(x_store);
  Changes changes;
  bool more = false;
  for (const auto& source : x_sources) {
    if (source->ready.load()) more = poll(*source, writes, changes) || more;
  }
  const auto begun = Steady::now();
  if (auto written = writes.commit(); !written) {
    spdlog::error("desk: the view cannot be written and stands still: {}", written.error().message);
    // Nothing was written: go back to where the view stands and try again.
    for (const auto& source : x_sources) {
      if (!source->is_view) continue;
      const auto next = x_tables.meta(offset_key(source->topic, source->partition));
      if (next && next->size() == 8) source->reader->seek(Offset(be64(*next)));
      source->ready = true;
    }
    x_retry_at = Steady::now() + kRetryInterval;
    return false;
  }
  for (const auto& source : x_sources) source->next = source->reader->position().value();
  if (!changes.empty()) {
    x_metrics.view_write_seconds.observe(std::chrono::duration<double>(Steady::now() - begun).count());
    if (changes.activated) x_wanted_bundle = *changes.activated;
    x_live.apply(changes, incidents_next(), x_publishing.incident);
    if (x_caught_up) measure(changes);
  }
  if (!x_wanted_bundle.empty() && x_reference.get()->bundle != x_wanted_bundle) use_bundle(x_wanted_bundle);
  if (!x_caught_up) tell_progress();
  return more;
}

bool Follower::poll(Source& source, Writes& writes, Changes& changes) {
  auto batch = source.reader->poll(x_limits.poll_entries, x_limits.poll_bytes);
  if (!batch) {
    recover(source, batch.error());
    return false;
  }
  if (batch->entries.empty()) {
    source.ready = false;
    source.reader->when_ready([this, &source] {
      source.ready = true;
      notify();
    });
    return false;
  }
  take(source, *batch, writes, changes);
  return true;
}

void Follower::take(Source& source, const log::Batch& batch, Writes& writes, Changes& changes) {
  Applier applier(writes, changes);
  for (const log::Entry& entry : batch.entries) {
    const auto applied = source.is_view ? applier.apply(source.topic, source.partition, entry)
                         : entry.tombstone ? Result<void>() : x_assembler.add(entry.key, entry.value);
    if (!applied) {
      x_metrics.view_corrupt.add();
      spdlog::error("desk: record left out topic={} partition={} offset={} reason=\"{}\"", source.topic,
                    source.partition.value(), entry.offset.value(), applied.error().message);
    }
  }
  if (source.is_view) writes.put(store::kDefault, offset_key(source.topic, source.partition), next_bytes(batch.next));
  x_done += batch.entries.size();
  x_metrics.view_records.add(static_cast<double>(batch.entries.size()));
}

void Follower::recover(Source& source, const Error& error) {
  const auto range = x_log.range(source.topic, source.partition);
  if (error.kind == ErrorKind::Permanent && range && source.reader->position() < range->first) {
    spdlog::warn("desk: retention was faster than the view topic={} partition={} from={} first={}", source.topic,
                 source.partition.value(), source.reader->position().value(), range->first.value());
    source.reader->seek(range->first);
    return;
  }
  spdlog::error("desk: cannot read topic={} partition={}: {}", source.topic, source.partition.value(), error.message);
  x_retry_at = Steady::now() + kRetryInterval;
}

// From the append of the record that changed it (an event, a command, a tick) to its being sent to browsers.
void Follower::measure(const Changes& changes) {
  const std::int64_t now_ms = wall_now().ms();
  for (const IncidentChange& change : changes.incidents) {
    if (change.after) x_metrics.change_to_stream_seconds.observe(static_cast<double>(now_ms - change.after->updated_at.ms()) / 1000.0);
  }
}

void Follower::use_bundle(const std::string& hash) {
  if (!x_assembler.has(hash)) return;  // its chunks are still to come
  std::vector<std::string> problems;
  x_reference.set(reference::read(hash, x_assembler.files(hash), problems));
  for (const std::string& problem : problems) spdlog::warn("desk: bundle={} {}", hash.substr(0, 12), problem);
  spdlog::info("desk: names of bundle={} are in use", hash.substr(0, 12));
}

void Follower::tell_progress() {
  const bool there = std::all_of(x_sources.begin(), x_sources.end(), [](const auto& source) {
    return source->reader->position() >= source->target || !source->ready.load();
  });
  if (there) {
    x_caught_up = true;
    spdlog::info("desk: view is up to date open_incidents={}", x_live.open_count());
  } else if (Steady::now() >= x_next_progress) {
    x_next_progress = Steady::now() + kProgressInterval;
    spdlog::info("desk: view is being built {}", progress());
  }
}

void Follower::prune(WallTime now) {
  const LogTime at = LogTime::from_ms(now.ms());
  const auto gone = expire(x_store, at - x_limits.events_age_max, at - kKeepFeedMinutes);
  if (!gone) {
    spdlog::warn("desk: what is too old stays for now: {}", gone.error().message);
  } else if (*gone == kExpireAtOnce) {
    x_next_prune = Steady::now() + kClockInterval;
  }
  if (auto forgot = expire_things(x_store, at - x_limits.events_age_max, x_limits.things_max); !forgot) {
    spdlog::warn("desk: old cameras and checkpoints stay for now: {}", forgot.error().message);
  }
  x_live.forget_things_before(at - x_limits.events_age_max);
}

// Records that the log has and the view does not. The log itself is asked, which may take its time: so not on the
// follower's thread, whose heartbeat the streams carry.
void Follower::count_lag() {
  for (;;) {
    std::optional<std::uint64_t> lag = 0;
    for (const auto& source : x_sources) {
      if (!source->is_view || !lag) continue;
      const auto range = x_log.range(source->topic, source->partition);
      if (range) *lag += range->end.value() - std::min(source->next.load(), range->end.value());
      else lag.reset();
      const std::lock_guard lock(x_mutex);
      if (x_stopping) return;
    }
    if (lag) x_metrics.view_lag_records.set(static_cast<double>(*lag));
    std::unique_lock lock(x_mutex);
    if (x_lag_wake.wait_for(lock, kClockInterval, [this] { return x_stopping; })) return;
  }
}

void Follower::periodic() {
  const auto now = Steady::now();
  if (now >= x_next_publish) {
    x_next_publish = now + x_limits.publish_interval;
    if (auto frames = x_publishing.changed()) x_live.publish(std::move(frames));
  }
  if (now >= x_next_clock) {
    x_next_clock = now + kClockInterval;
    if (x_live.client_count() > 0) x_live.publish(x_publishing.clock());
    x_publishing.measure();
  }
  if (now >= x_next_prune) {
    x_next_prune = now + kPruneInterval;
    prune(wall_now());
  }
}

}  // namespace ioc::desk::view
