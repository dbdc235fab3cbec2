#include "tests/simulation/partition_log.h"

#include <algorithm>

namespace ioc::simulation {

Offset PartitionLog::append(MessagePtr message, LogTime at) {
  x_all.push_back({Stored::Kind::Data, -1, false, false, at, std::move(message)});
  return Offset(x_all.size() - 1);
}

bool PartitionLog::append(ProducerId producer, Epoch epoch, std::uint64_t sequence, const std::vector<MessagePtr>& batch,
                          LogTime at) {
  Producer& known = x_producers[producer];
  if (epoch < known.epoch) return false;
  if (epoch > known.epoch) known = {epoch, 0, known.first_open};
  if (sequence < known.next_sequence) return true;  // redelivered
  known.next_sequence = sequence + batch.size();
  if (!known.first_open) known.first_open = x_all.size();
  for (const MessagePtr& message : batch) x_all.push_back({Stored::Kind::Data, producer, true, false, at, message});
  return true;
}

void PartitionLog::mark(ProducerId producer, Epoch epoch, bool commit, LogTime at) {
  Producer& known = x_producers[producer];
  if (epoch > known.epoch) known = {epoch, 0, known.first_open};
  for (std::size_t i = known.first_open.value_or(x_all.size()); i < x_all.size(); ++i) {
    Stored& one = x_all[i];
    if (one.producer != producer || !one.open) continue;
    one.open = false;
    one.aborted = !commit;
  }
  known.first_open.reset();
  x_all.push_back({Stored::Kind::Marker, producer, false, !commit, at, nullptr});
}

void PartitionLog::lose_tail(std::size_t keep) {
  if (keep >= x_all.size()) return;
  x_all.resize(keep);
  for (auto& [id, producer] : x_producers) {
    if (producer.first_open && *producer.first_open >= keep) producer.first_open.reset();
  }
}

Offset PartitionLog::stable_end() const {
  std::uint64_t first = x_all.size();
  for (const auto& [id, producer] : x_producers) first = std::min(first, producer.first_open.value_or(first));
  return Offset(first);
}

PartitionLog::Read PartitionLog::read(Offset from, std::size_t entries_max) const {
  Read found{{}, from};
  const std::uint64_t end = stable_end().value();
  for (std::uint64_t i = from.value(); i < end && found.entries.size() < entries_max; ++i) {
    if (x_all[i].visible()) found.entries.emplace_back(Offset(i), &x_all[i]);
    found.next = Offset(i + 1);
  }
  return found;
}

std::optional<Offset> PartitionLog::first_visible(Offset from) const {
  for (std::uint64_t i = from.value(); i < x_all.size(); ++i) {
    if (x_all[i].visible()) return Offset(i);
  }
  return std::nullopt;
}

}  // namespace ioc::simulation
