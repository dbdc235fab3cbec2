// The scheduler of production: one Asio strand a partition, one shared pool for calls that block.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>

#include "services/triage/scheduler.h"

namespace ioc::triage_service {

class AsioScheduler final : public Scheduler {
 public:
  // The pool must outlive the scheduler; posted work must outlive neither.
  AsioScheduler(boost::asio::any_io_executor executor, boost::asio::thread_pool& pool);
  void post(std::function<void()> work) override;
  void after(Millis delay, std::function<void()> work) override;
  void blocking(std::function<void()> work, std::function<void()> then) override;
  [[nodiscard]] WallTime now() const override;

 private:
  boost::asio::strand<boost::asio::any_io_executor> x_strand;
  boost::asio::thread_pool& x_pool;
};

}  // namespace ioc::triage_service
