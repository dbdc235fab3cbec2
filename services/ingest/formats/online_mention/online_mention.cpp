#include "services/ingest/formats/online_mention/online_mention.h"

#include <cmath>

#include "services/ingest/formats/fields.h"

namespace ioc::ingest {
namespace {

constexpr std::uint64_t kVolumeMax = 1'000'000'000;
constexpr std::uint64_t kPeriodMinutesMax = 527'040;  // a leap year

}  // namespace

ParseResult parse_online_mention(const boost::json::object& object, const ParseContext& context) {
  Notes notes;
  Fields fields(object, notes, context.limits);
  Parsed parsed;
  OnlineMention mention;
  parsed.event.object = ObjectId(fields.id("mention_id"));
  mention.topic = fields.required_name("topic");
  mention.places = fields.names("places");
  mention.volume = static_cast<std::uint32_t>(fields.count("volume", kVolumeMax));
  mention.period_minutes = static_cast<std::uint32_t>(fields.count("period_minutes", kPeriodMinutesMax));
  mention.trend = fields.choice<Trend>(
      "trend", {{"falling", Trend::Falling}, {"steady", Trend::Steady}, {"rising", Trend::Rising}});
  mention.sentiment_permille = static_cast<std::int32_t>(std::lround(fields.number("sentiment", -1, 1).value_or(0) * 1000));
  mention.link = fields.link("link");
  parsed.own_time_ms = fields.time("at");
  parsed.event.body = std::move(mention);
  return finish(std::move(parsed), notes);
}

}  // namespace ioc::ingest
