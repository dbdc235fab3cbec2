// A row of a file of real reports as a citizen report (API.md, "Command line"): `report_id` = id, `occurred_at` =
// `sent_at` = opened_at, category, address, text, position. Closings and labels are never sent.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libs/base/result.h"
#include "services/simulator/csv.h"

namespace ioc::simulator {

class ReportRows {
 public:
  // Corrupt: a column that every row needs is not in the file.
  [[nodiscard]] static Result<ReportRows> over(const CsvReader& reader);

  struct Row {
    std::string report_id;
    std::string opened_at;  // as it stands
    std::string json;       // one line, the body of a citizen report
  };
  [[nodiscard]] Row row(const std::vector<std::string>& fields) const;

 private:
  std::size_t x_id = 0, x_opened_at = 0, x_category = 0, x_text = 0;
  std::optional<std::size_t> x_latitude, x_longitude, x_address;
};

}  // namespace ioc::simulator
