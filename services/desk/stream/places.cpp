#include "services/desk/stream/places.h"

namespace ioc::desk::stream {

Places::Place Places::take(const Wish& wish) {
  const std::lock_guard lock(x_mutex);
  const auto known = x_callers.find(wish.caller);
  const std::size_t own = known == x_callers.end() ? 0 : known->second;
  const bool reserved = own < wish.caller_reserved;
  if (own >= wish.caller_max || (!reserved && x_kinds[wish.kind] >= wish.kind_max)) return nullptr;
  ++x_callers[wish.caller];
  ++x_kinds[wish.kind];
  return Place(this, [this, caller = wish.caller, kind = wish.kind](const void*) { give_back(caller, kind); });
}

void Places::give_back(const std::string& caller, const std::string& kind) {
  const std::lock_guard lock(x_mutex);
  if (--x_callers[caller] == 0) x_callers.erase(caller);
  --x_kinds[kind];
}

}  // namespace ioc::desk::stream
