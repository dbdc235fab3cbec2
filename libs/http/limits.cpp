#include "libs/config/config.h"
#include "libs/http/http.h"

namespace ioc::http {

void ServerConfig::declare(config::Fields& fields) {
  const Millis least(100), most(std::chrono::hours(1));
  fields.number("body_bytes_max", body_bytes_max, 1024, 1 << 30, "largest body; more is answered with 413");
  fields.number("anonymous_body_bytes_max", anonymous_body_bytes_max, 1024, 1 << 20,
                "largest body of a caller without a valid token or session; more is answered with 401 before it is read");
  fields.number("header_bytes_max", header_bytes_max, 1024, 1 << 20, "request line and headers; more is answered with 431");
  fields.number("header_fields_max", header_fields_max, 16, 10'000, "headers of a request; more are answered with 431");
  fields.number("body_bytes_in_flight_max", body_bytes_in_flight_max, 1 << 20, std::uint64_t{1} << 40,
                "what all connections hold together (headers, bodies, buffers, answers), unknown callers at most half of it; more is answered with 503");
  fields.number("body_bytes_per_address_max", body_bytes_per_address_max, 1 << 20, std::uint64_t{1} << 40,
                "the same for the connections of one address (IPv6: of one /64 network)");
  fields.number("connections_max", connections_max, 16, 100'000,
                "open connections; for one more the longest idle one is closed. Leave room for files below the limit of open files");
  fields.number("connections_per_address_max", connections_per_address_max, 1, 100'000, "the same for one address; the proxies' have no such limit");
  fields.number("connections_reserved", connections_reserved, 0, 10'000,
                "further connections when none of the others is idle: for one request of a known caller, or for health and metrics; others are answered with 503");
  fields.duration("idle_timeout", idle_timeout, least, most, "a connection between two requests");
  fields.duration("header_timeout", header_timeout, least, most, "from a request's first byte to the end of its headers");
  fields.duration("body_timeout", body_timeout, least, most, "from the headers to the end of the body");
  fields.duration("body_stall_timeout", body_stall_timeout, least, most, "a body of which nothing more comes");
  fields.duration("write_timeout", write_timeout, least, most, "a client that reads nothing of its answer");
  fields.number("bytes_per_second_min", bytes_per_second_min, 1, 1 << 30,
                "slowest body and answer on the average, after a first body_stall_timeout or write_timeout");
  fields.texts("proxies", proxies,
               "addresses or networks (10.0.0.0/8) of reverse proxies: their X-Forwarded-For is the client's address, their X-Forwarded-Proto says "
               "whether it speaks HTTPS; from all others both are ignored");
}

}  // namespace ioc::http
