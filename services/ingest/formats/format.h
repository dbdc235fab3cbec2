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

struct GivenTime {
  std::string field;
  std::int64_t ms = 0;
};

// An event before it has an id, a receive time and masked texts.
struct Parsed {
  Event event;  // feed, object (may be empty), revision, position, flags, body
  std::optional<std::int64_t> own_time_ms;   // when it happened, as the source says
  std::string own_time_field = "at";
  std::vector<GivenTime> other_times;        // the first that is plausible stands in for it; not part of what the event is
  std::string unreadable_time;               // the first field with a time that cannot be read
  bool history = false;                      // the message itself says that it tells of the past
  bool revision_is_identity = false;         // else `revision` only orders and the content identifies
  bool unique_id = false;                    // the source never gives an object's id to another one
  bool revision_is_time = false;             // `revision` is the own time: it follows where the time is corrected
  std::vector<std::string> further_content;  // what tells two events apart beside the body: the reporter, what was dropped
  std::vector<std::string> plates;           // for the protected store
  std::string reporter;                      // JSON, for the protected store
};
using ParseResult = std::variant<Parsed, Refusal>;

// Each once; a value flag beyond kValueFlagsMax is counted only.
void add_flag(Event& event, EventFlag flag);
void add_value_flag(Event& event, std::string_view field, ValueReason reason);

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
