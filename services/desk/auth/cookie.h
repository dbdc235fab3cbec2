// The session's cookie. Over HTTPS it is called __Host-…: no other site and no plain connection can set it.
#pragma once

#include <optional>
#include <string>

#include "libs/base/time.h"
#include "libs/http/http.h"

namespace ioc::desk::auth {

// The secret that the browser sent.
std::optional<std::string> session_cookie(const http::Request& request);

// Set-Cookie for a new session, and the one that ends it. `secure`: the browser speaks HTTPS.
std::string cookie_of(const std::string& secret, Millis age, bool secure);
std::string no_cookie(bool secure);

}  // namespace ioc::desk::auth
