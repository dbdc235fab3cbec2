// Positions as they come: missing, null, text, list, GeoJSON, swapped, 0,0, out of range, in metres. Never a reason to refuse.
#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "services/ingest/formats/fields.h"

namespace ioc::ingest {
namespace json = boost::json;
namespace {

constexpr double kLatMax = 90, kLonMax = 180;
constexpr double kAccuracyMaxMetres = 1'000'000;

using Names = std::span<const std::string_view>;
constexpr std::array<std::string_view, 2> kLatNames = {"lat", "latitude"};
constexpr std::array<std::string_view, 4> kLonNames = {"lon", "lng", "long", "longitude"};
constexpr std::array<std::string_view, 2> kAccuracyNames = {"accuracy_m", "accuracy"};
constexpr std::array<std::string_view, 1> kListNames = {"coordinates"};
constexpr std::array<std::string_view, 2> kNorthNames = {"northing", "x"}, kEastNames = {"easting", "y"};

struct Degrees {
  double lat = 0, lon = 0;
};
struct Pair {
  double first = 0, second = 0;
};
// What a position is, or why it is none.
struct Read {
  std::optional<Degrees> degrees;
  std::optional<ValueReason> reason;  // neither: there is no position
  bool swapped = false;
};

const json::value* any_of_names(const json::object& object, Names names) {
  for (const auto name : names) {
    const auto* value = object.if_contains(name);
    if (value != nullptr && !value->is_null() && !is_blank(*value)) return value;
  }
  return nullptr;
}

std::optional<double> number_at(const json::object& object, Names names) {
  const auto* value = any_of_names(object, names);
  return value == nullptr ? std::nullopt : to_number(*value);
}

bool between(double value, double min, double max) { return value >= min && value <= max; }

// Metres of VN-2000: in Vietnam a northing is 900 to 2,700 km from the equator, an easting 100 to 900 km. Which of its zones
// and meridians they belong to is not said, so they cannot be converted.
bool is_metres(Pair pair) {
  const auto northing = [](double value) { return between(value, 880'000, 2'700'000); };
  const auto easting = [](double value) { return between(value, 100'000, 900'000); };
  return (northing(pair.first) && easting(pair.second)) || (easting(pair.first) && northing(pair.second));
}

// Vietnam lies between 8° and 24° N and east of 102° E: its latitudes and longitudes cannot be taken for each other.
// Elsewhere only what is no latitude tells the order.
std::optional<Degrees> in_order(Pair pair) {
  const bool first_no_latitude = std::abs(pair.first) > kLatMax, second_no_latitude = std::abs(pair.second) > kLatMax;
  if (first_no_latitude == second_no_latitude) return std::nullopt;
  if (first_no_latitude) return Degrees{pair.second, pair.first};
  return Degrees{pair.first, pair.second};
}

Read read_pair(Pair pair) {
  if (is_metres(pair)) return {{}, ValueReason::Vn2000};
  if (pair.first == 0 && pair.second == 0) return {Degrees{}, {}};
  const auto degrees = in_order(pair);
  if (!degrees) return {{}, ValueReason::Unreadable};
  return {degrees, {}};
}

Read read_list(const json::array& list) {
  if (list.size() < 2 || list.size() > 3) return {{}, ValueReason::Unreadable};  // the third is a height
  const auto first = to_number(list[0]), second = to_number(list[1]);
  if (!first || !second) return {{}, ValueReason::Unreadable};
  return read_pair({*first, *second});
}

// "21.59, 105.84", "21.59 105.84", "21,59; 105,84"
Read read_text(std::string_view given) {
  const std::string text = trimmed(std::string(given.substr(0, 100)));
  if (text.empty()) return {};
  std::size_t at = text.find(';');
  if (at == std::string::npos) at = text.find(", ");
  if (at == std::string::npos) at = text.find(' ');
  if (at == std::string::npos && std::count(text.begin(), text.end(), ',') == 1) at = text.find(',');
  if (at == std::string::npos) return {{}, ValueReason::Unreadable};
  const auto first = to_number(std::string_view(text).substr(0, at)), second = to_number(std::string_view(text).substr(at + 1));
  if (!first || !second) return {{}, ValueReason::Unreadable};
  return read_pair({*first, *second});
}

Read read_named(std::optional<double> lat, std::optional<double> lon) {
  if (!lat || !lon) return {{}, ValueReason::Unreadable};
  if (is_metres({*lat, *lon})) return {{}, ValueReason::Vn2000};
  // All of Vietnam lies east of 102°, so an exchanged pair has a latitude that cannot be one.
  const bool exchanged = std::abs(*lat) > kLatMax && std::abs(*lat) <= kLonMax && std::abs(*lon) <= kLatMax;
  if (exchanged) return {Degrees{*lon, *lat}, {}, true};
  if (std::abs(*lat) > kLatMax || std::abs(*lon) > kLonMax) return {{}, ValueReason::OutOfRange};
  return {Degrees{*lat, *lon}, {}};
}

Read read_object(const json::object& object) {
  if (any_of_names(object, kLatNames) != nullptr || any_of_names(object, kLonNames) != nullptr)
    return read_named(number_at(object, kLatNames), number_at(object, kLonNames));
  if (const auto* list = any_of_names(object, kListNames)) {
    return list->is_array() ? read_list(list->get_array()) : Read{{}, ValueReason::Unreadable};
  }
  const auto north = number_at(object, kNorthNames), east = number_at(object, kEastNames);
  if (north && east && is_metres({*north, *east})) return {{}, ValueReason::Vn2000};
  const bool nothing = std::all_of(object.begin(), object.end(), [](const auto& member) { return member.value().is_null() || is_blank(member.value()); });
  return nothing ? Read{} : Read{{}, ValueReason::Unreadable};
}

Read read(const json::value& value) {
  if (value.is_object()) return read_object(value.get_object());
  if (value.is_array()) return read_list(value.get_array());
  if (value.is_string()) return read_text(std::string_view(value.get_string()));
  return {{}, ValueReason::Unreadable};
}

}  // namespace

std::optional<Position> Fields::position(std::string_view field) {
  const auto* value = find(field);
  if (value == nullptr) return std::nullopt;
  const Read given = read(*value);
  if (given.reason) {
    x_notes.flag(*given.reason == ValueReason::OutOfRange ? EventFlag::PositionOutOfRange : EventFlag::PositionMalformed);
    drop(field, *given.reason);
  }
  if (!given.degrees) return std::nullopt;
  if (given.degrees->lat == 0 && given.degrees->lon == 0) {
    x_notes.flag(EventFlag::PositionZero);
    return std::nullopt;
  }
  if (given.swapped) x_notes.flag(EventFlag::PositionSwapped);
  Position out;
  out.lat_e7 = static_cast<std::int32_t>(std::llround(given.degrees->lat * 1e7));
  out.lon_e7 = static_cast<std::int32_t>(std::llround(given.degrees->lon * 1e7));
  const auto* accuracy = value->is_object() ? any_of_names(value->get_object(), kAccuracyNames) : nullptr;
  if (accuracy == nullptr) return out;
  const auto metres = to_number(*accuracy);
  if (metres && *metres > 0) {
    out.accuracy_m = static_cast<std::uint32_t>(std::llround(std::min(std::ceil(*metres), kAccuracyMaxMetres)));
  } else if (!metres || *metres < 0) {
    drop(std::string(field) + ".accuracy_m", metres ? ValueReason::OutOfRange : ValueReason::WrongType, *accuracy);
  }
  return out;
}

}  // namespace ioc::ingest
