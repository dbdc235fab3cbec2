// accounts.yaml on disk: read with every mistake named, replaced as a whole under a lock. Grammar: README.md.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/accounts/accounts.h"

namespace ioc::accounts {

enum class AccountKind : std::uint8_t { Token, Person };
std::string_view name_of(AccountKind kind);

struct Account {
  std::string name;
  AccountKind kind = AccountKind::Token;
  std::vector<Role> roles;
  std::string hash;  // BLAKE2b-256 in hex, or argon2id's text form
  bool one_time = false;  // of a person: the password was made here and has to be changed
  std::string created;
};

// Which file content was read: it changes with every replacement.
struct Stamp {
  std::uint64_t inode = 0, size_bytes = 0;
  std::int64_t changed_ns = 0;
  friend bool operator==(const Stamp&, const Stamp&) = default;
};

struct Content {
  std::vector<Account> accounts;
  Stamp stamp;
};

bool is_account_name(std::string_view name);

// Transient: cannot be read. Permanent: all mistakes, one a line.
[[nodiscard]] Result<Content> read_accounts(const std::string& path);
[[nodiscard]] Result<Stamp> stamp_of(const std::string& path);
// Creates an empty file (mode 0600) unless there is one.
[[nodiscard]] Result<void> create_accounts(const std::string& path);
// Reads, lets `change` alter what was read, and replaces the file, while other processes wait.
[[nodiscard]] Result<void> change_accounts(const std::string& path,
                                           const std::function<Result<void>(std::vector<Account>&)>& change);

}  // namespace ioc::accounts
