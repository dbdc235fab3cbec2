// An indicator's value for a unit and period; a later value of the same is a revision.
#include "services/ingest/formats/indicator/indicator.h"

#include <cmath>

#include "services/ingest/formats/fields.h"

namespace ioc::ingest {
namespace {

constexpr double kValueMax = 9e12;  // in millionths it still fits 64 bits

// What is no time leaves the indicator: readers order its values by it.
std::optional<std::int64_t> take_day(Fields& fields, std::string& date) {
  if (date.empty()) return std::nullopt;
  const auto parsed = parse_time_or_day(date);
  if (parsed) return parsed->ms;
  fields.drop("as_of", ValueReason::Unreadable);
  date.clear();
  return std::nullopt;
}

// Without its number there is no indicator.
double needed_value(Fields& fields) {
  const auto* given = fields.find("value");
  const auto read = fields.number("value", -kValueMax, kValueMax);
  if (given == nullptr) {
    fields.refuse("missing", "value", "", "", "the field is needed");
  } else if (!read) {
    const auto* reason = to_number(*given) ? "out_of_range" : "wrong_type";
    fields.refuse(reason, "value", "a number up to 9e12", std::string(kind_of(*given)), "the field must be a number");
  }
  return read.value_or(0);
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
  indicator.value_e6 = std::llround(needed_value(fields) * 1e6);
  if (const auto target = fields.number("target", -kValueMax, kValueMax)) indicator.target_e6 = std::llround(*target * 1e6);
  indicator.measure = fields.name("measure");
  indicator.as_of = fields.name("as_of");
  parsed.own_time_ms = take_day(fields, indicator.as_of);
  parsed.own_time_field = "as_of";
  parsed.revision_is_time = true;
  parsed.event.object = ObjectId(indicator.code + "/" + indicator.unit + "/" + indicator.period);
  parsed.event.revision = static_cast<std::uint64_t>(std::max<std::int64_t>(parsed.own_time_ms.value_or(0), 0));
  parsed.event.body = std::move(indicator);
  return finish(std::move(parsed), notes);
}

}  // namespace ioc::ingest
