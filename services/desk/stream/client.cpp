#include "services/desk/stream/client.h"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

namespace ioc::desk::stream {
namespace asio = boost::asio;

void Client::push(std::shared_ptr<const Frames> frames) {
  if (frames->of(x_audience).empty()) return;
  asio::post(x_strand, [self = shared_from_this(), frames = std::move(frames)]() mutable {
    if (self->x_closed) return;
    self->x_queue_bytes += frames->of(self->x_audience).size();
    self->x_queue.push_back(std::move(frames));
    if (self->x_queue_bytes > self->x_queue_bytes_max) {
      self->x_dropped = self->x_closed = true;
      self->x_queue.clear();
    }
    self->x_wakeup->wake();
  });
}

void Client::close() {
  asio::post(x_strand, [self = shared_from_this()] {
    self->x_closed = true;
    self->x_queue.clear();
    self->x_wakeup->wake();
  });
}

asio::awaitable<std::shared_ptr<const Frames>> Client::next() {
  while (x_queue.empty() && !x_closed) {
    co_await x_wakeup->wait_until(Wakeup::Clock::time_point::max());
    const auto cancelled = co_await asio::this_coro::cancellation_state;
    if (cancelled.cancelled() != asio::cancellation_type::none) co_return nullptr;
  }
  if (x_closed) co_return nullptr;
  auto frames = std::move(x_queue.front());
  x_queue.pop_front();
  x_queue_bytes -= frames->of(x_audience).size();
  co_return frames;
}

}  // namespace ioc::desk::stream
