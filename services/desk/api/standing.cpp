#include "services/desk/api/standing.h"

#include <vector>

#include "libs/http/http.h"
#include "services/desk/api/json.h"
#include "services/desk/stream/sse.h"

namespace ioc::desk::api {
namespace {

namespace json = boost::json;

json::array take_list(json::object whole, std::string_view name) { return std::move(whole.at(name).as_array()); }

}  // namespace

void add_list(std::string& to, std::string_view event, std::string_view name, const json::array& all) {
  std::vector<std::string> parts(1);
  for (const json::value& one : all) {
    if (parts.back().size() >= kPartBytes) parts.emplace_back();
    if (!parts.back().empty()) parts.back() += ',';
    parts.back() += http::serialize(one);
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string which = "\"part\":" + std::to_string(i + 1) + ",\"parts\":" + std::to_string(parts.size());
    const std::string data = "{\"" + std::string(name) + "\":[" + parts[i] + "]," + which + "}";
    stream::add_event(to, event, data);
  }
}

Standing::Lists Standing::lists() const {
  const WallTime now = wall_now();
  Lists all;
  add_list(all.queues, "queue", "queues", take_list(queues_json(x_live.queues(now), *x_reference.get()), "queues"));
  add_list(all.feeds, "feed-health", "feeds", take_list(feeds_json(x_live.feeds(now), x_config.feeds, now), "feeds"));
  return all;
}

std::string Standing::whole() const {
  Lists all = lists();
  const auto names = x_reference.get();
  json::array indicators;
  for (const view::IndicatorSeries& one : x_live.indicators()) indicators.push_back(indicator_json(one, *names, wall_now()));
  std::string text = std::move(all.queues) + all.feeds;
  add_list(text, "indicator", "indicators", indicators);
  return text;
}

std::shared_ptr<const stream::Frames> Standing::changed() {
  const auto indicators = x_live.take_changed_indicators();
  if (x_live.client_count() == 0) return nullptr;
  Lists now = lists();
  std::string text;
  if (now.queues != x_sent.queues) text += now.queues;
  if (now.feeds != x_sent.feeds) text += now.feeds;
  const auto names = x_reference.get();
  for (const view::IndicatorSeries& one : indicators) {
    stream::add_event(text, "indicator", http::serialize(indicator_json(one, *names, wall_now())));
  }
  x_sent = std::move(now);
  return text.empty() ? nullptr : for_all(std::move(text));
}

std::shared_ptr<const stream::Frames> Standing::for_all(std::string text) {
  auto frames = std::make_shared<stream::Frames>();
  for (const stream::Audience audience : stream::kAudiences) frames->text[static_cast<std::size_t>(audience)] = text;
  return frames;
}

}  // namespace ioc::desk::api
