// The key that event ids, references of payloads and hashes of plates depend on. Where it is lost, another one must not
// take its place unasked: what is sent again would be new events, and payloads that are kept could not be found.
#pragma once

#include <string>

#include "libs/base/result.h"
#include "libs/config/deployment.h"

namespace ioc::config {

struct IdentityKey {
  std::string bytes;  // 32, raw
  bool made = false;  // just now: there was none, and no state
};

// The key in identity_key_path(). Where neither a key nor state exists, the file is made (mode 0600, synced). Permanent: not readable, not
// 64 hexadecimal digits, missing although state exists, or another one than the state was made with.
[[nodiscard]] Result<IdentityKey> identity_key(const Deployment& deployment);

// Eight hexadecimal digits that tell keys apart and give nothing of them away; in DATA/identity.fingerprint.
[[nodiscard]] std::string fingerprint_of(std::string_view key_bytes);

// `ioc key`: the key becomes the one in `file`. Permanent: no key is in it, or another one is in place.
[[nodiscard]] Result<IdentityKey> import_identity_key(const Deployment& deployment, const std::string& file);
// `ioc key`: a new key, with all that follows from it. The old one, if any, is kept beside it as PATH.old.
[[nodiscard]] Result<IdentityKey> begin_anew(const Deployment& deployment);

}  // namespace ioc::config
