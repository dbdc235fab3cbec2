// Events read from Protobuf's bytes without Protobuf's objects: nearly every record is an event, and building the objects
// first was a fifth of step(). Only what is written in the usual way is read here; tests/libs/domain/wire_encode_test.cpp
// compares the two readers, also on damaged bytes.
#include "libs/domain/wire_decode.h"

#include <cstdint>
#include <string>

#include "libs/domain/wire.h"

namespace ioc::wire {
namespace {

struct Value {
  bool is_number = false;
  std::uint64_t number = 0;
  std::string_view bytes;
};

bool take_varint(std::string_view& rest, std::uint64_t& value) {
  value = 0;
  for (unsigned shift = 0; shift < 63 && !rest.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(rest.front());
    rest.remove_prefix(1);
    value |= std::uint64_t(byte & 0x7fU) << shift;
    if (byte < 0x80) return true;
  }
  // The tenth byte holds one bit.
  if (rest.empty() || static_cast<unsigned char>(rest.front()) > 1) return false;
  value |= std::uint64_t(static_cast<unsigned char>(rest.front())) << 63;
  rest.remove_prefix(1);
  return true;
}

constexpr std::uint64_t bit(unsigned field) { return std::uint64_t{1} << field; }

// False: a field that is unknown, out of order, there twice (but for those in `repeated`) or of another type.
template <class Take>
bool each(std::string_view rest, std::uint64_t repeated, Take&& take) {
  std::uint64_t last = 0;
  while (!rest.empty()) {
    std::uint64_t tag = 0;
    if (!take_varint(rest, tag)) return false;
    const std::uint64_t field = tag >> 3;
    if (field > 40 || field < last || (field == last && (repeated & bit(static_cast<unsigned>(field))) == 0)) return false;
    last = field;
    Value value;
    value.is_number = (tag & 7) == 0;
    if (!value.is_number && (tag & 7) != 2) return false;
    if (!take_varint(rest, value.number)) return false;
    if (!value.is_number) {
      if (value.number > rest.size()) return false;
      value.bytes = rest.substr(0, value.number);
      rest.remove_prefix(value.number);
    }
    if (!take(static_cast<unsigned>(field), value)) return false;
  }
  return true;
}

bool text(const Value& value, std::string& to) {
  if (value.is_number) return false;
  to.assign(value.bytes);
  return true;
}
template <class Id>
bool id(const Value& value, Id& to) {
  if (value.is_number) return false;
  to = Id(value.bytes);
  return true;
}
bool number(const Value& value, std::uint64_t& to) {
  to = value.number;
  return value.is_number;
}
bool number(const Value& value, std::uint32_t& to) {
  to = static_cast<std::uint32_t>(value.number);
  return value.is_number && value.number <= UINT32_MAX;
}
bool zigzag(const Value& value, std::int64_t& to) {
  to = static_cast<std::int64_t>(value.number >> 1) ^ -static_cast<std::int64_t>(value.number & 1);
  return value.is_number;
}
bool zigzag(const Value& value, std::int32_t& to) {
  std::int64_t wide = 0;
  const bool good = zigzag(value, wide) && wide >= INT32_MIN && wide <= INT32_MAX;
  to = static_cast<std::int32_t>(wide);
  return good;
}
bool flag(const Value& value, bool& to) {
  to = value.number == 1;
  return value.is_number && value.number <= 1;
}
// What a newer release may have added is Unspecified here, as in the other reader.
template <class Enum>
bool choice(const Value& value, Enum last, Enum& to) {
  to = value.number <= static_cast<std::uint64_t>(last) ? static_cast<Enum>(value.number) : Enum{};
  return value.is_number && value.number <= INT32_MAX;
}

bool read(std::string_view bytes, Position& to) {
  return each(bytes, 0, [&](unsigned field, const Value& value) {
    switch (field) {
      case 1: return zigzag(value, to.lat_e7);
      case 2: return zigzag(value, to.lon_e7);
      case 3: return number(value, to.accuracy_m);
      default: return false;
    }
  });
}

bool read(std::string_view bytes, Media& to) {
  return each(bytes, 0, [&](unsigned field, const Value& value) {
    switch (field) {
      case 1: return text(value, to.url);
      case 2: return text(value, to.kind);
      case 3: return text(value, to.sha256);
      default: return false;
    }
  });
}

bool read(std::string_view bytes, CitizenReport& to) {
  return each(bytes, bit(6), [&](unsigned field, const Value& value) {
    switch (field) {
      case 1: return text(value, to.title);
      case 2: return text(value, to.text);
      case 3: return text(value, to.category);
      case 4: return choice(value, Urgency::Urgent, to.urgency);
      case 5: return text(value, to.address);
      case 6: return !value.is_number && read(value.bytes, to.media.emplace_back());
      case 7: return text(value, to.channel);
      case 8: return flag(value, to.anonymous);
      case 9: return text(value, to.follows);
      default: return false;
    }
  });
}

bool read(std::string_view bytes, SeenObject& to) {
  return each(bytes, 0, [&](unsigned field, const Value& value) {
    switch (field) {
      case 1: return text(value, to.label);
      case 2: return text(value, to.plate_hash);
      default: return false;
    }
  });
}

bool read(std::string_view bytes, CameraAlert& to) {
  std::int64_t started_ms = 0;
  const bool good = each(bytes, bit(7), [&](unsigned field, const Value& value) {
    switch (field) {
      case 1: return text(value, to.camera);
      case 2: return text(value, to.kind);
      case 3: return choice(value, AlertState::End, to.state);
      case 4: return zigzag(value, started_ms);
      case 5: return number(value, to.confidence_permille);
      case 6: return text(value, to.zone);
      case 7: return !value.is_number && read(value.bytes, to.objects.emplace_back());
      case 8: return text(value, to.snapshot);
      case 9: return text(value, to.detector);
      case 10: return flag(value, to.unique_id);
      default: return false;
    }
  });
  to.started_at = EventTime::from_ms(started_ms);
  return good;
}

bool read(std::string_view bytes, CheckpointPassage& to) {
  return each(bytes, 0, [&](unsigned field, const Value& value) {
    switch (field) {
      case 1: return text(value, to.checkpoint);
      case 2: return choice(value, Direction::Out, to.direction);
      case 3: return choice(value, Vehicle::Foot, to.vehicle);
      case 4: return text(value, to.plate_hash);
      case 5: return number(value, to.people);
      case 6: return text(value, to.from_unit);
      case 7: return text(value, to.to_unit);
      case 8: return flag(value, to.symptoms);
      case 9: return flag(value, to.contact);
      case 10: return choice(value, PassageResult::Evaded, to.result);
      case 11: return text(value, to.officer_unit);
      default: return false;
    }
  });
}

bool read(std::string_view bytes, CheckpointStatus& to) {
  return each(bytes, 0, [&](unsigned field, const Value& value) {
    switch (field) {
      case 1: return text(value, to.checkpoint);
      case 2: return choice(value, CheckpointState::Closed, to.state);
      case 3: return number(value, to.queue_vehicles);
      case 4: return number(value, to.staff);
      default: return false;
    }
  });
}

bool read(std::string_view bytes, OnlineMention& to) {
  return each(bytes, bit(2), [&](unsigned field, const Value& value) {
    switch (field) {
      case 1: return text(value, to.topic);
      case 2: return text(value, to.places.emplace_back());
      case 3: return number(value, to.volume);
      case 4: return number(value, to.period_minutes);
      case 5: return choice(value, Trend::Rising, to.trend);
      case 6: return zigzag(value, to.sentiment_permille);
      case 7: return text(value, to.link);
      default: return false;
    }
  });
}

bool read_flags(const Value& value, std::vector<EventFlag>& to) {
  if (value.is_number) return false;
  std::string_view rest = value.bytes;
  while (!rest.empty()) {
    std::uint64_t one = 0;
    if (!take_varint(rest, one) || one > INT32_MAX) return false;
    if (const auto flag = event_flag_numbered(one)) to.push_back(*flag);
  }
  return true;
}

// A reason that this release does not know leaves its flag out, as in the other reader.
bool read_value_flag(const Value& value, std::vector<ValueFlag>& to) {
  if (value.is_number) return false;
  ValueFlag flag;
  std::uint64_t reason = 0;
  const bool good = each(value.bytes, 0, [&](unsigned field, const Value& part) {
    switch (field) {
      case 1: return text(part, flag.field);
      case 2: return number(part, reason) && reason <= INT32_MAX;
      default: return false;
    }
  });
  if (!good) return false;
  if (reason < 1 || reason > static_cast<std::uint64_t>(ValueReason::Vn2000)) return true;
  flag.reason = static_cast<ValueReason>(reason);
  to.push_back(std::move(flag));
  return true;
}

bool read(std::string_view bytes, Event& to) {
  std::uint64_t feed = 0;
  std::int64_t occurred_ms = -1, received_ms = 0;
  int bodies = 0;
  const auto body = [&]<class Body>(const Value& value, Body) {
    ++bodies;
    return !value.is_number && read(value.bytes, to.body.emplace<Body>());
  };
  const bool good = each(bytes, bit(10), [&](unsigned field, const Value& value) {
    switch (field) {
      case 1: return id(value, to.id);
      case 2: return number(value, feed);
      case 3: return id(value, to.source);
      case 4: return id(value, to.object);
      case 5: return number(value, to.revision);
      case 6: return zigzag(value, occurred_ms);
      case 7: return zigzag(value, received_ms);
      case 8: return read_flags(value, to.flags);
      case 9: return !value.is_number && read(value.bytes, to.position.emplace());
      case 10: return read_value_flag(value, to.value_flags);
      case 11: return number(value, to.value_flags_more);
      case 20: return body(value, CitizenReport{});
      case 21: return body(value, CameraAlert{});
      case 22: return body(value, CheckpointPassage{});
      case 23: return body(value, CheckpointStatus{});
      case 24: return body(value, OnlineMention{});
      default: return false;
    }
  });
  if (!good || bodies != 1 || to.id.empty() || feed < 1 || feed > static_cast<std::uint64_t>(Feed::Indicators)) return false;
  if (occurred_ms < 0 || occurred_ms > kLatestEventMs) return false;
  to.feed = static_cast<Feed>(feed);
  to.occurred_at = EventTime::from_ms(occurred_ms);
  to.received_at = WallTime::from_ms(received_ms);
  return true;
}

}  // namespace

std::optional<Event> decode_plain_event(std::string_view record) {
  std::optional<Event> event(std::in_place);
  bool found = false;
  const bool good = each(record, 0, [&](unsigned field, const Value& value) {
    found = field == 1 && !value.is_number && read(value.bytes, *event);
    return found;
  });
  if (!good || !found) event.reset();
  return event;
}

}  // namespace ioc::wire
