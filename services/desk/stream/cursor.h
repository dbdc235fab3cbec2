// Where a reader of a stream stands: the log's id and one position per partition (DESIGN D10), as the id of a
// Server-Sent Event: "<log id>~<partition>.<offset>~…". Only characters that need no escaping in a URL.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/domain/ids.h"

namespace ioc::desk::stream {

struct Cursor {
  std::string log_id;
  std::vector<Offset> next;  // by partition: the offset that is read next
  friend bool operator==(const Cursor&, const Cursor&) = default;
};

std::string to_text(const Cursor& cursor);
// nullopt: no cursor, or not of `partitions` partitions.
std::optional<Cursor> cursor_of(std::string_view text, std::size_t partitions);

}  // namespace ioc::desk::stream
