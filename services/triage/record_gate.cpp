#include "services/triage/record_gate.h"

#include <fmt/format.h>

#include "libs/domain/topics.h"
#include "libs/triage/machine.h"

namespace ioc::triage_service {
namespace {

// A record that far ahead of the owner's clock would drag log time, and with it every clock, along (DESIGN D4).
constexpr Millis kAheadMax{10 * 60 * 1000};

}  // namespace

std::optional<Refusal> RecordGate::refusal(const log::Entry& entry) const {
  const auto why = triage::Machine::cannot_step(entry.value);
  if (!why) return std::nullopt;
  return Refusal{Reason::BehaviourUnknown, fmt::format("stopped before record {}: {}", entry.offset.value(), *why)};
}

std::optional<std::string> RecordGate::why_wait(const log::Entry& entry, const Place& place) const {
  x_metrics.ahead_seconds.set(0);
  if (!place.owning && x_book.undecided(entry.offset)) {
    return fmt::format("an operator's entry about record {} has no answer yet; the owner gives it", entry.offset.value());
  }
  // What has an operator's word is not asked for its clock or its rules.
  const ControlEntry* word = place.committed ? x_book.applied(entry.offset) : x_book.to_apply(entry.offset);
  const Millis ahead(entry.appended_at.ms() - place.now.ms());
  if (!place.committed && word == nullptr && ahead > kAheadMax) {
    x_metrics.ahead_seconds.set(static_cast<double>(ahead.count()) / 1000);
    return fmt::format("record {} is {} s ahead of this machine's clock (record_ahead); set the clock right, let the record wait, or "
                       "step it at the time of the record before it: ioc skip {} {} --previous-time --reason TEXT",
                       entry.offset.value(), ahead.count() / 1000, x_partition.value(), entry.offset.value());
  }
  if (word != nullptr && word->kind == ControlKind::Skip) return std::nullopt;
  if (const auto bundle = triage::Machine::required_bundle(entry.value); bundle && !x_bundles.find(*bundle)) {
    return fmt::format("record {} activates bundle {}, which is not on {} yet or does not compile in this version (bundle_missing)",
                       entry.offset.value(), *bundle, topics::kBundles);
  }
  return std::nullopt;
}

}  // namespace ioc::triage_service
