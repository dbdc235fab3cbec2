#include "libs/config/identity_key.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>

#include "libs/base/hash.h"
#include "libs/base/replace_file.h"

namespace ioc::config {
namespace {

constexpr std::size_t kKeyBytes = 32;

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> from_hex(std::string_view hex) {
  if (hex.size() != 2 * kKeyBytes) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = digit(hex[i]);
    const int low = digit(hex[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<char>(high * 16 + low));
  }
  return bytes;
}

std::string to_hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    constexpr char kDigits[] = "0123456789abcdef";
    text += kDigits[static_cast<unsigned char>(byte) >> 4];
    text += kDigits[static_cast<unsigned char>(byte) & 15];
  }
  return text;
}

std::string failed(const std::string& what, const std::string& path) {
  return what + " " + path + ": " + std::strerror(errno);
}

// A lost key would give every event a new id, so it is on the disk before anyone uses it.
Result<void> make_key(const std::string& path) {
  std::array<unsigned char, kKeyBytes> bytes{};
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    return permanent("no random bytes from the system for the identity key");
  }
  const std::string text = to_hex(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size())) + '\n';
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
  const std::string draft = path + ".new";
  const int file = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return permanent(failed("cannot create", draft));
  const bool written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
  ::close(file);
  // link, not rename: of two processes that start at once, one key wins for both.
  if (!written) return permanent(failed("cannot write", draft));
  const bool linked = ::link(draft.c_str(), path.c_str()) == 0 || errno == EEXIST;
  const std::string problem = linked ? "" : failed("cannot create", path);
  ::unlink(draft.c_str());
  if (!linked) return permanent(problem);
  return {};
}

Result<std::string> read_key(const std::string& path) {
  std::ifstream in(path);
  std::string hex;
  if (!in || !(in >> hex)) return permanent("cannot read the identity key " + path + "; check its permissions");
  auto key = from_hex(hex);
  if (!key) {
    return permanent("the identity key " + path + " is not 64 hexadecimal digits; put the deployment's key back, a new one would double every event");
  }
  return *std::move(key);
}

std::string fingerprint_path(const Deployment& deployment) { return deployment.data + "/identity.fingerprint"; }

// Empty: none was written yet.
std::string stored_fingerprint(const Deployment& deployment) {
  std::ifstream in(fingerprint_path(deployment));
  std::string text;
  in >> text;
  return text;
}

Result<void> store_fingerprint(const Deployment& deployment, const std::string& key) {
  return replace_file(fingerprint_path(deployment), fingerprint_of(key) + "\n", S_IRUSR | S_IWUSR);
}

// True: the deployment took an event before.
bool has_state(const Deployment& deployment) {
  std::error_code ignored;
  return !stored_fingerprint(deployment).empty() || std::filesystem::exists(deployment.data + "/protected", ignored) ||
         std::filesystem::exists(deployment.data + "/log", ignored);
}

Result<IdentityKey> make_and_note(const Deployment& deployment) {
  if (auto made = make_key(deployment.identity_key_path()); made.has_error()) return made.error();
  auto key = read_key(deployment.identity_key_path());
  if (key.has_error()) return key.error();
  if (auto noted = store_fingerprint(deployment, *key); noted.has_error()) return noted.error();
  return IdentityKey{*std::move(key), true};
}

// The consequences of another key than before, and the commands that help.
std::string lost_key_advice(const Deployment& deployment) {
  return "under another key everything that is sent again counts twice, payloads that are kept cannot be found, and plates that were seen "
         "before are not recognised. Put the key back with `ioc key import FILE --data " + deployment.data + "` (it is in every backup of " +
         deployment.identity_key_path() + "), or begin anew on purpose with `ioc key begin-anew --data " + deployment.data + "` (identity_key)";
}

}  // namespace

std::string fingerprint_of(std::string_view key_bytes) {
  const std::uint64_t hash = hash128(key_bytes).low;
  std::string text;
  for (int shift = 28; shift >= 0; shift -= 4) text += "0123456789abcdef"[hash >> static_cast<unsigned>(shift) & 15U];
  return text;
}

Result<IdentityKey> identity_key(const Deployment& deployment) {
  const std::string path = deployment.identity_key_path();
  if (!std::filesystem::exists(path)) {
    if (has_state(deployment)) return permanent("the identity key " + path + " is gone, but events were taken with it: " + lost_key_advice(deployment));
    return make_and_note(deployment);
  }
  auto key = read_key(path);
  if (key.has_error()) return key.error();
  const std::string stored = stored_fingerprint(deployment);
  if (!stored.empty() && stored != fingerprint_of(*key)) {
    return permanent("the identity key " + path + " (" + fingerprint_of(*key) + ") is not the one that events were taken with (" + stored +
                     "): " + lost_key_advice(deployment));
  }
  if (stored.empty()) {
    if (auto noted = store_fingerprint(deployment, *key); noted.has_error()) return noted.error();
  }
  return IdentityKey{*std::move(key), false};
}

Result<IdentityKey> import_identity_key(const Deployment& deployment, const std::string& file) {
  auto key = read_key(file);
  if (key.has_error()) return key.error();
  const std::string path = deployment.identity_key_path();
  const std::string stored = stored_fingerprint(deployment);
  if (!stored.empty() && stored != fingerprint_of(*key)) {
    return permanent("the key in " + file + " (" + fingerprint_of(*key) + ") is not the one that events were taken with (" + stored + ")");
  }
  if (std::filesystem::exists(path)) {
    const auto present = read_key(path);
    if (present.has_error() || *present != *key) return permanent(path + " holds another key already; move it away first");
  }
  if (auto copied = replace_file(path, to_hex(*key) + "\n", S_IRUSR | S_IWUSR); copied.has_error()) return copied.error();
  if (auto noted = store_fingerprint(deployment, *key); noted.has_error()) return noted.error();
  return IdentityKey{*std::move(key), false};
}

Result<IdentityKey> begin_anew(const Deployment& deployment) {
  const std::string path = deployment.identity_key_path();
  std::error_code error;
  if (std::filesystem::exists(path)) std::filesystem::rename(path, path + ".old", error);
  if (error) return permanent("cannot move " + path + " away: " + error.message());
  return make_and_note(deployment);
}

}  // namespace ioc::config
