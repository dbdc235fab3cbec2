// An indicator's value for a unit and period; a later value of the same is a revision.
#include "services/ingest/formats/indicator/indicator.h"

#include <cmath>

#include "services/ingest/formats/fields.h"

namespace ioc::ingest {
namespace {

constexpr double kValueMax = 9e12;  // in millionths it still fits 64 bits

// Dates come without a time: the day begins in Vietnam.
std::optional<std::int64_t> day_of(const std::string& date) {
  const auto parsed = parse_time(date.size() == 10 ? date + "T00:00:00+07:00" : date);
  return parsed ? std::optional(parsed->ms) : std::nullopt;
}

}  // namespace

ParseResult parse_indicator(const boost::json::object& object, const ParseContext& context) {
  Notes notes;
  Fields fields(object, notes, context.limits);
  Parsed parsed;
  Indicator indicator;
  indicator.code = fields.required_name("code");
  indicator.unit = fields.name("unit");
  indicator.period = fields.name("period");
  if (fields.find("value") == nullptr) fields.refuse("missing", "value", "", "", "the field is needed");
  indicator.value_e6 = std::llround(fields.number("value", -kValueMax, kValueMax).value_or(0) * 1e6);
  if (const auto target = fields.number("target", -kValueMax, kValueMax)) indicator.target_e6 = std::llround(*target * 1e6);
  indicator.measure = fields.name("measure");
  indicator.as_of = fields.name("as_of");
  parsed.own_time_ms = day_of(indicator.as_of);
  parsed.event.object = ObjectId(indicator.code + "/" + indicator.unit + "/" + indicator.period);
  parsed.event.revision = static_cast<std::uint64_t>(std::max<std::int64_t>(parsed.own_time_ms.value_or(0), 0));
  parsed.event.body = std::move(indicator);
  return finish(std::move(parsed), notes);
}

}  // namespace ioc::ingest
