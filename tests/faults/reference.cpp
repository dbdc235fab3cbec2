#include "tests/faults/reference.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <thread>
#include <unordered_map>

#include "libs/base/hash.h"
#include "libs/domain/topics.h"
#include "libs/domain/wire.h"
#include "libs/triage/machine.h"
#include "services/triage/state_store.h"
#include "tests/faults/workload.h"

namespace ioc::faults {
namespace {

constexpr std::string_view kFeeds = "ioc.subscriber.";
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

std::string name_of_transfers(PartitionId from, PartitionId to) {
  return name_of(topics::kEvents, to) + " from " + std::to_string(from.value());
}

Stream& find_or_add(History& history, const std::string& name, PartitionId input) {
  for (Stream& stream : history.streams) {
    if (stream.name == name) return stream;
  }
  history.streams.push_back({});
  history.streams.back().name = name;
  history.streams.back().input_partition = input.value();
  return history.streams.back();
}

// That an event was handed over, or met before, is no place where it ended.
bool is_place(DecisionKind kind) { return kind != DecisionKind::Transferred && kind != DecisionKind::Repeated; }

// One input partition: what is expected of it, and what is there.
class Comparison {
 public:
  Comparison(log::Log& log, const Question& question, const Rules& rules, Ledger& ledger, History& history);
  void step_input();
  void read_outputs();

 private:
  void look_at(const log::Entry& entry);
  void expect(const triage::Effect& effect, Offset input);
  void see(Stream& stream, const log::Entry& entry);

  log::Log& x_log;
  const Question& x_question;
  const Rules& x_rules;
  Ledger& x_ledger;
  History& x_history;
  std::map<std::string, Stream, std::less<>> x_streams;                // by topic
  std::map<PartitionId, std::vector<Expected>> x_handed_over;          // by target
  std::map<PartitionId, std::vector<Seen>> x_received;                 // by home
  std::unordered_map<std::uint64_t, std::uint64_t> x_number_of_event;  // by the hash of its id
};

Comparison::Comparison(log::Log& log, const Question& question, const Rules& rules, Ledger& ledger, History& history)
    : x_log(log), x_question(question), x_rules(rules), x_ledger(ledger), x_history(history) {
  for (const std::string& topic : rules.topics) {
    Stream& stream = x_streams[topic];
    stream.name = name_of(topic, question.partition);
    stream.input_partition = question.partition.value();
    stream.compacted = is_compacted(topic);
  }
}

void Comparison::look_at(const log::Entry& entry) {
  const auto record = wire::decode_record(entry.value);
  if (!record.has_value()) return;
  const auto* transfer = std::get_if<Transfer>(&*record);
  const auto* event = transfer != nullptr ? &transfer->event : std::get_if<Event>(&*record);
  if (transfer != nullptr) x_received[transfer->from_partition].push_back({hash_of(entry.key, entry.value), entry.offset.value()});
  const auto number = event != nullptr ? number_of(*event) : std::nullopt;
  if (!number) return;
  x_number_of_event[hash128(event->id.str()).low] = *number;
  if (entry.offset >= x_question.committed.next.value_or(Offset(0))) x_ledger.waits(*number);
  if (transfer != nullptr) {
    x_ledger.handed_over(*number);
  } else {
    x_ledger.found(*number, Where{x_question.partition, entry.offset.value()});
  }
}

void Comparison::expect(const triage::Effect& effect, Offset input) {
  const Expected expected{hash_of(effect.key, effect.value), input.value(), hash128(effect.key).low};
  if (effect.topic == topics::kEvents && effect.partition) return x_handed_over[*effect.partition].push_back(expected);
  const auto stream = x_streams.find(effect.topic);
  if (stream == x_streams.end()) throw std::runtime_error("triage writes to " + effect.topic + ", which this test does not follow");
  stream->second.expected.push_back(expected);
}

void Comparison::step_input() {
  const PartitionId partition = x_question.partition;
  std::filesystem::remove_all(x_question.scratch);
  Undisturbed machine(partition, x_question.partitions, x_rules, x_question.scratch);
  const Offset committed = x_question.committed.next.value_or(Offset(0));
  std::string hash;
  read_all(x_log, topics::kEvents, partition, [&](const log::Entry& entry) {
    look_at(entry);
    for (const triage::Effect& effect : machine.step(entry)) expect(effect, entry.offset);
    if (entry.offset < committed) hash = machine.hash();
  });
  x_history.committed[partition.value()] = committed.value();
  const std::string& metadata = x_question.committed.metadata;
  x_history.hashes[partition.value()] = {metadata.substr(std::min(metadata.find("hash="), metadata.size()), hash.size()), hash};
}

void Comparison::see(Stream& stream, const log::Entry& entry) {
  stream.committed.push_back({hash_of(entry.key, entry.value), entry.offset.value()});
  if (stream.name.starts_with(name_of(topics::kDecisions, x_question.partition))) {
    const Decision decision = wire::decode_decision(entry.value).value();
    const auto number = x_number_of_event.find(hash128(decision.event.str()).low);
    if (number != x_number_of_event.end() && is_place(decision.kind)) x_ledger.decided(number->second, x_question.partition);
  } else if (stream.name.starts_with(kFeeds)) {
    stream.numbers.push_back(wire::decode_feed_entry(entry.value).value().number);
  }
}

void Comparison::read_outputs() {
  for (auto& [topic, stream] : x_streams) {
    read_all(x_log, topic, x_question.partition, [this, &stream = stream](const log::Entry& entry) { see(stream, entry); });
    x_history.streams.push_back(std::move(stream));
  }
  for (auto& [to, expected] : x_handed_over) {
    find_or_add(x_history, name_of_transfers(x_question.partition, to), x_question.partition).expected = std::move(expected);
  }
  for (auto& [home, seen] : x_received) {
    find_or_add(x_history, name_of_transfers(home, x_question.partition), home).committed = std::move(seen);
  }
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

std::string stream_of(std::string_view topic, PartitionId partition, const log::Entry& entry) {
  if (topic != topics::kEvents) return name_of(topic, partition);
  const auto record = wire::decode_record(entry.value);
  const auto* transfer = record.has_value() ? std::get_if<Transfer>(&*record) : nullptr;
  return transfer != nullptr ? name_of_transfers(transfer->from_partition, partition) : std::string();
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
  Comparison comparison(log, question, rules, ledger, history);
  comparison.step_input();
  comparison.read_outputs();
}

}  // namespace ioc::faults
