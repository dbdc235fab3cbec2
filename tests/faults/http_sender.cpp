#include "tests/faults/http_sender.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include "libs/http/client.h"

namespace ioc::faults {
namespace {

namespace json = boost::json;
constexpr std::uint64_t kBatch = 500;
constexpr Millis kAgain{50};
constexpr Millis kPatience{20'000};

std::int64_t status_in(const json::object& result) {
  const auto* problem = result.if_contains("problem");
  return problem == nullptr ? 0 : problem->as_object().at("status").as_int64();
}

}  // namespace

HttpSender::HttpSender(std::string url, std::string token, std::uint64_t seed, std::uint64_t events, Ledger& ledger)
    : x_url(std::move(url)), x_token(std::move(token)), x_seed(seed), x_events(events), x_ledger(ledger), x_thread([this] { run(); }) {}

HttpSender::~HttpSender() {
  x_stop = true;
  x_thread.join();
}

void HttpSender::allow(std::uint64_t until, std::uint64_t per_second) {
  x_per_second = per_second;
  x_until = std::min(until, x_events);
}

std::string HttpSender::gave_up() {
  const std::lock_guard lock(x_mutex);
  return x_gave_up;
}

void HttpSender::give_up(const std::string& why) {
  const std::lock_guard lock(x_mutex);
  x_gave_up = why;
  x_stop = true;
}

void HttpSender::run() {
  std::uint64_t next = 0;
  for (std::uint64_t batch = 0; !x_stop; ++batch) {
    while (next >= x_until && !x_stop) std::this_thread::sleep_for(kAgain);
    const Sort sort = sort_of(draw(x_seed, batch, 11));
    const std::uint64_t size = std::min({kBatch, x_until - next, x_per_second / 4 + 1});
    std::vector<Line> lines;
    const auto began = std::chrono::steady_clock::now();
    for (std::uint64_t i = 0; i < size && !x_stop; ++i, ++next) lines.push_back({next, make_line(x_seed, sort, next, wall_now())});
    post(sort, std::move(lines));
    const auto share = std::chrono::microseconds(size * 1'000'000 / x_per_second);
    if (!x_stop) std::this_thread::sleep_until(began + share);
  }
}

void HttpSender::post(Sort sort, std::vector<Line> lines) {
  http::Client client(x_url, kPatience);
  client.set_token(x_token);
  while (!lines.empty() && !x_stop) {
    std::string body;
    for (const Line& line : lines) {
      body += line.text + "\n";
      x_ledger.sent(line.number);
    }
    const auto answer = client.request("POST", path_of(sort), body, {{"content-type", "application/x-ndjson"}});
    if (answer.has_value() && answer->status == 200) {
      lines = refused_lines(answer->body, lines);
    } else if (answer.has_value() && answer->status == 503) {
      ++x_turned_away;
    } else if (answer.has_value()) {
      return give_up(std::to_string(answer->status) + " " + answer->body.substr(0, 300));
    }
    if (!lines.empty()) std::this_thread::sleep_for(kAgain);
  }
}

std::vector<HttpSender::Line> HttpSender::refused_lines(const std::string& answer, const std::vector<Line>& lines) {
  std::vector<Line> again;
  const auto results = json::parse(answer).at("results").as_array();
  if (results.size() != lines.size()) give_up("an answer for " + std::to_string(results.size()) + " of " + std::to_string(lines.size()) + " lines");
  for (std::size_t i = 0; i < results.size() && i < lines.size(); ++i) {
    const std::int64_t status = status_in(results[i].as_object());
    if (status == 0) {
      x_ledger.acknowledged(lines[i].number, std::nullopt);
    } else if (status == 503 || status == 429) {
      again.push_back(lines[i]);
    } else {
      give_up("a line was refused: " + answer.substr(0, 300));
    }
  }
  if (!again.empty()) ++x_turned_away;
  return again;
}

}  // namespace ioc::faults
