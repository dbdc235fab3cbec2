// What the active bundle says that the desk shows: names of queues, categories, feeds, units, cameras. Immutable; the
// follower puts a new one in place when a bundle is activated.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/domain/event.h"
#include "libs/domain/ids.h"
#include "libs/geo/units.h"
#include "libs/triage/bundle.h"

namespace ioc::desk::reference {

struct Queue {
  std::string id, name, group;
};

struct SubKind {
  std::string code, name;
};

struct Category {
  std::string code, name;
  std::vector<SubKind> sub_kinds;
  [[nodiscard]] bool has(const std::string& sub_kind) const;
};

struct Source {
  std::string id, name, kind;  // "camera" | "checkpoint"
  std::string lat, lon;        // degrees as written; empty: not known
};

struct Reference {
  std::string bundle;  // hash; empty before the first activation
  std::vector<Queue> queues;
  std::vector<Category> categories;                  // in the bundle's order
  std::map<std::string, std::string> indicators;     // code -> name
  std::map<std::string, std::string> subscriptions;  // id -> name
  std::vector<Source> sources;
  std::shared_ptr<const geo::Units> units;  // null: none known

  // Names where they are known, else the id itself.
  [[nodiscard]] std::string queue_name(const std::string& id) const;
  [[nodiscard]] std::string category_name(const std::string& code) const;
  [[nodiscard]] std::string sub_kind_name(const std::string& category, const std::string& code) const;
  [[nodiscard]] const Category* category(const std::string& code) const;  // nullptr: not known
  [[nodiscard]] std::string indicator_name(const std::string& code) const;
};

// Vietnamese names of the feeds, as the wall shows them.
std::string_view feed_name(Feed feed);

// Reads what it knows of the bundle's files; what cannot be read is named in `problems` and left empty.
std::shared_ptr<const Reference> read(std::string hash, const std::vector<triage::BundleFile>& files,
                                      std::vector<std::string>& problems);

// The one in force. Any thread.
class Current {
 public:
  Current() : x_reference(std::make_shared<const Reference>()) {}
  [[nodiscard]] std::shared_ptr<const Reference> get() const {
    const std::lock_guard lock(x_mutex);
    return x_reference;
  }
  void set(std::shared_ptr<const Reference> reference) {
    const std::lock_guard lock(x_mutex);
    x_reference = std::move(reference);
  }

 private:
  mutable std::mutex x_mutex;
  std::shared_ptr<const Reference> x_reference;
};

}  // namespace ioc::desk::reference
