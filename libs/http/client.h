// A blocking client with one kept-alive connection, for the command-line tools and tests.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "libs/http/http.h"

namespace ioc::http {

struct ClientResponse {
  unsigned status = 0;
  Headers headers;  // names in lower case
  std::string body;
};

class Client {
 public:
  // `url`: "http://127.0.0.1:8080"; a path in it is put before every target.
  explicit Client(std::string url, Millis timeout = Millis(30'000));
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  void set_token(std::string token);  // sent as Authorization: Bearer
  // Connects again when the kept connection was closed. Transient: no connection, or no answer in time.
  [[nodiscard]] Result<ClientResponse> request(std::string_view method, std::string_view target,
                                               std::string_view body = {}, const Headers& headers = {});
  // GETs a stream and gives each line (without its end) until `line` returns false or the stream ends.
  [[nodiscard]] Result<unsigned> lines(std::string_view target, const Headers& headers,
                                       const std::function<bool(std::string_view)>& line);

 private:
  struct Impl;
  std::unique_ptr<Impl> x_impl;
};

// Percent-encodes a path segment or query value.
std::string escape(std::string_view text);

}  // namespace ioc::http
