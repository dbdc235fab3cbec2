#include "services/ingest/review.h"

#include <spdlog/spdlog.h>

#include <boost/asio/post.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <charconv>
#include <future>

#include "libs/text/utf8.h"
#include "services/ingest/permission.h"
#include "services/ingest/receive.h"
#include "services/ingest/waiting.h"

namespace ioc::ingest {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

constexpr std::size_t kLimitDefault = 50;
constexpr std::size_t kLimitMax = 500;
constexpr std::size_t kReasonBytesMin = 3;
constexpr std::size_t kReasonBytesMax = 500;

const accounts::Role kAdmin{accounts::RoleKind::Admin, ""};
const accounts::Role kSupervisor{accounts::RoleKind::Supervisor, ""};

http::Response refused(unsigned status, std::string detail, std::string field = {}, std::string limit = {}) {
  http::Problem out;
  out.status = status;
  out.detail = std::move(detail);
  out.field = std::move(field);
  out.limit = std::move(limit);
  if (status == 503) out.retry_after_s = 2;
  return http::problem(out);
}

http::Response failed(const Error& error) {
  if (error.kind == ErrorKind::Transient) return refused(503, error.message);
  spdlog::error("ingest_review_failed error=\"{}\"", error.message);
  return refused(500, "it cannot be read: the log of this process says why");
}

json::object to_json(const DeadLetter& letter) {
  json::object out;
  out["id"] = letter.id;
  out["at"] = format_time(letter.at);
  out["feed"] = letter.feed;
  out["stage"] = letter.stage;
  out["reason"] = letter.reason;
  const auto add = [&out](const char* name, const std::string& value) {
    if (!value.empty()) out[name] = value;
  };
  add("field", letter.field);
  add("limit", letter.limit);
  add("detail", letter.detail);
  add("path", letter.path);
  add("event_id", letter.event.str());
  if (!letter.origin_topic.empty()) {
    json::object origin;
    origin["topic"] = letter.origin_topic;
    origin["partition"] = letter.origin_partition.value();
    origin["offset"] = letter.origin_offset.value();
    out["origin"] = std::move(origin);
  }
  return out;
}

json::value shown(const std::string& payload) {
  json::error_code error;
  json::value parsed = json::parse(payload, error);
  if (!error) return parsed;
  return json::value(text::repair_utf8(payload));
}

json::object to_json(const ProtectedRecord& record) {
  json::object out;
  out["received_at"] = format_time(record.received_at);
  out["kept_until"] = format_time(record.keep_until);
  out["sender"] = record.sender;
  out["format"] = record.format;
  out["payload"] = shown(record.payload);
  if (!record.reporter.empty()) out["reporter"] = shown(record.reporter);
  if (!record.plates.empty()) out["plates"] = json::array(record.plates.begin(), record.plates.end());
  return out;
}

// nullopt: not a number within bounds.
std::optional<std::size_t> limit_of(const http::Request& request) {
  const auto text = request.query_value("limit");
  if (!text) return kLimitDefault;
  std::size_t out = 0;
  const auto parsed = std::from_chars(text->data(), text->data() + text->size(), out);
  if (parsed.ec != std::errc{} || parsed.ptr != text->data() + text->size() || out < 1 || out > kLimitMax) return std::nullopt;
  return out;
}

http::Response bad_limit() { return refused(400, "the limit is not understood", "limit", "1 to " + std::to_string(kLimitMax)); }

const Format* format_of(const std::string& name_or_path) {
  const Format* const named = format_named(name_or_path);
  return named != nullptr ? named : format_at(name_or_path);
}

}  // namespace

Review::Review(const Config& config, accounts::Accounts& accounts, const Metrics& metrics, std::function<Running()> running)
    : x_config(config),
      x_accounts(accounts),
      x_metrics(metrics),
      x_running(std::move(running)) {}

void Review::add_routes(http::Router& router) {
  router.add("GET", "/v1/dead-letters", [this](const http::Request& request) { return list(request); });
  router.add("GET", "/v1/dead-letters/{id}", [this](const http::Request& request) { return show(request); });
  router.add("POST", "/v1/dead-letters/{id}/replay", [this](const http::Request& request) { return replay(request); });
  router.add("GET", "/v1/protected/{id}", [this](const http::Request& request) { return look(request); });
  router.add("GET", "/v1/protected-looks", [this](const http::Request& request) { return looks(request); });
}

