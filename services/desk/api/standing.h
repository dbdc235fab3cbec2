// What streams carry besides incidents: queues, feeds, indicators. Whole when a client comes, then what changed. Lists go out
// in parts of bounded size, because a page reads no event of any length.
#pragma once

#include <boost/json/array.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "services/desk/config.h"
#include "services/desk/reference/reference.h"
#include "services/desk/stream/client.h"
#include "services/desk/view/live.h"

namespace ioc::desk::api {

// A part is closed by the item that fills it.
inline constexpr std::size_t kPartBytes = 128 << 10;

// Events {"NAME":[…],"part":1,"parts":N}: part 1 begins the list anew, the last one completes it.
void add_list(std::string& to, std::string_view event, std::string_view name, const boost::json::array& all);

class Standing {
 public:
  // All must outlive it.
  Standing(view::Live& live, reference::Current& reference, const Config& config)
      : x_live(live), x_reference(reference), x_config(config) {}

  [[nodiscard]] std::string whole() const;
  // What differs from what was sent last; nullptr: nothing. On the follower's thread.
  [[nodiscard]] std::shared_ptr<const stream::Frames> changed();
  // The same text for each audience.
  [[nodiscard]] static std::shared_ptr<const stream::Frames> for_all(std::string text);

 private:
  struct Lists {
    std::string queues, feeds;
  };
  [[nodiscard]] Lists lists() const;

  view::Live& x_live;
  reference::Current& x_reference;
  const Config& x_config;
  Lists x_sent;
};

}  // namespace ioc::desk::api
