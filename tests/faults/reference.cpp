#include "tests/faults/reference.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <thread>

#include "libs/base/hash.h"
#include "libs/domain/topics.h"
#include "libs/domain/wire.h"
#include "libs/triage/machine.h"
#include "services/triage/state_store.h"
#include "tests/faults/workload.h"

namespace ioc::faults {
namespace {

constexpr std::size_t kEntries = 5'000;
constexpr std::size_t kBytes = 8 << 20;
constexpr int kRecordsPerDelta = 5'000;
constexpr std::chrono::seconds kPatience{60};

// One machine with a state of its own.
class Undisturbed {
 public:
  Undisturbed(PartitionId partition, std::uint32_t partitions, const Rules& rules, const std::string& folder)
      : x_store(triage_service::open_state_store(folder, 64 << 20).value()),
        x_state(partition, *x_store),
        x_machine(partition, partitions, x_state, [&rules](std::string_view hash) { return hash == rules.hash ? rules.bundle : nullptr; }) {
    x_machine.load().value();
  }

  std::vector<triage::Effect>& step(const log::Entry& entry) {
    x_effects.clear();
    x_machine.step({entry.offset, entry.appended_at, entry.value}, x_effects);
    if (++x_unwritten == kRecordsPerDelta) write();
    return x_effects;
  }
  [[nodiscard]] std::string hash() const { return fmt::format("hash={:016x}", x_machine.running_hash()); }

 private:
  void write() {
    std::vector<triage::StateWrite> delta;
    x_machine.take_delta(delta);
    x_state.hold(std::move(delta));
    x_state.write_oldest().value();
    x_unwritten = 0;
  }

  std::unique_ptr<triage_service::StateStore> x_store;
  triage_service::PartitionState x_state;
  triage::Machine x_machine;
  std::vector<triage::Effect> x_effects;
  int x_unwritten = 0;
};

std::string name_of(std::string_view topic, PartitionId partition) {
  return std::string(topic) + "/" + std::to_string(partition.value());
}

std::optional<std::uint64_t> number_in(const log::Entry& entry) {
  const auto record = wire::decode_record(entry.value);
  const auto* event = record.has_value() ? std::get_if<Event>(&*record) : nullptr;
  return event ? number_of(*event) : std::nullopt;
}

}  // namespace

std::uint64_t hash_of(std::string_view key, std::string_view value) { return hash128(value, hash128(key).low).low; }

Rules read_rules(const std::string& bundle_folder, const std::string& units_folder) {
  auto files = triage::read_bundle(bundle_folder, units_folder).value();
  Rules rules;
  rules.hash = triage::pack(files).hash;
  triage::BundleProblems problems;
  rules.bundle = triage::compile(rules.hash, std::move(files), problems);
  if (!rules.bundle) throw std::runtime_error("the bundle does not compile: " + problems.problems.front());
  rules.topics = {std::string(topics::kDecisions), std::string(topics::kIncidents), std::string(topics::kReportStatus),
                  std::string(topics::kDeadLetters)};
  for (const std::string& id : triage::subscriber_ids(*rules.bundle)) rules.topics.push_back(topics::subscriber(id));
  return rules;
}

bool is_compacted(std::string_view topic) { return topic == topics::kIncidents || topic == topics::kReportStatus; }

void read_all(log::Log& log, std::string_view topic, PartitionId partition, const std::function<void(const log::Entry&)>& entry) {
  const log::Range range = log.range(topic, partition).value();
  auto reader = log.read(topic, partition, range.first).value();
  auto heard = std::chrono::steady_clock::now();
  while (reader->position() < range.end) {
    const log::Batch batch = reader->poll(kEntries, kBytes).value();
    for (const log::Entry& one : batch.entries) {
      if (one.offset < range.end) entry(one);
    }
    const auto now = std::chrono::steady_clock::now();
    if (!batch.entries.empty()) {
      heard = now;
    } else if (now - heard > kPatience) {
      throw std::runtime_error(name_of(topic, partition) + ": nothing more to read at offset " +
                               std::to_string(reader->position().value()) + ", the end is " + std::to_string(range.end.value()));
    } else {
      std::this_thread::sleep_for(Millis(2));
    }
  }
}

void compare(log::Log& log, const Question& question, const Rules& rules, Ledger& ledger, History& history) {
  const PartitionId partition = question.partition;
  std::map<std::string, Stream, std::less<>> streams;
  for (const std::string& topic : rules.topics) {
    Stream& stream = streams[topic];
    stream.name = name_of(topic, partition);
    stream.input_partition = partition.value();
    stream.compacted = is_compacted(topic);
  }
  std::filesystem::remove_all(question.scratch);
  Undisturbed machine(partition, question.partitions, rules, question.scratch);
  const Offset committed = question.committed.next.value_or(Offset(0));
  std::string hash;
  read_all(log, topics::kEvents, partition, [&](const log::Entry& entry) {
    if (const auto number = number_in(entry)) ledger.found(*number, entry.offset.value());
    for (const triage::Effect& effect : machine.step(entry)) {
      streams[effect.topic].expected.push_back({hash_of(effect.key, effect.value), entry.offset.value(), hash128(effect.key).low});
    }
    if (entry.offset < committed) hash = machine.hash();
  });
  for (auto& [topic, stream] : streams) {
    if (stream.name.empty()) throw std::runtime_error("triage writes to " + topic + ", which this test does not follow");
    read_all(log, topic, partition, [&stream = stream](const log::Entry& entry) {
      stream.committed.push_back({hash_of(entry.key, entry.value), entry.offset.value()});
    });
    history.streams.push_back(std::move(stream));
  }
  history.committed[partition.value()] = committed.value();
  const std::string& metadata = question.committed.metadata;
  history.hashes[partition.value()] = {metadata.substr(std::min(metadata.find("hash="), metadata.size()), hash.size()), hash};
}

}  // namespace ioc::faults
