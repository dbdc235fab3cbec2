#include "libs/geo/table.h"

#include <algorithm>

namespace ioc::geo {

std::size_t Table::column(std::string_view name) const {
  const auto found = std::find(columns.begin(), columns.end(), name);
  return found == columns.end() ? npos : static_cast<std::size_t>(found - columns.begin());
}

std::vector<std::string> split_csv_line(std::string_view line) {
  std::vector<std::string> out(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      out.back().push_back('"');
      ++i;
    } else if (c == '"' && (quoted || out.back().empty())) {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      out.emplace_back();
    } else {
      out.back().push_back(c);
    }
  }
  return out;
}

Table read_table(std::string_view file, std::string_view content, std::vector<std::string>& problems) {
  Table out;
  if (content.starts_with("\xEF\xBB\xBF")) content.remove_prefix(3);
  std::size_t number = 0;
  while (!content.empty()) {
    const std::size_t end = content.find('\n');
    std::string_view line = content.substr(0, end);
    content.remove_prefix(end == std::string_view::npos ? content.size() : end + 1);
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    auto fields = split_csv_line(line);
    if (out.columns.empty()) {
      out.columns = std::move(fields);
    } else if (fields.size() != out.columns.size()) {
      problems.push_back(std::string(file) + ":" + std::to_string(number) + ": has " + std::to_string(fields.size()) +
                         " fields, the header has " + std::to_string(out.columns.size()) + "; add or remove commas");
    } else {
      out.rows.push_back({number, std::move(fields)});
    }
  }
  return out;
}

std::string csv_field(std::string_view value) {
  if (value.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(value);
  std::string out = "\"";
  for (const char c : value) {
    if (c == '"') out.push_back('"');
    out.push_back(c == '\n' || c == '\r' ? ' ' : c);
  }
  out.push_back('"');
  return out;
}

}  // namespace ioc::geo
