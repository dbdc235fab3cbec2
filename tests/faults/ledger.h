// What the senders did and were told. Any thread.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "tests/faults/history.h"

namespace ioc::faults {

class Ledger {
 public:
  explicit Ledger(std::uint64_t events) : x_lines(events) {}

  void sent(std::uint64_t number) {
    const std::lock_guard lock(x_mutex);
    ++x_lines[number].sent.times;
  }
  // `offset`: where the acknowledgement says that the event is; nothing: it does not say.
  void acknowledged(std::uint64_t number, std::optional<std::uint64_t> offset) {
    const std::lock_guard lock(x_mutex);
    Line& line = x_lines[number];
    if (!line.sent.acknowledged) ++x_acknowledged;
    line.sent.acknowledged = true;
    line.offset = offset;
    line.sent.where_told = !offset;
  }
  void found(std::uint64_t number, std::uint64_t offset) {
    const std::lock_guard lock(x_mutex);
    if (number >= x_lines.size()) return;
    Line& line = x_lines[number];
    ++line.sent.in_log;
    if (line.offset == offset) line.sent.where_told = true;
  }
  [[nodiscard]] std::uint64_t acknowledged() const {
    const std::lock_guard lock(x_mutex);
    return x_acknowledged;
  }
  [[nodiscard]] std::vector<Sent> all() const {
    const std::lock_guard lock(x_mutex);
    std::vector<Sent> all;
    all.reserve(x_lines.size());
    for (const Line& line : x_lines) all.push_back(line.sent);
    return all;
  }

 private:
  struct Line {
    Sent sent;
    std::optional<std::uint64_t> offset;
  };
  mutable std::mutex x_mutex;
  std::vector<Line> x_lines;
  std::uint64_t x_acknowledged = 0;
};

}  // namespace ioc::faults
