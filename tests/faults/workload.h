// The unique events of a run: the same for the same seed, but for their times. A mix in which most join or count and
// some open incidents; each leads to at least one output.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/time.h"
#include "libs/domain/event.h"
#include "libs/domain/ids.h"

namespace ioc::faults {

enum class Sort { Passage, Camera, Report };

// Whatever a run draws; a definition of ours, so that a seed means the same everywhere.
[[nodiscard]] std::uint64_t draw(std::uint64_t seed, std::uint64_t number, std::uint64_t salt);
[[nodiscard]] Sort sort_of(std::uint64_t drawn);

// The partition of the area that an event's source belongs to, of `areas`; its place may lie in another.
[[nodiscard]] PartitionId home_of(std::uint64_t seed, std::uint64_t number, std::uint32_t areas);
// The event whose object it tells of: an earlier one where it is a revision, else itself.
[[nodiscard]] std::uint64_t original_of(std::uint64_t seed, std::uint64_t number);
// Where events lie.
[[nodiscard]] std::vector<Position> all_positions();
[[nodiscard]] std::span<const std::string_view> all_cameras();

// As ingest would have written it, from a source whose home is home_of(). About one of twelve is a revision.
[[nodiscard]] Event make_event(std::uint64_t seed, std::uint64_t number, std::uint32_t areas, WallTime now);
// What a sender posts: the path for events of one sort, and one line of its batch.
[[nodiscard]] std::string_view path_of(Sort sort);
[[nodiscard]] std::string make_line(std::uint64_t seed, Sort sort, std::uint64_t number, WallTime now);

// The number of an event of ours, by its id or its object; nullopt: not ours.
[[nodiscard]] std::optional<std::uint64_t> number_of(const Event& event);

}  // namespace ioc::faults
