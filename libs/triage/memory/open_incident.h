// An incident as the machine holds it: the snapshot that others see, and what is kept beside it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "libs/base/hash.h"
#include "libs/domain/incident.h"
#include "libs/text/similarity.h"
#include "libs/triage/memory/marks.h"
#include "libs/triage/memory/silences.h"

namespace ioc::triage {

// A sensor's repetition (stages/suppress).
struct RepeatKey {
  std::string key;                           // feed, sensor, kind, zone
  std::array<std::int64_t, 3> newest_ms{};   // event times, newest first; 0 = none
  bool owned = true;                         // a newer incident may have taken the key, or it left memory
  friend bool operator==(const RepeatKey&, const RepeatKey&) = default;
};

// Stored with the incident, never shown.
struct Beside {
  std::uint64_t opened_number = 0;       // order of opening in this partition
  std::string kind;                      // camera's, checkpoint's or monitor's
  std::vector<RepeatKey> repeats;
  std::vector<IncidentId> apart_from;    // split: never joined with these again
  Marks marks;                           // of at most correlate.marks_max things
  std::uint64_t objects_open = 0;        // sources' objects that have not ended
  Silences silences;                     // of those among them whose silence ends them
  bool default_spot = false;             // its position is a default coordinate: distance means nothing
  bool denied_spot = false;              // its text says another unit than its position: distance proves nothing
  bool closed_by_record = false;         // no longer open for correlation (DESIGN D4)
  IncidentState before_merge = IncidentState::New;  // what it comes back as
  bool top_shut = false;                 // merged into one that is not open: its clocks stand still
  bool top_closed = false;               // merged into one that is closed: it leaves memory with it
  std::uint64_t parts_left = 0;          // of a relocation that is still arriving
  bool parked = false;                   // open, but there was no room in memory
  bool in_past = false;                  // the state lists it for late events
  LogTime snapshot_at;                   // of the last snapshot that went out
  LogTime counts_due;                    // 0 = none; snapshot of changes in counts that none has shown
  LogTime close_at;                      // 0 = no clock; closing a resolved or ended incident
  LogTime forget_at;                     // 0 = no clock; a closed one leaves memory then
  LogTime archive_at;                    // 0 = not closed; when it leaves the state
  friend bool operator==(const Beside&, const Beside&) = default;
};

enum class Change : std::uint8_t { None = 0, Counts = 1, Shown = 2, Version = 3 };

// address_hash(), made anew only for another text than the last: an address is read with much care.
class AddressHash {
 public:
  std::uint64_t of(std::string_view address);
  // Of the same text; 0: it names none.
  [[nodiscard]] std::uint64_t town() const { return x_town; }
  friend bool operator==(const AddressHash&, const AddressHash&) = default;

 private:
  Hash128 x_text;
  std::uint64_t x_hash = 0, x_town = 0;
};

struct OpenIncident {
  Incident shown;
  Beside beside;

  // Derived; rebuilt from the above, never stored.
  std::uint64_t type = 0;       // hash of category or the sender's type
  std::uint64_t first_type = 0; // as triage had it before an operator chose otherwise; further reports are taken for the same
  std::uint64_t address = 0;    // hash of the normalised address; 0 = unknown
  // By what it shows, or what a report said that joined it.
  [[nodiscard]] bool is_of(std::uint64_t wanted) const {
    return type == wanted || first_type == wanted || has_mark(MarkKind::Type, wanted, beside.marks);
  }
  [[nodiscard]] bool is_at(std::uint64_t wanted) const { return address == wanted || has_mark(MarkKind::Address, wanted, beside.marks); }
  AddressHash address_known;
  std::vector<std::uint64_t> indexed_addresses;
  bool indexed_cell = false;
  std::uint64_t cell = 0;
  bool words_read = false;      // the next two are made when first asked for
  bool words_tell = false;      // a citizen's own, more than the category's name
  text::Signature signature;
  bool indexed = false;
  std::int64_t timer_ms = 0;    // its next clock; 0 = none runs
  std::int64_t listed_ms = 0;   // where it stands in the timers, not later than its next clock; 0 = nowhere
  bool unwritten = false;       // since the last delta
  bool stored_as_open = false;  // the state lists it as one of those in memory
  std::vector<std::uint64_t> past_places;  // under which the state lists it for late events (beside.in_past)

  // Within one record.
  Change change = Change::None;
  bool opened_now = false;
};

std::string encode_stored(const OpenIncident& incident);
// False: damaged.
bool decode_stored(std::string_view bytes, OpenIncident& into);

// Equal for the same house or kilometre in other writing (libs/geo/address.h); 0 for an address that is no place: empty,
// house number 0, or only a unit's name.
std::uint64_t address_hash(std::string_view address);
// Whether the address of that hash tells one place (geo::Precision::Exact), not a street or an area. The hash holds it, so
// that marks and indexes need no second number.
constexpr bool is_exact_address(std::uint64_t hash) { return (hash & 2) != 0; }
std::uint64_t type_hash(std::string_view category, std::string_view sender_category);

}  // namespace ioc::triage
