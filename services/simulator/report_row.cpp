#include "services/simulator/report_row.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "services/simulator/json_text.h"

namespace ioc::simulator {
namespace {

// A number keeps its digits; what is none is sent as the text it is: judging it is ingest's work.
void add_coordinate(JsonText& position, std::string_view name, const std::string& text) {
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(text, error);
  if (!error && value.is_number()) {
    position.raw(name, text);
  } else {
    position.text(name, text);
  }
}

}  // namespace

Result<ReportRows> ReportRows::over(const CsvReader& reader) {
  ReportRows rows;
  const std::pair<const char*, std::size_t*> needed[] = {
      {"id", &rows.x_id}, {"opened_at", &rows.x_opened_at}, {"category", &rows.x_category}, {"text", &rows.x_text}};
  std::string missing;
  for (const auto& [name, index] : needed) {
    const auto found = reader.column(name);
    if (found) {
      *index = *found;
    } else {
      missing += missing.empty() ? name : fmt::format(", {}", name);
    }
  }
  if (!missing.empty()) {
    return corrupt(fmt::format("the first line names no column {}; needed are id,opened_at,category,text "
                                 "(latitude,longitude,address where there are some)", missing));
  }
  rows.x_latitude = reader.column("latitude");
  rows.x_longitude = reader.column("longitude");
  rows.x_address = reader.column("address");
  return rows;
}

ReportRows::Row ReportRows::row(const std::vector<std::string>& fields) const {
  Row row;
  row.report_id = fields[x_id];
  row.opened_at = fields[x_opened_at];
  JsonText report;
  report.text("report_id", row.report_id).text("text", fields[x_text]).text("category", fields[x_category]);
  report.text("occurred_at", row.opened_at).text("sent_at", row.opened_at).text("channel", "replay");
  if (x_address && !fields[*x_address].empty()) report.text("address", fields[*x_address]);
  if (x_latitude && x_longitude && !(fields[*x_latitude].empty() && fields[*x_longitude].empty())) {
    JsonText position;
    add_coordinate(position, "lat", fields[*x_latitude]);
    add_coordinate(position, "lon", fields[*x_longitude]);
    report.raw("position", position.take());
  }
  row.json = report.take();
  return row;
}

}  // namespace ioc::simulator
