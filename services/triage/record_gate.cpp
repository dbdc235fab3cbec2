#include "services/triage/record_gate.h"

#include <fmt/format.h>

#include "libs/domain/topics.h"
#include "libs/triage/machine.h"

namespace ioc::triage_service {
namespace {

// A record that far ahead of the owner's clock would drag log time, and with it every clock, along (DESIGN D4).
constexpr Millis kAheadMax{10 * 60 * 1000};
// Time for this machine's clock to be set, where that is the wrong one.
constexpr Millis kPatience{30'000};

Millis ahead_of(const log::Entry& entry, const RecordGate::Place& place) { return Millis(entry.appended_at.ms() - place.now.ms()); }

}  // namespace

std::optional<Refusal> RecordGate::refusal(const log::Entry& entry) const {
  const auto why = triage::Machine::cannot_step(entry.value);
  if (!why) return std::nullopt;
  return Refusal{Reason::BehaviourUnknown, fmt::format("stopped before record {}: {}", entry.offset.value(), *why)};
}

// What has an operator's word is not asked for its clock or its rules.
const ControlEntry* RecordGate::word_about(const log::Entry& entry, const Place& place) const {
  return place.committed ? x_book.applied(entry.offset) : x_book.to_apply(entry.offset);
}

std::optional<ControlEntry> RecordGate::word_of_its_own(const log::Entry& entry, const Place& place) {
  const Millis ahead = ahead_of(entry, place);
  const bool is_ahead = !place.committed && ahead > kAheadMax;
  x_metrics.ahead_seconds.set(is_ahead ? static_cast<double>(ahead.count()) / 1000 : 0);
  if (!is_ahead) x_ahead_since.reset();
  if (!is_ahead || !place.owning || word_about(entry, place) != nullptr) return std::nullopt;

  if (!x_ahead_since || *x_ahead_since > place.now) x_ahead_since = place.now;
  if (place.now - *x_ahead_since < kPatience) return std::nullopt;
  ControlEntry word;
  word.partition = x_partition;
  word.offset = entry.offset;
  word.kind = ControlKind::PreviousTime;
  word.reason = fmt::format("it was {} s ahead of the clock of its partition's owner", ahead.count() / 1000);
  word.actor = "triage";
  word.at = place.now;
  return word;
}

std::optional<std::string> RecordGate::why_wait(const log::Entry& entry, const Place& place) const {
  if (!place.owning && x_book.undecided(entry.offset)) {
    return fmt::format("an operator's entry about record {} has no answer yet; the owner gives it", entry.offset.value());
  }
  const ControlEntry* word = word_about(entry, place);
  const Millis ahead = ahead_of(entry, place);
  if (!place.committed && word == nullptr && ahead > kAheadMax) {
    return fmt::format("record {} is {} s ahead of this machine's clock (record_ahead); set the clock right if it is the wrong one. "
                       "Records that stay ahead for {} s are stepped at the time of the record before them, or at once: "
                       "ioc skip {} {} --previous-time --reason TEXT",
                       entry.offset.value(), ahead.count() / 1000, kPatience.count() / 1000, x_partition.value(), entry.offset.value());
  }
  if (word != nullptr && word->kind == ControlKind::Skip) return std::nullopt;
  if (const auto bundle = triage::Machine::required_bundle(entry.value); bundle && !x_bundles.find(*bundle)) {
    return fmt::format("record {} activates bundle {}, which is not on {} yet or does not compile in this version (bundle_missing)",
                       entry.offset.value(), *bundle, topics::kBundles);
  }
  return std::nullopt;
}

}  // namespace ioc::triage_service
