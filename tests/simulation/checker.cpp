#include "tests/simulation/checker.h"

#include <algorithm>

#include "libs/domain/topics.h"
#include "libs/domain/wire.h"
#include "libs/triage/machine.h"
#include "services/triage/state_store.h"
#include "tests/simulation/rules.h"

namespace ioc::simulation {
namespace {

using Line = std::pair<std::string_view, std::string_view>;  // key, value
using Lines = std::vector<Line>;

std::string named(const TopicPartition& place) { return place.topic + "/" + std::to_string(place.partition.value()); }

class Checker {
 public:
  explicit Checker(const Evidence& evidence) : x_evidence(evidence) {}

  std::vector<std::string> run() {
    for (std::uint32_t p = 0; p < x_evidence.broker.partitions(); ++p) {
      if (x_evidence.broken.count(PartitionId(p)) == 0) step_partition(PartitionId(p));
    }
    for (std::uint32_t p = 0; p < x_evidence.broker.partitions(); ++p) {
      if (x_evidence.broken.count(PartitionId(p)) == 0) compare_transfers(PartitionId(p));
    }
    compare_outputs();
    look_at_numbers();
    look_for_acknowledged();
    for (const std::string& open : x_evidence.broker.open_transactions()) violate("open transaction: " + open);
    return std::move(x_violations);
  }

 private:
  void violate(std::string what) {
    if (x_violations.size() < 20) x_violations.push_back(std::move(what));
  }

  static Lines visible(const PartitionLog& log) {
    Lines lines;
    for (const Stored& one : log.all()) {
      if (one.visible()) lines.emplace_back(one.message->key, one.message->value);
    }
    return lines;
  }

  const PartitionLog* log_of(const TopicPartition& place) const {
    const auto found = x_evidence.broker.logs().find(place);
    return found == x_evidence.broker.logs().end() ? nullptr : &found->second;
  }

  // The reference run, and each stored state compared with its own at that offset.
  void step_partition(PartitionId partition) {
    const TopicPartition place{std::string(topics::kEvents), partition};
    const PartitionLog* log = log_of(place);
    const Offset committed = x_evidence.broker.committed(partition).next.value_or(Offset(0));
    Disk reference;
    ModelStore store(reference, nullptr, nullptr, nullptr);
    triage_service::PartitionState state(partition, store);
    triage::Machine machine(partition, x_evidence.broker.partitions(), state, rules_of);
    if (machine.load().has_error()) return violate("reference: does not load");
    std::vector<triage::Effect> effects;
    const auto write = [&] {
      std::vector<triage::StateWrite> delta;
      machine.take_delta(delta);
      state.hold(std::move(delta));
      static_cast<void>(state.write_oldest());
    };
    for (std::uint64_t i = 0; log != nullptr && i < log->all().size() && Offset(i) < committed; ++i) {
      const Stored& record = log->all()[i];
      if (!record.visible()) continue;
      effects.clear();
      if (triage::Machine::required_bundle(record.message->value)) x_evidence.probes.hit("activated");
      machine.step({Offset(i), record.at, record.message->value}, effects);
      for (triage::Effect& effect : effects) keep(partition, std::move(effect));
      compare_states(partition, machine.next_offset(), reference, write);
    }
    for (const Disk* disk : x_evidence.disks) {
      const auto stored = stored_offset(*disk, partition);
      if (stored && *stored > committed) {
        violate("offsets: a state stands for offset " + std::to_string(stored->value()) + " of partition " +
                std::to_string(partition.value()) + ", committed is " + std::to_string(committed.value()));
      }
    }
  }

  void keep(PartitionId partition, triage::Effect effect) {
    if (effect.topic == topics::kEvents) {
      x_evidence.probes.hit("sent to another area");
      x_transfers[{partition, *effect.partition}].push_back(std::move(effect.value));
      return;
    }
    x_expected[{effect.topic, effect.partition.value_or(partition)}].emplace_back(std::move(effect.key), std::move(effect.value));
  }

  template <class Write>
  void compare_states(PartitionId partition, Offset offset, const Disk& reference, const Write& write) {
    bool written = false;
    for (const Disk* disk : x_evidence.disks) {
      if (stored_offset(*disk, partition) != offset) continue;
      if (!std::exchange(written, true)) write();
      for (const triage::Table table : triage::kTables) {
        const Disk::Rows* a = disk->rows(partition, table);
        const Disk::Rows* b = reference.rows(partition, table);
        const bool same = table == triage::Table::Seen ? seen_of(a) == seen_of(b)
                                                       : (a ? *a : Disk::Rows()) == (b ? *b : Disk::Rows());
        if (same) continue;
        violate("state: table " + std::string(triage::name_of(table)) + " of partition " + std::to_string(partition.value()) +
                " at offset " + std::to_string(offset.value()) + " is not what the log comes to");
      }
    }
  }

