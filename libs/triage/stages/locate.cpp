// Position -> the unit that was valid when it happened. Where there is no usable position: the registry's, or a unit that
// the text names. What is wrong with a position, and a text that names another unit, is noted and kept in the decision. What stays unknown has a state of its own and a person looks at it. An event that lies in another
// area is handed over before any incident opens (DESIGN D6).
#include <algorithm>

#include "libs/geo/place_words.h"
#include "libs/triage/codec.h"
#include "libs/triage/cut.h"
#include "libs/triage/memory/open_incident.h"
#include "libs/triage/stages/earlier.h"
#include "libs/triage/stages/object_life.h"
#include "libs/triage/stages/stage.h"

namespace ioc::triage {
namespace {

std::string_view registered_name(const Event& event) {
  if (const auto* alert = std::get_if<CameraAlert>(&event.body)) return alert->camera;
  if (const auto* passage = std::get_if<CheckpointPassage>(&event.body)) return passage->checkpoint;
  if (const auto* status = std::get_if<CheckpointStatus>(&event.body)) return status->checkpoint;
  return {};
}

// A spot's value begins with the time at which it was met, by the day.
constexpr Millis kSpotRefresh = std::chrono::hours(24);

LogTime met_at(std::string_view stored) { return LogTime::from_ms(static_cast<std::int64_t>(from_big_endian(stored))); }

// A point that collects many different addresses is what a form fills in when nobody chose one. The addresses met there
// are kept in state, at most as many as it takes to know.
bool is_default_spot(Context& context, const Position& position, std::uint64_t address) {
  Writer key_bytes;
  key_bytes.signed_number(position.lat_e7);
  key_bytes.signed_number(position.lon_e7);
  const std::string key = "spot/" + key_bytes.take();
  const std::string stored = context.state.get(Table::Other, key).value_or("");
  const std::string_view met = std::string_view(stored).substr(std::min<std::size_t>(8, stored.size()));
  const std::uint64_t enough = context.bundle->limits.locate.default_spot_addresses;
  const std::uint64_t hash = met.size() / 8 >= enough ? 0 : address;
  bool known = hash == 0;
  for (std::size_t at = 0; at < met.size() && !known; at += 8) known = from_big_endian(met.substr(at)) == hash;
  std::string now_met(met);
  if (!known) now_met += big_endian(hash);
  if (now_met.empty()) return false;
  const bool fresh = !stored.empty() && context.now - met_at(stored) < kSpotRefresh;
  if (!known || !fresh) {
    context.state.put(Table::Other, key, big_endian(static_cast<std::uint64_t>(context.now.ms())) + now_met);
    if (stored.empty()) context.expiry.at(context.now + context.bundle->limits.life.closed, Expiry::kSpot, key);
  }
  return now_met.size() / 8 >= enough;
}

constexpr std::size_t kSaidBytes = 120, kAddressBytes = 300;

void note(Place& place, const char* name, std::string_view value) { place.notes.push_back({name, cut(value, kSaidBytes)}); }

// The position that the event carries, as far as one can be meant: 0,0 is none, and latitude and longitude that lie
// among the units only when they change places were swapped.
std::optional<Position> meant_position(const Context& context, const Event& event, Place& place) {
  if (!event.position) return std::nullopt;
  const Position& given = *event.position;
  if (given.lat_e7 == 0 && given.lon_e7 == 0) {
    note(place, "position_note", "zero");
    return std::nullopt;
  }
  const geo::Units* units = context.bundle->units.get();
  const Position swapped{given.lon_e7, given.lat_e7, given.accuracy_m};
  if (units == nullptr || units->within_bounds(given) || !units->within_bounds(swapped)) return given;
  note(place, "position_note", "lat_lon_swapped");
  return swapped;
}

void take_position(Context& context, const Event& event, std::uint64_t address, Place& place) {
  if (const auto position = meant_position(context, event, place)) {
    place.position = position;
    place.source = PositionSource::Reported;
    if (std::holds_alternative<CitizenReport>(event.body)) place.default_spot = is_default_spot(context, *position, address);
    return;
  }
  const RegisteredSource* source = context.bundle->source(registered_name(event));
  if (!source || !source->position) return;
  place.position = source->position;
  place.source = PositionSource::Registry;
}

void take_unit(const geo::Unit& unit, PlaceState state, std::string_view reason, Place& place) {
  place.unit = unit.code;
  place.unit_name = unit.name;
  place.state = state;
  place.reason = reason;
}

// What a text says of where it is.
struct Said {
  const geo::Unit* unit = nullptr;
  bool typo = false;
  std::string unit_words, address;  // as written
};

bool has_digit(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Which addresses are looked for beside the one in the sender's field.
enum class Wanted : std::uint8_t { None, Exact, Any };

Wanted wanted_beside(std::uint64_t address) {
  if (address == 0) return Wanted::Any;
  return is_exact_address(address) ? Wanted::None : Wanted::Exact;
}

// A unit, and an address where one is wanted, from the first of the texts that says one. `field`: the sender's own address.
Said said_in(const geo::Units& units, EventTime when, std::string_view field, std::initializer_list<std::string_view> texts, Wanted wanted) {
  Said said;
  for (const std::string_view text : texts) {
    const bool with_address = wanted == Wanted::Any || (wanted == Wanted::Exact && text.data() != field.data());
    if (text.empty() || (said.unit != nullptr && !(with_address && said.address.empty()))) continue;
    // An exact address has a number or a unit.
    if (!units.may_name(text) && !(with_address && has_digit(text))) continue;
    const geo::Sighted sighted(text);
    if (said.unit == nullptr) {
      const auto named = units.named_in(sighted, when);
      said.unit = named.unit;
      said.typo = named.typo;
      if (named.unit != nullptr) said.unit_words = text.substr(named.from, named.to - named.from);
    }
    if (!with_address || !said.address.empty()) continue;
    const auto found = geo::address_in(sighted);
    const bool will_do = wanted == Wanted::Any ? !found.key.empty() : geo::precision_of(found.key) == geo::Precision::Exact;
    if (will_do) said.address = text.substr(found.from, found.to - found.from);
  }
  return said;
}

Said said_by(const Context& context, const Event& event, Wanted wanted) {
  const geo::Units& units = *context.bundle->units;
  if (const auto* report = std::get_if<CitizenReport>(&event.body)) {
    return said_in(units, event.occurred_at, report->address, {report->address, report->title, report->text}, wanted);
  }
  Said said;
  if (const auto* mention = std::get_if<OnlineMention>(&event.body)) {
    for (const std::string& text : mention->places) {
      if (said.unit == nullptr) said = said_in(units, event.occurred_at, {}, {text}, Wanted::None);
    }
  }
  return said;
}

void take_named(const Said& said, Place& place) {
  if (said.unit == nullptr) return;
  take_unit(*said.unit, PlaceState::Named, said.typo ? "named_in_text_with_a_typo" : "named_in_text", place);
  note(place, "text_says", said.unit_words);
  place.position = said.unit->centre;
  place.source = PositionSource::PlaceName;
  place.default_spot = false;
}

// The position stays; people see that the text says something else, and nothing is joined by its distance alone.
void compare(const Context& context, const Event& event, const Said& said, Place& place) {
  if (said.unit == nullptr || said.typo || said.unit->code == place.unit || place.source != PositionSource::Reported) return;
  const auto limit_dm = static_cast<std::int64_t>(context.bundle->limits.locate.agree_within_m) * 10;
  if (context.bundle->units->distance_to(*said.unit, *place.position, event.occurred_at, limit_dm)) return;
  place.denied = true;
  note(place, "disagree", "position_and_text");
  note(place, "text_says", said.unit_words);
  note(place, "text_unit", said.unit->code.str() + " " + said.unit->name);
  note(place, "position_unit", place.unit.str() + " " + place.unit_name);
}

void find_unit(const Context& context, const Event& event, const Said& said, Place& place) {
  if (place.position && !place.default_spot) {
    if (const auto found = context.bundle->units->at(*place.position, event.occurred_at)) {
      take_unit(*found->unit, found->state, found->state == PlaceState::Inside ? "inside_outline" : "nearest_outline", place);
      return compare(context, event, said, place);
    }
    place.reason = "outside_all_units";
  } else if (place.default_spot) {
    place.reason = "default_coordinate";
  }
  if (place.position) note(place, "position_note", place.reason);
  take_named(said, place);
}

// An address that only the text says, or says exactly, is shown, and compared, as if the sender had put it into the field for it.
void take_address(const CitizenReport& report, const Said& said, Work& work) {
  if (said.address.empty()) return;
  note(work.place, "address_in_text", said.address);
  work.cls.address = cut(report.address.empty() ? said.address : said.address + ", " + report.address, kAddressBytes);
}

// A report without a place of its own is where the one was that it follows. Only the unit and the address for people are
// certain: the position is not its own.
void take_earlier_place(Context& context, Work& work) {
  if (!work.place.unit.empty() || work.place.position) return;
  const OpenIncident* earlier = incident_followed(context, work.event);
  if (!earlier) return;
  const geo::Unit* unit = context.bundle->units->by_code(earlier->shown.unit, work.event.occurred_at);
  if (!unit) return;
  take_unit(*unit, PlaceState::Named, "earlier_report", work.place);
  note(work.place, "place_of", earlier->shown.id.str());
  work.place.position = earlier->shown.position ? earlier->shown.position : unit->centre;
  work.place.source = PositionSource::PlaceName;
}

void find_place(Context& context, Work& work) {
  const auto* report = std::get_if<CitizenReport>(&work.event.body);
  const std::uint64_t address = report ? work.address.of(report->address) : 0;
  take_position(context, work.event, address, work.place);
  if (!context.bundle->units) {
    work.place.reason = "no_units_in_bundle";
    return;
  }
  const Said said = said_by(context, work.event, wanted_beside(address));
  find_unit(context, work.event, said, work.place);
  if (report) take_address(*report, said, work);
  take_earlier_place(context, work);
}

// Of an object that goes away, what its later messages are judged by.
KnownObject object_after(const Context& context, const Work& work) {
  const Event& event = work.event;
  const auto* alert = std::get_if<CameraAlert>(&event.body);
  if (!alert || context.behaviour < since::kFollowsLives) {
    KnownObject known = work.known.value_or(KnownObject{});
    known.revision = std::max(known.revision, event.revision);
    return known;
  }
  KnownObject known = after(event, *alert, life_of(work), context.now, silent_for(context, *alert));
  const std::optional<KnownObject>& before = work.known ? work.known : work.former;
  if (work.known) known.hop = work.known->hop;
  if (before) known.away = before->away;  // a link that is there is listed to leave the state
  return known;
}

Decision send(Context& context, const Work& work, PartitionId to) {
  const Area* own = context.bundle->area_on(context.partition);
  const Area* other = context.bundle->area_on(to);
  Transfer transfer{work.event, own ? own->id : AreaId(), other ? other->id : AreaId(), context.partition, Offset(), work.hop + 1};
  transfer.from_offset = context.out.offset();
  const Millis kept = context.bundle->limits.life.closed;
  if (!work.event.object.empty()) {
    context.objects.put_away(work.event.source, work.event.object, object_after(context, work), to, context.now, kept);
  }
  context.objects.forget_report_at(work.event.id, context.now + kept);
  Decision decision = about(work, DecisionKind::Transferred);
  decision.details = {{"to_area", transfer.to_area.str()}, {"to_partition", std::to_string(to.value())},
                      {"hop", std::to_string(transfer.hop)}};
  add_former(work, decision);
  context.out.transfer(transfer, to);
  return decision;
}

// True: its object was handed over or relocated, and the event went after it.
bool follow(Context& context, const Work& work) {
  if (!work.known || !work.known->away || *work.known->away == context.partition) return false;
  if (work.hop >= kHopsMax || work.known->away->value() >= context.partitions) return false;
  context.out.decide("follows_its_object", send(context, work, *work.known->away));
  return true;
}

// True: it went to the area that it lies in. Only its home does that: where bundles differ for a moment, two areas would
// send it to and fro.
bool hand_over(Context& context, const Work& work) {
  const Bundle& bundle = *context.bundle;
  if (work.hop > 0 || bundle.areas.size() < 2 || work.place.unit.empty()) return false;
  const PartitionId to(static_cast<std::uint32_t>(bundle.area_of(work.place.unit).partition));
  if (to == context.partition || to.value() >= context.partitions) return false;
  Decision decision = send(context, work, to);
  decision.details.push_back({"unit", work.place.unit.str()});
  context.out.decide("lies_in_other_area", std::move(decision));
  return true;
}

}  // namespace

void expire_spot(Context& context, std::string_view key) {
  const auto stored = context.state.get(Table::Other, key);
  if (!stored) return;
  const LogTime until = met_at(*stored) + context.bundle->limits.life.closed;
  if (until > context.now) context.expiry.at(until, Expiry::kSpot, key);
  else context.state.erase(Table::Other, key);
}

Next locate(Context& context, Work& work) {
  // A checkpoint is heard at home, wherever its alerts go: there its silence is noticed.
  if (work.hop == 0) hear_checkpoint(context, work.event);
  if (only_counted(context, work.event)) return Next::Stage;
  if (follow(context, work)) return Next::Done;
  // A revision lies where its incident does, unless that had no place.
  if (work.target && !work.target->shown.unit.empty()) {
    work.place.unit = work.target->shown.unit;
    work.place.state = work.target->shown.place_state;
    work.place.reason = "as_its_incident";
    return Next::Stage;
  }
  find_place(context, work);
  return hand_over(context, work) ? Next::Done : Next::Stage;
}

}  // namespace ioc::triage
