#include "services/simulator/reconcile.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <boost/json.hpp>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <unordered_set>

#include "libs/http/page_trail.h"
namespace ioc::simulator {
namespace {

namespace json = boost::json;

std::string text_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

// "0-20211018-…" was opened by the event "20211018-…".
std::string_view opener_of(std::string_view incident_id) {
  const std::size_t dash = incident_id.find('-');
  return dash == std::string_view::npos ? std::string_view() : incident_id.substr(dash + 1);
}

struct EventFate {
  enum class Kind { InIncident, Elsewhere, NotYet } kind = Kind::NotYet;
  std::string incident_id, why;
};

EventFate fate_of(const http::ClientResponse& answer) {
  if (answer.status == 404) return {EventFate::Kind::NotYet, {}, "the desk does not know the event"};
  boost::system::error_code error;
  const json::value parsed = json::parse(answer.body, error);
  if (error || !parsed.is_object()) return {EventFate::Kind::Elsewhere, {}, "the desk's answer is no JSON object"};
  const json::object& event = parsed.get_object();
  std::string incident = text_of(event, "incident_id");
  if (!incident.empty()) return {EventFate::Kind::InIncident, std::move(incident), {}};
  if (const json::value* letter = event.if_contains("dead_letter"); letter && !letter->is_null()) {
    const std::string reason = letter->is_object() ? text_of(letter->get_object(), "reason") : std::string();
    return {EventFate::Kind::Elsewhere, {}, fmt::format("a dead letter{}{}", reason.empty() ? "" : ": ", reason)};
  }
  return {EventFate::Kind::NotYet, {}, "in no incident"};
}

// Runs `work(sender, index)` for 0 … count-1 on several connections; the first error ends all.
class Crew {
 public:
  Crew(const ReconcileConfig& config, const std::stop_token& stop) : x_config(config), x_stop(stop) {}

  using Work = std::function<Result<void>(Sender&, std::size_t)>;
  Result<void> run(std::size_t count, const Work& work, const std::function<void(std::size_t)>& done) {
    std::atomic<std::size_t> next = 0, finished = 0;
    const std::size_t hands = std::clamp<std::size_t>(x_config.connections, 1, std::max<std::size_t>(count, 1));
    {
      std::vector<std::jthread> threads;
      for (std::size_t i = 0; i < hands; ++i) {
        threads.emplace_back([&] { loop(count, work, next, finished); });
      }
      std::unique_lock lock(x_mutex);
      while (finished < count && !x_error) {
        x_woken.wait_for(lock, Millis(100));
        done(finished);
      }
    }
    std::scoped_lock lock(x_mutex);
    if (x_error) return *x_error;
    return {};
  }

 private:
  void loop(std::size_t count, const Work& work, std::atomic<std::size_t>& next, std::atomic<std::size_t>& finished) {
    Sender sender(x_config.desk_url, x_config.token, x_config.retry);
    for (std::size_t i = next++; i < count; i = next++) {
      const Result<void> result = x_stop.stop_requested() ? Result<void>(transient("stopped")) : work(sender, i);
      if (!result) {
        std::scoped_lock lock(x_mutex);
        if (!x_error) x_error = result.error();
        next = count;
        break;
      }
      ++finished;
    }
    x_woken.notify_all();
  }

  const ReconcileConfig& x_config;
  std::stop_token x_stop;
  std::mutex x_mutex;
  std::condition_variable x_woken;
  std::optional<Error> x_error;
};

class Reconciler {
 public:
  Reconciler(const ReconcileConfig& config, std::vector<AcceptedReport>& reports, const std::stop_token& stop,
             Progress& progress)
      : x_config(config), x_reports(reports), x_stop(stop), x_progress(progress), x_fates(reports.size()) {}

  Result<Reconciliation> run() {
    if (auto asked = ask_for_events(); !asked) return asked.error();
    if (auto asked = ask_for_members(); !asked) return asked.error();
    compare();
    return std::move(x_outcome);
  }

 private:
  // Asks again for those that have not arrived, until none arrives any more.
  Result<void> ask_for_events() {
    std::vector<std::size_t> open(x_reports.size());
    for (std::size_t i = 0; i < open.size(); ++i) open[i] = i;
    auto last_arrival = std::chrono::steady_clock::now();
    while (!open.empty()) {
      const std::size_t before = x_reports.size() - open.size();
      auto asked = Crew(x_config, x_stop).run(
          open.size(), [&](Sender& sender, std::size_t i) { return ask_for_event(sender, open[i]); },
          [&](std::size_t finished) { show(before + finished, "events asked for"); });
      if (!asked) return asked.error();
      const std::size_t left_before = open.size();
      std::erase_if(open, [&](std::size_t i) { return x_fates[i].kind != EventFate::Kind::NotYet; });
      const auto now = std::chrono::steady_clock::now();
      if (open.size() < left_before) last_arrival = now;
      if (now - last_arrival >= x_config.settle) break;
      if (!open.empty() && !rest(std::min(x_config.settle / 10 + Millis(1), Millis(500)))) return transient("stopped");
    }
    return {};
  }

  Result<void> ask_for_event(Sender& sender, std::size_t index) {
    auto answer = sender.get("/v1/events/" + http::escape(x_reports[index].event_id), x_stop);
    if (!answer) return answer.error();
    if (answer->status == 401 || answer->status == 403) return refused(*answer);
    x_fates[index] = fate_of(*answer);
    return {};
  }

