#include "libs/triage/bundle_parts.h"

#include <algorithm>

#include "libs/config/config.h"
#include "libs/text/fold.h"
#include "libs/text/tokens.h"

namespace ioc::triage {

using namespace std::chrono_literals;

namespace {

template <class Id>
void declare_id(config::Fields& fields, std::string_view name, Id& id, std::string_view help) {
  std::string text = id.str();
  fields.text(name, text, help);
  id = Id(text);
}

}  // namespace

void SubKind::declare(config::Fields& fields) {
  declare_id(fields, "code", code, "once in its category: o-ga");
  fields.text("name", name, "as people read it");
  fields.texts("terms", terms, "words and weight: `ổ gà 12`");
}

const SubKind* Category::sub_kind(std::string_view wanted) const {
  const auto at = std::find_if(sub_kinds.begin(), sub_kinds.end(), [&](const SubKind& one) { return one.code.str() == wanted; });
  return at == sub_kinds.end() ? nullptr : &*at;
}

void Category::declare(config::Fields& fields) {
  declare_id(fields, "code", code, "as in the interfaces: giao-thong");
  fields.text("name", name, "as people read it");
  fields.number("radius_m", radius_m, 5, 2000, "reports farther apart are not one");
  fields.duration("age_max", age_max, 1min, 24h * 365, "event time after the newest event in which it is joined");
  fields.texts("terms", terms, "words and weight: `nắp cống 8`");
  fields.texts("emergency", emergency_terms, "the same for danger to life");
  fields.texts("also_named", also_named, "senders' spellings of the category");
  fields.list("sub_kinds", sub_kinds, "what exactly it is within the category");
}

void Kind::declare(config::Fields& fields) {
  fields.text("id", id, "as the source writes it");
  fields.text("name", name, "as people read it");
  fields.text("category", category, "code of categories.yaml");
  fields.text("sub_kind", sub_kind, "code of that category's sub_kinds; none: it has none");
  fields.choice("severity", severity_text, {"critical", "high", "medium", "info"}, "");
  fields.duration("window", window, 1s, 24h * 30, "repeats within it are one incident");
  fields.duration("quiet", quiet, 0s, 24h * 30, "so long after its end it closes, if no person took it up and no citizen reported it; 0s: a person closes it");
  fields.duration_or_never("silent_for", silent_for, 10s, 24h * 30, "a camera's alert that nothing is heard of for so long has ended without saying so");
  fields.flag("correlate", correlate, "may join what other feeds report");
  fields.flag("emergency", emergency, "danger to life");
  fields.flag("by_zone", by_zone, "another zone of the camera is another thing");
  fields.texts("also", also, "what producers call it, too; capitals, marks and signs do not matter");
}

void SeverityRule::declare(config::Fields& fields) {
  fields.text("id", id, "shown as the reason");
  fields.choice("severity", severity_text, {"critical", "high", "medium", "info"}, "");
  fields.section("when", match, "");
}

void Queue::declare(config::Fields& fields) {
  declare_id(fields, "id", id, "as in the interfaces");
  fields.text("name", name, "as operators read it");
  fields.text("group", group, "the wall's group");
}

void RouteRule::declare(config::Fields& fields) {
  fields.text("id", id, "shown as the reason");
  fields.text("queue", queue, "operators' queue");
  fields.texts("subscribers", subscribers, "beside those of the unit");
  fields.flag("continue", goes_on, "go on to the next rule");
  fields.section("when", match, "");
}

void DeadlineRule::declare(config::Fields& fields) {
  fields.text("id", id, "shown as the reason");
  fields.duration("forward", forward, 0s, 24h * 365, "from the start until it is forwarded");
  fields.duration("accept", accept, 0s, 24h * 365, "from forwarding until a unit takes it");
  fields.duration("resolve", resolve, 0s, 24h * 365, "from the start until it is resolved");
  fields.choice("time", time, {"working", "calendar"}, "working: of the calendar's hours");
  fields.number("warn_permille", warn_permille, 1, 999, "share of the time after which a warning goes out");
  fields.section("when", match, "");
}

void Area::declare(config::Fields& fields) {
  declare_id(fields, "id", id, "");
  fields.number("partition", partition, 0, 9999, "the partition that holds it");
  fields.texts("units", units, "unit codes; none: all that no other area names");
}

bool Subscription::covers(const UnitCode& unit, EventTime when) const {
  return std::any_of(spans.begin(), spans.end(), [&](const UnitSpan& span) {
    return span.from <= when && when < span.until && std::binary_search(span.codes.begin(), span.codes.end(), unit);
  });
}

const Category& Bundle::category(std::string_view code) const {
  const auto at = x_category_by_name.find(std::string(code));
  return categories[at == x_category_by_name.end() ? other_category : at->second];
}

std::optional<std::uint32_t> Bundle::category_named(std::string_view sender_text) const {
  auto at = x_category_by_name.find(std::string(sender_text));
  if (at == x_category_by_name.end()) at = x_category_by_name.find(text::fold(sender_text));
  return at == x_category_by_name.end() ? std::nullopt : std::optional(at->second);
}

std::string Bundle::kind_spelling(std::string_view written) {
  std::string letters = text::fold(written);
  std::erase_if(letters, [](char c) { return !text::is_word_byte(c); });
  return letters;
}

const Kind* Bundle::kind(std::string_view id) const {
  if (const auto at = x_kind_by_id.find(std::string(id)); at != x_kind_by_id.end()) return &kinds[at->second];
  const auto at = x_kind_by_spelling.find(kind_spelling(id));
  return at == x_kind_by_spelling.end() ? nullptr : &kinds[at->second];
}

const RegisteredSource* Bundle::source(std::string_view id) const {
  const auto at = x_sources.find(std::string(id));
  return at == x_sources.end() ? nullptr : &at->second;
}

Millis Bundle::silent_after(std::string_view checkpoint) const {
  const RegisteredSource* known = source(checkpoint);
  return known && known->silent_after.count() > 0 ? known->silent_after : limits.checkpoints.silent_after;
}

std::uint64_t Bundle::queue_long(std::string_view checkpoint) const {
  const RegisteredSource* known = source(checkpoint);
  return known && known->queue_long > 0 ? known->queue_long : limits.checkpoints.queue_vehicles;
}

const Area& Bundle::area_of(const UnitCode& unit) const {
  const auto at = x_area_by_unit.find(unit.str());
  return areas[at == x_area_by_unit.end() ? x_default_area : at->second];
}

const Area* Bundle::area_on(PartitionId partition) const {
  const auto at = std::find_if(areas.begin(), areas.end(),
                               [&](const Area& area) { return area.partition == partition.value(); });
  return at == areas.end() ? nullptr : &*at;
}

}  // namespace ioc::triage
