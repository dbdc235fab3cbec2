// A coroutine that waits, but not for ever, for what other threads answer through a callback.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>

#include "libs/base/time.h"

namespace ioc::ingest {

// `begin` is given the callback, which may be called on any thread, once. nullopt: it was not, in time; what it brings
// later is dropped. Whoever holds the callback must be gone before the executor's context: it holds a timer of it.
template <class T>
boost::asio::awaitable<std::optional<T>> wait_for(std::function<void(std::function<void(T)>)> begin, Millis at_most) {
  struct Waiting {
    explicit Waiting(const boost::asio::any_io_executor& executor) : timer(executor) {}
    boost::asio::steady_timer timer;
    std::optional<T> value;
  };
  const auto executor = co_await boost::asio::this_coro::executor;
  auto waiting = std::make_shared<Waiting>(executor);
  waiting->timer.expires_after(at_most);
  std::function<void(T)> arrived = [waiting, executor](T value) {
    // On the coroutine's own strand: the value and the timer are touched there alone.
    boost::asio::post(executor, [waiting, value = std::move(value)]() mutable {
      waiting->value = std::move(value);
      waiting->timer.cancel();
    });
  };
  begin(std::move(arrived));
  if (!waiting->value) co_await waiting->timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  co_return std::move(waiting->value);
}

}  // namespace ioc::ingest
