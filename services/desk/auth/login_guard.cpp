#include "services/desk/auth/login_guard.h"

#include <algorithm>
#include <utility>

namespace ioc::desk::auth {
namespace {

constexpr std::size_t kKeysMax = 10'000;
constexpr std::chrono::seconds kFirstDelay{1};
constexpr std::size_t kDoublings = 5;  // 1 s to 32 s

std::string pair_key(const std::string& address, const std::string& name) { return address + ' ' + name.substr(0, 64); }

bool is_address(const std::string& key) { return key.find(' ') == std::string::npos; }

}  // namespace

LoginGuard::Clock::duration LoginGuard::delay(const Table& table, const std::string& key, std::size_t free, Clock::time_point now) const {
  const auto found = table.find(key);
  if (found == table.end() || found->second.times < free || now - found->second.last > x_window) return {};
  const Clock::duration whole = std::min<Clock::duration>(kDelayMax, kFirstDelay * (1 << std::min(found->second.times - free, kDoublings)));
  return std::max(Clock::duration{}, found->second.last + whole - now);
}

LoginGuard::Clock::duration LoginGuard::wait(const std::string& address, const std::string& name, Name kind, Clock::time_point now) const {
  const std::lock_guard lock(x_mutex);
  const Table& table = kind == Name::Real ? x_real : x_made_up;
  const auto own = delay(table, pair_key(address, name), x_max, now);
  if (x_familiar.contains(pair_key(address, name))) return own;
  return std::max(own, delay(table, address, kNamesPerAddress * x_max, now));
}

void LoginGuard::failed(const std::string& address, const std::string& name, Name kind, Clock::time_point now) {
  const std::lock_guard lock(x_mutex);
  Table& table = kind == Name::Real ? x_real : x_made_up;
  count(table, pair_key(address, name), now);
  if (!x_familiar.contains(pair_key(address, name))) count(table, address, now);
}

// With the lock held.
void LoginGuard::count(Table& table, const std::string& key, Clock::time_point now) {
  if (table.size() >= kKeysMax && !table.contains(key)) {
    // The one that was quiet longest, names before addresses: an address cannot make its own failures forgotten with many names.
    const auto quieter = [](const auto& a, const auto& b) {
      return std::pair(is_address(a.first), a.second.last) < std::pair(is_address(b.first), b.second.last);
    };
    table.erase(std::min_element(table.begin(), table.end(), quieter));
  }
  Failed& failed = table[key];
  if (now - failed.last > x_window) failed.times = 0;
  ++failed.times;
  failed.last = now;
}

void LoginGuard::succeeded(const std::string& address, const std::string& name, Clock::time_point now) {
  const std::lock_guard lock(x_mutex);
  x_real.erase(pair_key(address, name));
  if (x_familiar.size() >= kKeysMax) {
    const auto older = [](const auto& a, const auto& b) { return a.second < b.second; };
    x_familiar.erase(std::min_element(x_familiar.begin(), x_familiar.end(), older));
  }
  x_familiar[pair_key(address, name)] = now;
}

bool LoginGuard::familiar(const std::string& address, const std::string& name) const {
  const std::lock_guard lock(x_mutex);
  return x_familiar.contains(pair_key(address, name));
}

}  // namespace ioc::desk::auth
