// Ingest and desk as one small server in memory, which can be told to lose, double or forget what it was given.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "libs/http/http.h"

namespace ioc::simulator {

class FakeIoc {
 public:
  struct Faults {
    std::string forget_report = {};        // accepted, but the desk never hears of it
    std::string double_report = {};        // in a second incident, too
    std::string dead_letter_report = {};   // accepted, then a dead letter
    std::string unanswered_report = {};    // missing in the answer to its batch
    std::string same_id_report = {};       // gets the event id of the report before it
    std::string refuse_report = {};        // 422
    unsigned busy_batches = 0;        // so many are answered with 503 first
    std::string busy_line_report = {};     // its line and the rest of the batch are refused for the time being, once
  };

  FakeIoc() : FakeIoc(Faults{}) {}
  explicit FakeIoc(Faults faults);
  ~FakeIoc();
  [[nodiscard]] std::string url() const;
  [[nodiscard]] std::uint16_t port() const { return x_port; }
  // Report ids in the order in which they first arrived.
  [[nodiscard]] std::vector<std::string> arrived();
  [[nodiscard]] std::map<std::string, std::string> bodies();  // by path: the last
  // Kills every connection and the listener; `restart` listens on the same port again. What was taken is kept.
  void stop();
  void restart();

 private:
  http::Response take_batch(const http::Request& request);
  http::Response event(const http::Request& request);
  http::Response events_of(const http::Request& request);
  std::string take(const std::string& report_id, const std::string& spot);
  void listen(std::uint16_t port);

  Faults x_faults;
  std::mutex x_mutex;
  std::vector<std::string> x_arrived;
  std::map<std::string, std::string> x_bodies;
  std::map<std::string, std::string> x_event_of_report, x_incident_of_event, x_incident_of_spot;
  std::map<std::string, std::vector<std::string>> x_members;
  std::map<std::string, bool> x_dead;
  http::Router x_router;
  std::unique_ptr<boost::asio::io_context> x_io;
  std::unique_ptr<http::Server> x_server;
  std::thread x_thread;
  std::uint16_t x_port = 0;
};

}  // namespace ioc::simulator
