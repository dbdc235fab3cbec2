#include "services/ingest/intake.h"

#include <algorithm>
#include <atomic>

#include "libs/domain/topics.h"
#include "libs/domain/wire.h"
#include "libs/text/mask.h"
#include "services/ingest/event_time.h"
#include "services/ingest/hide.h"
#include "services/ingest/raw_text.h"

namespace ioc::ingest {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;

void append_part(std::string& out, std::string_view part) {
  out.append(std::to_string(part.size())).append(":").append(part);
}

// What the event is, without anything that depends on when or how it came: neither receive time nor flags, and texts
// before masking.
std::string content_of(const Parsed& parsed, const SourceId& source) {
  Event event = parsed.event;
  event.id = EventId();
  event.source = source;
  event.flags.clear();
  event.value_flags.clear();
  event.value_flags_more = 0;
  event.revision = 0;
  event.received_at = WallTime();
  event.occurred_at = EventTime::from_ms(parsed.own_time_ms.value_or(0));
  std::string out;
  append_part(out, wire::encode(event));
  for (const auto& part : parsed.further_content) append_part(out, part);
  return out;
}

bool fits(const std::string& rule, std::string_view value) { return rule.empty() || rule == value; }

}  // namespace

Intake::Intake(const Config& config, const config::Deployment& deployment, std::string identity_key, log::Log& log,
               ProtectedStore& store, const Metrics& metrics, const Danger& danger)
    : x_config(config),
      x_areas(deployment.areas_or_default()),
      x_identity(std::move(identity_key)),
      x_log(log),
      x_store(store),
      x_metrics(metrics),
      x_danger(danger) {}

Sender Intake::sender(std::string_view token, Feed feed) const {
  Sender out;
  out.token = std::string(token);
  const std::string_view feed_name = name_of(feed);
  const auto& replayers = x_config.replay_tokens;
  out.replay = !token.empty() && std::find(replayers.begin(), replayers.end(), token) != replayers.end();
  // Ids are the sender's own: of two that number their reports alike, neither may overwrite the other's.
  out.source = token.empty() ? SourceId(feed_name) : SourceId(std::string(feed_name).append("/").append(token));
  out.partition = PartitionId(static_cast<std::uint32_t>(x_areas.front().partition));
  for (const auto& rule : x_config.sources) {
    if (!fits(rule.token, token) || !fits(rule.feed, feed_name)) continue;
    if (!rule.source.empty()) out.source = SourceId(rule.source);
    out.replay = out.replay || rule.replay;
    for (const auto& area : x_areas)
      if (area.id == rule.area) out.partition = PartitionId(static_cast<std::uint32_t>(area.partition));
    break;
  }
  return out;
}

void Intake::identify(Parsed& parsed, const Sender& sender) const {
  Event& event = parsed.event;
  event.source = sender.source;
  const std::string content = content_of(parsed, sender.source);
  const std::string revision = parsed.revision_is_identity ? Identity::sequence_revision(event.revision, parsed.own_time_ms)
                                                           : "h" + x_identity.content_hash(content);
  if (event.object.empty()) event.object = x_identity.object_from(content);
  event.id = x_identity.event_id(event.feed, event.source, event.object, revision, parsed.own_time_ms);
  // No part of the content, so that ids stay what they are.
  if (auto* alert = std::get_if<CameraAlert>(&event.body)) alert->unique_id = parsed.unique_id;
}

Prepared Intake::prepare(const Format& format, const Sender& sender, std::string_view payload, WallTime now,
                         const Origin& origin) const {
  ParseResult result = parse_bytes(format, payload, context());
  const std::string_view path = origin.topic.empty() ? format.path : format.name;
  if (auto* refusal = std::get_if<Refusal>(&result))
    return refuse(std::move(*refusal), name_of(format.feed), path, sender, payload, now, origin);
  auto& parsed = std::get<Parsed>(result);
  parsed.event.feed = format.feed;
  identify(parsed, sender);
  if (auto refusal = set_times(parsed, sender.replay, x_config.times, now))
    return refuse(std::move(*refusal), name_of(format.feed), path, sender, payload, now, origin);
  Prepared out;
  hide_personal(parsed.event, x_identity);
  // Of the text as triage will see it, so that notice and alarm agree.
  out.danger = speaks_of_danger(sender.partition, parsed.event, payload);
  out.source = sender.source;
  out.value_flags = parsed.event.value_flags;
  out.event = parsed.event.id;
  out.feed = std::string(name_of(format.feed));
  out.payload_bytes = payload.size();
  out.item.ref = x_identity.payload_ref(out.event.str());
  const auto days = static_cast<std::int64_t>(x_config.protected_store.retention.days_of(format.feed));
  out.item.record = {now, now + Millis(days * kDayMs), out.event.str(), sender.token, std::string(format.name),
                     std::string(payload), std::move(parsed.reporter), std::move(parsed.plates)};
  out.output = {std::string(topics::kEvents), sender.partition, {}};
  out.output.message.key = sender.source.str();
  out.output.message.value = wire::encode(Record(std::move(parsed.event)));
  return out;
}

bool Intake::raw_speaks_of_danger(PartitionId partition, std::string_view payload) const {
  return x_danger.speaks_of_danger(partition, "", readable_text(payload));
}

