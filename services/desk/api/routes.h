// How the desk's routes are added: each answer gets the security headers, and the desk can wait until no request of its
// own runs any more before it takes its parts away.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>

#include "libs/http/http.h"

namespace ioc::desk::api {

// Requests and streams that are being answered. Shared by routes and app, since routes live as long as the router.
class InFlight : public std::enable_shared_from_this<InFlight> {
 public:
  using Token = std::shared_ptr<void>;
  Token enter();  // nullptr: the desk is stopped
  void open();
  // No new ones; waits for those that run. false: some still ran at the deadline.
  bool close(std::chrono::milliseconds wait_max);

 private:
  void leave();
  std::mutex x_mutex;
  std::condition_variable x_empty;
  std::size_t x_count = 0;
  bool x_open = false;
};

class Routes {
 public:
  Routes(http::Router& router, std::shared_ptr<InFlight> in_flight) : x_router(router), x_in_flight(std::move(in_flight)) {}
  void add(const char* method, const char* path, http::Handler handler);

 private:
  http::Router& x_router;
  std::shared_ptr<InFlight> x_in_flight;
};

}  // namespace ioc::desk::api
