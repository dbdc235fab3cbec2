#include "services/ingest/formats/citizen_report/citizen_report.h"

#include <boost/json/serialize.hpp>

#include "services/ingest/formats/fields.h"

namespace ioc::ingest {
namespace json = boost::json;
namespace {

constexpr std::string_view kReplayChannel = "replay";  // what `ioc replay` sends

// A photo is an object with url, kind and sha256, or its link alone.
std::vector<Media> media_of(Fields& fields, Notes& notes, const Limits& limits) {
  std::vector<Media> out;
  const auto items = fields.items("media");
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string path = "media[" + std::to_string(i) + "]";
    const auto& item = items[i];
    if (item.is_object()) {
      Fields one(item.get_object(), notes, limits, path + ".");
      out.push_back({one.link("url"), one.name("kind"), one.name("sha256")});
    } else if (item.is_string()) {
      const json::object alone{{"url", item}};
      Fields one(alone, notes, limits, path + ".");
      fields.converted(path);
      out.push_back({one.link("url"), "", ""});
    } else if (!item.is_null()) {
      fields.drop(path, ValueReason::WrongType, item);
    }
  }
  return out;
}

// Kept out of the event. What tells two reporters apart tells their reports apart.
void take_reporter(Fields& fields, Notes& notes, const Limits& limits, Parsed& parsed) {
  const auto* given = fields.find("reporter");
  if (given == nullptr) return;
  parsed.reporter = json::serialize(*given);
  const auto* reporter = fields.object("reporter");
  if (reporter == nullptr) return;
  Fields one(*reporter, notes, limits, "reporter.");
  for (const char* name : {"name", "phone", "email", "id_number"}) {
    one.name(name);  // says what is wrong with it
    const auto* part = reporter->if_contains(name);
    parsed.further_content.push_back(part == nullptr || part->is_null() ? std::string{} : json::serialize(*part));
  }
}

// Words for it that apps and connectors send, beside our own.
Urgency urgency_of(Fields& fields) {
  return fields.choice<Urgency>(
      "urgency", {{"low", Urgency::Low}, {"normal", Urgency::Normal}, {"urgent", Urgency::Urgent}, {"nhẹ", Urgency::Low},
                  {"thấp", Urgency::Low}, {"bình thường", Urgency::Normal}, {"thường", Urgency::Normal},
                  {"trung bình", Urgency::Normal}, {"medium", Urgency::Normal}, {"khẩn", Urgency::Urgent},
                  {"khẩn cấp", Urgency::Urgent}, {"rất khẩn", Urgency::Urgent}, {"gấp", Urgency::Urgent},
                  {"cao", Urgency::Urgent}, {"high", Urgency::Urgent}, {"critical", Urgency::Urgent},
                  {"emergency", Urgency::Urgent}});
}

// Producers whose fields were mapped in part only: what people wrote must not be lost beside a title.
std::string text_of(Fields& fields) {
  if (fields.find("text") != nullptr) return fields.free_text("text");
  for (const char* name : {"description", "detail", "content", "message", "noi_dung", "body"}) {
    const auto* value = fields.find(name);
    if (value == nullptr || !value->is_string()) continue;
    fields.converted(name);
    return fields.free_text(name);
  }
  return {};
}

}  // namespace

ParseResult parse_citizen_report(const json::object& object, const ParseContext& context) {
  Notes notes;
  Fields fields(object, notes, context.limits);
  Parsed parsed;
  CitizenReport report;
  parsed.event.object = ObjectId(fields.id("report_id"));
  report.title = fields.free_text("title");
  report.text = text_of(fields);
  const auto blank = [](const std::string& text) { return text.find_first_not_of(" \t\n") == std::string::npos; };
  if (blank(report.title) && blank(report.text))
    fields.refuse("missing", "text", "", "", "a report needs a text or a title");
  report.category = fields.name("category");
  report.urgency = urgency_of(fields);
  report.address = fields.free_text("address");
  report.media = media_of(fields, notes, context.limits);
  report.channel = fields.name("channel");
  parsed.history = report.channel == kReplayChannel;
  report.anonymous = fields.yes("anonymous", true);
  report.follows = fields.id("follows");
  take_reporter(fields, notes, context.limits, parsed);
  parsed.event.position = fields.position("position");
  parsed.own_time_ms = fields.time("occurred_at");
  parsed.own_time_field = "occurred_at";
  if (const auto sent = fields.time("sent_at")) parsed.other_times.push_back({"sent_at", *sent});
  parsed.event.body = std::move(report);
  return finish(std::move(parsed), notes);
}

}  // namespace ioc::ingest
