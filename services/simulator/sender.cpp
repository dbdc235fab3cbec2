#include "services/simulator/sender.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <condition_variable>
#include <cstdlib>
#include <fstream>
#include <mutex>

namespace ioc::simulator {
namespace {

namespace json = boost::json;

std::int64_t steady_ms() {
  return std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

bool is_temporary(unsigned status) { return status == 429 || status >= 500; }

std::string_view header(const http::Headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

Millis retry_after(const http::Headers& headers) {
  const std::string_view text = header(headers, "retry-after");
  unsigned seconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return std::chrono::seconds(std::min(seconds, 30U));
}

std::string text_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::string what_was_refused(const http::ClientResponse& answer) {
  boost::system::error_code error;
  const json::value body = json::parse(answer.body, error);
  const std::string detail = !error && body.is_object() ? text_of(body.get_object(), "detail") : std::string();
  return fmt::format("answered {}{}{}", answer.status, detail.empty() ? "" : ": ", detail);
}

// The results by line number; what is not named stays unanswered.
bool read_results(std::string_view body, std::vector<LineResult>& results) {
  boost::system::error_code error;
  const json::value parsed = json::parse(body, error);
  const json::value* list = !error && parsed.is_object() ? parsed.get_object().if_contains("results") : nullptr;
  if (!list || !list->is_array()) return false;
  for (const json::value& item : list->get_array()) {
    if (!item.is_object()) return false;
    const json::object& object = item.get_object();
    const json::value* line = object.if_contains("line");
    if (!line || !line->is_int64() || line->get_int64() < 1) return false;
    const auto index = static_cast<std::size_t>(line->get_int64() - 1);
    if (index >= results.size()) return false;
    LineResult& result = results[index];
    if (const json::value* problem = object.if_contains("problem"); problem && problem->is_object()) {
      result.kind = LineResult::Kind::Rejected;
      result.detail = text_of(problem->get_object(), "detail");
      const json::value* status = problem->get_object().if_contains("status");
      result.status = status && status->is_int64() ? static_cast<unsigned>(status->get_int64()) : 0;
    } else if (std::string id = text_of(object, "event_id"); !id.empty()) {
      result.kind = LineResult::Kind::Accepted;
      result.event_id = std::move(id);
    }
  }
  return true;
}

}  // namespace

Sender::Sender(std::string url, std::string token, RetryPolicy policy)
    : x_url(url), x_client(std::move(url)), x_policy(policy) {
  if (!token.empty()) x_client.set_token(std::move(token));
}

void Sender::moved_on() {
  x_pause = Millis(0);
  x_stuck_since_ms.reset();
}

bool Sender::pause(Millis asked, const std::stop_token& stop) {
  const std::int64_t now = steady_ms();
  if (!x_stuck_since_ms) x_stuck_since_ms = now;
  if (now - *x_stuck_since_ms >= x_policy.give_up_after.count()) return false;
  x_pause = x_pause.count() == 0 ? x_policy.first_pause : std::min(x_pause * 2, x_policy.pause_max);
  ++x_retries;
  std::mutex mutex;
  std::condition_variable_any woken;
  std::unique_lock lock(mutex);
  woken.wait_for(lock, stop, std::max(x_pause, asked), [] { return false; });
  return !stop.stop_requested();
}

Result<http::ClientResponse> Sender::insist(std::string_view method, std::string_view target, std::string_view body,
                                            const http::Headers& headers, const std::stop_token& stop) {
  for (;;) {
    auto answer = x_client.request(method, target, body, headers);
    if (answer && !is_temporary(answer->status)) {
      return answer;
    }
    if (!answer && answer.error().kind != ErrorKind::Transient) return answer;
    const std::string why = answer ? what_was_refused(*answer) : answer.error().message;
    if (!pause(answer ? retry_after(answer->headers) : Millis(0), stop)) {
      return transient(stop.stop_requested() ? "stopped"
                                             : fmt::format("{}{}: gave up after {} s: {}", x_url, target,
                                                           x_policy.give_up_after.count() / 1000, why));
    }
  }
}

Result<std::vector<LineResult>> Sender::batch(std::string_view path, std::span<const std::string> lines,
                                              const std::stop_token& stop) {
  std::vector<LineResult> results;
  results.reserve(lines.size());
  while (results.size() < lines.size()) {
    const auto left = lines.subspan(results.size());
    std::string body;
    for (const std::string& line : left) body.append(line) += '\n';
    auto answer = insist("POST", path, body, {{"content-type", "application/x-ndjson"}}, stop);
    if (!answer) return answer.error();
    if (answer->status != 200) return permanent(fmt::format("{}{} {}", x_url, path, what_was_refused(*answer)));
    std::vector<LineResult> got(left.size());
    if (!read_results(answer->body, got)) {
      return permanent(fmt::format("{}{} answered a batch with something that is no list of results", x_url, path));
    }
    const auto refused_for_now = std::find_if(got.begin(), got.end(), [](const LineResult& result) {
      return result.kind == LineResult::Kind::Rejected && is_temporary(result.status);
    });
    const bool complete = refused_for_now == got.end();
    if (refused_for_now != got.begin()) moved_on();
    results.insert(results.end(), std::make_move_iterator(got.begin()), std::make_move_iterator(refused_for_now));
    if (!complete && !pause(retry_after(answer->headers), stop)) {
      return transient(stop.stop_requested() ? "stopped" : fmt::format("{}{}: gave up: {}", x_url, path, refused_for_now->detail));
    }
  }
  return results;
}

Result<http::ClientResponse> Sender::get(std::string_view target, const std::stop_token& stop) {
  auto answer = insist("GET", target, {}, {}, stop);
  if (answer) moved_on();
  return answer;
}

Result<http::ClientResponse> Sender::post_once(std::string_view path, std::string_view body, std::string_view content_type) {
  return x_client.request("POST", path, body, {{"content-type", std::string(content_type)}});
}

}  // namespace ioc::simulator
