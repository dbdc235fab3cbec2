#include "libs/triage/machine.h"

#include <algorithm>
#include <cstring>

#include "libs/base/assert.h"
#include "libs/base/hash.h"
#include "libs/domain/wire.h"
#include "libs/text/utf8.h"
#include "libs/triage/codec.h"
#include "libs/triage/commands/commands.h"
#include "libs/triage/stages/clock_back.h"
#include "libs/triage/stages/deadlines.h"
#include "libs/triage/stages/stage.h"

namespace ioc::triage {
namespace {

constexpr std::string_view kMetaKey = "machine";
constexpr std::uint64_t kLayout = 2;
constexpr std::size_t kIdBytesMax = 256, kObjectBytesMax = 3 * kIdBytesMax;
constexpr std::int64_t kHourMs = 3'600'000;

struct Meta {
  LogTime log_time;
  Offset next_offset;
  std::uint64_t running_hash = 0, opened_count = 0;
  std::uint32_t behaviour = kBehaviourOldest;
  std::string bundle;
};

std::string encode_meta(const Meta& meta) {
  Writer out;
  out.number(kLayout);
  out.signed_number(meta.log_time.ms());
  out.number(meta.next_offset.value());
  out.number(meta.running_hash);
  out.number(meta.opened_count);
  out.number(meta.behaviour);
  out.text(meta.bundle);
  return out.take();
}

std::optional<Meta> decode_meta(std::string_view bytes) {
  Reader in(bytes);
  Meta meta;
  if (in.number() != kLayout) return std::nullopt;
  meta.log_time = LogTime::from_ms(in.signed_number());
  meta.next_offset = Offset(in.number());
  meta.running_hash = in.number();
  meta.opened_count = in.number();
  meta.behaviour = static_cast<std::uint32_t>(in.number());
  meta.bundle = in.text();
  return in.complete() ? std::optional(meta) : std::nullopt;
}

bool good_text(std::string_view text, std::size_t bytes_max) {
  return text.size() <= bytes_max && text.find('\0') == std::string_view::npos;
}

// Most texts are ASCII: eight bytes at a time before looking closer.
bool is_utf8(std::string_view text) {
  std::size_t at = 0;
  for (std::uint64_t word = 0; at + 8 <= text.size(); at += 8) {
    std::memcpy(&word, text.data() + at, 8);
    if ((word & 0x8080808080808080ULL) != 0) return text::valid_utf8(text.substr(at));
  }
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at == text.size() || text::valid_utf8(text.substr(at));
}

// Ingest has checked it; but what is not UTF-8 could be written to the state and not be read again.
std::string_view not_utf8(const Event& event) {
  const auto all = [](std::initializer_list<std::string_view> texts) {
    return std::all_of(texts.begin(), texts.end(), is_utf8);
  };
  if (!all({event.id.str(), event.source.str(), event.object.str()})) return "id";
  bool good = true;
  if (const auto* report = std::get_if<CitizenReport>(&event.body)) {
    good = all({report->title, report->text, report->category, report->address});
  } else if (const auto* alert = std::get_if<CameraAlert>(&event.body)) {
    good = all({alert->camera, alert->kind, alert->zone});
  } else if (const auto* passage = std::get_if<CheckpointPassage>(&event.body)) {
    good = all({passage->checkpoint});
  } else if (const auto* status = std::get_if<CheckpointStatus>(&event.body)) {
    good = all({status->checkpoint});
  } else if (const auto* mention = std::get_if<OnlineMention>(&event.body)) {
    good = all({mention->topic, mention->link});
    for (const std::string& place : mention->places) good = good && all({place});
  }
  return good ? std::string_view() : std::string_view("text");
}

// What ids must be so that they can be keys: nothing else of an event can hurt.
std::string_view bad_field(const Event& event) {
  if (event.id.empty() || !good_text(event.id.str(), kIdBytesMax)) return "id";
  if (!good_text(event.source.str(), kIdBytesMax)) return "source";
  if (!good_text(event.object.str(), kObjectBytesMax)) return "object_id";
  const std::string* sensor = nullptr;
  if (const auto* alert = std::get_if<CameraAlert>(&event.body)) sensor = &alert->camera;
  if (const auto* passage = std::get_if<CheckpointPassage>(&event.body)) sensor = &passage->checkpoint;
  if (const auto* status = std::get_if<CheckpointStatus>(&event.body)) sensor = &status->checkpoint;
  if (const auto* mention = std::get_if<OnlineMention>(&event.body)) sensor = &mention->topic;
  if (sensor && !good_text(*sensor, kIdBytesMax)) return "sensor";
  if (const auto* alert = std::get_if<CameraAlert>(&event.body)) {
    if (!good_text(alert->kind, kIdBytesMax) || !good_text(alert->zone, kIdBytesMax)) return "kind";
  }
  return {};
}

std::string versions_for(std::uint32_t wanted) {
  return "behaviour version " + std::to_string(wanted) + ", and this binary runs " + std::to_string(kBehaviourOldest) + " to " +
         std::to_string(kBehaviourVersion) + "; start a release that runs " + std::to_string(wanted) +
         (wanted > kBehaviourVersion ? ": a newer one" : ": an older one, and activate a later version there first");
}

// Whether one of its fields is an activation. Few records are: this is asked of every one before it is stepped.
bool may_activate(std::string_view record) {
  constexpr std::uint64_t kActivation = 5, kBytes = 2;
  const auto varint = [&record]() -> std::optional<std::uint64_t> {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !record.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(record.front());
      record.remove_prefix(1);
      value |= std::uint64_t(byte & 0x7fU) << shift;
      if (byte < 0x80) return value;
    }
    return std::nullopt;
  };
  while (!record.empty()) {
    const auto tag = varint();
    const auto size = tag && (*tag & 7) == kBytes ? varint() : std::nullopt;
    if (!size || *size > record.size() || *tag >> 3 == kActivation) return true;
    record.remove_prefix(*size);
  }
  return false;
}

std::optional<Activation> activation_in(std::string_view record) {
  if (!may_activate(record)) return std::nullopt;
  auto decoded = wire::decode_record(record);
  if (!decoded) return std::nullopt;
  auto* activation = std::get_if<Activation>(&decoded.value());
  return activation ? std::optional(std::move(*activation)) : std::nullopt;
}

}  // namespace

