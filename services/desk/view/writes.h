// One write batch of the view that can be read while it grows: several records of a batch may touch one key.
// Used by the follower's thread only.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "libs/base/result.h"
#include "libs/store/store.h"
#include "services/desk/view/keys.h"

namespace ioc::desk::view {

class Writes {
 public:
  // `stored` must outlive this.
  explicit Writes(store::Store& stored) : x_stored(stored), x_pending(kFamilyCount + 1) {}

  // A store that cannot be read gives nullopt here and its error at commit().
  [[nodiscard]] std::optional<std::string> get(store::Family family, std::string_view key);
  void put(store::Family family, std::string key, std::string value);
  void erase(store::Family family, std::string key);
  // Everything of one owner (prefix_of). Not seen by get(): only for families that are not read while they are written.
  void erase_all_of(store::Family family, std::string_view owner);
  [[nodiscard]] std::size_t size_bytes() const { return x_batch.size_bytes(); }
  // After this it is empty again. Not synced: the log can write all of it again.
  [[nodiscard]] Result<void> commit();

 private:
  using Pending = std::unordered_map<std::string, std::optional<std::string>>;
  Pending& pending(store::Family family) { return x_pending[family == store::kDefault ? kFamilyCount : family]; }

  store::Store& x_stored;
  store::Batch x_batch;
  std::vector<Pending> x_pending;
  std::optional<Error> x_error;
};

}  // namespace ioc::desk::view
