// Administrative units and their history (DESIGN D6): who was where, when. Immutable once parsed; every answer is a
// pure function of files and arguments, in integers, so step() may ask.
//
// Nothing about any country is compiled in: a unit that is no valid unit's parent at a time is a *leaf* of that time,
// and leaves are what positions are located in. File formats: deploy/config/units/README.md.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libs/base/time.h"
#include "libs/domain/event.h"
#include "libs/domain/ids.h"
#include "libs/domain/incident.h"
#include "libs/geo/address.h"

namespace ioc::geo {

// Validity without a date reaches this far: before and after every event.
inline constexpr EventTime kSinceEver = EventTime::from_ms(-2'209'014'000'000);  // 1900-01-01 +07:00
inline constexpr EventTime kForEver = EventTime::from_ms(32'503'654'800'000);    // 3000-01-01 +07:00

// One unit as it stood from `valid_from` to before `valid_until` (midnights +07:00). A code that was renamed or redrawn
// has one Unit for each time.
struct Unit {
  UnitCode code;
  std::string name;  // with its kind: "Phường Quang Trung"
  std::string kind;  // "province", "city", "town", "district", "ward", "township", "commune", "square" ...
  UnitCode parent;   // empty: none
  EventTime valid_from, valid_until;
  std::vector<std::string> aliases;  // other spellings, as people write them
  Position centre;                   // a point inside
  std::vector<UnitCode> successors;  // as of valid_until; empty while it is the last we know of
  std::string outline;               // name of its shape in the outline files; empty: none known
};

struct Point {
  std::int32_t lat_e7 = 0, lon_e7 = 0;
  friend bool operator==(const Point&, const Point&) = default;
};
using Ring = std::vector<Point>;  // closed: the last point joins the first, which is not repeated

class Units {
 public:
  // Whether a file of a units folder is part of the units; scripts and texts beside them are not.
  static bool reads(std::string_view file_name);

  static constexpr std::int64_t kSliverLimitDm = 20'000;  // 2 km: beyond it a point is in no unit

  // `files`: name below the units folder ("units.csv") and content. nullptr and every problem ("file:line: what is
  // wrong and what to do") when they do not make a set of units; what can be lived with is reported by `ioc units
  // check`.
  static std::shared_ptr<const Units> parse(const std::vector<std::pair<std::string, std::string>>& files,
                                            std::vector<std::string>& problems);
  ~Units();
  Units(const Units&) = delete;
  Units& operator=(const Units&) = delete;

  struct Found {
    const Unit* unit = nullptr;
    PlaceState state = PlaceState::Inside;  // Inside or Nearest
    std::int64_t distance_dm = 0;           // to the outline; 0 inside
  };
  // The leaf that holds the position at that time; else the nearest leaf within `limit_dm`; else nothing.
  [[nodiscard]] std::optional<Found> at(Position position, EventTime when,
                                        std::int64_t limit_dm = kSliverLimitDm) const;

  // nullptr: no unit has that code at that time.
  [[nodiscard]] const Unit* by_code(const UnitCode& code, EventTime when) const;

  // The leaf that the text clearly names, with its kind word ("phường Quang Trung", "P.Tân Long", "xa phuc xuan"): by the
  // name of that time, or by a former name when that unit went into one leaf of that time (or one that kept the name). A
  // name that several leaves share needs its parent's name in the text. One typo in a name is forgiven where no name is
  // right. `unit` nullptr: none, or more than one.
  struct Named {
    const Unit* unit = nullptr;
    bool typo = false;
    std::uint32_t from = 0, to = 0;  // bytes of the text, kind word included
  };
  [[nodiscard]] Named named_in(std::string_view text, EventTime when) const;
  [[nodiscard]] Named named_in(const Sighted& text, EventTime when) const;
  // False: named_in would find nothing. Cheap, for the many texts that name no unit.
  [[nodiscard]] bool may_name(std::string_view text) const;

  // What the text mentions (address.h), its units by their codes at that time or their successors'.
  [[nodiscard]] std::vector<Mention> mentions_in(std::string_view text, Form form, EventTime when) const;

  // From a position to a leaf of that time, 0 inside; nullopt: farther than `limit_dm`, or it is no leaf with an outline.
  [[nodiscard]] std::optional<std::int64_t> distance_to(const Unit& leaf, Position position, EventTime when, std::int64_t limit_dm) const;

  // Whether texts can name units of that kind at all: kinds.csv gives it words.
  [[nodiscard]] bool kind_has_words(std::string_view kind) const;

  // The units of that time that follow from `unit`: itself when still valid, else its successors', each once, by code.
  [[nodiscard]] std::vector<const Unit*> now_of(const Unit& unit, EventTime when) const;

  // Sorted by code, then valid_from.
  [[nodiscard]] std::span<const Unit> all() const;
  [[nodiscard]] std::vector<const Unit*> valid_at(EventTime when) const;
  [[nodiscard]] std::vector<const Unit*> leaves_at(EventTime when) const;
  // Times at which the set of valid units changes, ascending.
  [[nodiscard]] std::span<const EventTime> changes() const;

  // Outer rings, holes and further parts alike: a point is inside when it is inside an odd number of them. Empty: none.
  [[nodiscard]] std::vector<Ring> outline(const Unit& unit) const;

  // Whether any unit of any time has a point within 2 km of it (by the box around all outlines and centres).
  [[nodiscard]] bool within_bounds(Position position) const;
  struct Bounds {
    Point south_west, north_east;
  };
  [[nodiscard]] Bounds bounds() const;

 private:
  struct Data;
  explicit Units(std::unique_ptr<Data> data);
  std::unique_ptr<Data> x_data;
};

}  // namespace ioc::geo
