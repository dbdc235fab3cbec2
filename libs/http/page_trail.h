// The cursors that a server of pages gave, one after another; notices when they lead round in a circle, of whatever length.
// One cursor is remembered: the one met at the last power of two (Brent), so a way of N pages, the circle included, is walked at most three times.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ioc::http {

class PageTrail {
 public:
  // False: this cursor was met before.
  [[nodiscard]] bool goes_on(std::string_view cursor) {
    if (x_met > 0 && cursor == x_remembered) return false;
    if (++x_met < x_next) return true;
    x_next *= 2;
    x_remembered = cursor;
    return true;
  }

 private:
  std::string x_remembered;
  std::uint64_t x_met = 0, x_next = 1;
};

}  // namespace ioc::http
