// Position -> the unit that was valid when it happened. Where there is no usable position: the registry's, or a unit that
// the text names. What stays unknown has a state of its own and a person looks at it. An event that lies in another
// area is handed over before any incident opens (DESIGN D6).
#include "libs/text/fold.h"
#include "libs/triage/codec.h"
#include "libs/triage/memory/open_incident.h"
#include "libs/triage/stages/stage.h"

namespace ioc::triage {
namespace {

constexpr std::uint32_t kHopsMax = 4;

std::string_view registered_name(const Event& event) {
  if (const auto* alert = std::get_if<CameraAlert>(&event.body)) return alert->camera;
  if (const auto* passage = std::get_if<CheckpointPassage>(&event.body)) return passage->checkpoint;
  if (const auto* status = std::get_if<CheckpointStatus>(&event.body)) return status->checkpoint;
  return {};
}

// A point that collects many different addresses is what a form fills in when nobody chose one. The addresses met there
// are kept in state, at most as many as it takes to know.
bool is_default_spot(Context& context, const Position& position, const std::string& address) {
  Writer key_bytes;
  key_bytes.signed_number(position.lat_e7);
  key_bytes.signed_number(position.lon_e7);
  const std::string key = "spot/" + key_bytes.take();
  const std::string met = context.state.get(Table::Other, key).value_or("");
  const std::uint64_t enough = context.bundle->limits.locate.default_spot_addresses;
  if (met.size() / 8 >= enough) return true;
  const std::uint64_t hash = address_hash(address);
  if (hash == 0) return false;
  for (std::size_t at = 0; at < met.size(); at += 8) {
    if (from_big_endian(std::string_view(met).substr(at)) == hash) return false;
  }
  context.state.put(Table::Other, key, met + big_endian(hash));
  return met.size() / 8 + 1 >= enough;
}

void take_position(Context& context, const Event& event, Place& place) {
  if (event.position && (event.position->lat_e7 != 0 || event.position->lon_e7 != 0)) {
    place.position = event.position;
    place.source = PositionSource::Reported;
    if (const auto* report = std::get_if<CitizenReport>(&event.body)) {
      place.default_spot = is_default_spot(context, *event.position, report->address);
    }
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

bool take_named(Context& context, const Event& event, Place& place) {
  const auto named = [&](std::string_view text) {
    const geo::Unit* unit = text.empty() ? nullptr : context.bundle->units->named_in(text::fold(text), event.occurred_at);
    if (!unit) return false;
    take_unit(*unit, PlaceState::Named, "named_in_text", place);
    if (!place.position || place.default_spot) {
      place.position = unit->centre;
      place.source = PositionSource::PlaceName;
      place.default_spot = false;
    }
    return true;
  };
  if (const auto* report = std::get_if<CitizenReport>(&event.body)) {
    return named(report->address) || named(report->title) || named(report->text);
  }
  if (const auto* mention = std::get_if<OnlineMention>(&event.body)) {
    for (const std::string& text : mention->places) {
      if (named(text)) return true;
    }
  }
  return false;
}

void find_unit(Context& context, const Event& event, Place& place) {
  if (!context.bundle->units) {
    place.reason = "no_units_in_bundle";
    return;
  }
  if (place.position && !place.default_spot) {
    if (const auto found = context.bundle->units->at(*place.position, event.occurred_at)) {
      take_unit(*found->unit, found->state, found->state == PlaceState::Inside ? "inside_outline" : "nearest_outline", place);
      return;
    }
    place.reason = "outside_all_units";
  } else if (place.default_spot) {
    place.reason = "default_coordinate";
  }
  take_named(context, event, place);
}

// True: it went to the area it lies in.
bool hand_over(Context& context, const Work& work) {
  const Bundle& bundle = *context.bundle;
  const bool follows = work.known && work.known->away;
  if (!follows && (bundle.areas.size() < 2 || work.target || work.place.unit.empty())) return false;
  const Area& area = bundle.area_of(work.place.unit);
  const PartitionId to = follows ? *work.known->away : PartitionId(static_cast<std::uint32_t>(area.partition));
  if (to == context.partition || to.value() >= context.partitions || work.hop >= kHopsMax) return false;
  const Area* own = bundle.area_on(context.partition);
  Transfer transfer{work.event, own ? own->id : AreaId(), area.id, context.partition, Offset(), work.hop + 1};
  transfer.from_offset = context.out.offset();
  context.out.transfer(transfer, to);
  if (!work.event.object.empty()) {
    context.objects.put(work.event.source, work.event.object, {{}, work.event.revision, work.hop, to, false});
  }
  Decision decision = about(work, DecisionKind::Transferred);
  decision.details = {{"to_area", area.id.str()}, {"to_partition", std::to_string(to.value())}, {"unit", work.place.unit.str()}};
  if (follows) context.out.decide("follows_its_object", std::move(decision));
  else context.out.decide("lies_in_other_area", std::move(decision));
  return true;
}

}  // namespace

Next locate(Context& context, Work& work) {
  if (only_counted(context, work.event)) return Next::Stage;
  // A revision lies where its incident does, unless that had no place.
  if (work.target && !work.target->shown.unit.empty()) {
    work.place.unit = work.target->shown.unit;
    work.place.state = work.target->shown.place_state;
    work.place.reason = "as_its_incident";
    return Next::Stage;
  }
  take_position(context, work.event, work.place);
  find_unit(context, work.event, work.place);
  return hand_over(context, work) ? Next::Done : Next::Stage;
}

}  // namespace ioc::triage
