// How a process shows that its accounts' file cannot be used as it stands.
#pragma once

#include <string>

#include "libs/accounts/accounts.h"
#include "libs/metrics/metrics.h"

namespace ioc::accounts {

// For /readyz; empty while the file is as it should be. Names no account: anybody may read it.
std::string not_ready_because(const Accounts& accounts);

// ioc_accounts_file_unusable: 1 or 0. `accounts` must outlive the scrapes.
void add_metrics(metrics::Registry& registry, const Accounts& accounts);

}  // namespace ioc::accounts
