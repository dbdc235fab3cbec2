// One partition as Kafka keeps it: records of open transactions hide what follows them (last stable offset), markers
// that end transactions take offsets of their own, and older epochs of a producer are refused.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "libs/log/log.h"

namespace ioc::simulation {

using MessagePtr = std::shared_ptr<const log::Message>;
using ProducerId = std::int64_t;
using Epoch = std::int32_t;

struct Stored {
  enum class Kind { Data, Marker };
  Kind kind = Kind::Data;
  ProducerId producer = -1;  // -1: not in a transaction
  bool open = false;         // its transaction is not decided
  bool aborted = false;
  LogTime at;
  MessagePtr message;
  [[nodiscard]] bool visible() const { return kind == Kind::Data && !open && !aborted; }
};

class PartitionLog {
 public:
  Offset append(MessagePtr message, LogTime at);
  // False: an older epoch than the partition has seen. A batch that is here already is not appended again.
  bool append(ProducerId producer, Epoch epoch, std::uint64_t sequence, const std::vector<MessagePtr>& batch, LogTime at);
  // Ends the producer's transaction here.
  void mark(ProducerId producer, Epoch epoch, bool commit, LogTime at);
  // A broker that came back without its newest, acknowledged records.
  void lose_tail(std::size_t keep);

  [[nodiscard]] Offset end() const { return Offset(x_all.size()); }
  [[nodiscard]] Offset stable_end() const;  // read_committed readers see what is before it
  [[nodiscard]] bool has_open() const { return stable_end() < end(); }
  [[nodiscard]] const std::vector<Stored>& all() const { return x_all; }

  struct Read {
    std::vector<std::pair<Offset, const Stored*>> entries;
    Offset next;
  };
  [[nodiscard]] Read read(Offset from, std::size_t entries_max) const;
  // The first visible record at or after `from`.
  [[nodiscard]] std::optional<Offset> first_visible(Offset from) const;

 private:
  struct Producer {
    Epoch epoch = -1;
    std::uint64_t next_sequence = 0;
    std::optional<std::uint64_t> first_open;
  };
  std::vector<Stored> x_all;
  std::map<ProducerId, Producer> x_producers;
};

}  // namespace ioc::simulation
