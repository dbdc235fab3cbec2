#include "services/ingest/formats/citizen_report/citizen_report.h"

#include <boost/json/serialize.hpp>

#include "services/ingest/formats/fields.h"

namespace ioc::ingest {
namespace json = boost::json;
namespace {

std::vector<Media> media_of(Fields& fields, Notes& notes, const Limits& limits) {
  std::vector<Media> out;
  const auto* list = fields.list("media");
  if (list == nullptr) return out;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto& item = (*list)[i];
    const std::string prefix = "media[" + std::to_string(i) + "].";
    if (!item.is_object()) {
      fields.refuse("wrong_type", prefix.substr(0, prefix.size() - 1), "object", std::string(kind_of(item)),
                    "a photo is an object with url, kind and sha256");
      return out;
    }
    Fields one(item.get_object(), notes, limits, prefix);
    out.push_back({one.name("url"), one.name("kind"), one.name("sha256")});
  }
  return out;
}

// Kept out of the event. What tells two reporters apart tells their reports apart.
void take_reporter(Fields& fields, Notes& notes, const Limits& limits, Parsed& parsed) {
  const auto* reporter = fields.object("reporter");
  if (reporter == nullptr) return;
  parsed.reporter = json::serialize(*reporter);
  Fields one(*reporter, notes, limits, "reporter.");
  for (const char* name : {"name", "phone", "email", "id_number"}) {
    one.name(name);  // its type
    const auto* part = reporter->if_contains(name);
    parsed.further_content.push_back(part == nullptr || part->is_null() ? std::string{} : json::serialize(*part));
  }
}

}  // namespace

ParseResult parse_citizen_report(const json::object& object, const ParseContext& context) {
  Notes notes;
  Fields fields(object, notes, context.limits);
  Parsed parsed;
  CitizenReport report;
  parsed.event.object = ObjectId(fields.name("report_id"));
  report.title = fields.free_text("title");
  report.text = fields.free_text("text");
  const auto blank = [](const std::string& text) { return text.find_first_not_of(" \t\n") == std::string::npos; };
  if (blank(report.title) && blank(report.text))
    fields.refuse("missing", "text", "", "", "a report needs a text or a title");
  report.category = fields.name("category");
  report.urgency = fields.choice<Urgency>("urgency", {{"low", Urgency::Low}, {"normal", Urgency::Normal},
                                                      {"urgent", Urgency::Urgent}, {"nhẹ", Urgency::Low},
                                                      {"khẩn", Urgency::Urgent}});
  report.address = fields.free_text("address");
  report.media = media_of(fields, notes, context.limits);
  report.channel = fields.name("channel");
  report.anonymous = fields.yes("anonymous");
  report.follows = fields.name("follows");
  take_reporter(fields, notes, context.limits, parsed);
  parsed.event.position = fields.position("position");
  parsed.own_time_ms = fields.time("occurred_at");
  parsed.sent_time_ms = fields.time("sent_at");
  parsed.event.body = std::move(report);
  return finish(std::move(parsed), notes);
}

}  // namespace ioc::ingest
