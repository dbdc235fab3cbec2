// One Server-Sent Event as text. `data` must be one line.
#pragma once

#include <string>
#include <string_view>

namespace ioc::desk::stream {

inline void add_event(std::string& to, std::string_view event, std::string_view data, std::string_view id = {}) {
  if (!id.empty()) to.append("id: ").append(id).append("\n");
  to.append("event: ").append(event).append("\ndata: ").append(data).append("\n\n");
}

}  // namespace ioc::desk::stream