  // Packed by batch, so its keys differ with the rhythm: the fingerprints of each hour do not.
  static std::map<std::string, std::vector<std::string>> seen_of(const Disk::Rows* rows) {
    std::map<std::string, std::vector<std::string>> hours;
    if (rows == nullptr) return hours;
    for (const auto& [key, value] : *rows) {
      for (std::size_t at = 0; at < value.size(); at += 16) hours[key.substr(0, 8)].push_back(value.substr(at, 16));
    }
    for (auto& [hour, all] : hours) std::sort(all.begin(), all.end());
    return hours;
  }

  void compare_outputs() {
    std::set<TopicPartition> places;
    for (const auto& [place, lines] : x_expected) places.insert(place);
    for (const auto& [place, log] : x_evidence.broker.logs()) places.insert(place);
    for (const TopicPartition& place : places) {
      if (place.topic == topics::kEvents || place.topic == topics::kBundles || place.topic == topics::kControl) continue;
      if (place.topic == topics::kCheckpoints || x_evidence.broken.count(place.partition) > 0) continue;
      const PartitionLog* log = log_of(place);
      const Lines found = log == nullptr ? Lines() : visible(*log);
      Lines expected;
      for (const auto& [key, value] : x_expected[place]) expected.emplace_back(key, value);
      compare(named(place), expected, found);
    }
  }

  void compare(const std::string& where, const Lines& expected, const Lines& found) {
    if (expected == found) return;
    const auto [a, b] = std::mismatch(expected.begin(), expected.end(), found.begin(), found.end());
    violate("outputs: " + where + " has " + std::to_string(found.size()) + " records, the reference " +
            std::to_string(expected.size()) + "; the first that differs is number " + std::to_string(a - expected.begin()));
  }

  // Of a record that one partition appended to another.
  static std::optional<PartitionId> sender_of(std::string_view value) {
    const auto record = wire::decode_record(value);
    if (!record) return std::nullopt;
    if (const auto* transfer = std::get_if<Transfer>(&record.value())) return transfer->from_partition;
    if (const auto* relocation = std::get_if<Relocation>(&record.value())) return relocation->from_partition;
    return std::nullopt;
  }

  void compare_transfers(PartitionId to) {
    std::map<PartitionId, Lines> found;
    const PartitionLog* log = log_of({std::string(topics::kEvents), to});
    for (std::size_t i = 0; log != nullptr && i < log->all().size(); ++i) {
      if (!log->all()[i].visible()) continue;
      const std::string& value = log->all()[i].message->value;
      if (const auto from = sender_of(value)) found[*from].emplace_back("", value);
    }
    for (std::uint32_t p = 0; p < x_evidence.broker.partitions(); ++p) {
      const PartitionId from(p);
      if (x_evidence.broken.count(from) > 0) continue;
      Lines expected;
      for (const std::string& value : x_transfers[{from, to}]) expected.emplace_back("", value);
      compare("transfers from " + std::to_string(p) + " to " + std::to_string(to.value()), expected, found[from]);
    }
  }

  void look_at_numbers() {
    for (const auto& [place, log] : x_evidence.broker.logs()) {
      if (!place.topic.starts_with("ioc.subscriber.") || x_evidence.broken.count(place.partition) > 0) continue;
      std::uint64_t last = 0;
      for (const Line& line : visible(log)) {
        const auto entry = wire::decode_feed_entry(line.second);
        if (!entry || entry->number != last + 1) return violate("feed numbers: " + named(place) + " has a gap after " + std::to_string(last));
        last = entry->number;
      }
    }
  }

  void look_for_acknowledged() {
    for (const Workload::Acknowledged& one : x_evidence.acknowledged) {
      if (x_evidence.broken.count(one.place.partition) > 0) continue;
      const PartitionLog* log = log_of(one.place);
      const bool there = log != nullptr && one.offset < log->end() && log->all()[one.offset.value()].visible() &&
                         log->all()[one.offset.value()].message->value == one.value;
      if (!there) violate("acknowledged: " + named(one.place) + " lost offset " + std::to_string(one.offset.value()));
    }
  }

  const Evidence& x_evidence;
  std::vector<std::string> x_violations;
  std::map<TopicPartition, std::vector<std::pair<std::string, std::string>>> x_expected;
  std::map<std::pair<PartitionId, PartitionId>, std::vector<std::string>> x_transfers;
};

}  // namespace

std::vector<std::string> check(const Evidence& evidence) { return Checker(evidence).run(); }

}  // namespace ioc::simulation
