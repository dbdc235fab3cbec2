// The two ways in which a record is read; wire.h's decode_record() is the one to call.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "libs/base/result.h"
#include "libs/domain/record.h"

namespace ioc::wire {

// 2200-01-01T00:00:00Z, as in parse_time.
inline constexpr std::int64_t kLatestEventMs = 7'258'118'400'000;

// An event as this project writes it: every field once and in order. nullopt: anything else, which Protobuf reads.
std::optional<Event> decode_plain_event(std::string_view record);
[[nodiscard]] Result<Record> decode_record_by_protobuf(std::string_view record);

}  // namespace ioc::wire
