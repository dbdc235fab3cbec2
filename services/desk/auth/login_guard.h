// How long a login has to wait after failed ones: for a name at an address, and for an address over all names. A delay,
// never a lockout: it is at most 30 s, and a name that logged in from an address before does not wait for what others do there.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "libs/base/time.h"

namespace ioc::desk::auth {

// Whether an account of this name exists. Failures of made-up names never delay a real one.
enum class Name : std::uint8_t { Real, MadeUp };

// Any thread.
class LoginGuard {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kDelayMax{30};
  static constexpr std::size_t kNamesPerAddress = 5;  // an address has as many free failures as so many names

  // `failures_max`: failures of a name at an address without a delay. They are forgotten when none came for `window`.
  LoginGuard(std::size_t failures_max, Millis window) : x_max(failures_max), x_window(window) {}

  // Zero: the login is checked now.
  [[nodiscard]] Clock::duration wait(const std::string& address, const std::string& name, Name kind, Clock::time_point now) const;
  void failed(const std::string& address, const std::string& name, Name kind, Clock::time_point now);
  void succeeded(const std::string& address, const std::string& name, Clock::time_point now);
  // This name logged in from this address before.
  [[nodiscard]] bool familiar(const std::string& address, const std::string& name) const;

 private:
  struct Failed {
    std::size_t times = 0;
    Clock::time_point last;
  };
  using Table = std::map<std::string, Failed>;  // by "address name", and over all names by "address"
  [[nodiscard]] Clock::duration delay(const Table& table, const std::string& key, std::size_t free, Clock::time_point now) const;
  void count(Table& table, const std::string& key, Clock::time_point now);

  std::size_t x_max;
  Millis x_window;
  mutable std::mutex x_mutex;
  Table x_real, x_made_up;
  std::map<std::string, Clock::time_point> x_familiar;
};

}  // namespace ioc::desk::auth
