#include "tests/services/simulator/fake_ioc.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/json.hpp>
#include <sstream>
#include <stdexcept>

namespace ioc::simulator {
namespace {

namespace json = boost::json;

http::Handler handler(std::function<http::Response(const http::Request&)> answer) {
  return [answer](const http::Request& request) -> boost::asio::awaitable<http::Reply> { co_return answer(request); };
}

http::Problem problem(unsigned status, std::string detail) {
  http::Problem of;
  of.status = status;
  of.title = "refused";
  of.detail = std::move(detail);
  return of;
}

}  // namespace

FakeIoc::FakeIoc(Faults faults) : x_faults(std::move(faults)) {
  x_router.add("POST", "/v1/reports", handler([this](const auto& request) { return take_batch(request); }));
  for (const char* path : {"/v1/camera-alerts", "/v1/checkpoints/passages", "/v1/checkpoints/status", "/v1/online-mentions", "/v1/indicators"}) {
    x_router.add("POST", path, handler([this](const auto& request) { return take_batch(request); }));
  }
  x_router.add("GET", "/v1/events/{id}", handler([this](const auto& request) { return event(request); }));
  x_router.add("GET", "/v1/incidents/{id}/events", handler([this](const auto& request) { return events_of(request); }));
  listen(0);
}

FakeIoc::~FakeIoc() { stop(); }

std::string FakeIoc::url() const { return "http://127.0.0.1:" + std::to_string(x_port); }

void FakeIoc::listen(std::uint16_t port) {
  x_io = std::make_unique<boost::asio::io_context>();
  http::ServerConfig config;
  config.listen = "127.0.0.1:" + std::to_string(port);
  x_server = std::make_unique<http::Server>(x_io->get_executor(), config, x_router, nullptr, [](const http::Request&) { return true; });
  const auto started = x_server->start();
  if (!started) throw std::runtime_error(started.error().message);
  x_port = *started;
  x_thread = std::thread([this] {
    const auto keep = boost::asio::make_work_guard(*x_io);
    x_io->run();
  });
}

void FakeIoc::stop() {
  if (!x_thread.joinable()) return;
  x_io->stop();
  x_thread.join();
  x_server.reset();
  x_io.reset();
}

void FakeIoc::restart() { listen(x_port); }

std::vector<std::string> FakeIoc::arrived() {
  std::scoped_lock lock(x_mutex);
  return x_arrived;
}

std::map<std::string, std::string> FakeIoc::bodies() {
  std::scoped_lock lock(x_mutex);
  return x_bodies;
}

// Reports of one spot are one incident.
std::string FakeIoc::take(const std::string& report_id, const std::string& spot) {
  if (const auto known = x_event_of_report.find(report_id); known != x_event_of_report.end()) return known->second;
  std::string id = "20210101-000000-r-" + report_id;
  if (report_id == x_faults.same_id_report && !x_arrived.empty()) id = x_event_of_report[x_arrived.back()];
  x_arrived.push_back(report_id);
  x_event_of_report[report_id] = id;
  if (report_id == x_faults.forget_report || report_id == x_faults.same_id_report) return id;
  if (report_id == x_faults.dead_letter_report) {
    x_dead[id] = true;
    return id;
  }
  const auto [home, opened] = x_incident_of_spot.emplace(spot, "0-" + id);
  x_incident_of_event[id] = home->second;
  x_members[home->second].push_back(id);
  if (report_id == x_faults.double_report) x_members["0-" + x_event_of_report[x_arrived.front()]].push_back(id);
  return id;
}

http::Response FakeIoc::take_batch(const http::Request& request) {
  std::scoped_lock lock(x_mutex);
  x_bodies[request.path] = request.body;
  if (x_faults.busy_batches > 0) {
    --x_faults.busy_batches;
    return http::problem(problem(503, "the log is full"));
  }
  json::array results;
  std::int64_t number = 0;
  bool full = false;
  std::istringstream lines(request.body);
  for (std::string line; std::getline(lines, line);) {
    const json::object body = json::parse(line).as_object();
    json::object result{{"line", ++number}};
    const std::string id = body.contains("report_id") ? std::string(body.at("report_id").as_string()) : std::to_string(x_arrived.size());
    if (id == x_faults.unanswered_report) continue;
    if (id == x_faults.refuse_report) {
      result["problem"] = http::to_json(problem(422, "text is missing"));
    } else if (full || id == x_faults.busy_line_report) {
      full = true;  // and so is it for all that come after
      x_faults.busy_line_report.clear();
      result["problem"] = http::to_json(problem(503, "the log is full"));
    } else {
      result["event_id"] = take(id, body.contains("position") ? json::serialize(body.at("position")) : line);
    }
    results.push_back(std::move(result));
  }
  return http::json(200, json::object{{"accepted", 0}, {"rejected", 0}, {"results", std::move(results)}});
}

http::Response FakeIoc::event(const http::Request& request) {
  std::scoped_lock lock(x_mutex);
  const std::string id(request.param("id"));
  if (x_dead.contains(id)) return http::json(200, json::object{{"event_id", id}, {"dead_letter", json::object{{"reason", "no_such_unit"}}}});
  const auto found = x_incident_of_event.find(id);
  if (found == x_incident_of_event.end()) return http::problem(problem(404, "no such event"));
  return http::json(200, json::object{{"event_id", id}, {"incident_id", found->second}});
}

// In pages of two, so that the reader has to follow the cursor.
http::Response FakeIoc::events_of(const http::Request& request) {
  std::scoped_lock lock(x_mutex);
  const auto found = x_members.find(std::string(request.param("id")));
  if (found == x_members.end()) return http::problem(problem(404, "no such incident"));
  const std::size_t from = request.query_value("cursor") ? std::stoul(std::string(*request.query_value("cursor"))) : 0;
  json::array events;
  for (std::size_t i = from; i < found->second.size() && i < from + 2; ++i) events.push_back(json::object{{"event_id", found->second[i]}});
  json::object page{{"events", std::move(events)}};
  if (from + 2 < found->second.size()) page["next"] = std::to_string(from + 2);
  return http::json(200, page);
}

}  // namespace ioc::simulator
