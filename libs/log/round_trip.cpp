#include "libs/log/round_trip.h"

namespace ioc::log {

RoundTrip::RoundTrip(Log& log, std::string_view topic, Millis ask_every, Millis silent_max)
    : x_log(log), x_topic(topic), x_ask_every(ask_every), x_silent_max(silent_max) {
  x_thread = std::jthread([this](const std::stop_token& stop) { ask(stop); });
}

RoundTrip::~RoundTrip() {
  x_thread.request_stop();
  x_thread.join();
}

void RoundTrip::ask(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto partitions = x_log.partitions_of(x_topic);
    std::unique_lock lock(x_mutex);
    if (partitions.has_value()) x_answered = Clock::now();
    x_error = partitions.has_value() ? std::string() : partitions.error().message;
    x_missing = partitions.has_value() && !partitions->has_value();
    x_wake.wait_for(lock, stop, x_ask_every, [] { return false; });
  }
}

std::string RoundTrip::not_answering_because() const {
  const std::lock_guard lock(x_mutex);
  if (x_missing) return "the topic " + x_topic + " does not exist (log_silent)";
  const auto silent = std::chrono::duration_cast<Millis>(Clock::now() - x_answered);
  if (silent <= x_silent_max) return {};
  return "the log has not answered for " + std::to_string(silent.count() / 1000) + " s" + (x_error.empty() ? "" : ": " + x_error) + " (log_silent)";
}

}  // namespace ioc::log
