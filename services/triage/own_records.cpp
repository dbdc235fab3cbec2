#include "services/triage/own_records.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "libs/domain/topics.h"
#include "libs/domain/wire.h"
#include "libs/triage/machine.h"

namespace ioc::triage_service {
namespace {

constexpr Millis kTryAgain{1'000};

}  // namespace

void OwnRecords::tick() {
  if (std::exchange(x_ticked, true)) return;
  x_log.append(topics::kEvents, x_partition, {"tick", wire::encode(Record(Tick{})), {}, false},
               x_strand.callback<Result<Offset>>([this](const Result<Offset>& appended) {
                 if (appended.has_error()) x_ticked = false;
               }));
}

void OwnRecords::activate(const triage::PackedBundle& bundle) {
  if (std::exchange(x_activating, true)) return;
  spdlog::info("triage: no rules are active, activating the configured bundle partition={} bundle={}", x_partition.value(),
               bundle.hash);
  x_bundles.publish(bundle, x_strand.callback<Result<std::string>>([this, &bundle](const Result<std::string>& published) {
    if (published.has_error()) return try_again(bundle, published.error());
    const Record activation = Activation{*published, triage::kBehaviourVersion, "first start"};
    x_log.append(topics::kEvents, x_partition, {"activation", wire::encode(activation), {}, false},
                 x_strand.callback<Result<Offset>>([this, &bundle](const Result<Offset>& appended) {
                   if (appended.has_error()) try_again(bundle, appended.error());
                 }));
  }));
}

void OwnRecords::try_again(const triage::PackedBundle& bundle, const Error& error) {
  spdlog::error("triage: the bundle could not be activated, trying again error=\"{}\"", error.message);
  x_strand.after(kTryAgain, [this, &bundle] {
    x_activating = false;
    activate(bundle);
  });
}

}  // namespace ioc::triage_service
