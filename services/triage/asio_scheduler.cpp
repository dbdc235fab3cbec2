#include "services/triage/asio_scheduler.h"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <utility>

namespace ioc::triage_service {

namespace asio = boost::asio;

AsioScheduler::AsioScheduler(asio::any_io_executor executor, asio::thread_pool& pool)
    : x_strand(std::move(executor)), x_pool(pool) {}

void AsioScheduler::post(std::function<void()> work) { asio::post(x_strand, std::move(work)); }

void AsioScheduler::after(Millis delay, std::function<void()> work) {
  auto timer = std::make_shared<asio::steady_timer>(x_strand, delay);
  timer->async_wait([timer, work = std::move(work)](const boost::system::error_code& error) {
    if (!error) work();
  });
}

void AsioScheduler::blocking(std::function<void()> work, std::function<void()> then) {
  asio::post(x_pool, [strand = x_strand, work = std::move(work), then = std::move(then)]() mutable {
    work();
    asio::post(strand, std::move(then));
  });
}

WallTime AsioScheduler::now() const { return wall_now(); }

}  // namespace ioc::triage_service
