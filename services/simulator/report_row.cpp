#include "services/simulator/report_row.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cmath>
#include <cstdlib>

namespace ioc::simulator {
namespace {

// What is no number is sent as it stands: judging it is ingest's work.
boost::json::value coordinate(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (!text.empty() && *end == '\0' && std::isfinite(value)) return value;
  return boost::json::value(text);
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
    return permanent(fmt::format("the first line names no column {}; needed are id,opened_at,category,text "
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
  boost::json::object report{{"report_id", row.report_id},
                             {"text", fields[x_text]},
                             {"category", fields[x_category]},
                             {"occurred_at", row.opened_at},
                             {"sent_at", row.opened_at},
                             {"channel", "replay"}};
  if (x_address && !fields[*x_address].empty()) report["address"] = fields[*x_address];
  if (x_latitude && x_longitude && !(fields[*x_latitude].empty() && fields[*x_longitude].empty())) {
    report["position"] = boost::json::object{{"lat", coordinate(fields[*x_latitude])},
                                             {"lon", coordinate(fields[*x_longitude])}};
  }
  row.json = boost::json::serialize(report);
  return row;
}

}  // namespace ioc::simulator
