// When an event happened, chosen among the times that its message gives.
#pragma once

#include <optional>

#include "services/ingest/config.h"
#include "services/ingest/formats/format.h"

namespace ioc::ingest {

// Sets occurred_at, received_at, what follows from them, and the flags of the times that are not believed. The first time
// that is believed counts, else the receive time: a live event is never refused for a clock. `keeps_past`: the sender
// sends history. History is told in its own times, so it is refused rather than dated today.
[[nodiscard]] std::optional<Refusal> set_times(Parsed& parsed, bool keeps_past, const Times& times, WallTime now);

}  // namespace ioc::ingest
