#include "libs/triage/emitter.h"

#include <bit>

#include "libs/base/hash.h"
#include "libs/domain/topics.h"
#include "libs/domain/wire.h"
#include "libs/triage/codec.h"

namespace ioc::triage {
namespace {

const std::string kWaitingPrefix = "waiting/";
const std::string kNumberPrefix = "number/";

std::string encode_effect(const Effect& effect) {
  Writer out;
  out.text(effect.topic);
  out.text(effect.key);
  out.text(effect.value);
  out.number(effect.partition ? effect.partition->value() + 1ULL : 0);
  return out.take();
}

bool decode_effect(std::string_view bytes, Effect& effect) {
  Reader in(bytes);
  effect.topic = in.text();
  effect.key = in.text();
  effect.value = in.text();
  const std::uint64_t partition = in.number();
  if (partition > 0) effect.partition = PartitionId(static_cast<std::uint32_t>(partition - 1));
  return in.complete();
}

std::string number_value(std::uint64_t number) {
  Writer out;
  out.number(number);
  return out.take();
}

}  // namespace

void StageTime::add(std::uint64_t ns) {
  ++count;
  total_ns += ns;
  const auto bucket = static_cast<std::size_t>(ns <= 256 ? 0 : std::bit_width((ns - 1) >> 8));
  ++at_most[bucket < kBuckets ? bucket : kBuckets - 1];
}

void Emitter::begin(Offset offset, std::vector<Effect>& effects, std::uint64_t& running_hash) {
  x_offset = offset;
  x_effects = &effects;
  x_running_hash = &running_hash;
  x_index = 0;
  x_left_with_record = 0;
  while (!x_waiting.empty() && x_left_with_record < kEffectsPerRecord) {
    x_state.erase(Table::Meta, kWaitingPrefix + big_endian(x_first_waiting++));
    leave(std::move(x_waiting.front()));
    x_waiting.pop_front();
  }
  if (x_waiting.empty()) x_first_waiting = 0;
}

void Emitter::leave(Effect effect) {
  *x_running_hash = chain(chain(*x_running_hash, effect.key), effect.value);
  ++x_left_with_record;
  ++x_stats.effects;
  x_effects->push_back(std::move(effect));
}

void Emitter::emit(Effect effect) {
  if (x_waiting.empty() && x_left_with_record < kEffectsPerRecord) return leave(std::move(effect));
  x_state.put(Table::Meta, kWaitingPrefix + big_endian(x_first_waiting + x_waiting.size()), encode_effect(effect));
  x_waiting.push_back(std::move(effect));
}

void Emitter::decide(Reason reason, Decision decision) {
  decision.reason = reason.text();
  const auto feed = static_cast<std::uint8_t>(decision.feed ? *decision.feed : Feed{});
  decision.partition = x_partition;
  decision.offset = x_offset;
  decision.index = x_index++;
  decision.decided_at = x_now;
  decision.bundle = x_bundle;
  if (decision.actor.empty()) decision.actor = "triage";
  std::string key = decision.incident.empty() ? decision.event.str() : decision.incident.str();
  ++x_stats.outcomes[{feed, decision.kind, reason.text()}];
  emit({std::string(topics::kDecisions), std::move(key), wire::encode(decision), std::nullopt});
}

void Emitter::snapshot(const Incident& incident) {
  emit({std::string(topics::kIncidents), incident.id.str(), wire::encode(incident), std::nullopt});
}

void Emitter::subscriber_entry(const SubscriberId& subscriber, const Incident& incident) {
  const std::uint64_t number = ++x_feed_numbers[subscriber.str()];
  x_state.put(Table::Meta, kNumberPrefix + subscriber.str(), number_value(number));
  emit({topics::subscriber(subscriber.str()), incident.id.str(),
        wire::encode(FeedEntry{subscriber, x_partition, number, incident, x_now}), std::nullopt});
}

void Emitter::report_status(ReportStatus status) {
  status.revision = status_revision();
  status.updated_at = x_now;
  std::string key = status.source.str() + "/" + status.report.str();
  emit({std::string(topics::kReportStatus), std::move(key), wire::encode(status), std::nullopt});
}

void Emitter::dead_letter(std::string_view reason, std::string_view field, std::string detail, const EventId& event,
                          std::string_view feed) {
  DeadLetter letter;
  letter.id = "triage-" + std::to_string(x_partition.value()) + "-" + std::to_string(x_offset.value());
  letter.feed = feed;
  letter.stage = "triage";
  letter.reason = reason;
  letter.field = field;
  letter.detail = std::move(detail);
  letter.event = event;
  letter.origin_topic = topics::kEvents;
  letter.origin_partition = x_partition;
  letter.origin_offset = x_offset;
  letter.at = WallTime::from_ms(x_now.ms());
  emit({std::string(topics::kDeadLetters), letter.feed, wire::encode(letter), std::nullopt});
}

void Emitter::transfer(const Transfer& transfer, PartitionId to) {
  emit({std::string(topics::kEvents), transfer.event.source.str(), wire::encode(Record(transfer)), to});
}

void Emitter::relocation(const Relocation& relocation, PartitionId to) {
  emit({std::string(topics::kEvents), relocation.command.str(), wire::encode(Record(relocation)), to});
}

bool Emitter::load() {
  bool good = true;
  bool first = true;
  x_state.scan(Table::Meta, kWaitingPrefix, [&](std::string_view key, std::string_view value) {
    if (first) x_first_waiting = from_big_endian(key.substr(kWaitingPrefix.size()));
    first = false;
    Effect effect;
    good = decode_effect(value, effect);
    x_waiting.push_back(std::move(effect));
    return good;
  });
  x_state.scan(Table::Meta, kNumberPrefix, [&](std::string_view key, std::string_view value) {
    Reader in(value);
    x_feed_numbers[std::string(key.substr(kNumberPrefix.size()))] = in.number();
    good = good && in.complete();
    return good;
  });
  return good;
}

}  // namespace ioc::triage
