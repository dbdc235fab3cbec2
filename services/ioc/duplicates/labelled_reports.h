// A file of citizens' reports with staff's marks on those that were about the same thing as another one.
//
//   id,opened_at,closed_at,category,latitude,longitude,address,text[,is_duplicate,duplicate_of]      plain or gzip
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "libs/base/result.h"
#include "libs/domain/event.h"

namespace ioc::duplicates {

struct LabelledReport {
  std::string id;
  std::int64_t opened_ms = 0;
  std::optional<std::int64_t> closed_ms;  // from when it counts as closed: a day without a time from the next day
  std::string category, address, text;
  std::optional<Position> position;
  bool is_duplicate = false;
  std::string duplicate_of;               // empty: staff named none
};

struct LabelledFile {
  std::string path;
  std::vector<LabelledReport> reports;    // in file order
  bool labelled = false;                  // it has the column is_duplicate
};

// Permanent: cannot be opened. Corrupt: all that is wrong in it (up to 20), each "FILE:LINE: COLUMN: what and what to do".
[[nodiscard]] Result<LabelledFile> read_labelled(const std::string& path);

// Names of types, one a line; compared folded. Permanent: cannot be opened.
[[nodiscard]] Result<std::set<std::string>> read_types(const std::string& path);
[[nodiscard]] bool is_of_types(const LabelledReport& report, const std::set<std::string>& types);

// "2011-09-01" or a moment, as in the column opened_at.
std::optional<std::int64_t> moment_of(const std::string& text);

}  // namespace ioc::duplicates
