// GET /v1/subscriptions/{id}/entries: a subscriber's numbered feed, followed or by the page. What retention took is said,
// with the first number that is left (DESIGN D10).
#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <charconv>

#include "libs/domain/topics.h"
#include "libs/domain/wire.h"
#include "services/desk/api/context.h"
#include "services/desk/api/json.h"
#include "services/desk/stream/sse.h"

namespace ioc::desk::api {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

constexpr std::size_t kPageMax = 1000, kPageUsual = 100;
constexpr std::size_t kPollBytes = 256 << 10;
constexpr auto kPageWait = std::chrono::seconds(2);
constexpr auto kAlive = std::chrono::seconds(15);

struct Item {
  std::optional<json::object> gap;  // stands in front of the entry
  json::object entry;
  std::string cursor;  // behind the entry
};

// All partitions of one subscriber's topic, from a cursor on. Used on one connection's strand.
class EntryReader {
 public:
  EntryReader(Context& context, std::string subscriber) : x_context(context), x_subscriber(std::move(subscriber)) {}
  ~EntryReader() {
    for (Part& part : x_parts) part.reader->when_ready({});
  }
  EntryReader(const EntryReader&) = delete;
  EntryReader& operator=(const EntryReader&) = delete;

  // The answer when it cannot be read from there.
  std::optional<http::Response> open(std::string_view after) {
    const std::string topic = topics::subscriber(x_subscriber);
    const auto partitions = x_context.log.partitions_of(topic);
    if (!partitions) return wrong(503, "the log does not answer", partitions.error().message);
    if (!*partitions) return wrong(404, "unknown subscription", "no subscription has this id", "id", x_subscriber);
    x_cursor = {x_context.live.log_id(), std::vector<Offset>(**partitions)};
    const auto from = stream::cursor_of(after, **partitions);
    if (!after.empty() && !from) return wrong(400, "malformed cursor", "send an id that an entry had", "after", after);
    for (std::uint32_t i = 0; i < **partitions; ++i) {
      if (auto failed = open_part(topic, PartitionId(i), from)) return failed;
    }
    return std::nullopt;
  }

  // What can be had without waiting.
  Result<std::vector<Item>> poll(std::size_t limit) {
    std::vector<Item> items;
    for (Part& part : x_parts) {
      while (items.size() < limit) {
        const auto batch = part.reader->poll(limit - items.size(), kPollBytes);
        if (!batch && fell_behind(part)) continue;
        if (!batch) return batch.error();
        if (batch->entries.empty()) break;
        for (const log::Entry& entry : batch->entries) take(part, entry, items);
      }
    }
    return items;
  }

  // All that was there when it was opened has been read.
  [[nodiscard]] bool at_end() const {
    return std::all_of(x_parts.begin(), x_parts.end(), [](const Part& part) { return part.reader->position() >= part.end; });
  }
  void wake_when_ready(const std::shared_ptr<stream::Wakeup>& wakeup) {
    for (Part& part : x_parts) part.reader->when_ready([wakeup] { wakeup->wake(); });
  }
  [[nodiscard]] std::string cursor() const { return stream::to_text(x_cursor); }

  // Gaps of partitions that have no entry at all to say it with.
  json::array silent_gaps() {
    json::array gaps;
    for (Part& part : x_parts) {
      if (!part.gap.empty()) gaps.push_back(gap_json(part, nullptr));
    }
    return gaps;
  }

 private:
  struct Part {
    PartitionId partition;
    std::unique_ptr<log::Reader> reader;
    Offset end;
    std::string gap;  // why entries are missing in front of the next one; empty: none are
  };

  std::optional<http::Response> open_part(const std::string& topic, PartitionId partition,
                                          const std::optional<stream::Cursor>& from) {
    const auto range = x_context.log.range(topic, partition);
    if (!range) return wrong(503, "the log does not answer", range.error().message);
    Part part{partition, nullptr, range->end, {}};
    Offset start = range->first;
    if (from) {
      const Offset wanted = from->next[partition.value()];
      if (from->log_id != x_cursor.log_id || wanted > range->end) part.gap = "other_log";
      else if (wanted < range->first) part.gap = "retention";
      else start = wanted;
    }
    auto reader = x_context.log.read(topic, partition, start);
    if (!reader) return wrong(503, "the log does not answer", reader.error().message);
    part.reader = std::move(*reader);
    x_cursor.next[partition.value()] = start;
    x_parts.push_back(std::move(part));
    return std::nullopt;
  }

  bool fell_behind(Part& part) {
    const auto range = x_context.log.range(topics::subscriber(x_subscriber), part.partition);
    if (!range || part.reader->position() >= range->first) return false;
    part.reader->seek(range->first);
    part.gap = "retention";
    return true;
  }

  json::object gap_json(const Part& part, const json::value& first_number) const {
    return {{"subscriber", x_subscriber}, {"partition", part.partition.value()}, {"reason", part.gap}, {"first_number", first_number}};
  }

  void take(Part& part, const log::Entry& raw, std::vector<Item>& items) {
    x_cursor.next[part.partition.value()] = raw.offset.next();
    const auto entry = wire::decode_feed_entry(raw.value);
    if (!entry) return;
    Item item{std::nullopt, to_json(*entry, *x_context.reference.get()), stream::to_text(x_cursor)};
    if (!part.gap.empty()) item.gap = gap_json(part, entry->number);
    part.gap.clear();
    items.push_back(std::move(item));
  }

