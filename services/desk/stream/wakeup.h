// Lets a coroutine sleep until something happens elsewhere, or a deadline. Made on the connection's strand by the
// coroutine that waits; woken from any thread. A wake-up that comes first is not lost.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>

namespace ioc::desk::stream {

class Wakeup : public std::enable_shared_from_this<Wakeup> {
 public:
  using Clock = std::chrono::steady_clock;

  // `strand`: the executor of the coroutine that will wait; it must run one handler at a time.
  explicit Wakeup(boost::asio::any_io_executor strand);
  void wake();  // any thread
  boost::asio::awaitable<void> wait_until(Clock::time_point deadline);

 private:
  boost::asio::any_io_executor x_strand;
  boost::asio::steady_timer x_timer;
  bool x_woken = false;
};

}  // namespace ioc::desk::stream
