#include "services/desk/stream/wakeup.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace ioc::desk::stream {
namespace asio = boost::asio;

Wakeup::Wakeup(asio::any_io_executor strand) : x_strand(std::move(strand)), x_timer(x_strand) {}

void Wakeup::wake() {
  asio::post(x_strand, [self = shared_from_this()] {
    self->x_woken = true;
    self->x_timer.cancel();
  });
}

asio::awaitable<void> Wakeup::wait_until(Clock::time_point deadline) {
  if (!x_woken) {
    x_timer.expires_at(deadline);
    co_await x_timer.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  x_woken = false;
}

}  // namespace ioc::desk::stream
