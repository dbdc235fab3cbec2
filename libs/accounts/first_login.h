// The first start of a deployment: an admin account whose password lies in a file that only its owner reads.
#pragma once

#include <optional>
#include <string>

#include "libs/accounts/accounts.h"

namespace ioc::accounts {

// Makes the account "admin" with a new one-time password and writes it to <folder>/first-login.txt (mode 0600), unless
// there is a person in the accounts already. Returns the file's path when it made one.
[[nodiscard]] Result<std::optional<std::string>> make_first_login(Accounts& accounts, const std::string& folder);

// Removes that file once its password counts no more: its account is gone or has chosen another.
void drop_used_login(Accounts& accounts, const std::string& folder);

// A token of that name whose text is kept in <folder>/<name>.token (mode 0600) for a program on the same machine; made
// when the file or the account is missing. Returns the token.
[[nodiscard]] Result<std::string> local_token(Accounts& accounts, const std::string& folder, const std::string& name,
                                              const std::vector<Role>& roles);

}  // namespace ioc::accounts
