#include <algorithm>
#include <array>

#include "libs/accounts/accounts.h"

namespace ioc::accounts {
namespace {

struct Named {
  RoleKind kind;
  std::string_view name;
  bool scoped;
};

constexpr std::array<Named, 8> kRoles{{{RoleKind::Source, "source", true},
                                       {RoleKind::Operator, "operator", false},
                                       {RoleKind::Supervisor, "supervisor", false},
                                       {RoleKind::Kiosk, "kiosk", false},
                                       {RoleKind::Subscriber, "subscriber", true},
                                       {RoleKind::Leader, "leader", false},
                                       {RoleKind::Metrics, "metrics", false},
                                       {RoleKind::Admin, "admin", false}}};

bool is_scope(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  });
}

}  // namespace

std::string name_of(const Role& role) {
  for (const Named& named : kRoles) {
    if (named.kind == role.kind) {
      return named.scoped ? std::string(named.name) + ":" + role.scope : std::string(named.name);
    }
  }
  return {};
}

std::optional<Role> role_named(std::string_view text) {
  const auto colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  for (const Named& named : kRoles) {
    if (named.name != name) continue;
    if (!named.scoped) return colon == std::string_view::npos ? std::optional(Role{named.kind, {}}) : std::nullopt;
    if (colon == std::string_view::npos || !is_scope(text.substr(colon + 1))) return std::nullopt;
    return Role{named.kind, std::string(text.substr(colon + 1))};
  }
  return std::nullopt;
}

bool Principal::has(RoleKind kind, std::string_view scope) const {
  return std::any_of(roles.begin(), roles.end(), [&](const Role& role) {
    return role.kind == kind && (scope.empty() || role.scope == scope);
  });
}

}  // namespace ioc::accounts