  [[nodiscard]] Error refused(const http::ClientResponse& answer) const {
    return permanent(fmt::format("{} answered {}: the token needs the role operator", x_config.desk_url, answer.status));
  }

  Result<void> ask_for_members() {
    std::unordered_set<std::string> met;
    for (EventFate& fate : x_fates) {
      if (fate.kind == EventFate::Kind::InIncident && met.insert(fate.incident_id).second) {
        x_incidents.push_back(fate.incident_id);
      }
    }
    x_members.resize(x_incidents.size());
    return Crew(x_config, x_stop).run(
        x_incidents.size(), [&](Sender& sender, std::size_t i) { return ask_for_members_of(sender, i); },
        [&](std::size_t finished) { show(finished, "incidents looked into", x_incidents.size()); });
  }

  Result<void> ask_for_members_of(Sender& sender, std::size_t index) {
    std::string cursor;
    http::PageTrail trail;
    do {
      const std::string target = fmt::format("/v1/incidents/{}/events{}", http::escape(x_incidents[index]),
                                             cursor.empty() ? "" : "?cursor=" + http::escape(cursor));
      auto answer = sender.get(target, x_stop);
      if (!answer) return answer.error();
      if (answer->status == 401 || answer->status == 403) return refused(*answer);
      boost::system::error_code error;
      const json::value parsed = json::parse(answer->body, error);
      if (answer->status != 200 || error || !parsed.is_object()) return {};  // its events stay without a home
      cursor = text_of(parsed.get_object(), "next");
      const json::value* events = parsed.get_object().if_contains("events");
      if (!events || !events->is_array()) return {};
      for (const json::value& event : events->get_array()) {
        if (!event.is_object()) continue;
        std::string id = text_of(event.get_object(), "event_id");
        x_members[index].push_back(!id.empty() ? std::move(id) : text_of(event.get_object(), "id"));
      }
      if (!cursor.empty() && !trail.goes_on(cursor)) {
        return corrupt(fmt::format("the desk answers with the same events of {} again and again; is it a desk, and of the same release?", x_incidents[index]));
      }
    } while (!cursor.empty());
    return {};
  }

  void compare() {
    std::unordered_map<std::string_view, std::vector<std::size_t>> homes;  // event → incidents that list it
    for (std::size_t i = 0; i < x_members.size(); ++i) {
      for (const std::string& event : x_members[i]) homes[event].push_back(i);
    }
    std::unordered_map<std::string_view, std::string_view> report_of_event;
    std::unordered_set<std::string_view> counted;
    for (std::size_t i = 0; i < x_reports.size(); ++i) {
      AcceptedReport& report = x_reports[i];
      const auto [owner, first] = report_of_event.emplace(report.event_id, report.report_id);
      std::string why = judge(x_fates[i], homes[report.event_id]);
      if (why.empty() && !first && owner->second != report.report_id) {
        why = fmt::format("has the event id of report {}", owner->second);
      }
      if (!why.empty()) {
        x_outcome.unaccounted.push_back({report.report_id, report.event_id, std::move(why)});
        continue;
      }
      report.incident_id = x_fates[i].incident_id;
      if (!first) continue;  // the same row twice in the file: one event
      if (opener_of(report.incident_id) != report.event_id) ++x_outcome.joined;
      if (counted.insert(report.incident_id).second) ++x_outcome.incidents;
    }
  }

  // Empty: in exactly one incident, and both answers agree.
  [[nodiscard]] std::string judge(const EventFate& fate, const std::vector<std::size_t>& homes) const {
    if (fate.kind != EventFate::Kind::InIncident) return fate.why;
    if (homes.empty()) return fmt::format("said to be in {}, which does not list it", fate.incident_id);
    if (homes.size() > 1) {
      std::string all;
      for (const std::size_t home : homes) all += (all.empty() ? "" : ", ") + x_incidents[home];
      return fmt::format("listed {} times: {}", homes.size(), all);
    }
    if (x_incidents[homes[0]] != fate.incident_id) {
      return fmt::format("said to be in {}, but listed by {}", fate.incident_id, x_incidents[homes[0]]);
    }
    return {};
  }

  void show(std::size_t done, std::string_view what) { show(done, what, x_reports.size()); }
  void show(std::size_t done, std::string_view what, std::size_t all) {
    x_progress.show(all == 0 ? 1 : static_cast<double>(done) / static_cast<double>(all), fmt::format("{}/{} {}", done, all, what));
  }
  bool rest(Millis time) {
    std::mutex mutex;
    std::condition_variable_any woken;
    std::unique_lock lock(mutex);
    woken.wait_for(lock, x_stop, time, [] { return false; });
    return !x_stop.stop_requested();
  }

  const ReconcileConfig& x_config;
  std::vector<AcceptedReport>& x_reports;
  std::stop_token x_stop;
  Progress& x_progress;
  std::vector<EventFate> x_fates;
  std::vector<std::string> x_incidents;
  std::vector<std::vector<std::string>> x_members;
  Reconciliation x_outcome;
};

}  // namespace

Result<Reconciliation> reconcile(const ReconcileConfig& config, std::vector<AcceptedReport>& reports,
                                 const std::stop_token& stop, Progress& progress) {
  return Reconciler(config, reports, stop, progress).run();
}

}  // namespace ioc::simulator