struct Machine::Impl {
  Impl(PartitionId partition, std::uint32_t partitions, const StateView& stored, BundleSource source)
      : context(partition, partitions, stored), find_bundle(std::move(source)) {}

  void use_bundle(std::shared_ptr<const Bundle> bundle);
  void advance_window();
  void fire_due(LogTime until);
  bool fire_next(std::int64_t until_ms);
  void dispatch(const Input& input);
  void refuse(const Event& event, Reason reason, std::string_view field, std::string detail);
  void take_event(const Event& event, std::uint32_t hop);
  void take_command(const Command& command);
  void take_transfer(const Transfer& transfer);
  void take_activation(const Activation& activation);
  void take_relocation(const Relocation& relocation);
  void expire();
  void unpark();

  Context context;
  BundleSource find_bundle;
  Meta meta;
  std::int64_t window_hour = -1;
};

void Machine::Impl::use_bundle(std::shared_ptr<const Bundle> bundle) {
  context.bundle = std::move(bundle);
  context.out.set_bundle(context.bundle->short_hash());
  context.objects.set_cached_max(context.bundle->limits.deduplicate.objects_cached);
  window_hour = -1;
}

// Memory of seen ids moves by the hour.
void Machine::Impl::advance_window() {
  const std::int64_t hour = context.now.ms() / kHourMs;
  const DeduplicateLimits& limits = context.bundle->limits.deduplicate;
  if (hour == window_hour && context.seen.size() <= limits.ids_max) return;
  window_hour = hour;
  context.seen.advance(context.now, limits.window.count() / kHourMs, limits.remembered.count() / kHourMs, limits.ids_max);
}

