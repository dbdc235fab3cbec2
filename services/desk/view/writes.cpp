#include "services/desk/view/writes.h"

namespace ioc::desk::view {

std::optional<std::string> Writes::get(store::Family family, std::string_view key) {
  const Pending& known = pending(family);
  if (const auto found = known.find(std::string(key)); found != known.end()) return found->second;
  auto read = x_stored.get(family, key);
  if (read) return std::move(*read);
  if (!x_error) x_error = read.error();
  return std::nullopt;
}

void Writes::put(store::Family family, std::string key, std::string value) {
  x_batch.put(family, key, value);
  pending(family)[std::move(key)] = std::move(value);
}

void Writes::erase(store::Family family, std::string key) {
  x_batch.erase(family, key);
  pending(family)[std::move(key)] = std::nullopt;
}

void Writes::erase_all_of(store::Family family, std::string_view owner) {
  std::string end(owner);
  end += '\x01';  // right behind the NUL of prefix_of
  x_batch.erase_range(family, prefix_of(owner), end);
}

Result<void> Writes::commit() {
  Result<void> written;
  if (x_error) {
    written = *x_error;
  } else if (!x_batch.empty()) {
    written = x_stored.write(x_batch, store::Sync::No);
  }
  x_batch.clear();
  for (Pending& known : x_pending) known.clear();
  x_error.reset();
  return written;
}

}  // namespace ioc::desk::view
