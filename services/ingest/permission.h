#pragma once

#include <initializer_list>
#include <optional>
#include <string_view>

#include "libs/accounts/accounts.h"
#include "libs/http/http.h"

namespace ioc::ingest {

struct Permission {
  std::optional<accounts::Principal> who;  // set: may
  http::Response refusal;                  // 401 or 403, when not
};

// One of `any_of` is needed.
Permission permission(accounts::Accounts& accounts, const http::Request& request,
                      std::initializer_list<accounts::Role> any_of);

}  // namespace ioc::ingest
