#include "services/ingest/permission.h"

#include <algorithm>

namespace ioc::ingest {

Permission permission(accounts::Accounts& accounts, const http::Request& request,
                      std::initializer_list<accounts::Role> any_of) {
  Permission out;
  http::Problem problem;
  auto who = accounts.by_bearer(request.header("authorization"));
  if (!who) {
    problem.status = 401;
    problem.detail = "a valid token is needed: send \"Authorization: Bearer TOKEN\"; tokens are made with ioc token add";
    out.refusal = http::problem(problem);
    out.refusal.headers.emplace_back("WWW-Authenticate", "Bearer");
    return out;
  }
  const bool may = std::any_of(any_of.begin(), any_of.end(), [&who](const accounts::Role& role) { return who->has(role.kind, role.scope); });
  if (may) {
    out.who = std::move(who);
    return out;
  }
  problem.status = 403;
  problem.detail = "this token may not do that";
  problem.field = "role";
  for (const auto& role : any_of) problem.limit += (problem.limit.empty() ? "" : ", ") + accounts::name_of(role);
  for (const auto& role : who->roles) problem.received += (problem.received.empty() ? "" : ", ") + accounts::name_of(role);
  out.refusal = http::problem(problem);
  return out;
}

}  // namespace ioc::ingest
