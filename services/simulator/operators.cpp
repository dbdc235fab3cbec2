#include "services/simulator/operators.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/json.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "libs/base/hash.h"
#include "libs/http/client.h"
#include "libs/http/page_trail.h"
#include "services/simulator/json_text.h"
#include "services/simulator/random.h"

namespace ioc::simulator {
namespace {

namespace json = boost::json;

constexpr Millis kLookAgain{3'000};
constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::string_view kOpenStates = "new,verifying,forwarded,accepted,in_progress";
constexpr int kStepsInARow = 4;

struct Plan {
  std::int64_t acknowledge_ms = 0, forward_ms = 0, resolve_ms = 0;  // after it happened; forward 0: by the operator alone
  std::string_view outcome;
};

// Minutes, drawn evenly. The more urgent, the sooner; flooding and broken roads take longest.
Plan plan_of(std::uint64_t seed, const DeskIncident& incident) {
  Random random(hash128(incident.id, seed).low);
  const bool urgent = incident.severity == "critical" || incident.severity == "high";
  const bool of_people = incident.reports > 0;
  Plan plan;
  plan.acknowledge_ms = random.between(30, incident.severity == "critical" ? 120 : urgent ? 300 : 720) * 1000;
  const std::int64_t takes = !of_people                             ? random.between(10, 40)
                             : incident.severity == "critical"      ? random.between(60, 200)
                             : incident.category == "cap-thoat-nuoc" ? random.between(300, 900)
                             : urgent                               ? random.between(60, 300)
                                                                    : random.between(90, 540);
  if (of_people && !incident.unit.empty()) plan.forward_ms = plan.acknowledge_ms + random.between(1, 12) * kMinuteMs;
  plan.resolve_ms = std::max(plan.acknowledge_ms, plan.forward_ms) + takes * kMinuteMs;
  // About 30 % of raw reports are stopped at verification.
  constexpr std::string_view kOutcomes[] = {"fixed", "nothing_found", "not_enough_evidence", "reminded", "passed_on", "planned"};
  constexpr int kOfPeople[] = {45, 15, 15, 8, 12, 5}, kOfSensors[] = {30, 45, 5, 20, 0, 0};
  plan.outcome = kOutcomes[random.weighted(of_people ? std::span<const int>(kOfPeople) : std::span<const int>(kOfSensors))];
  return plan;
}

JsonText command(const DeskIncident& incident, std::string_view kind) {
  JsonText body;
  body.text("kind", kind).number("version", static_cast<long long>(incident.version));
  return body;
}

std::string text_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::uint64_t count_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  json::error_code error;
  return value && value->is_number() ? value->to_number<std::uint64_t>(error) : 0;
}

std::optional<DeskIncident> read(const json::value& value) {
  if (!value.is_object()) return std::nullopt;
  const json::object& object = value.get_object();
  DeskIncident incident;
  incident.id = text_of(object, "id");
  incident.state = text_of(object, "state");
  incident.severity = text_of(object, "severity");
  incident.category = text_of(object, "category");
  incident.version = count_of(object, "version");
  incident.reports = count_of(object, "reports");
  incident.acknowledged = !text_of(object, "acknowledged_at").empty();
  if (const json::value* unit = object.if_contains("unit"); unit && unit->is_object()) incident.unit = text_of(unit->get_object(), "code");
  const auto opened = parse_time(text_of(object, "opened_at"));
  if (incident.id.empty() || incident.state.empty() || !opened) return std::nullopt;
  incident.opened_ms = opened->ms;
  return incident;
}

// One person at a desk.
class Operator {
 public:
  Operator(const OperatorsConfig& config, std::size_t number, const std::stop_token& stop)
      : x_config(config), x_number(number), x_stop(stop), x_client(config.desk_url) {
    x_client.set_token(config.tokens[number]);
  }

  void run() {
    while (!x_stop.stop_requested()) {
      look();
      std::mutex mutex;
      std::condition_variable_any woken;
      std::unique_lock lock(mutex);
      woken.wait_for(lock, x_stop, kLookAgain, [] { return false; });
    }
  }

