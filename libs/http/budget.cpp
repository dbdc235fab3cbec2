#include "libs/http/budget.h"

namespace ioc::http {
namespace {

// Never above `max`, not for a moment: what strangers ask for in vain must not refuse a known caller beside them.
bool add_up_to(std::atomic<std::size_t>& held, std::size_t more, std::size_t max) {
  std::size_t before = held.load(std::memory_order_relaxed);
  do {
    if (before + more > max) return false;
  } while (!held.compare_exchange_weak(before, before + more));
  return true;
}

}  // namespace

std::shared_ptr<Account> Budget::account(const std::string& name) {
  const std::lock_guard lock(x_mutex);
  auto& kept = x_accounts[name];
  if (auto known = kept.lock()) return known;
  std::shared_ptr<Account> made(new Account, [self = shared_from_this(), name](Account* gone) {
    delete gone;
    self->forget(name);
  });
  kept = made;
  return made;
}

void Budget::forget(const std::string& name) {
  const std::lock_guard lock(x_mutex);
  const auto found = x_accounts.find(name);
  if (found != x_accounts.end() && found->second.expired()) x_accounts.erase(found);
}

bool Share::hold(std::size_t bytes, bool known) {
  if (bytes <= x_bytes) {
    set(bytes);
    return true;
  }
  const std::size_t more = bytes - x_bytes;
  const std::size_t process_max = known ? x_budget->x_process_max : x_budget->x_process_max / 2;
  if (!add_up_to(x_account->bytes, more, x_budget->x_address_max)) return false;
  if (!add_up_to(x_budget->x_held, more, process_max)) {
    x_account->bytes.fetch_sub(more);
    return false;
  }
  x_bytes = bytes;
  return true;
}

void Share::set(std::size_t bytes) {
  if (bytes == x_bytes) return;
  // Unsigned arithmetic wraps: adding the difference is right for less as well as for more.
  const std::size_t difference = bytes - x_bytes;
  x_account->bytes.fetch_add(difference);
  x_budget->x_held.fetch_add(difference);
  x_bytes = bytes;
}

void Share::move_to(std::shared_ptr<Account> account) {
  if (account == x_account) return;
  x_account->bytes.fetch_sub(x_bytes);
  account->bytes.fetch_add(x_bytes);
  x_account = std::move(account);
}

}  // namespace ioc::http
