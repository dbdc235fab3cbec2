// What one sender format is: a path, a name on the raw topics, and a pure function from its JSON to an event.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "libs/domain/event.h"
#include "services/ingest/config.h"
#include "services/ingest/identity.h"

namespace ioc::ingest {

enum class RefusalKind : std::uint8_t { Malformed, Invalid, TooLarge, UnsupportedType, UnknownFeed };

// Why a message is not an event. `detail` and `limit` hold no word of the message; `received` may (it goes back to the
// sender only).
struct Refusal {
  RefusalKind kind = RefusalKind::Invalid;
  std::string reason;  // snake_case: log field, metric label, dead letter
  std::string field, limit, received;
  std::string detail;
};
unsigned status_of(RefusalKind kind);

// An event before it has an id, a receive time and masked texts.
struct Parsed {
  Event event;  // feed, object (may be empty), revision, position, flags of the position, body
  std::optional<std::int64_t> own_time_ms;   // when it happened, as the source says
  std::optional<std::int64_t> sent_time_ms;  // stands in for it; not part of what the event is
  bool revision_is_identity = false;         // else `revision` only orders and the content identifies
  bool unique_id = false;                    // the source never gives an object's id to another one
  std::vector<std::string> further_content;  // what tells two events apart beside the body: the reporter
  std::vector<std::string> plates;           // for the protected store
  std::string reporter;                      // JSON, for the protected store
};
using ParseResult = std::variant<Parsed, Refusal>;

struct ParseContext {
  const Identity& identity;
  const Limits& limits;
  const std::vector<FrigateKind>& frigate_kinds;
};

struct Format {
  std::string_view name;  // header `ioc-format` on the raw topics
  std::string_view path;  // of POST
  Feed feed;
  ParseResult (*parse)(const boost::json::object& object, const ParseContext& context);
};

// All formats, one line each (formats/registry.cpp). The first of a feed is the default of its raw topic.
std::span<const Format> formats();
const Format* format_named(std::string_view name);
const Format* format_at(std::string_view path);
const Format* default_format(Feed feed);

// UTF-8, JSON and its bounds are checked here, once. On success `parse` of the format has been called.
ParseResult parse_bytes(const Format& format, std::string_view bytes, const ParseContext& context);

}  // namespace ioc::ingest
