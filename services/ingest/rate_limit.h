// Events per second of one token: a full second may come at once, then as many as the limit says.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace ioc::ingest {

class RateLimit {
 public:
  using Clock = std::chrono::steady_clock;
  explicit RateLimit(std::uint64_t events_per_second_max) : x_max(static_cast<double>(events_per_second_max)) {}

  // False: the token is used up; nothing is taken. A batch larger than a second's worth passes when the bucket is full
  // and is paid back after.
  bool take(const std::string& token, std::size_t events, Clock::time_point now) {
    if (x_max <= 0) return true;
    const std::lock_guard lock(x_mutex);
    auto [it, is_new] = x_buckets.try_emplace(token, Bucket{x_max, now});
    Bucket& bucket = it->second;
    const std::chrono::duration<double> passed = now - bucket.at;
    bucket.left = std::min(x_max, bucket.left + passed.count() * x_max);
    bucket.at = now;
    const auto wanted = static_cast<double>(events);
    if (bucket.left < std::min(wanted, x_max)) return false;
    bucket.left -= wanted;
    return true;
  }

 private:
  struct Bucket {
    double left = 0;
    Clock::time_point at;
  };
  double x_max;
  std::mutex x_mutex;
  std::map<std::string, Bucket> x_buckets;  // one per account: bounded by accounts.yaml
};

}  // namespace ioc::ingest
