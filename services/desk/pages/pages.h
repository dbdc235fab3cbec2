// The wall, the desk and the login page with their assets, read whole from the web folder at start: nothing outside of
// it can be asked for, and nothing is read from disk while serving.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "libs/base/result.h"
#include "libs/http/http.h"
#include "services/desk/api/routes.h"
#include "services/desk/auth/gate.h"

namespace ioc::desk::pages {

struct File {
  std::string content, content_type, etag;
};

// By path below the folder ("assets/wall-1a2b3c.js").
using Files = std::map<std::string, File>;

inline constexpr std::size_t kBytesMax = 64 << 20;

// Permanent: no such folder, unreadable, or more than kBytesMax.
[[nodiscard]] Result<Files> read_folder(const std::string& folder);

// "<directory of the executable>/../share/web"
std::string default_folder();

// `files` and `gate` must outlive the routes' use. Pages other than the login send strangers there.
void add_routes(api::Routes& routes, const Files& files, const auth::Gate& gate);

}  // namespace ioc::desk::pages
