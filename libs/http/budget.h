// Bytes that connections hold (buffers, headers, bodies, answers), bounded for one address and for the process.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace ioc::http {

// One address. Lives as long as something counts against it.
struct Account {
  std::atomic<std::size_t> bytes{0};
  std::size_t connections = 0;  // guarded by the server's mutex
};

// Any thread.
class Budget : public std::enable_shared_from_this<Budget> {
 public:
  Budget(std::size_t process_bytes_max, std::size_t address_bytes_max) : x_process_max(process_bytes_max), x_address_max(address_bytes_max) {}

  std::shared_ptr<Account> account(const std::string& name);
  [[nodiscard]] std::size_t held() const { return x_held.load(std::memory_order_relaxed); }

 private:
  friend class Share;
  void forget(const std::string& name);

  const std::size_t x_process_max, x_address_max;
  std::atomic<std::size_t> x_held{0};
  std::mutex x_mutex;
  std::unordered_map<std::string, std::weak_ptr<Account>> x_accounts;
};

// The bytes of one connection. Used on its strand alone.
class Share {
 public:
  Share(std::shared_ptr<Budget> budget, std::shared_ptr<Account> account) : x_budget(std::move(budget)), x_account(std::move(account)) {}
  ~Share() { set(0); }
  Share(const Share&) = delete;
  Share& operator=(const Share&) = delete;

  // `bytes` in all from now on. False, and nothing is changed, where that is more than address or process may hold; of the process's
  // bytes those who are not `known` get half, so that strangers never take the room of known callers.
  [[nodiscard]] bool hold(std::size_t bytes, bool known);
  // The same without a limit: what is there already and will soon be less.
  void set(std::size_t bytes);
  // Counts against another address from now on: the client behind a proxy.
  void move_to(std::shared_ptr<Account> account);

 private:
  std::shared_ptr<Budget> x_budget;
  std::shared_ptr<Account> x_account;
  std::size_t x_bytes = 0;
};

}  // namespace ioc::http
