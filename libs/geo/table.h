// CSV with a header line, as the units folder uses it: comma, optional double quotes (doubled inside), LF or CRLF.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ioc::geo {

struct Row {
  std::size_t line = 0;  // of the file, from 1
  std::vector<std::string> fields;
};

struct Table {
  std::vector<std::string> columns;
  std::vector<Row> rows;  // each as long as `columns`

  // npos: no such column.
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
  [[nodiscard]] std::size_t column(std::string_view name) const;
};

// Rows of another length than the header go to `problems` ("file:line: …") and are left out.
[[nodiscard]] Table read_table(std::string_view file, std::string_view content, std::vector<std::string>& problems);

// One line's fields; quotes may not span lines.
[[nodiscard]] std::vector<std::string> split_csv_line(std::string_view line);

// A field as it stands in a CSV file: quoted when it must be.
[[nodiscard]] std::string csv_field(std::string_view value);

}  // namespace ioc::geo
