// GET /openapi.json: services/desk/openapi.json as it was when this was built.
#include "services/desk/api/context.h"
#include "services/desk/openapi_text.h"

namespace ioc::desk::api {

void add_document_route(Routes& routes) {
  routes.add("GET", "/openapi.json", [](const http::Request&) -> boost::asio::awaitable<http::Reply> {
    http::Response response;
    response.body = kOpenApi;
    response.headers.emplace_back("Cache-Control", "no-cache");
    co_return response;
  });
}

}  // namespace ioc::desk::api