  Context& x_context;
  std::string x_subscriber;
  stream::Cursor x_cursor;
  std::vector<Part> x_parts;
};

asio::awaitable<http::Response> page(std::shared_ptr<EntryReader> reader, std::size_t limit) {
  const auto strand = co_await asio::this_coro::executor;
  const auto wakeup = std::make_shared<stream::Wakeup>(strand);
  const auto deadline = stream::Wakeup::Clock::now() + kPageWait;
  json::array entries, gaps;
  for (;;) {
    auto items = reader->poll(limit - entries.size());
    if (!items) co_return wrong(503, "the log does not answer", items.error().message);
    for (Item& item : *items) {
      if (item.gap) gaps.push_back(std::move(*item.gap));
      item.entry["cursor"] = item.cursor;
      entries.push_back(std::move(item.entry));
    }
    if (entries.size() >= limit || reader->at_end() || stream::Wakeup::Clock::now() >= deadline) break;
    reader->wake_when_ready(wakeup);
    co_await wakeup->wait_until(deadline);
  }
  for (json::value& gap : reader->silent_gaps()) gaps.push_back(std::move(gap));
  co_return answer(200, json::object{{"entries", std::move(entries)}, {"next", reader->cursor()}, {"gaps", std::move(gaps)}});
}

// One place among the followers.
class Follower {
 public:
  Follower(Context& context, http::Request request, stream::Places::Place place)
      : x_context(context), x_request(std::move(request)), x_place(std::move(place)) {
    x_context.metrics.subscriber_clients.add(1);
  }
  ~Follower() { x_context.metrics.subscriber_clients.add(-1); }
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  // A stream outlives many requests: whose token was revoked since gets no more.
  bool may_stay() {
    if (stream::Wakeup::Clock::now() < x_next_look) return true;
    x_next_look = stream::Wakeup::Clock::now() + x_context.config.stream_recheck;
    return std::holds_alternative<auth::Caller>(x_context.gate.admit_subscriber(x_request, x_request.param("id")));
  }

 private:
  Context& x_context;
  http::Request x_request;
  stream::Places::Place x_place;
  stream::Wakeup::Clock::time_point x_next_look = stream::Wakeup::Clock::now() + x_context.config.stream_recheck;
};

asio::awaitable<void> follow(std::shared_ptr<EntryReader> reader, std::shared_ptr<Follower> follower, http::StreamWriter& writer) {
  const auto strand = co_await asio::this_coro::executor;
  const auto wakeup = std::make_shared<stream::Wakeup>(strand);
  std::string begin = ": " + reader->cursor() + "\n\n";
  if (reader->at_end()) {
    // Nothing is left to say it with; it is said again, with the number, in front of the next entry.
    for (const json::value& gap : reader->silent_gaps()) stream::add_event(begin, "gap", http::serialize(gap));
  }
  if (!co_await writer.write(begin)) co_return;
  for (;;) {
    const auto items = reader->poll(kPageMax);
    if (!items) co_return;
    std::string text;
    for (const Item& item : *items) {
      if (item.gap) stream::add_event(text, "gap", http::serialize(*item.gap));
      stream::add_event(text, "entry", http::serialize(item.entry), item.cursor);
    }
    if (text.empty()) {
      reader->wake_when_ready(wakeup);
      co_await wakeup->wait_until(stream::Wakeup::Clock::now() + kAlive);
      text = ": alive\n\n";
    }
    const auto cancelled = co_await asio::this_coro::cancellation_state;
    if (cancelled.cancelled() != asio::cancellation_type::none || !follower->may_stay()) co_return;
    if (!co_await writer.write(text)) co_return;
  }
}

// One follower of each subscriber always finds a place; one takes at most a quarter of them.
stream::Places::Wish wish_of(const Context& context, std::string_view subscriber, const accounts::Principal& who) {
  const std::size_t all = context.config.subscriber_clients_max;
  const std::size_t reserved = who.has(accounts::RoleKind::Subscriber, subscriber) ? 1 : 0;
  return {who.name + " follows " + std::string(subscriber), std::max<std::size_t>(1, all / 4), "subscriber", all, reserved};
}

asio::awaitable<http::Reply> entries(Context& context, const http::Request& request) {
  auto caller = context.gate.admit_subscriber(request, request.param("id"));
  if (auto* refused = std::get_if<http::Response>(&caller)) co_return std::move(*refused);
  std::string_view after = request.header("last-event-id");
  if (after.empty()) after = request.query_value("after").value_or("");
  const auto reader = std::make_shared<EntryReader>(context, std::string(request.param("id")));
  if (auto failed = reader->open(after)) co_return std::move(*failed);
  if (const auto text = request.query_value("limit")) {
    std::size_t limit = kPageUsual;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), limit);
    if (error != std::errc() || end != text->data() + text->size() || limit == 0) {
      co_return wrong(400, "malformed parameter", "limit is a whole number from 1", "limit", *text);
    }
    co_return co_await page(reader, std::min(limit, kPageMax));
  }
  auto place = context.places.take(wish_of(context, request.param("id"), std::get<auth::Caller>(caller).who));
  if (!place) {
    co_return wrong(503, "too many followers", "as many follow as may at a time; try again, or ask for pages with ?limit=");
  }
  http::Stream reply;
  reply.headers = {{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}};
  reply.run = [reader, place = std::make_shared<Follower>(context, request, std::move(place))](http::StreamWriter& writer) {
    return follow(reader, place, writer);
  };
  co_return reply;
}

}  // namespace

void add_subscription_route(Routes& routes, Context& context) {
  routes.add("GET", "/v1/subscriptions/{id}/entries", [&context](const http::Request& request) {
    return entries(context, request);
  });
}

}  // namespace ioc::desk::api
