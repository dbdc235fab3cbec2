// GET /v1/stream: first what the client lacks, then what is published. The order keeps it whole: the client is added to
// the live picture before the backlog is read, so what happens in between reaches it twice at worst, never not.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "services/desk/api/context.h"
#include "services/desk/api/json.h"
#include "services/desk/api/standing.h"
#include "services/desk/auth/cookie.h"
#include "services/desk/stream/sse.h"

namespace ioc::desk::api {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

constexpr std::size_t kChunkBytes = 64 << 10;
constexpr std::size_t kWallPlacesMin = 4;

using Incidents = std::vector<std::shared_ptr<const Incident>>;
using Missed = std::vector<std::pair<view::Place, std::shared_ptr<const Incident>>>;

// A client's stay: it leaves the live picture when nobody holds this any more, started or not.
class Guest {
 public:
  Guest(Context& context, std::shared_ptr<stream::Client> client, http::Request request, stream::Places::Place place)
      : x_context(context), x_client(std::move(client)), x_request(std::move(request)), x_place(std::move(place)) {}
  ~Guest() { x_context.live.leave(x_client); }
  Guest(const Guest&) = delete;
  Guest& operator=(const Guest&) = delete;

  asio::awaitable<void> run(http::StreamWriter& writer) {
    bool written = false;
    if (x_missed) {
      written = co_await resume(writer);
    } else {
      written = co_await snapshot(writer);
    }
    if (!written) co_return;
    const std::string all = standing();
    if (!co_await writer.write(all)) co_return;
    auto next_look = stream::Wakeup::Clock::now() + x_context.config.stream_recheck;
    while (const auto frames = co_await x_client->next()) {
      // A stream outlives many requests: who was revoked or logged out since is not shown more.
      if (stream::Wakeup::Clock::now() >= next_look) {
        if (!std::holds_alternative<auth::Caller>(x_context.gate.admit(x_request, auth::Need::Wall))) co_return;
        next_look += x_context.config.stream_recheck;
      }
      if (!co_await writer.write(frames->of(x_client->audience()))) co_return;
    }
    if (x_client->dropped()) x_context.metrics.stream_dropped.add();
  }

  // false: as many follow already as may.
  bool join(std::string_view last_id) {
    const auto joined = x_context.live.join(x_client, false, x_context.config.stream_clients_max);
    if (!joined) return false;
    x_from = stream::cursor_of(last_id, joined->cursor.next.size());
    if (x_from && can_resume(*x_from, joined->cursor)) x_missed = missed(*x_from);
    if (x_missed) return true;
    x_context.live.leave(x_client);
    auto whole = x_context.live.join(x_client, true, x_context.config.stream_clients_max);
    if (!whole) return false;
    x_from = std::move(whole->cursor);
    x_open = std::move(whole->open);
    std::sort(x_open.begin(), x_open.end(), [](const auto& a, const auto& b) { return a->opened_at < b->opened_at; });
    return true;
  }

 private:
  static bool can_resume(const stream::Cursor& from, const stream::Cursor& now) {
    if (from.log_id != now.log_id) return false;
    for (std::size_t i = 0; i < now.next.size(); ++i) {
      if (from.next[i] > now.next[i]) return false;  // ahead of us: the view is being built again
    }
    return true;
  }

  // nullopt: so many that a snapshot is the shorter way.
  std::optional<Missed> missed(const stream::Cursor& from) const {
    Missed all;
    for (std::uint32_t i = 0; i < from.next.size(); ++i) {
      x_context.tables.changed_since({PartitionId(i), from.next[i]}, [&](view::Place place, auto incident) {
        all.emplace_back(place, std::move(incident));
        return all.size() <= x_context.config.stream_resume_max;
      });
      if (all.size() > x_context.config.stream_resume_max) return std::nullopt;
    }
    return all;
  }

  std::string text_of(const Incident& incident) const {
    return http::serialize(to_json(incident, *x_context.reference.get(), x_client->audience()));
  }

