#include "services/ingest/formats/checkpoint_passage/checkpoint_passage.h"

#include "services/ingest/formats/fields.h"

namespace ioc::ingest {
namespace {

constexpr std::uint64_t kPeopleMax = 1000;

}  // namespace

ParseResult parse_checkpoint_passage(const boost::json::object& object, const ParseContext& context) {
  Notes notes;
  Fields fields(object, notes, context.limits);
  Parsed parsed;
  CheckpointPassage passage;
  parsed.event.object = ObjectId(fields.id("passage_id"));
  passage.checkpoint = fields.required_name("checkpoint");
  passage.direction = fields.choice<Direction>("direction", {{"in", Direction::In}, {"out", Direction::Out}, {"vào", Direction::In}, {"ra", Direction::Out}});
  passage.vehicle = fields.choice<Vehicle>(
      "vehicle", {{"motorbike", Vehicle::Motorbike}, {"car", Vehicle::Car}, {"truck", Vehicle::Truck},
                  {"bus", Vehicle::Bus}, {"bicycle", Vehicle::Bicycle}, {"foot", Vehicle::Foot}});
  const std::string plate = fields.name("plate");
  if (!plate.empty()) parsed.plates.push_back(plate);
  passage.plate_hash = context.identity.plate_hash(plate);
  passage.people = static_cast<std::uint32_t>(fields.count("people", kPeopleMax));
  passage.from_unit = fields.name("from_unit");
  passage.to_unit = fields.name("to_unit");
  passage.symptoms = fields.yes("symptoms");
  passage.contact = fields.yes("contact");
  passage.result = fields.choice<PassageResult>(
      "result", {{"pass", PassageResult::Pass}, {"turned_back", PassageResult::TurnedBack},
                 {"quarantine", PassageResult::Quarantine}, {"evaded", PassageResult::Evaded}});
  passage.officer_unit = fields.name("officer_unit");
  parsed.event.position = fields.position("position");
  parsed.own_time_ms = fields.time("occurred_at");
  parsed.own_time_field = "occurred_at";
  // Without either, two cars of a kind would be one passage.
  if (parsed.event.object.empty() && !parsed.own_time_ms)
    fields.refuse("missing", "passage_id", "", "", "a passage needs a passage_id or a time in occurred_at");
  parsed.event.body = std::move(passage);
  return finish(std::move(parsed), notes);
}

}  // namespace ioc::ingest
