#include "libs/accounts/watch.h"

namespace ioc::accounts {

std::string not_ready_because(const Accounts& accounts) {
  if (accounts.last_problem().empty()) return {};
  return "the accounts file cannot be used as it stands: accounts and revocations are those of its last good content; the log names the mistakes";
}

void add_metrics(metrics::Registry& registry, const Accounts& accounts) {
  const auto unusable = registry.gauge("ioc_accounts_file_unusable", "1 while the accounts file cannot be used and its last good content counts");
  registry.on_scrape([unusable, &accounts] { unusable.set(accounts.last_problem().empty() ? 0 : 1); });
}

}  // namespace ioc::accounts