// A text that was cut or left out is judged by the payload.
bool Intake::speaks_of_danger(PartitionId partition, const Event& event, std::string_view payload) const {
  const auto* report = std::get_if<CitizenReport>(&event.body);
  if (report == nullptr) return false;
  if (x_danger.speaks_of_danger(partition, report->title, report->text)) return true;
  const auto of_text = [](const ValueFlag& flag) {
    return (flag.field == "text" || flag.field == "title") && flag.reason != ValueReason::Converted;
  };
  return std::any_of(event.value_flags.begin(), event.value_flags.end(), of_text) && raw_speaks_of_danger(partition, payload);
}

Prepared Intake::refuse(Refusal refusal, std::string_view feed, std::string_view path, const Sender& sender,
                        std::string_view payload, WallTime now, const Origin& origin) const {
  Prepared out;
  out.danger = raw_speaks_of_danger(sender.partition, payload);
  out.feed = std::string(feed);
  out.source = sender.source;
  out.payload_bytes = payload.size();
  out.dead_letter = x_identity.dead_letter_id(path, sender.token, payload);
  out.item.ref = x_identity.payload_ref(out.dead_letter);
  const auto days = static_cast<std::int64_t>(x_config.protected_store.retention.dead_letters_days);
  out.item.record = {now, now + Millis(days * kDayMs), out.dead_letter, sender.token, std::string(path),
                     std::string(payload), "", {}};
  DeadLetter letter;
  letter.id = out.dead_letter;
  letter.feed = out.feed;
  letter.stage = "ingest";
  letter.reason = refusal.reason;
  letter.field = refusal.field;
  letter.limit = refusal.limit;
  letter.detail = refusal.detail;
  letter.payload_ref = out.item.ref;
  letter.origin_topic = origin.topic;
  letter.origin_partition = origin.partition;
  letter.origin_offset = origin.offset;
  letter.at = now;
  letter.path = text::mask_personal(path).text;
  out.output = {std::string(topics::kDeadLetters), sender.partition, {}};
  out.output.message.key = out.feed;
  out.output.message.value = wire::encode(letter);
  out.refusal = std::move(refusal);
  return out;
}

namespace {

// Joins the answers of many appends.
struct Appending {
  explicit Appending(std::size_t count, std::function<void(Intake::Outcomes)> done_in)
      : outcomes(count), left(count), done(std::move(done_in)) {}
  Intake::Outcomes outcomes;
  std::atomic<std::size_t> left;
  std::function<void(Intake::Outcomes)> done;

  void arrived(std::size_t index, Result<void> outcome) {
    outcomes[index] = std::move(outcome);
    if (left.fetch_sub(1, std::memory_order_acq_rel) == 1) done(std::move(outcomes));
  }
};

constexpr std::chrono::seconds kHeldAgainst{5};

}  // namespace

void LogTrouble::note(const Result<void>& outcome) {
  const bool refused = outcome.has_error() && outcome.error().kind == ErrorKind::Transient;
  if (!refused && !x_refused) return;
  const std::lock_guard lock(x_mutex);
  x_refused = refused;
  x_message = refused ? outcome.error().message : "";
  x_at = std::chrono::steady_clock::now();
}

std::string LogTrouble::because() const {
  if (!x_refused) return {};
  const std::lock_guard lock(x_mutex);
  return std::chrono::steady_clock::now() - x_at < kHeldAgainst ? x_message : "";
}

std::string Intake::not_durable_because() const {
  if (const std::string because = x_store.not_writable_because(); !because.empty()) return "payloads cannot be stored: " + because;
  const std::string because = x_log_trouble->because();
  return because.empty() ? "" : "the log takes no events: " + because;
}

void Intake::store(std::vector<Prepared> messages, std::function<void(Outcomes)> done) {
  if (messages.empty()) return done({});
  std::vector<ProtectedStore::Item> items;
  auto outputs = std::make_shared<std::vector<log::Output>>();
  items.reserve(messages.size());
  outputs->reserve(messages.size());
  for (auto& message : messages) {
    items.push_back(std::move(message.item));
    outputs->push_back(std::move(message.output));
  }
  x_store.put(std::move(items), [this, outputs, done = std::move(done)](const Result<void>& stored) {
    if (stored.has_error()) return done(Outcomes(outputs->size(), stored));
    auto appending = std::make_shared<Appending>(outputs->size(), done);
    const auto trouble = x_log_trouble;
    for (std::size_t i = 0; i < outputs->size(); ++i) {
      auto& output = (*outputs)[i];
      x_log.append(output.topic, output.partition, std::move(output.message), [appending, trouble, i](const Result<Offset>& at) {
        const Result<void> outcome = at.has_error() ? Result<void>(at.error()) : Result<void>();
        trouble->note(outcome);
        appending->arrived(i, outcome);
      });
    }
  });
}

void Intake::count(const Prepared& message, const Result<void>& outcome) const {
  if (outcome.has_error()) return x_metrics.unavailable(message.feed, "not_durable");
  if (message.refusal) return x_metrics.refused(message.feed, message.refusal->reason, message.payload_bytes);
  const auto feed = feed_named(message.feed);
  if (!feed) return;
  x_metrics.accepted(*feed, message.payload_bytes);
  for (const ValueFlag& flag : message.value_flags) x_metrics.value_flagged(*feed, message.source.str(), flag);
  x_metrics.last_event(*feed, static_cast<double>(wall_now().ms()) / 1000);
}

}  // namespace ioc::ingest