// The one clock that is next, in order of due time, id, kind. False: none is due by then.
bool Machine::Impl::fire_next(std::int64_t until_ms) {
  OpenIncident* incident = context.book.next_due();
  const auto checkpoint = context.checkpoints.next_due(until_ms, context.silent_after());
  const auto archiving = next_archive(context, until_ms);
  std::tuple<std::int64_t, std::string_view, int> first{until_ms + 1, "", 0};
  if (incident) first = std::min(first, {incident->timer_ms, incident->shown.id.str(), 0});
  if (checkpoint) first = std::min(first, {checkpoint->at_ms, checkpoint->id, 1});
  if (archiving) first = std::min(first, {archiving->at_ms, archiving->incident.str(), 2});
  if (std::get<0>(first) > until_ms) return false;
  context.now = std::max(context.now, LogTime::from_ms(std::get<0>(first)));
  context.out.set_now(context.now);
  switch (std::get<2>(first)) {
    case 0: fire_clocks(context, *incident); break;
    case 1:
      context.checkpoints.stop_clock(*checkpoint);
      fire_silence(context, checkpoint->id);
      break;
    default: archive(context, *archiving); break;
  }
  context.finish();
  return true;
}

void Machine::Impl::fire_due(LogTime until) {
  context.out.set_firing(true);
  while (fire_next(until.ms())) {
  }
  context.out.set_firing(false);
  context.now = until;
  context.out.set_now(until);
}

// The event is named as far as its id can be written.
void Machine::Impl::refuse(const Event& event, Reason reason, std::string_view field, std::string detail) {
  EventId id = event.id;
  if (id.empty() || !good_text(id.str(), kIdBytesMax) || !text::valid_utf8(id.str())) {
    id = EventId("unusable-" + std::to_string(context.out.offset().value()));
  }
  context.out.dead_letter(reason.text(), field, std::move(detail), id, name_of(event.feed));
  Decision decision;
  decision.kind = DecisionKind::DeadLetter;
  decision.event = id;
  decision.feed = event.feed;
  context.out.decide(reason, std::move(decision));
}

void Machine::Impl::take_event(const Event& event, std::uint32_t hop) {
  ++context.stats.events;
  if (const std::string_view field = bad_field(event); !field.empty()) {
    return refuse(event, "unusable_id", field, "an id is empty, too long, or holds a zero byte");
  }
  if (const std::string_view field = not_utf8(event); !field.empty()) {
    return refuse(event, "not_utf8", field, "a text is not UTF-8");
  }
  Work work(event, hop);
  run_stages(context, work);
}

void Machine::Impl::take_command(const Command& command) {
  ++context.stats.commands;
  if (!command.id.empty() && good_text(command.id.str(), kIdBytesMax)) return run_command(context, command);
  context.out.dead_letter("unusable_id", "id", "a command's id is empty, too long, or holds a zero byte", {}, "");
  Decision decision;
  decision.kind = DecisionKind::DeadLetter;
  decision.event = EventId("unusable-" + std::to_string(context.out.offset().value()));
  context.out.decide("unusable_command_id", std::move(decision));
}

void Machine::Impl::take_transfer(const Transfer& transfer) {
  ++context.stats.transfers;
  if (!bad_field(transfer.event).empty() || !not_utf8(transfer.event).empty()) return take_event(transfer.event, transfer.hop);
  Decision decision;
  decision.kind = DecisionKind::Received;
  decision.event = transfer.event.id;
  decision.feed = transfer.event.feed;
  decision.details = {{"from_area", transfer.from_area.str()}, {"from_partition", std::to_string(transfer.from_partition.value())},
                      {"hop", std::to_string(transfer.hop)}};
  context.out.decide("handed_over", std::move(decision));
  take_event(transfer.event, transfer.hop);
}

