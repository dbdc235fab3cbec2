// What the routes work with. Owned by the App, outlives the server.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <string>

#include "libs/http/http.h"
#include "libs/log/log.h"
#include "services/desk/api/routes.h"
#include "services/desk/auth/gate.h"
#include "services/desk/auth/login.h"
#include "services/desk/config.h"
#include "services/desk/metrics.h"
#include "services/desk/reference/reference.h"
#include "services/desk/stream/places.h"
#include "services/desk/view/live.h"
#include "services/desk/view/tables.h"

namespace ioc::desk::api {

struct Context {
  const Config& config;
  log::Log& log;
  view::Live& live;
  const view::Tables& tables;
  reference::Current& reference;
  auth::Gate& gate;
  auth::Sessions& sessions;
  auth::Login& login;
  Metrics& metrics;
  bool demo = false;
  std::uint32_t partitions = 1;  // of the events topic; set when the desk starts
  stream::Places places{};
  boost::asio::thread_pool backlog{1};  // reads what streams missed, off the threads that serve and step

  // The snapshot as it stands: memory first, then disk. nullptr: unknown.
  [[nodiscard]] std::shared_ptr<const Incident> incident(const IncidentId& id) const;
};

void add_incident_routes(Routes& routes, Context& context);
void add_command_routes(Routes& routes, Context& context);
void add_list_routes(Routes& routes, Context& context);
void add_stream_route(Routes& routes, Context& context);
void add_subscription_route(Routes& routes, Context& context);
void add_session_routes(Routes& routes, Context& context);
void add_document_route(Routes& routes);

// {"now","data_at","demo","log_id"}
boost::json::object clock_json(const Context& context, WallTime now);

// --- answers ---
http::Response wrong(unsigned status, std::string_view title, std::string_view detail, std::string_view field = {},
                     std::string_view received = {});
http::Response answer(unsigned status, const boost::json::value& body);  // with Cache-Control: no-store
}  // namespace ioc::desk::api
