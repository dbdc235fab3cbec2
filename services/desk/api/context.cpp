#include "services/desk/api/context.h"

namespace ioc::desk::api {

std::shared_ptr<const Incident> Context::incident(const IncidentId& id) const {
  auto open = live.open_incident(id);
  return open ? open : tables.incident(id);
}

boost::json::object clock_json(const Context& context, WallTime now) {
  const auto data_at = context.live.data_at();
  return {{"now", format_time(now)},
          {"data_at", data_at ? boost::json::value(format_time(*data_at)) : boost::json::value(nullptr)},
          {"demo", context.demo},
          {"log_id", context.live.log_id()}};
}

http::Response wrong(unsigned status, std::string_view title, std::string_view detail, std::string_view field,
                     std::string_view received) {
  http::Problem problem;
  problem.status = status;
  problem.title = title;
  problem.detail = detail;
  problem.field = field;
  problem.received = received.substr(0, 200);
  if (status == 503 || status == 429) problem.retry_after_s = 2;
  return http::problem(problem);
}

http::Response answer(unsigned status, const boost::json::value& body) {
  http::Response response = http::json(status, body);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

}  // namespace ioc::desk::api