// What another partition's triage wrote; bytes that somebody else wrote must not become keys.
void Machine::Impl::take_relocation(const Relocation& relocation) {
  ++context.stats.transfers;
  const auto is_time = [](std::int64_t ms) { return ms >= 0 && ms < std::int64_t{1} << 53U; };
  const auto usable = [&](const RelocatedMember& member) {
    return !member.event.empty() && good_text(member.event.str(), kIdBytesMax) && good_text(member.source.str(), kIdBytesMax) &&
           good_text(member.object.str(), kObjectBytesMax) && member.hop <= kHopsMax && is_time(member.newest_at.ms()) &&
           is_time(member.began_at.ms()) && is_time(member.silent_at.ms());
  };
  const bool good = !relocation.command.empty() && good_text(relocation.command.str(), kIdBytesMax) && relocation.part < relocation.parts &&
                    std::all_of(relocation.members.begin(), relocation.members.end(), usable);
  if (good) return receive_relocation(context, relocation);
  Event unusable;
  refuse(unusable, "unusable_id", "id", "an id of a relocation is empty, too long, or holds a zero byte");
}

// A little with each record; what is left is due still.
void Machine::Impl::expire() {
  constexpr std::size_t kMost = 500;
  context.expiry.run(context.now, kMost, [this](char kind, std::string_view key) {
    switch (kind) {
      case Expiry::kCommand: context.state.erase(Table::Other, key); break;
      case Expiry::kLink: context.objects.expire_link(key, context.now, context.bundle->limits.life.closed); break;
      case Expiry::kReport: context.objects.expire_report(key); break;
      case Expiry::kSpot: expire_spot(context, key); break;
      default: break;
    }
  });
}

// A few with each record, while there is room.
void Machine::Impl::unpark() {
  constexpr int kMost = 10;
  for (int i = 0; i < kMost && context.book.parked() > 0 && context.book.size() < context.bundle->limits.life.open_max; ++i) {
    OpenIncident* incident = context.book.unpark();
    if (!incident) continue;
    if (context.behaviour >= since::kFollowsLives) count_silence(context, *incident);
    context.touch(*incident, Change::Shown);
    Decision decision;
    decision.kind = DecisionKind::Parked;
    decision.incident = incident->shown.id;
    context.out.decide("room_again", std::move(decision));
    context.finish();
  }
}

void Machine::Impl::take_activation(const Activation& activation) {
  ++context.stats.activations;
  auto bundle = runs_behaviour(activation.behaviour_version) ? find_bundle(activation.bundle) : nullptr;
  Decision decision;
  decision.kind = DecisionKind::Activated;
  decision.actor = activation.activated_by;
  decision.details = {{"bundle", activation.bundle}, {"behaviour_version", std::to_string(activation.behaviour_version)}};
  if (!bundle) {
    // The owner makes sure of both beforehand (required_bundle, cannot_step); a record that slipped through changes nothing.
    context.out.dead_letter("cannot_activate", "bundle", "the bundle or the behaviour version is not there", {}, "");
    decision.kind = DecisionKind::DeadLetter;
    context.out.decide("cannot_activate", std::move(decision));
    return;
  }
  meta.bundle = activation.bundle;
  meta.behaviour = context.behaviour = activation.behaviour_version;
  use_bundle(std::move(bundle));
  context.checkpoints.restart_clocks(context.silent_after());
  if (context.behaviour >= since::kFollowsLives) context.book.for_each([this](OpenIncident& one) { count_silence(context, one); });
  context.out.decide("activated", std::move(decision));
}

