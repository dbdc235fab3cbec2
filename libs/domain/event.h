// What a feed said, after ingest normalised it. Field meanings and units: proto/ioc/v1/event.proto.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "libs/base/time.h"
#include "libs/domain/ids.h"

namespace ioc {

enum class Feed : std::uint8_t { CitizenReports = 1, CameraAlerts, CheckpointPassages, OnlineMentions, Indicators };
inline constexpr Feed kFeeds[] = {Feed::CitizenReports, Feed::CameraAlerts, Feed::CheckpointPassages,
                                  Feed::OnlineMentions, Feed::Indicators};
std::string_view name_of(Feed feed);                       // "citizen-reports"
std::optional<Feed> feed_named(std::string_view name);

enum class EventFlag : std::uint8_t {
  TimeMissing = 1, TimeFuture, TimeOld, TimeNoZone, PositionMalformed, PositionOutOfRange, PositionZero,
  PositionSwapped, TextMasked, TextRepaired, TextConverted = 20, TextGarbled
};
std::string_view name_of(EventFlag flag);
// The flag with this number on the wire; nullopt if this release does not know it.
std::optional<EventFlag> event_flag_numbered(std::uint64_t number);

// Why a value of the payload is not in the event as it came. Ingest keeps the payload as received.
enum class ValueReason : std::uint8_t {
  WrongType = 1, Converted, TooLong, TooMany, OutOfRange, UnknownValue, Unreadable, TooOld, InFuture, JsonRepaired, Vn2000
};
std::string_view name_of(ValueReason reason);

struct ValueFlag {
  std::string field;  // path in the payload; empty: the message as a whole. From the format's own names, never the sender's
  ValueReason reason = ValueReason::WrongType;
  friend bool operator==(const ValueFlag&, const ValueFlag&) = default;
};
inline constexpr std::size_t kValueFlagsMax = 16;

struct Position {
  std::int32_t lat_e7 = 0;
  std::int32_t lon_e7 = 0;
  std::uint32_t accuracy_m = 0;  // 0 = not given
  friend bool operator==(const Position&, const Position&) = default;
};

enum class Urgency : std::uint8_t { Unspecified = 0, Low, Normal, Urgent };

struct Media {
  std::string url, kind, sha256;
  friend bool operator==(const Media&, const Media&) = default;
};

struct CitizenReport {
  std::string title, text, category;
  Urgency urgency = Urgency::Unspecified;
  std::string address;
  std::vector<Media> media;
  std::string channel;
  bool anonymous = false;
  std::string follows;
  friend bool operator==(const CitizenReport&, const CitizenReport&) = default;
};

enum class AlertState : std::uint8_t { Unspecified = 0, Start, Update, End };

struct SeenObject {
  std::string label, plate_hash;
  friend bool operator==(const SeenObject&, const SeenObject&) = default;
};

struct CameraAlert {
  std::string camera, kind;
  AlertState state = AlertState::Unspecified;
  EventTime started_at;
  std::uint32_t confidence_permille = 0;
  std::string zone;
  std::vector<SeenObject> objects;
  std::string snapshot, detector;
  bool unique_id = false;  // the source never gives the object's id to another one
  friend bool operator==(const CameraAlert&, const CameraAlert&) = default;
};

enum class Direction : std::uint8_t { Unspecified = 0, In, Out };
enum class Vehicle : std::uint8_t { Unspecified = 0, Motorbike, Car, Truck, Bus, Bicycle, Foot };
enum class PassageResult : std::uint8_t { Unspecified = 0, Pass, TurnedBack, Quarantine, Evaded };

struct CheckpointPassage {
  std::string checkpoint;
  Direction direction = Direction::Unspecified;
  Vehicle vehicle = Vehicle::Unspecified;
  std::string plate_hash;
  std::uint32_t people = 0;
  std::string from_unit, to_unit;
  bool symptoms = false, contact = false;
  PassageResult result = PassageResult::Unspecified;
  std::string officer_unit;
  friend bool operator==(const CheckpointPassage&, const CheckpointPassage&) = default;
};

enum class CheckpointState : std::uint8_t { Unspecified = 0, Open, Closed };

struct CheckpointStatus {
  std::string checkpoint;
  CheckpointState state = CheckpointState::Unspecified;
  std::uint32_t queue_vehicles = 0, staff = 0;
  friend bool operator==(const CheckpointStatus&, const CheckpointStatus&) = default;
};

enum class Trend : std::uint8_t { Unspecified = 0, Falling, Steady, Rising };

struct OnlineMention {
  std::string topic;
  std::vector<std::string> places;
  std::uint32_t volume = 0, period_minutes = 0;
  Trend trend = Trend::Unspecified;
  std::int32_t sentiment_permille = 0;
  std::string link;
  friend bool operator==(const OnlineMention&, const OnlineMention&) = default;
};

struct Indicator {
  std::string code, unit, period;
  std::int64_t value_e6 = 0;
  std::optional<std::int64_t> target_e6;
  std::string measure, as_of;
  friend bool operator==(const Indicator&, const Indicator&) = default;
};

using EventBody =
    std::variant<CitizenReport, CameraAlert, CheckpointPassage, CheckpointStatus, OnlineMention, Indicator>;

// Added to a revision that cannot tell two messages of one object apart: with the same one, the later to arrive is the newer. Above
// every sequence of a source.
inline constexpr std::uint64_t kArrivalOrder = 1ULL << 62U;

struct Event {
  EventId id;
  Feed feed = Feed::CitizenReports;
  SourceId source;
  ObjectId object;
  std::uint64_t revision = 0;  // the source's own sequence; 0 = none given, from kArrivalOrder on: ties go by arrival
  EventTime occurred_at;
  WallTime received_at;        // decides nothing
  std::vector<EventFlag> flags;
  std::optional<Position> position;
  std::vector<ValueFlag> value_flags;   // at most kValueFlagsMax; no part of the event's identity
  std::uint32_t value_flags_more = 0;   // so many further ones
  EventBody body;
  friend bool operator==(const Event&, const Event&) = default;
};

}  // namespace ioc
