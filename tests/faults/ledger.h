// What the senders did and were told. Any thread.
#pragma once

#include <bit>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "libs/domain/ids.h"
#include "tests/faults/history.h"

namespace ioc::faults {

struct Where {
  PartitionId partition;
  std::uint64_t offset = 0;
  friend bool operator==(const Where&, const Where&) = default;
};

class Ledger {
 public:
  explicit Ledger(std::uint64_t events) : x_lines(events) {}

  void sent(std::uint64_t number) {
    const std::lock_guard lock(x_mutex);
    ++x_lines[number].sent.times;
  }
  // `where`: where the acknowledgement says that the event is; nothing: it does not say.
  void acknowledged(std::uint64_t number, std::optional<Where> where) {
    const std::lock_guard lock(x_mutex);
    Line& line = x_lines[number];
    if (!line.sent.acknowledged) ++x_acknowledged;
    line.sent.acknowledged = true;
    line.where = where;
    line.sent.where_told = !where;
  }
  void found(std::uint64_t number, Where where) {
    const std::lock_guard lock(x_mutex);
    if (number >= x_lines.size()) return;
    Line& line = x_lines[number];
    ++line.sent.in_log;
    if (line.where == where) line.sent.where_told = true;
  }
  void handed_over(std::uint64_t number) {
    const std::lock_guard lock(x_mutex);
    if (number < x_lines.size()) ++x_lines[number].sent.handed_over;
  }
  // A record of it lies past the committed offset: nobody had to decide on it yet.
  void waits(std::uint64_t number) {
    const std::lock_guard lock(x_mutex);
    if (number < x_lines.size()) x_lines[number].waits = true;
  }
  // Partitions below 64.
  void decided(std::uint64_t number, PartitionId partition) {
    const std::lock_guard lock(x_mutex);
    if (number < x_lines.size()) x_lines[number].places |= std::uint64_t{1} << (partition.value() % 64);
  }
  [[nodiscard]] std::uint64_t acknowledged() const {
    const std::lock_guard lock(x_mutex);
    return x_acknowledged;
  }
  [[nodiscard]] std::vector<Sent> all() const {
    const std::lock_guard lock(x_mutex);
    std::vector<Sent> all;
    all.reserve(x_lines.size());
    for (const Line& line : x_lines) {
      all.push_back(line.sent);
      all.back().places = line.places == 0 && line.waits ? 1 : static_cast<std::uint32_t>(std::popcount(line.places));
    }
    return all;
  }

 private:
  struct Line {
    Sent sent;
    std::optional<Where> where;
    std::uint64_t places = 0;  // a bit for each partition
    bool waits = false;
  };
  mutable std::mutex x_mutex;
  std::vector<Line> x_lines;
  std::uint64_t x_acknowledged = 0;
};

}  // namespace ioc::faults
