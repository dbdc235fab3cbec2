// Accounts, tokens and roles in one `accounts.yaml` (API.md, "Tokens"): hashed, watched for changes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "libs/base/time.h"

namespace ioc::accounts {

enum class RoleKind : std::uint8_t { Source, Operator, Supervisor, Kiosk, Subscriber, Leader, Metrics, Admin };

struct Role {
  RoleKind kind = RoleKind::Kiosk;
  std::string scope;  // Source: feed; Subscriber: id; else empty
  friend bool operator==(const Role&, const Role&) = default;
};
std::string name_of(const Role& role);                    // "source:citizen-reports"
std::optional<Role> role_named(std::string_view text);    // nullopt: no such role

// Passwords that persons choose.
inline constexpr std::size_t kPasswordCharsMin = 12, kPasswordBytesMax = 256;
std::size_t chars_of(std::string_view utf8);

// Who asks, once known.
struct Principal {
  std::string name;
  std::vector<Role> roles;
  bool must_change_password = false;  // knows a one-time password only: may nothing but choose a password
  std::string credential{};           // of a person: another one after each change of the password; tells nothing of it
  [[nodiscard]] bool has(RoleKind kind, std::string_view scope = {}) const;  // scope "" = any
};

class Accounts {
 public:
  // Reads the file; creates it (mode 0600) when missing. Permanent: lists all mistakes of the file.
  [[nodiscard]] static Result<std::unique_ptr<Accounts>> open(const std::string& path);
  ~Accounts();

  // "Bearer TOKEN" (the Authorization header as it came). Constant time in the token. Rereads a changed file.
  [[nodiscard]] std::optional<Principal> by_bearer(std::string_view authorization);
  // The account of this name as it stands now, however it proved itself before: sessions ask it at each request,
  // so that a revoked or changed account counts at once.
  [[nodiscard]] std::optional<Principal> by_name(std::string_view name);
  // argon2id, on the calling thread: tens of milliseconds. As long for a name that does not exist.
  [[nodiscard]] std::optional<Principal> by_password(std::string_view name, std::string_view password);

  // The new token, shown once. Permanent: the name is taken.
  [[nodiscard]] Result<std::string> add_token(std::string_view name, const std::vector<Role>& roles);
  // The new one-time password, shown once: who logs in with it has to choose another first.
  [[nodiscard]] Result<std::string> add_person(std::string_view name, const std::vector<Role>& roles);
  // The person's own choice, on the calling thread: argon2id. Permanent: no such person, or the password's length.
  [[nodiscard]] Result<void> set_password(std::string_view name, std::string_view password);
  // A new one-time password in place of one that was lost. Permanent: no such person.
  [[nodiscard]] Result<std::string> reset_password(std::string_view name);
  [[nodiscard]] Result<void> revoke(std::string_view name);

  struct Listed {
    std::string name;
    std::vector<Role> roles;
    std::string kind;  // "token" | "person"
    bool one_time = false;  // a person who has not chosen a password yet
    std::string created;
  };
  [[nodiscard]] std::vector<Listed> list();

  // Why the file as it stands now is not used (its last good content is); empty when it is.
  [[nodiscard]] std::string last_problem() const;

 private:
  struct Impl;
  explicit Accounts(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> x_impl;
};

}  // namespace ioc::accounts
