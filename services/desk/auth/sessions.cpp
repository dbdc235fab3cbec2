#include "services/desk/auth/sessions.h"

#include <sodium.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <vector>

#include "libs/base/assert.h"

namespace ioc::desk::auth {
namespace {

// A use is written down at most so often: a request a second must not be a write a second.
constexpr Millis kUseGrain = std::chrono::minutes(5);

std::string new_secret() {
  std::array<unsigned char, 32> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  std::array<char, 2 * bytes.size() + 1> hex{};
  sodium_bin2hex(hex.data(), hex.size(), bytes.data(), bytes.size());
  return hex.data();
}

std::string hash_of(std::string_view secret) {
  std::string hash(32, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(),
                     reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), nullptr, 0);
  return hash;
}

std::string encode(const Session& session) {
  return std::string(1, static_cast<char>(session.kind)) + std::to_string(session.created_at.ms()) + ' ' +
         std::to_string(session.used_at.ms()) + ' ' + session.credential + ' ' + session.name;
}

std::optional<Session> decode(std::string_view bytes) {
  const auto first = bytes.find(' ');
  const auto second = first == std::string_view::npos ? first : bytes.find(' ', first + 1);
  const auto third = second == std::string_view::npos ? second : bytes.find(' ', second + 1);
  if (third == std::string_view::npos || first < 2) return std::nullopt;
  Session session;
  session.kind = static_cast<SessionKind>(bytes[0]);
  session.created_at = WallTime::from_ms(std::atoll(std::string(bytes.substr(1, first - 1)).c_str()));
  session.used_at = WallTime::from_ms(std::atoll(std::string(bytes.substr(first + 1, second - first - 1)).c_str()));
  session.credential = bytes.substr(second + 1, third - second - 1);
  session.name = bytes.substr(third + 1);
  return session;
}

}  // namespace

Result<std::unique_ptr<Sessions>> Sessions::open(const std::string& folder, const SessionLimits& limits) {
  IOC_ASSERT(sodium_init() >= 0);
  auto opened = open_whole(folder, limits);
  if (opened || opened.error().kind != ErrorKind::Corrupt) return opened;
  spdlog::error("desk: the sessions are damaged and thrown away; everybody logs in again, kiosks need a new link folder={} error=\"{}\"", folder,
                opened.error().message);
  std::error_code error;
  std::filesystem::remove_all(folder, error);
  if (error) return permanent("cannot remove the damaged sessions in " + folder + ": " + error.message());
  return open_whole(folder, limits);
}

Result<std::unique_ptr<Sessions>> Sessions::open_whole(const std::string& folder, const SessionLimits& limits) {
  store::Options options;
  options.cache_bytes = 1 << 20;
  options.memtable_bytes = 1 << 20;
  auto opened = store::Store::open(folder, options);
  if (!opened) return opened.error();
  std::unique_ptr<Sessions> sessions(new Sessions(std::move(*opened), limits));
  if (auto loaded = sessions->load(wall_now()); !loaded) return loaded.error();
  return sessions;
}

Result<void> Sessions::load(WallTime now) {
  std::vector<std::string> old;
  const auto at = x_store->iterate(store::kDefault);
  for (at->seek(""); at->valid(); at->next()) {
    auto session = decode(at->value());
    if (session && !expired(*session, now)) {
      x_sessions.emplace(std::string(at->key()), std::move(*session));
    } else {
      old.emplace_back(at->key());
    }
  }
  if (auto status = at->status(); !status) return status.error();
  for (const std::string& hash : old) erase(hash);
  return {};
}

bool Sessions::expired(const Session& session, WallTime now) const {
  switch (session.kind) {
    case SessionKind::Person:
      return now - session.used_at > x_limits.idle_max || now - session.created_at > x_limits.age_max;
    case SessionKind::Kiosk: return now - session.used_at > x_limits.kiosk_age_max;
    case SessionKind::Link: return now - session.created_at > x_limits.link_age_max;
  }
  return true;
}

Result<std::string> Sessions::add(SessionKind kind, const std::string& name, WallTime now, std::string credential) {
  const std::lock_guard lock(x_mutex);
  make_room(now);
  std::string secret = new_secret();
  const Session session{kind, name, std::move(credential), now, now};
  const std::string hash = hash_of(secret);
  if (auto written = write(hash, session, store::Sync::Yes); !written) return written.error();
  x_sessions[hash] = session;
  return secret;
}

void Sessions::make_room(WallTime now) {
  if (x_sessions.size() < x_limits.sessions_max) return;
  std::vector<std::string> old;
  for (const auto& [hash, session] : x_sessions) {
    if (expired(session, now)) old.push_back(hash);
  }
  for (const std::string& hash : old) erase(hash);
  while (x_sessions.size() >= x_limits.sessions_max) {
    const auto oldest = std::min_element(x_sessions.begin(), x_sessions.end(), [](const auto& a, const auto& b) {
      return a.second.used_at < b.second.used_at;
    });
    erase(std::string(oldest->first));
  }
}

std::optional<Session> Sessions::find(std::string_view secret, WallTime now) {
  const std::string hash = hash_of(secret);
  const std::lock_guard lock(x_mutex);
  const auto found = x_sessions.find(hash);
  if (found == x_sessions.end() || found->second.kind == SessionKind::Link) return std::nullopt;
  Session& session = found->second;
  if (expired(session, now)) {
    erase(hash);
    return std::nullopt;
  }
  if (now - session.used_at >= kUseGrain) {
    session.used_at = now;
    // Lost with a full disk: the session then ends earlier, which harms nobody.
    (void)write(hash, session, store::Sync::No);
  }
  return session;
}

std::optional<Session> Sessions::take_link(std::string_view secret, WallTime now) {
  const std::string hash = hash_of(secret);
  const std::lock_guard lock(x_mutex);
  const auto found = x_sessions.find(hash);
  if (found == x_sessions.end() || found->second.kind != SessionKind::Link) return std::nullopt;
  std::optional<Session> link;
  if (!expired(found->second, now)) link = found->second;
  erase(hash);
  return link;
}

void Sessions::end(std::string_view secret) {
  const std::lock_guard lock(x_mutex);
  erase(hash_of(secret));
}

void Sessions::renew(std::string_view secret, const std::string& credential) {
  const std::lock_guard lock(x_mutex);
  const std::string own = hash_of(secret);
  const auto found = x_sessions.find(own);
  if (found == x_sessions.end()) return;
  const std::string name = found->second.name;
  std::vector<std::string> others;
  for (const auto& [hash, session] : x_sessions) {
    if (session.kind == SessionKind::Person && session.name == name && hash != own) others.push_back(hash);
  }
  for (const std::string& hash : others) erase(hash);
  found->second.credential = credential;
  // Lost with a full disk: then this session ends too at the next start, and a new login opens another.
  (void)write(own, found->second, store::Sync::Yes);
}

std::size_t Sessions::count() const {
  const std::lock_guard lock(x_mutex);
  return x_sessions.size();
}

void Sessions::erase(const std::string& hash) {
  store::Batch batch;
  batch.erase(store::kDefault, hash);
  (void)x_store->write(batch, store::Sync::Yes);  // in memory it ends in any case
  x_sessions.erase(hash);
}

Result<void> Sessions::write(const std::string& hash, const Session& session, store::Sync sync) {
  store::Batch batch;
  batch.put(store::kDefault, hash, encode(session));
  return x_store->write(batch, sync);
}

}  // namespace ioc::desk::auth
