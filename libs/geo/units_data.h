// What Units keeps; its parser (units_parse.cpp) fills it, its questions (units.cpp) read it.
#pragma once

#include <memory>
#include <vector>

#include "libs/geo/outlines.h"
#include "libs/geo/place_names.h"
#include "libs/geo/point_index.h"
#include "libs/geo/units.h"

namespace ioc::geo {

// Between two changes: who is valid, who is a leaf, and where they lie.
struct Epoch {
  EventTime from;
  std::vector<std::uint32_t> valid, leaves;
  std::vector<std::uint32_t> shaped;     // leaves with an outline: shape i of the index
  std::vector<std::uint32_t> shapeless;  // leaves found by their centre only
  std::shared_ptr<const PointIndex> index;
};

struct Units::Data {
  std::vector<Unit> units;  // by code, then valid_from
  std::vector<Kind> kinds;
  Outlines outlines;
  std::vector<EventTime> changes;
  std::vector<Epoch> epochs;  // one before the first change, one from each change on
  std::unique_ptr<PlaceNames> names;
  Units::Bounds bounds;

  [[nodiscard]] const Epoch& epoch(EventTime when) const;
  [[nodiscard]] bool is_leaf(std::uint32_t unit) const;  // at the start of its time
  [[nodiscard]] std::vector<const Unit*> now_of(const Unit& unit, EventTime when) const;
  [[nodiscard]] Units::Named clear_one(const Sighted& text, const std::vector<PlaceNames::Naming>& namings, EventTime when, bool typo) const;
  [[nodiscard]] const Unit* by_code(const UnitCode& code, EventTime when) const;
};

}  // namespace ioc::geo