void Machine::Impl::dispatch(const Input& input) {
  auto record = wire::decode_record(input.value);
  if (!record) {
    ++context.stats.undecodable;
    context.out.dead_letter("undecodable_record", "", record.error().message, {}, "");
    Decision decision;
    decision.kind = DecisionKind::DeadLetter;
    decision.event = EventId("undecodable-" + std::to_string(input.offset.value()));
    context.out.decide("undecodable_record", std::move(decision));
    return;
  }
  if (const auto* event = std::get_if<Event>(&record.value())) return take_event(*event, 0);
  if (const auto* command = std::get_if<Command>(&record.value())) return take_command(*command);
  if (const auto* transfer = std::get_if<Transfer>(&record.value())) return take_transfer(*transfer);
  if (const auto* activation = std::get_if<Activation>(&record.value())) return take_activation(*activation);
  if (const auto* relocation = std::get_if<Relocation>(&record.value())) return take_relocation(*relocation);
  ++context.stats.ticks;
}

Machine::Machine(PartitionId partition, std::uint32_t partitions, const StateView& stored, BundleSource bundle)
    : x_impl(std::make_unique<Impl>(partition, partitions, stored, std::move(bundle))) {}

Machine::~Machine() = default;

Result<void> Machine::load() {
  Context& context = x_impl->context;
  if (const auto bytes = context.state.get(Table::Meta, kMetaKey)) {
    const auto meta = decode_meta(*bytes);
    if (!meta) return corrupt("state table meta, key machine: damaged or of another layout; restore or rebuild the state");
    x_impl->meta = *meta;
  }
  const Meta& meta = x_impl->meta;
  if (!runs_behaviour(meta.behaviour)) return permanent("the stored state was made by " + versions_for(meta.behaviour));
  context.behaviour = meta.behaviour;
  if (!meta.bundle.empty()) {
    auto bundle = x_impl->find_bundle(meta.bundle);
    if (!bundle) return permanent("the active bundle " + meta.bundle + " is not there; wait for it or append it again");
    x_impl->use_bundle(std::move(bundle));
  }
  context.now = meta.log_time;
  context.book.opened_count = meta.opened_count;
  const DeduplicateLimits& limits = context.bundle->limits.deduplicate;
  context.seen.load(context.now, limits.window.count() / kHourMs, limits.remembered.count() / kHourMs, limits.ids_max);
  std::string bad_key;
  if (!context.book.load(context.now, bad_key)) {
    return corrupt("state table incidents, key " + bad_key + ": damaged; restore or rebuild the state");
  }
  context.book.for_each([&](OpenIncident& incident) { context.book.set_timer(incident, next_timer_ms(incident)); });
  if (!context.checkpoints.load(context.silent_after())) {
    return corrupt("state table other, checkpoints: damaged; restore or rebuild the state");
  }
  if (!context.out.load()) return corrupt("state table meta, waiting effects: damaged; restore or rebuild the state");
  return {};
}

void Machine::step(const Input& input, std::vector<Effect>& effects) {
  Impl& impl = *x_impl;
  Context& context = impl.context;
  IOC_ASSERT(input.offset >= impl.meta.next_offset);
  ++context.stats.records;
  impl.meta.running_hash = chain(impl.meta.running_hash, input.value);
  context.out.begin(input.offset, effects, impl.meta.running_hash);
  if (context.behaviour >= since::kFollowsClockBack && impl.meta.log_time - input.appended_at > kSetBack) {
    set_clock_back(context, input.appended_at);
    impl.meta.log_time = input.appended_at;
    impl.window_hour = -1;
  }
  impl.fire_due(std::max(impl.meta.log_time, input.appended_at));
  impl.advance_window();
  impl.expire();
  impl.unpark();
  impl.dispatch(input);
  context.finish();
  impl.meta.log_time = context.now;
  impl.meta.next_offset = input.offset.next();
}

