// Posts the events of a run in batches, again with the same bytes until each line is accepted.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/faults/ledger.h"
#include "tests/faults/workload.h"

namespace ioc::faults {

class HttpSender {
 public:
  // The ledger must outlive the sender. Numbers from 0 to `events`.
  HttpSender(std::string url, std::string token, std::uint64_t seed, std::uint64_t events, Ledger& ledger);
  ~HttpSender();
  void allow(std::uint64_t until, std::uint64_t per_second);
  [[nodiscard]] std::uint64_t allowed() const { return x_until; }
  // Batches of which a line was answered with 503: ingest said that it cannot store now.
  [[nodiscard]] std::uint64_t turned_away() const { return x_turned_away; }
  // Why it gave up: an answer that no fault explains. Empty: it did not.
  [[nodiscard]] std::string gave_up();

 private:
  struct Line {
    std::uint64_t number;
    std::string text;
  };
  void run();
  void post(Sort sort, std::vector<Line> lines);
  [[nodiscard]] std::vector<Line> refused_lines(const std::string& answer, const std::vector<Line>& lines);
  void give_up(const std::string& why);

  const std::string x_url, x_token;
  const std::uint64_t x_seed, x_events;
  Ledger& x_ledger;
  std::atomic<std::uint64_t> x_until{0}, x_per_second{1}, x_turned_away{0};
  std::mutex x_mutex;  // x_gave_up
  std::string x_gave_up;
  std::atomic<bool> x_stop{false};
  std::thread x_thread;
};

}  // namespace ioc::faults
