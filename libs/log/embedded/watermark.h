// How many commit groups were acknowledged, beside the store in a file of its own. Damage can look like the cut-off last
// write of a crash, which the store drops without a word; a store that then knows fewer groups than were
// acknowledged is refused.
#pragma once

#include <cstdint>
#include <string>

#include "libs/base/result.h"

namespace ioc::log::embedded {

class Watermark {
 public:
  Watermark() = default;
  ~Watermark();
  Watermark(const Watermark&) = delete;
  Watermark& operator=(const Watermark&) = delete;

  // Groups that were acknowledged here at least; 0: unknown. A file that is cut short or damaged counts as unknown.
  [[nodiscard]] static std::uint64_t read(const std::string& folder);
  // Permanent: the file cannot be made.
  [[nodiscard]] Result<void> open(const std::string& folder);
  // After the group is durable. Not synced: after a power cut it may be behind the store, never ahead.
  void write(std::uint64_t groups) const;

 private:
  int x_file = -1;
};

// Corrupt when the store lost groups that were acknowledged.
[[nodiscard]] Result<void> check_watermark(const std::string& folder, std::uint64_t groups_in_store);

}  // namespace ioc::log::embedded
