// A checkpoint's heartbeat: its object is the checkpoint, its revision the time.
#include "services/ingest/formats/checkpoint_status/checkpoint_status.h"

#include "services/ingest/formats/fields.h"

namespace ioc::ingest {
namespace {

constexpr std::uint64_t kVehiclesMax = 100'000;
constexpr std::uint64_t kStaffMax = 10'000;

}  // namespace

ParseResult parse_checkpoint_status(const boost::json::object& object, const ParseContext& context) {
  Notes notes;
  Fields fields(object, notes, context.limits);
  Parsed parsed;
  CheckpointStatus status;
  status.checkpoint = fields.required_name("checkpoint");
  parsed.event.object = ObjectId(status.checkpoint);
  status.state = fields.choice<CheckpointState>("state", {{"open", CheckpointState::Open}, {"closed", CheckpointState::Closed}});
  status.queue_vehicles = static_cast<std::uint32_t>(fields.count("queue_vehicles", kVehiclesMax));
  status.staff = static_cast<std::uint32_t>(fields.count("staff", kStaffMax));
  parsed.event.position = fields.position("position");
  parsed.own_time_ms = fields.time("at");
  // Without it every heartbeat would be a repeat of the first, and the checkpoint would seem silent.
  if (!parsed.own_time_ms) fields.refuse("missing", "at", "RFC 3339", "", "a status needs a time that can be read");
  parsed.revision_is_time = true;
  parsed.event.revision = static_cast<std::uint64_t>(std::max<std::int64_t>(parsed.own_time_ms.value_or(0), 0));
  parsed.event.body = std::move(status);
  return finish(std::move(parsed), notes);
}

}  // namespace ioc::ingest