asio::awaitable<http::Reply> Review::on_pool(Work work) {
  std::function<void(std::function<void(http::Response)>)> begin = [this, &work](std::function<void(http::Response)> done) {
    asio::post(x_pool, [work = std::move(work), done = std::move(done)] { done(work()); });
  };
  auto response = co_await wait_for<http::Response>(std::move(begin), Millis(60'000));
  if (!response) co_return refused(503, "it took too long: ask again");
  response->headers.emplace_back("Cache-Control", "no-store");
  co_return std::move(*response);
}

asio::awaitable<http::Reply> Review::list(const http::Request& request) {
  Permission may = permission(x_accounts, request, {kAdmin, kSupervisor});
  if (!may.who) co_return may.refusal;
  const auto limit = limit_of(request);
  if (!limit) co_return bad_limit();
  const Running running = x_running();
  if (running.dead_letters == nullptr) co_return refused(503, "ingest is not ready");
  Work work = [running, limit, reason = std::string(request.query_value("reason").value_or(""))] {
    const auto letters = running.dead_letters->list(*limit, reason);
    if (letters.has_error()) return failed(letters.error());
    json::array items;
    for (const auto& letter : *letters) items.push_back(to_json(letter));
    json::object body;
    body["dead_letters"] = std::move(items);
    return http::json(200, body);
  };
  co_return co_await on_pool(std::move(work));
}

asio::awaitable<http::Reply> Review::show(const http::Request& request) {
  Permission may = permission(x_accounts, request, {kAdmin, kSupervisor});
  if (!may.who) co_return may.refusal;
  const Running running = x_running();
  if (running.dead_letters == nullptr) co_return refused(503, "ingest is not ready");
  Work work = [running, id = std::string(request.param("id"))] {
    const auto letter = running.dead_letters->find(id);
    if (letter.has_error()) return failed(letter.error());
    if (!letter->has_value()) return refused(404, "there is no such dead letter among the newest");
    return http::json(200, to_json(**letter));
  };
  co_return co_await on_pool(std::move(work));
}

asio::awaitable<http::Reply> Review::replay(const http::Request& request) {
  Permission may = permission(x_accounts, request, {kAdmin, kSupervisor});
  if (!may.who) co_return may.refusal;
  const Running running = x_running();
  if (running.intake == nullptr) co_return refused(503, "ingest is not ready");
  Work work = [this, running, id = std::string(request.param("id")), actor = may.who->name] { return replay_now(running, id, actor); };
  co_return co_await on_pool(std::move(work));
}

http::Response Review::replay_now(const Running& running, const std::string& id, const std::string& actor) {
  const auto letter = running.dead_letters->find(id);
  if (letter.has_error()) return failed(letter.error());
  if (!letter->has_value()) return refused(404, "there is no such dead letter among the newest");
  const DeadLetter& found = **letter;
  const std::string ref = found.payload_ref.empty() ? running.intake->identity().payload_ref(found.event.str()) : found.payload_ref;
  const auto records = running.store->get(ref);
  if (records.has_error()) return failed(records.error());
  if (records->empty()) return refused(404, "its payload is past its retention");
  const ProtectedRecord& record = records->back();
  const Format* const format = format_of(record.format);
  if (format == nullptr) return refused(422, "no format is known for where it came from", "path");
  const Sender sender = running.intake->sender(record.sender, format->feed);
  std::vector<Prepared> messages;
  messages.push_back(running.intake->prepare(*format, sender, record.payload, wall_now()));
  spdlog::info("dead_letter_replayed id={} actor={} accepted={}", id, actor, !messages.front().refusal);
  if (messages.front().refusal) return http::problem(problem_of(messages.front()));
  const std::string event = messages.front().event.str();
  auto promise = std::make_shared<std::promise<Intake::Outcomes>>();
  auto future = promise->get_future();
  running.intake->store(std::move(messages), [promise](Intake::Outcomes outcomes) { promise->set_value(std::move(outcomes)); });
  if (future.wait_for(x_config.limits.answer_timeout) != std::future_status::ready)
    return refused(503, "it was not durable in time: replay it again, it counts once");
  const Intake::Outcomes outcomes = future.get();
  if (outcomes.front().has_error()) return failed(outcomes.front().error());
  json::object body;
  body["event_id"] = event;
  return http::json(202, body);
}

asio::awaitable<http::Reply> Review::look(const http::Request& request) {
  Permission may = permission(x_accounts, request, {kAdmin, kSupervisor});
  if (!may.who) co_return may.refusal;
  const std::string reason(request.query_value("reason").value_or(""));
  if (reason.size() < kReasonBytesMin || reason.size() > kReasonBytesMax) {
    co_return refused(422, "say in `reason` why you look: it is kept", "reason",
                      std::to_string(kReasonBytesMin) + " to " + std::to_string(kReasonBytesMax) + " bytes");
  }
  const Running running = x_running();
  if (running.store == nullptr) co_return refused(503, "ingest is not ready");
  Work work = [this, running, id = std::string(request.param("id")), actor = may.who->name, reason] {
    return look_now(running, id, actor, reason);
  };
  co_return co_await on_pool(std::move(work));
}

// On record first, synced; shown second.
http::Response Review::look_now(const Running& running, const std::string& id, const std::string& actor, const std::string& reason) {
  const auto records = running.store->get(running.intake->identity().payload_ref(id));
  if (records.has_error()) return failed(records.error());
  if (records->empty()) return refused(404, "nothing is kept under this id, or it is past its retention");
  const auto noted = running.store->note_look({wall_now(), actor, id, reason});
  if (noted.has_error()) return failed(noted.error());
  x_metrics.looks.add();
  spdlog::info("protected_look actor={} id={}", actor, id);
  json::array payloads;
  for (const auto& record : *records) payloads.push_back(to_json(record));
  json::object body;
  body["id"] = id;
  body["payloads"] = std::move(payloads);
  return http::json(200, body);
}

asio::awaitable<http::Reply> Review::looks(const http::Request& request) {
  Permission may = permission(x_accounts, request, {kAdmin});
  if (!may.who) co_return may.refusal;
  const auto limit = limit_of(request);
  if (!limit) co_return bad_limit();
  const Running running = x_running();
  if (running.store == nullptr) co_return refused(503, "ingest is not ready");
  Work work = [running, limit] {
    const auto found = running.store->looks(*limit);
    if (found.has_error()) return failed(found.error());
    json::array items;
    for (const auto& one : *found) {
      json::object item;
      item["at"] = format_time(one.at);
      item["actor"] = one.actor;
      item["id"] = one.id;
      item["reason"] = one.reason;
      items.push_back(std::move(item));
    }
    json::object body;
    body["looks"] = std::move(items);
    return http::json(200, body);
  };
  co_return co_await on_pool(std::move(work));
}

}  // namespace ioc::ingest
