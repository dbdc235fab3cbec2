// Browser sessions and kiosk links, in a RocksDB of the desk's own: a session survives a restart and a rebuilt view.
// Only hashes of the secrets are stored. Any thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "libs/base/result.h"
#include "libs/base/time.h"
#include "libs/store/store.h"

namespace ioc::desk::auth {

struct SessionLimits {
  std::size_t sessions_max = 10'000;
  Millis idle_max = std::chrono::hours(12), age_max = std::chrono::hours(24 * 7);
  Millis kiosk_age_max = std::chrono::hours(24 * 400), link_age_max = std::chrono::hours(24 * 7);
};

enum class SessionKind : std::uint8_t { Person = 'p', Kiosk = 'k', Link = 'l' };

struct Session {
  SessionKind kind = SessionKind::Person;
  std::string name;  // account; for kiosks and links the admin who made it
  std::string credential;  // of a person: accounts::Principal::credential at the login, so that a changed password ends it
  WallTime created_at, used_at;
};

class Sessions {
 public:
  // Damaged ones are thrown away, and said: everybody logs in again.
  [[nodiscard]] static Result<std::unique_ptr<Sessions>> open(const std::string& folder, const SessionLimits& limits);

  // The new secret, for the cookie or the link. Where all places are taken the longest unused session ends.
  [[nodiscard]] Result<std::string> add(SessionKind kind, const std::string& name, WallTime now, std::string credential = {});
  // nullopt: unknown or expired. Counts as a use.
  [[nodiscard]] std::optional<Session> find(std::string_view secret, WallTime now);
  // A link that was valid until now; it opens once.
  [[nodiscard]] std::optional<Session> take_link(std::string_view secret, WallTime now);
  void end(std::string_view secret);
  // After a change of the password: this session goes on with the new credential, all others of its account end.
  void renew(std::string_view secret, const std::string& credential);
  [[nodiscard]] std::size_t count() const;
  [[nodiscard]] const SessionLimits& limits() const { return x_limits; }

 private:
  Sessions(std::unique_ptr<store::Store> store, const SessionLimits& limits)
      : x_store(std::move(store)), x_limits(limits) {}
  [[nodiscard]] static Result<std::unique_ptr<Sessions>> open_whole(const std::string& folder, const SessionLimits& limits);
  [[nodiscard]] Result<void> load(WallTime now);
  [[nodiscard]] bool expired(const Session& session, WallTime now) const;
  void make_room(WallTime now);
  void erase(const std::string& hash);
  Result<void> write(const std::string& hash, const Session& session, store::Sync sync);

  std::unique_ptr<store::Store> x_store;
  SessionLimits x_limits;
  mutable std::mutex x_mutex;
  std::map<std::string, Session> x_sessions;  // by hash of the secret
};

}  // namespace ioc::desk::auth