void Machine::skip(const Input& input, const Skip& skip, std::vector<Effect>& effects) {
  Impl& impl = *x_impl;
  Context& context = impl.context;
  IOC_ASSERT(input.offset >= impl.meta.next_offset);
  ++context.stats.records;
  impl.meta.running_hash = chain(chain(impl.meta.running_hash, "skip"), input.value);
  context.out.begin(input.offset, effects, impl.meta.running_hash);
  context.out.set_now(context.now);
  const EventId event = skip.event.empty() ? EventId("skipped-" + std::to_string(input.offset.value())) : skip.event;
  context.out.dead_letter("skipped_by_operator", "", skip.reason, event, skip.feed);
  Decision decision;
  decision.kind = DecisionKind::DeadLetter;
  decision.event = event;
  decision.actor = skip.actor;
  decision.details = {{"reason", skip.reason}, {"offset", std::to_string(input.offset.value())}};
  context.out.decide("skipped_by_operator", std::move(decision));
  impl.meta.next_offset = input.offset.next();
}

void Machine::take_delta(std::vector<StateWrite>& delta) {
  Context& context = x_impl->context;
  Meta& meta = x_impl->meta;
  meta.opened_count = context.book.opened_count;
  context.state.put(Table::Meta, kMetaKey, encode_meta(meta));
  context.book.take_delta();
  context.checkpoints.take_delta();
  context.seen.take_delta(meta.next_offset.value());
  context.state.take(delta);
}

Offset Machine::next_offset() const { return x_impl->meta.next_offset; }
LogTime Machine::log_time() const { return x_impl->meta.log_time; }
std::uint64_t Machine::running_hash() const { return x_impl->meta.running_hash; }
bool Machine::effects_waiting() const { return x_impl->context.out.waiting(); }
std::string Machine::active_bundle() const { return x_impl->meta.bundle; }

std::optional<LogTime> Machine::next_due() const {
  std::optional<std::int64_t> earliest;
  if (const OpenIncident* incident = x_impl->context.book.next_due()) earliest = incident->timer_ms;
  if (const auto checkpoint = x_impl->context.checkpoints.earliest()) earliest = std::min(earliest.value_or(*checkpoint), *checkpoint);
  return earliest ? std::optional(LogTime::from_ms(*earliest)) : std::nullopt;
}

Stats& Machine::stats() {
  Context& context = x_impl->context;
  Stats& stats = context.stats;
  stats.open_incidents.clear();
  context.book.for_each([&](const OpenIncident& incident) {
    if (is_open(incident.shown.state)) ++stats.open_incidents[{incident.shown.queue.str(), incident.shown.severity}];
  });
  stats.incidents_in_memory = context.book.size();
  stats.ids_in_memory = context.seen.size();
  stats.effects_waiting = context.out.waiting_count();
  stats.incidents_parked = context.book.parked();
  stats.objects_cached = context.objects.cached();
  stats.checkpoints_followed = context.checkpoints.size();
  return stats;
}

std::optional<std::string> Machine::required_bundle(std::string_view record) {
  auto activation = activation_in(record);
  return activation ? std::optional(std::move(activation->bundle)) : std::nullopt;
}

std::optional<std::string> Machine::cannot_step(std::string_view record) {
  const auto activation = activation_in(record);
  if (!activation || runs_behaviour(activation->behaviour_version)) return std::nullopt;
  return "the record activates " + versions_for(activation->behaviour_version);
}

std::uint32_t Machine::active_behaviour() const { return x_impl->meta.behaviour; }

std::optional<StoredPosition> Machine::stored_position(const StateView& stored) {
  const auto bytes = stored.get(Table::Meta, kMetaKey);
  const auto meta = bytes ? decode_meta(*bytes) : std::nullopt;
  if (!meta) return std::nullopt;
  return StoredPosition{meta->next_offset, meta->log_time, meta->running_hash, meta->bundle};
}

std::string_view Machine::position_key() { return kMetaKey; }

std::optional<std::string> Machine::stored_bundle(const StateView& stored) {
  const auto bytes = stored.get(Table::Meta, kMetaKey);
  const auto meta = bytes ? decode_meta(*bytes) : std::nullopt;
  return meta && !meta->bundle.empty() ? std::optional(meta->bundle) : std::nullopt;
}

}  // namespace ioc::triage
