// GET /v1/categories, /v1/queues, /v1/feeds, /v1/indicators, /v1/units, /v1/units/outlines, /v1/sources.
#include "services/desk/api/context.h"
#include "services/desk/api/json.h"

namespace ioc::desk::api {
namespace {

using auth::Need;
using Answer = http::Response (*)(Context&, const http::Request&);

http::Handler on_the_wall(Context& context, Answer give) {
  return [&context, give](const http::Request& request) -> boost::asio::awaitable<http::Reply> {
    auto caller = context.gate.admit(request, Need::Wall);
    if (auto* refused = std::get_if<http::Response>(&caller)) co_return std::move(*refused);
    co_return give(context, request);
  };
}

// ?at=DATE, a day or a moment; now without it.
std::optional<EventTime> time_asked(const http::Request& request) {
  std::string text(request.query_value("at").value_or(""));
  if (text.empty()) return EventTime::from_ms(wall_now().ms());
  if (text.size() == 10) text += "T00:00:00";
  const auto parsed = parse_time(text);
  return parsed ? std::optional(EventTime::from_ms(parsed->ms)) : std::nullopt;
}

http::Response bad_time() { return wrong(400, "malformed parameter", "at is a date (2021-10-18) or an RFC 3339 time", "at"); }

http::Response queues(Context& context, const http::Request&) {
  return answer(200, queues_json(context.live.queues(wall_now()), *context.reference.get()));
}

http::Response categories(Context& context, const http::Request&) { return answer(200, categories_json(*context.reference.get())); }

http::Response feeds(Context& context, const http::Request&) {
  return answer(200, feeds_json(context.live.feeds(wall_now()), context.config.feeds, wall_now()));
}

http::Response indicators(Context& context, const http::Request&) {
  return answer(200, indicators_json(context.live.indicators(), *context.reference.get(), wall_now()));
}

http::Response units(Context& context, const http::Request& request) {
  const auto when = time_asked(request);
  if (!when) return bad_time();
  return answer(200, units_json(*context.reference.get(), context.live.open_by_unit(), *when));
}

http::Response outlines(Context& context, const http::Request& request) {
  const auto when = time_asked(request);
  if (!when) return bad_time();
  http::Response response = answer(200, outlines_json(*context.reference.get(), *when));
  response.content_type = "application/geo+json";
  return response;
}

http::Response sources(Context& context, const http::Request&) {
  return answer(200, sources_json(*context.reference.get(), context.live.things_seen()));
}

}  // namespace

void add_list_routes(Routes& routes, Context& context) {
  routes.add("GET", "/v1/categories", on_the_wall(context, categories));
  routes.add("GET", "/v1/queues", on_the_wall(context, queues));
  routes.add("GET", "/v1/feeds", on_the_wall(context, feeds));
  routes.add("GET", "/v1/indicators", on_the_wall(context, indicators));
  routes.add("GET", "/v1/units", on_the_wall(context, units));
  routes.add("GET", "/v1/units/outlines", on_the_wall(context, outlines));
  routes.add("GET", "/v1/sources", on_the_wall(context, sources));
}

}  // namespace ioc::desk::api
