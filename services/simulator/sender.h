// Sends bodies to ingest over HTTP and does not give up at once: a server that is full, restarting or gone is tried
// again with growing pauses until the limit. Sending twice is harmless, because the same content has the same event id.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "libs/http/client.h"

namespace ioc::simulator {

struct RetryPolicy {
  Millis first_pause{50};
  Millis pause_max{2'000};
  Millis give_up_after{300'000};  // without any answer that brings us on
};

struct LineResult {
  enum class Kind { Accepted, Rejected, Unanswered } kind = Kind::Unanswered;
  std::string event_id;  // when accepted
  unsigned status = 0;   // when rejected
  std::string detail;
};

class Sender {
 public:
  Sender(std::string url, std::string token, RetryPolicy policy = {});

  // One NDJSON batch; results in the order of `lines`. A line refused for the time being is sent again, with all that
  // come after it, so that the log keeps their order. Transient: gave up. Permanent: the whole batch was refused.
  [[nodiscard]] Result<std::vector<LineResult>> batch(std::string_view path, std::span<const std::string> lines,
                                                      const std::stop_token& stop);
  // A GET that waits for the server like `batch` does. 4xx answers are returned as they are.
  [[nodiscard]] Result<http::ClientResponse> get(std::string_view target, const std::stop_token& stop);
  // One POST, any answer as it is.
  [[nodiscard]] Result<http::ClientResponse> post_once(std::string_view path, std::string_view body,
                                                       std::string_view content_type);

  [[nodiscard]] std::uint64_t retries() const { return x_retries; }

 private:
  [[nodiscard]] Result<http::ClientResponse> insist(std::string_view method, std::string_view target,
                                                    std::string_view body, const http::Headers& headers,
                                                    const std::stop_token& stop);
  // false: the limit is reached, or stopped.
  bool pause(Millis asked, const std::stop_token& stop);
  void moved_on();

  std::string x_url;
  http::Client x_client;
  RetryPolicy x_policy;
  Millis x_pause{0};
  std::optional<std::int64_t> x_stuck_since_ms;  // steady clock
  std::uint64_t x_retries = 0;
};

}  // namespace ioc::simulator
