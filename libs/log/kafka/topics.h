// What this process knows of the log's topics: their names, and how far its committed transactions reach.
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libs/domain/ids.h"

namespace ioc::log::kafka {

class Topics {
 public:
  // True when the topic was not known. Producers ask for the metadata of known topics before they need it.
  bool know(std::string_view topic) {
    const std::lock_guard lock(x_mutex);
    return x_names.insert(std::string(topic)).second;
  }
  [[nodiscard]] bool knows(std::string_view topic) const {
    const std::lock_guard lock(x_mutex);
    return x_names.contains(std::string(topic));
  }
  [[nodiscard]] std::vector<std::string> names() const {
    const std::lock_guard lock(x_mutex);
    return {x_names.begin(), x_names.end()};
  }

  // A commit is answered before the broker has written the markers that make it visible; range() waits for this end.
  void committed_up_to(const std::string& topic, PartitionId partition, Offset end) {
    const std::lock_guard lock(x_mutex);
    Offset& known = x_ends[{topic, partition}];
    known = std::max(known, end);
  }
  [[nodiscard]] Offset committed_end(std::string_view topic, PartitionId partition) const {
    const std::lock_guard lock(x_mutex);
    const auto found = x_ends.find({std::string(topic), partition});
    return found == x_ends.end() ? Offset(0) : found->second;
  }

 private:
  mutable std::mutex x_mutex;
  std::set<std::string> x_names;
  std::map<std::pair<std::string, PartitionId>, Offset> x_ends;
};

}  // namespace ioc::log::kafka
