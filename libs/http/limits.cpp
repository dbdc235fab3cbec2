#include "libs/config/config.h"
#include "libs/http/http.h"

namespace ioc::http {

void ServerConfig::declare(config::Fields& fields) {
  const Millis least(100), most(std::chrono::hours(1));
  fields.number("body_bytes_max", body_bytes_max, 1024, 1 << 30, "largest body; more is answered with 413");
  fields.number("header_bytes_max", header_bytes_max, 1024, 1 << 20, "request line and headers; more is answered with 431");
  fields.number("body_bytes_in_flight_max", body_bytes_in_flight_max, 1 << 20, std::uint64_t{1} << 40,
                "bodies of all requests together; more is answered with 503");
  fields.number("connections_max", connections_max, 16, 100'000,
                "open connections; more are answered with 503. Leave room for files below the limit of open files");
  fields.duration("idle_timeout", idle_timeout, least, most, "a connection between two requests");
  fields.duration("header_timeout", header_timeout, least, most, "from a request's first byte to the end of its headers");
  fields.duration("body_timeout", body_timeout, least, most, "from the headers to the end of the body");
  fields.duration("write_timeout", write_timeout, least, most, "a client that reads nothing of its answer");
}

}  // namespace ioc::http
