// What `ioc units check` finds out about a set of units beyond what parsing refuses: coverage, gaps, names, successors.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "libs/geo/units.h"

namespace ioc::geo {

// One stretch of time in which the same units are valid.
struct EpochCheck {
  EventTime from;
  std::size_t units = 0, leaves = 0;
  std::map<std::string, std::size_t> leaves_by_kind;
  std::size_t without_outline = 0;
  // Of a lattice of points over all outlines: those within a root unit's outline, by how many leaves hold them.
  std::size_t points_in_one = 0, points_in_none = 0, points_in_more = 0;
  // Stretches of outline by how many leaves they bound.
  std::size_t lines_of_one = 0, lines_of_two = 0, lines_of_more = 0;
  // Names that lead to more than one leaf unless the text says more: own names, and former ones or aliases.
  std::size_t names_ambiguous = 0, former_names_ambiguous = 0;
};

struct UnitsCheck {
  std::vector<EpochCheck> epochs;
  std::size_t units = 0, outlines_missing = 0;
  std::size_t ended = 0, ended_with_successors = 0, split = 0;
  std::size_t successors_agree = 0, successors_disagree = 0;  // a leaf's centre lies in one of its successors
  std::vector<std::string> faults;                            // what makes answers wrong
  std::vector<std::string> notes;                             // what somebody should know
};

// `points`: lattice points along each side of the box around all outlines.
[[nodiscard]] UnitsCheck check(const Units& units, std::uint32_t points = 200);

// In 1/1000 km²: the flat area of rings around one place, holes taken off; 0.1 % exact for units of some 100 km.
[[nodiscard]] std::int64_t area_milli_km2(const std::vector<Ring>& rings);

}  // namespace ioc::geo