 private:
  [[nodiscard]] bool is_mine(const DeskIncident& incident) const {
    return hash128(incident.id, x_config.seed).high % x_config.tokens.size() == x_number;
  }

  void look() {
    std::string cursor;
    http::PageTrail trail;
    do {
      const auto answer = x_client.request("GET", fmt::format("/v1/incidents?limit=500&state={}{}{}", kOpenStates,
                                                              cursor.empty() ? "" : "&cursor=", http::escape(cursor)));
      json::error_code error;
      const json::value page = answer ? json::parse(answer->body, error) : json::value();
      if (!answer || answer->status != 200 || error || !page.is_object()) return complain(answer);
      const json::value* incidents = page.get_object().if_contains("incidents");
      cursor = text_of(page.get_object(), "next");
      if (!incidents || !incidents->is_array()) return;
      for (const json::value& one : incidents->get_array()) {
        if (const auto incident = read(one); incident && is_mine(*incident)) work(*incident);
        if (x_stop.stop_requested()) return;
      }
      if (!cursor.empty() && !trail.goes_on(cursor)) {
        return complain(corrupt("the desk answers with the same pages of incidents again and again; is it a desk, and of the same release?"));
      }
    } while (!cursor.empty());
  }

  void work(DeskIncident incident) {
    for (int i = 0; i < kStepsInARow; ++i) {
      const auto step = next_step(x_config.seed, incident, wall_now());
      if (!step) return;
      const auto answer = x_client.request("POST", "/v1/incidents/" + http::escape(incident.id) + "/commands", step->body,
                                           {{"content-type", "application/json"},
                                            {"idempotency-key", fmt::format("{}-{}", step->kind, incident.version)}});
      // A stale version or a 202 is looked at again in the next round.
      if (!answer || answer->status != 200) return answer && (answer->status == 202 || answer->status == 409) ? void() : complain(answer);
      const auto next = desk_incident(answer->body);
      if (!next || next->version == incident.version) return;
      incident = *next;
    }
  }

  // Once for each trouble, not once a round.
  void complain(const Result<http::ClientResponse>& answer) {
    const std::string trouble = answer ? fmt::format("{} {}", answer->status, answer->body.substr(0, 300)) : answer.error().message;
    if (trouble != x_trouble) spdlog::warn("demo: operator {}: {}; trying again", x_number + 1, trouble);
    x_trouble = trouble;
  }

  const OperatorsConfig& x_config;
  const std::size_t x_number;
  std::stop_token x_stop;
  http::Client x_client;
  std::string x_trouble;
};

}  // namespace

std::optional<OperatorStep> next_step(std::uint64_t seed, const DeskIncident& incident, WallTime now) {
  if (incident.severity == "info" && incident.reports == 0) return std::nullopt;
  if (kOpenStates.find(incident.state) == std::string_view::npos) return std::nullopt;
  const Plan plan = plan_of(seed, incident);
  const std::int64_t age = now.ms() - incident.opened_ms;
  if (!incident.acknowledged && age >= plan.acknowledge_ms) return OperatorStep{"acknowledge", command(incident, "acknowledge").take()};
  if (!incident.acknowledged) return std::nullopt;
  if (incident.state == "new" && plan.forward_ms > 0 && age >= plan.forward_ms) {
    return OperatorStep{"forward", command(incident, "forward").raw("units", fmt::format("[\"{}\"]", incident.unit)).take()};
  }
  if (age < plan.resolve_ms) return std::nullopt;
  return OperatorStep{"resolve", command(incident, "resolve").text("outcome", plan.outcome).text("text", "Mô phỏng").take()};
}

std::optional<DeskIncident> desk_incident(std::string_view text) {
  json::error_code error;
  const json::value value = json::parse(text, error);
  return error ? std::nullopt : read(value);
}

void run_operators(const OperatorsConfig& config, const std::stop_token& stop) {
  std::vector<std::jthread> people;
  for (std::size_t i = 0; i < config.tokens.size(); ++i) {
    people.emplace_back([&config, i, &stop] { Operator(config, i, stop).run(); });
  }
}

}  // namespace ioc::simulator
