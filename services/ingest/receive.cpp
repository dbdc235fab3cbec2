#include "services/ingest/receive.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "services/ingest/permission.h"
#include "services/ingest/waiting.h"

namespace ioc::ingest {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kLines = "application/x-ndjson";
constexpr unsigned kRetryAfterSeconds = 2;

std::string notice_of(bool danger) { return danger ? std::string(kDangerNotice) : std::string(); }

http::Problem not_durable(std::string detail, bool danger = false) {
  http::Problem out;
  out.status = 503;
  out.notice = notice_of(danger);
  out.detail = std::move(detail) + "; send the same again, it counts once";
  out.retry_after_s = kRetryAfterSeconds;
  return out;
}

Refusal unsupported(std::string_view received) {
  return {RefusalKind::UnsupportedType, "unsupported_type", "Content-Type", "application/json, application/x-ndjson",
          std::string(received), "the body must be one JSON object, or one a line"};
}

Refusal encoded_body(std::string_view received) {
  return {RefusalKind::UnsupportedType, "unsupported_type", "Content-Encoding", "identity", std::string(received),
          "the body must be sent as it is, without compression"};
}

Refusal unknown_feed(std::string_view path) {
  std::string paths;
  for (const auto& format : formats()) paths.append(paths.empty() ? "" : ", ").append(format.path);
  return {RefusalKind::UnknownFeed, "unknown_feed", "path", paths, std::string(path), "no feed is taken at this path"};
}

// The lines of a body that hold something, with their numbers from 1.
std::vector<std::pair<std::size_t, std::string_view>> lines_of(std::string_view body) {
  std::vector<std::pair<std::size_t, std::string_view>> out;
  std::size_t number = 0;
  while (!body.empty()) {
    ++number;
    const auto end = std::min(body.find('\n'), body.size());
    std::string_view line = body.substr(0, end);
    body.remove_prefix(std::min(end + 1, body.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find_first_not_of(" \t") != std::string_view::npos) out.emplace_back(number, line);
  }
  return out;
}

http::Response answer_of(const Prepared& prepared) {
  if (prepared.refusal) {
    http::Response out = http::problem(problem_of(prepared));
    if (prepared.refusal->field == "Content-Encoding") out.headers.emplace_back("Accept-Encoding", "identity");  // RFC 9110, 15.5.16
    return out;
  }
  json::object body;
  body["event_id"] = prepared.event.str();
  if (prepared.danger) body["notice"] = kDangerNotice;
  return http::json(202, body);
}

json::object result_of(std::size_t line, const Prepared& prepared, const Result<void>& outcome) {
  json::object out;
  out["line"] = line;
  if (outcome.has_error()) {
    out["problem"] = http::to_json(not_durable(outcome.error().message, prepared.danger));
  } else if (prepared.refusal) {
    out["problem"] = http::to_json(problem_of(prepared));
  } else {
    out["event_id"] = prepared.event.str();
    if (prepared.danger) out["notice"] = kDangerNotice;
  }
  return out;
}

}  // namespace

http::Problem problem_of(const Prepared& refused) {
  const Refusal& refusal = *refused.refusal;
  http::Problem out;
  out.notice = notice_of(refused.danger);
  out.status = status_of(refusal.kind);
  out.detail = refusal.detail;
  out.field = refusal.field;
  out.limit = refusal.limit;
  out.received = refusal.received;
  return out;
}

Receive::Receive(const Config& config, accounts::Accounts& accounts, const Metrics& metrics,
                 std::function<Intake*()> intake, std::function<std::string()> why_not)
    : x_config(config),
      x_accounts(accounts),
      x_metrics(metrics),
      x_intake(std::move(intake)),
      x_why_not(std::move(why_not)),
      x_rate_limit(config.limits.events_per_second_max) {}

void Receive::add_routes(http::Router& router) {
  for (const auto& format : formats()) {
    router.add("POST", std::string(format.path),
               [this, &format](const http::Request& request) -> asio::awaitable<http::Reply> { return post(format, request); });
  }
  for (const char* unknown : {"/v1/{feed}", "/v1/frigate/{feed}", "/v1/checkpoints/{feed}"}) {
    router.add("POST", unknown,
               [this](const http::Request& request) -> asio::awaitable<http::Reply> { return post_unknown(request); });
  }
}

http::Response Receive::unavailable() const {
  return http::problem(not_durable("nothing can be taken yet: " + x_why_not()));
}

// A sender that is too fast may have something to say that cannot wait.
http::Response Receive::too_fast(const Intake& intake, const Sender& sender, const http::Request& request) const {
  http::Problem out;
  out.status = 429;
  out.detail = "this token sends faster than it may";
  out.limit = std::to_string(x_config.limits.events_per_second_max) + " events/s";
  out.retry_after_s = 1;
  out.notice = notice_of(intake.raw_speaks_of_danger(sender.partition, request.body));
  return http::problem(out);
}

asio::awaitable<http::Reply> Receive::post(const Format& format, const http::Request& request) {
  const accounts::Role needed{accounts::RoleKind::Source, std::string(name_of(format.feed))};
  Permission may = permission(x_accounts, request, {needed});
  if (!may.who) co_return may.refusal;
  Intake* const intake = x_intake();
  if (intake == nullptr) co_return unavailable();
  const Sender sender = intake->sender(may.who->name, format.feed);
  const std::string_view type = request.media_type();
  const bool encoded = !request.header("content-encoding").empty() && request.header("content-encoding") != "identity";
  if (type == kLines && !encoded) co_return co_await batch(*intake, format, sender, request);
  if (!x_rate_limit.take(sender.token, 1, RateLimit::Clock::now())) co_return too_fast(*intake, sender, request);
  if (type != kJson || encoded) {
    Refusal refusal = encoded ? encoded_body(request.header("content-encoding")) : unsupported(type);
    Prepared refused = intake->refuse(std::move(refusal), name_of(format.feed), format.path, sender, request.body, wall_now());
    co_return co_await one(*intake, std::move(refused));
  }
  Prepared prepared = intake->prepare(format, sender, request.body, wall_now());
  co_return co_await one(*intake, std::move(prepared));
}

// Somebody's feed that nobody configured here: kept, so that it can be replayed once its format exists.
asio::awaitable<http::Reply> Receive::post_unknown(const http::Request& request) {
  const accounts::Role any_source{accounts::RoleKind::Source, ""};
  Permission may = permission(x_accounts, request, {any_source});
  if (!may.who) co_return may.refusal;
  Intake* const intake = x_intake();
  if (intake == nullptr) co_return unavailable();
  const Sender sender = intake->sender(may.who->name, Feed::CitizenReports);
  if (!x_rate_limit.take(sender.token, 1, RateLimit::Clock::now())) co_return too_fast(*intake, sender, request);
  Prepared refused = intake->refuse(unknown_feed(request.path), "unknown", request.path, sender, request.body, wall_now());
  co_return co_await one(*intake, std::move(refused));
}

asio::awaitable<std::optional<Intake::Outcomes>> Receive::store(Intake& intake, std::vector<Prepared>& prepared) {
  const auto begun = std::chrono::steady_clock::now();
  std::function<void(std::function<void(Intake::Outcomes)>)> begin = [&intake, &prepared](std::function<void(Intake::Outcomes)> done) {
    intake.store(std::move(prepared), std::move(done));
  };
  // What the answer needs stays here; what is stored is moved away.
  std::vector<Prepared> kept;
  kept.reserve(prepared.size());
  for (auto& message : prepared) {
    Prepared copy;
    copy.event = message.event;
    copy.refusal = message.refusal;
    copy.dead_letter = message.dead_letter;
    copy.danger = message.danger;
    copy.feed = message.feed;
    copy.source = message.source;
    copy.value_flags = message.value_flags;
    copy.payload_bytes = message.payload_bytes;
    kept.push_back(std::move(copy));
  }
  auto outcomes = co_await wait_for<Intake::Outcomes>(std::move(begin), x_config.limits.answer_timeout);
  prepared = std::move(kept);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  if (outcomes) x_metrics.durable(took.count());
  const Result<void> late = transient("it is not durable yet");
  for (std::size_t i = 0; i < prepared.size(); ++i) intake.count(prepared[i], outcomes ? (*outcomes)[i] : late);
  co_return outcomes;
}

asio::awaitable<http::Reply> Receive::one(Intake& intake, Prepared prepared) {
  std::vector<Prepared> messages;
  messages.push_back(std::move(prepared));
  const auto outcomes = co_await store(intake, messages);
  const bool danger = messages.front().danger;
  if (!outcomes) co_return http::problem(not_durable("it was not durable in time", danger));
  if (outcomes->front().has_error()) co_return http::problem(not_durable(outcomes->front().error().message, danger));
  co_return answer_of(messages.front());
}

asio::awaitable<http::Reply> Receive::batch(Intake& intake, const Format& format, const Sender& sender,
                                            const http::Request& request) {
  const auto lines = lines_of(request.body);
  if (lines.size() > x_config.limits.batch_lines_max) {
    Refusal many{RefusalKind::TooLarge, "too_many_lines", "", std::to_string(x_config.limits.batch_lines_max) + " lines",
                 std::to_string(lines.size()) + " lines", "the batch is too long: send it in smaller parts"};
    Prepared refused = intake.refuse(std::move(many), name_of(format.feed), format.path, sender, request.body, wall_now());
    co_return co_await one(intake, std::move(refused));
  }
  if (!x_rate_limit.take(sender.token, lines.size(), RateLimit::Clock::now())) co_return too_fast(intake, sender, request);
  std::vector<Prepared> messages;
  messages.reserve(lines.size());
  const WallTime now = wall_now();
  for (const auto& [number, line] : lines) messages.push_back(intake.prepare(format, sender, line, now));
  const auto outcomes = co_await store(intake, messages);
  const bool danger = std::any_of(messages.begin(), messages.end(), [](const Prepared& one) { return one.danger; });
  if (!outcomes) co_return http::problem(not_durable("not all of it was durable in time", danger));
  json::array results;
  std::size_t accepted = 0, durable = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    durable += (*outcomes)[i].has_value() ? 1 : 0;
    accepted += (*outcomes)[i].has_value() && !messages[i].refusal ? 1 : 0;
    results.push_back(result_of(lines[i].first, messages[i], (*outcomes)[i]));
  }
  if (durable == 0 && !lines.empty()) co_return http::problem(not_durable(outcomes->front().error().message, danger));
  json::object body;
  body["accepted"] = accepted;
  body["rejected"] = lines.size() - accepted;
  body["results"] = std::move(results);
  co_return http::json(200, body);
}

}  // namespace ioc::ingest
