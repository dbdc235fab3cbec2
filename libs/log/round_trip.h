// A thread that asks the log for a topic every few seconds, to tell whether the log answers. The memory of a client library
// cannot tell: it outlives a broker that died.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "libs/log/log.h"

namespace ioc::log {

class RoundTrip {
 public:
  // A broker that restarts is away for some seconds, and nobody need be sent elsewhere for that.
  static constexpr Millis kSilentMax{10'000};
  static constexpr Millis kAskEvery{2'000};

  // The log must outlive it. `topic` must be there.
  RoundTrip(Log& log, std::string_view topic, Millis ask_every = kAskEvery, Millis silent_max = kSilentMax);
  ~RoundTrip();
  RoundTrip(const RoundTrip&) = delete;
  RoundTrip& operator=(const RoundTrip&) = delete;

  // Empty: the last question was answered, not long ago.
  [[nodiscard]] std::string not_answering_because() const;

 private:
  using Clock = std::chrono::steady_clock;
  void ask(const std::stop_token& stop);

  Log& x_log;
  const std::string x_topic;
  const Millis x_ask_every, x_silent_max;
  mutable std::mutex x_mutex;  // guards what follows
  std::condition_variable_any x_wake;
  Clock::time_point x_answered = Clock::now();
  std::string x_error;    // of the last question, when it was not answered
  bool x_missing = false;  // it was answered that there is no such topic
  std::jthread x_thread;
};

}  // namespace ioc::log
