#include "libs/accounts/accounts.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <mutex>

#include "libs/accounts/accounts_file.h"
#include "libs/accounts/secrets.h"

namespace ioc::accounts {
namespace {

using Clock = std::chrono::steady_clock;
using Table = std::vector<Account>;

constexpr auto kLookInterval = std::chrono::seconds(1);
constexpr std::size_t kSecretBytesMax = 512;
constexpr std::size_t kCredentialChars = 24;

bool is_person(const Account& account, std::string_view name) {
  return account.kind == AccountKind::Person && account.name == name;
}

Principal principal_of(const Account& account) {
  if (account.kind != AccountKind::Person) return {account.name, account.roles, false, {}};
  return {account.name, account.roles, account.one_time, token_hash(account.hash).substr(0, kCredentialChars)};
}

}  // namespace

std::size_t chars_of(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

struct Accounts::Impl {
  std::string path;
  std::string dummy_hash;  // verified for names that do not exist, so that they take as long

  mutable std::mutex mutex;
  std::shared_ptr<const Table> table;
  Stamp stamp;
  Clock::time_point looked_at;
  Stamp broken_stamp;  // of the content that could not be used: it is not read again at each unknown token
  std::string problem;

  // The table as the file says now; looks at the file at most once a second, or at once when `anew`.
  std::shared_ptr<const Table> current(bool anew = false) {
    const std::lock_guard lock(mutex);
    if (!anew && Clock::now() - looked_at < kLookInterval) return table;
    const auto now = stamp_of(path);
    const bool known = now && (*now == stamp || (!problem.empty() && *now == broken_stamp));
    if (now && *now == stamp) problem.clear();
    if (!known) {
      broken_stamp = now ? *now : Stamp{};
      reread();
    }
    looked_at = Clock::now();
    return table;
  }

  // With the mutex held. A file that cannot be used changes nothing: nobody is locked out by a slip.
  void reread() {
    auto content = read_accounts(path);
    if (!content) {
      if (problem != content.error().message) spdlog::error("accounts_unusable path={} effect=\"the last good accounts count\" why=\"{}\"", path, content.error().message);
      problem = content.error().message;
      return;
    }
    if (!problem.empty()) spdlog::info("accounts_usable_again path={}", path);
    problem.clear();
    stamp = content->stamp;
    table = std::make_shared<const Table>(std::move(content->accounts));
  }

  Result<void> change(const std::function<Result<void>(Table&)>& apply) {
    if (auto changed = change_accounts(path, apply); !changed) return changed.error();
    const std::lock_guard lock(mutex);
    reread();
    return {};
  }

  Result<void> change_password(std::string_view name, std::string_view password, bool one_time) {
    std::string hash = password_hash(password);
    return change([&](Table& accounts) -> Result<void> {
      const auto found = std::find_if(accounts.begin(), accounts.end(), [&](const Account& one) { return is_person(one, name); });
      if (found == accounts.end()) {
        return permanent("there is no person '" + std::string(name) + "'; `ioc token list` shows all accounts");
      }
      found->hash = std::move(hash);
      found->one_time = one_time;
      return {};
    });
  }

  Result<void> add(Account account) {
    if (!is_account_name(account.name)) {
      return permanent("'" + account.name + "' is no account name: 1 to 64 letters, digits, '.', '-' or '_'");
    }
    if (account.roles.empty()) return permanent("account '" + account.name + "' needs at least one role");
    account.created = format_time(wall_now());
    return change([&](Table& accounts) -> Result<void> {
      const bool taken = std::any_of(accounts.begin(), accounts.end(), [&](const Account& other) { return other.name == account.name; });
      if (taken) return permanent("account '" + account.name + "' exists already; revoke it first or choose another name");
      accounts.push_back(std::move(account));
      return {};
    });
  }
};

Accounts::Accounts(std::unique_ptr<Impl> impl) : x_impl(std::move(impl)) {}
Accounts::~Accounts() = default;

Result<std::unique_ptr<Accounts>> Accounts::open(const std::string& path) {
  start_secrets();
  if (auto created = create_accounts(path); !created) return created.error();
  auto content = read_accounts(path);
  if (!content) return content.error();
  auto impl = std::make_unique<Impl>();
  impl->path = path;
  impl->dummy_hash = password_hash("nobody");
  impl->table = std::make_shared<const Table>(std::move(content->accounts));
  impl->stamp = content->stamp;
  impl->looked_at = Clock::now();
  return std::unique_ptr<Accounts>(new Accounts(std::move(impl)));
}

std::optional<Principal> Accounts::by_bearer(std::string_view authorization) {
  constexpr std::string_view kScheme = "bearer ";
  if (authorization.size() <= kScheme.size() || authorization.size() > kSecretBytesMax) return std::nullopt;
  const bool bearer = std::equal(kScheme.begin(), kScheme.end(), authorization.begin(), [](char want, char got) {
    return want == got || (got >= 'A' && got <= 'Z' && want == got + ('a' - 'A'));
  });
  if (!bearer) return std::nullopt;
  authorization.remove_prefix(kScheme.size());
  while (authorization.starts_with(' ')) authorization.remove_prefix(1);
  const std::string hash = token_hash(authorization);
  // A token that was made this second is not in the table yet: an unknown one is looked up in the file as it is now.
  for (const bool anew : {false, true}) {
    const auto table = x_impl->current(anew);
    const Account* found = nullptr;
    for (const Account& account : *table) {
      if (account.kind == AccountKind::Token && same_hash(account.hash, hash)) found = &account;
    }
    if (found != nullptr) return principal_of(*found);
  }
  return std::nullopt;
}

std::optional<Principal> Accounts::by_name(std::string_view name) {
  const auto table = x_impl->current();
  for (const Account& account : *table) {
    if (account.name == name) return principal_of(account);
  }
  return std::nullopt;
}

std::optional<Principal> Accounts::by_password(std::string_view name, std::string_view password) {
  if (password.size() > kSecretBytesMax) return std::nullopt;
  const auto table = x_impl->current();
  const Account* found = nullptr;
  for (const Account& account : *table) {
    if (is_person(account, name)) found = &account;
  }
  const bool fits = password_fits(found != nullptr ? found->hash : x_impl->dummy_hash, password);
  if (found == nullptr || !fits) return std::nullopt;
  return principal_of(*found);
}

Result<std::string> Accounts::add_token(std::string_view name, const std::vector<Role>& roles) {
  std::string token = new_token(name);
  auto added = x_impl->add({std::string(name), AccountKind::Token, roles, token_hash(token), false, {}});
  if (!added) return added.error();
  return token;
}

Result<std::string> Accounts::add_person(std::string_view name, const std::vector<Role>& roles) {
  std::string password = new_password();
  auto added = x_impl->add({std::string(name), AccountKind::Person, roles, password_hash(password), true, {}});
  if (!added) return added.error();
  return password;
}

Result<void> Accounts::set_password(std::string_view name, std::string_view password) {
  if (chars_of(password) < kPasswordCharsMin || password.size() > kPasswordBytesMax) {
    return permanent("a password has at least " + std::to_string(kPasswordCharsMin) + " characters and at most " +
                     std::to_string(kPasswordBytesMax) + " bytes; this one has " + std::to_string(chars_of(password)) +
                     " characters, " + std::to_string(password.size()) + " bytes");
  }
  return x_impl->change_password(name, password, false);
}

Result<std::string> Accounts::reset_password(std::string_view name) {
  std::string password = new_password();
  if (auto changed = x_impl->change_password(name, password, true); !changed) return changed.error();
  return password;
}

Result<void> Accounts::revoke(std::string_view name) {
  return x_impl->change([&](Table& accounts) -> Result<void> {
    const auto removed = std::erase_if(accounts, [&](const Account& account) { return account.name == name; });
    if (removed == 0) return permanent("there is no account '" + std::string(name) + "'; `ioc token list` shows all");
    return {};
  });
}

std::vector<Accounts::Listed> Accounts::list() {
  const auto table = x_impl->current();
  std::vector<Listed> listed;
  for (const Account& account : *table) {
    listed.push_back({account.name, account.roles, std::string(name_of(account.kind)), account.one_time, account.created});
  }
  return listed;
}

std::string Accounts::last_problem() const {
  (void)x_impl->current();  // a file that nobody asked about is looked at as well
  const std::lock_guard lock(x_impl->mutex);
  return x_impl->problem;
}

}  // namespace ioc::accounts