  asio::awaitable<bool> resume(http::StreamWriter& writer) {
    std::string chunk;
    for (const auto& [place, incident] : *x_missed) {
      x_from->next[place.partition.value()] = place.offset.next();
      stream::add_event(chunk, "incident", text_of(*incident), stream::to_text(*x_from));
      if (chunk.size() < kChunkBytes) continue;
      if (!co_await writer.write(chunk)) co_return false;
      chunk.clear();
    }
    x_missed->clear();
    if (chunk.empty()) co_return true;
    co_return co_await writer.write(chunk);
  }

  // Only its last event has an id: who loses the connection half-way must not resume behind what it did not get.
  asio::awaitable<bool> snapshot(http::StreamWriter& writer) {
    const std::string id = stream::to_text(*x_from);
    std::string chunk;
    stream::add_event(chunk, "reset", http::serialize(json::object{{"incidents", x_open.size()}}), x_open.empty() ? id : "");
    for (auto& incident : x_open) {
      stream::add_event(chunk, "incident", text_of(*incident), &incident == &x_open.back() ? id : "");
      incident.reset();
      if (chunk.size() < kChunkBytes) continue;
      if (!co_await writer.write(chunk)) co_return false;
      chunk.clear();
    }
    x_open.clear();
    if (chunk.empty()) co_return true;
    co_return co_await writer.write(chunk);
  }

  // What has no cursor and is sent whole.
  std::string standing() const {
    std::string text = Standing(x_context.live, x_context.reference, x_context.config).whole();
    stream::add_event(text, "clock", http::serialize(clock_json(x_context, wall_now())));
    return text;
  }

  Context& x_context;
  std::shared_ptr<stream::Client> x_client;
  http::Request x_request;
  stream::Places::Place x_place;
  std::optional<stream::Cursor> x_from;
  std::optional<Missed> x_missed;
  Incidents x_open;
};

// Walls take at most three quarters of all places, so that operators always find one; one token or link of a wall takes a sixteenth.
stream::Places::Wish wish_of(const Context& context, const http::Request& request, const auth::Caller& caller) {
  const std::size_t all = context.config.stream_clients_max;
  const bool wall = auth::audience_of(caller.who) == stream::Audience::Kiosk;
  // Walls that came by a link are all called the same.
  const std::string session = wall && caller.by_cookie ? auth::session_cookie(request).value_or("") : "";
  return {caller.who.name + " " + session, wall ? std::max(kWallPlacesMin, all / 16) : all, wall ? "wall" : "staff", wall ? all - all / 4 : all, 0};
}

asio::awaitable<http::Reply> follow(Context& context, const http::Request& request) {
  auto caller = context.gate.admit(request, auth::Need::Wall);
  if (auto* refused = std::get_if<http::Response>(&caller)) co_return std::move(*refused);
  std::string_view last_id = request.header("last-event-id");
  if (last_id.empty()) last_id = request.query_value("after").value_or("");
  const auto strand = co_await asio::this_coro::executor;
  const auto client = std::make_shared<stream::Client>(strand, auth::audience_of(std::get<auth::Caller>(caller).who),
                                                       context.config.stream_queue_bytes_max);
  auto place = context.places.take(wish_of(context, request, std::get<auth::Caller>(caller)));
  if (!place) co_return wrong(503, "too many streams of this kind of caller", "close a page that is not needed, or try again");
  const auto guest = std::make_shared<Guest>(context, client, request, std::move(place));
  // By reference, and with a name: GCC 12 destroys a temporary lambda's captures twice in an awaited call.
  const auto join = [&guest, &last_id]() -> asio::awaitable<bool> { co_return guest->join(last_id); };
  if (!co_await asio::co_spawn(context.backlog.get_executor(), join, asio::use_awaitable)) co_return wrong(503, "too many streams", "close a page that is not needed, or try again");
  http::Stream reply;
  reply.headers = {{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}};
  reply.run = [guest](http::StreamWriter& writer) { return guest->run(writer); };
  co_return reply;
}

}  // namespace

void add_stream_route(Routes& routes, Context& context) {
  routes.add("GET", "/v1/stream", [&context](const http::Request& request) { return follow(context, request); });
}

}  // namespace ioc::desk::api
