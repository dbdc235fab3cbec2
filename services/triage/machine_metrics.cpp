#include "services/triage/machine_metrics.h"

#include <vector>

namespace ioc::triage_service {
namespace {

constexpr double kNanosecond = 1e-9;

// Upper bounds of StageTime's buckets; its last bucket is above them all.
const std::vector<double>& stage_buckets() {
  static const std::vector<double> bounds = [] {
    std::vector<double> all;
    for (std::size_t i = 0; i + 1 < triage::StageTime::kBuckets; ++i) all.push_back(static_cast<double>(256ULL << i) * kNanosecond);
    return all;
  }();
  return bounds;
}

}  // namespace

MachineMetrics::MachineMetrics(metrics::Registry& registry, PartitionId partition)
    : x_registry(registry),
      x_partition(std::to_string(partition.value())),
      x_duplicates{registry.counter("ioc_triage_duplicates_total", "Exact repeats of known events", labels({}))},
      x_undecodable{registry.counter("ioc_triage_undecodable_total", "Records that could not be read; they are dead letters",
                                     labels({}))},
      x_effects{registry.counter("ioc_triage_effects_total", "Snapshots, decisions and other outputs", labels({}))},
      x_effects_waiting(registry.gauge("ioc_triage_effects_waiting", "Effects beyond a record's limit that wait in the state",
                                       labels({}))),
      x_ids(registry.gauge("ioc_triage_dedup_ids", "Event ids in the memory window; limit deduplicate.ids_max", labels({}))),
      x_incidents(registry.gauge("ioc_triage_incidents_in_memory", "Open incidents and those closed lately; limit life.open_max",
                                 labels({}))),
      x_parked(registry.gauge("ioc_triage_incidents_parked", "Open incidents that wait in the state until there is room in memory",
                              labels({}))),
      x_objects(registry.gauge("ioc_triage_objects_cached", "Sources' objects in memory; limit deduplicate.objects_cached",
                               labels({}))),
      x_checkpoints(registry.gauge("ioc_triage_checkpoints_followed",
                                   "Checkpoints whose silence is followed; limit checkpoints.followed_max", labels({}))) {}

metrics::Labels MachineMetrics::labels(metrics::Labels more) const {
  more.emplace("partition", x_partition);
  return more;
}

void MachineMetrics::raise(Counted& counted, std::uint64_t now) {
  if (now > counted.seen) counted.counter.add(static_cast<double>(now - counted.seen));
  counted.seen = now;
}

void MachineMetrics::carry_over(const triage::Stats& stats) {
  raise(x_duplicates, stats.duplicates);
  raise(x_undecodable, stats.undecodable);
  raise(x_effects, stats.effects);
  x_effects_waiting.set(static_cast<double>(stats.effects_waiting));
  x_ids.set(static_cast<double>(stats.ids_in_memory));
  x_incidents.set(static_cast<double>(stats.incidents_in_memory));
  x_parked.set(static_cast<double>(stats.incidents_parked));
  x_objects.set(static_cast<double>(stats.objects_cached));
  x_checkpoints.set(static_cast<double>(stats.checkpoints_followed));
  carry_over_outcomes(stats);
  carry_over_open(stats);
  carry_over_stages(stats);
}

void MachineMetrics::carry_over_outcomes(const triage::Stats& stats) {
  for (const auto& [outcome, count] : stats.outcomes) {
    auto found = x_outcomes.find(outcome);
    if (found == x_outcomes.end()) {
      const std::string feed = outcome.feed == 0 ? "none" : std::string(name_of(static_cast<Feed>(outcome.feed)));
      const auto counter = x_registry.counter(
          "ioc_triage_outcomes_total", "Decisions by feed, kind and reason",
          labels({{"feed", feed}, {"outcome", std::string(name_of(outcome.kind))}, {"reason", std::string(outcome.reason)}}));
      found = x_outcomes.emplace(outcome, Counted{counter}).first;
    }
    raise(found->second, count);
  }
}

void MachineMetrics::carry_over_open(const triage::Stats& stats) {
  for (auto& [key, gauge] : x_open) gauge.set(0);
  for (const auto& [key, count] : stats.open_incidents) {
    auto found = x_open.find(key);
    if (found == x_open.end()) {
      const auto gauge = x_registry.gauge("ioc_triage_open_incidents", "Open incidents by queue and severity",
                                          labels({{"queue", key.first}, {"severity", std::string(name_of(key.second))}}));
      found = x_open.emplace(key, gauge).first;
    }
    found->second.set(static_cast<double>(count));
  }
}

void MachineMetrics::carry_over_stages(const triage::Stats& stats) {
  for (const auto& [name, time] : stats.stages) {
    auto found = x_stages.find(name);
    if (found == x_stages.end()) {
      const auto histogram = x_registry.histogram("ioc_triage_stage_seconds", "Time a record spends in a stage", stage_buckets(),
                                                  labels({{"stage", std::string(name)}}));
      found = x_stages.emplace(name, Stage{histogram, {}}).first;
    }
    triage::StageTime& seen = found->second.seen;
    if (time.count == seen.count) continue;
    std::vector<double> added(triage::StageTime::kBuckets);
    for (std::size_t i = 0; i < added.size(); ++i) added[i] = static_cast<double>(time.at_most[i] - seen.at_most[i]);
    found->second.histogram.add(added, static_cast<double>(time.total_ns - seen.total_ns) * kNanosecond);
    seen = time;
  }
}

}  // namespace ioc::triage_service
