// Dead letters as they stand on the log: of ingest and of triage (DESIGN D8).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/domain/output.h"
#include "libs/log/log.h"

namespace ioc::ingest {

class DeadLetters {
 public:
  // Looks through the newest `scanned_max` of each partition.
  DeadLetters(log::Log& log, std::uint64_t scanned_max) : x_log(log), x_scanned_max(scanned_max) {}

  // Newest first; one that came again is listed once. `reason`: empty for any. Blocks.
  [[nodiscard]] Result<std::vector<DeadLetter>> list(std::size_t limit, std::string_view reason) const;
  [[nodiscard]] Result<std::optional<DeadLetter>> find(std::string_view id) const;

 private:
  [[nodiscard]] Result<std::vector<DeadLetter>> all() const;
  log::Log& x_log;
  std::uint64_t x_scanned_max;
};

}  // namespace ioc::ingest
