// Positions as they come: missing, null, text, list, GeoJSON, swapped, 0,0, out of range, in metres. Never a reason to refuse.
#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "libs/text/fold.h"
#include "services/ingest/formats/fields.h"
#include "services/ingest/formats/position_text.h"

namespace ioc::ingest {
namespace json = boost::json;
namespace {

constexpr double kLatMax = 90, kLonMax = 180;
constexpr double kAccuracyMaxMetres = 1'000'000;

using Names = std::span<const std::string_view>;
constexpr std::array<std::string_view, 3> kLatNames = {"lat", "latitude", "vi_do"};
constexpr std::array<std::string_view, 5> kLonNames = {"lon", "lng", "long", "longitude", "kinh_do"};
constexpr std::array<std::string_view, 2> kAccuracyNames = {"accuracy_m", "accuracy"};
constexpr std::array<std::string_view, 1> kListNames = {"coordinates"};
constexpr std::array<std::string_view, 3> kInnerNames = {"geometry", "coords", "location"};  // of a Feature, of a browser
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

bool is_name(std::string_view name, std::string_view given) {
  return name.size() == given.size() && text::fold(given) == name;
}

// The first of the names that is filled; as it is spelled here, else in whatever case.
const json::value* any_of_names(const json::object& object, Names names) {
  const auto is_filled = [](const json::value& value) { return !value.is_null() && !is_blank(value); };
  for (const auto name : names) {
    const auto* value = object.if_contains(name);
    if (value != nullptr && is_filled(*value)) return value;
  }
  for (const auto& member : object) {
    const bool named = std::any_of(names.begin(), names.end(), [&](std::string_view name) { return is_name(name, member.key()); });
    if (named && is_filled(member.value())) return &member.value();
  }
  return nullptr;
}

// "21.59", "21.59N", 21.59; not of the other axis.
std::optional<double> degrees_of(const json::value& value, Axis axis) {
  if (const auto number = to_number(value)) return number;
  const auto read = value.is_string() ? read_coordinates(std::string_view(value.get_string())) : std::nullopt;
  const bool fits = read && read->size() == 1 && (read->front().axis == axis || read->front().axis == Axis::Unknown);
  return fits ? std::optional(read->front().degrees) : std::nullopt;
}

std::optional<double> number_at(const json::object& object, Names names, Axis axis = Axis::Unknown) {
  const auto* value = any_of_names(object, names);
  return value == nullptr ? std::nullopt : degrees_of(*value, axis);
}

// The object that has the numbers: a Feature has them in its geometry.
const json::object& inner(const json::object& object) {
  const bool has_numbers = any_of_names(object, kLatNames) != nullptr || any_of_names(object, kListNames) != nullptr;
  const auto* within = has_numbers ? nullptr : any_of_names(object, kInnerNames);
  return within != nullptr && within->is_object() ? within->get_object() : object;
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

Read read_named(std::optional<double> lat, std::optional<double> lon) {
  if (!lat || !lon) return {{}, ValueReason::Unreadable};
  if (is_metres({*lat, *lon})) return {{}, ValueReason::Vn2000};
  // All of Vietnam lies east of 102°, so an exchanged pair has a latitude that cannot be one.
  const bool exchanged = std::abs(*lat) > kLatMax && std::abs(*lat) <= kLonMax && std::abs(*lon) <= kLatMax;
  if (exchanged) return {Degrees{*lon, *lat}, {}, true};
  if (std::abs(*lat) > kLatMax || std::abs(*lon) > kLonMax) return {{}, ValueReason::OutOfRange};
  return {Degrees{*lat, *lon}, {}};
}

// "21.59, 105.84", "21.59 105.84", "21,59; 105,84": two numbers alone, of which a comma may be the point.
std::optional<Pair> plain_pair(const std::string& text) {
  std::size_t at = text.find(';');
  if (at == std::string::npos) at = text.find(", ");
  if (at == std::string::npos) at = text.find(' ');
  if (at == std::string::npos && std::count(text.begin(), text.end(), ',') == 1) at = text.find(',');
  if (at == std::string::npos) return std::nullopt;
  const auto first = to_number(std::string_view(text).substr(0, at)), second = to_number(std::string_view(text).substr(at + 1));
  if (!first || !second) return std::nullopt;
  return Pair{*first, *second};
}

Read read_text(std::string_view given) {
  const std::string text = given.size() > kPositionTextMax ? std::string() : trimmed(std::string(given));
  if (is_blank(json::value(given))) return {};
  if (const auto pair = plain_pair(text)) return read_pair(*pair);
  const auto read = read_coordinates(text);
  if (!read || read->size() < 2) return {{}, ValueReason::Unreadable};
  const Coordinate &first = (*read)[0], &second = (*read)[1];
  if (first.axis == Axis::Unknown && second.axis == Axis::Unknown) return read_pair({first.degrees, second.degrees});
  if (first.axis == second.axis) return {{}, ValueReason::Unreadable};
  const bool latitude_first = first.axis == Axis::Latitude || second.axis == Axis::Longitude;
  return latitude_first ? read_named(first.degrees, second.degrees) : read_named(second.degrees, first.degrees);
}

Read read_object(const json::object& object) {
  if (any_of_names(object, kLatNames) != nullptr || any_of_names(object, kLonNames) != nullptr)
    return read_named(number_at(object, kLatNames, Axis::Latitude), number_at(object, kLonNames, Axis::Longitude));
  if (const auto* list = any_of_names(object, kListNames)) {
    return list->is_array() ? read_list(list->get_array()) : Read{{}, ValueReason::Unreadable};
  }
  const auto north = number_at(object, kNorthNames), east = number_at(object, kEastNames);
  if (north && east && is_metres({*north, *east})) return {{}, ValueReason::Vn2000};
  const bool nothing = std::all_of(object.begin(), object.end(), [](const auto& member) { return member.value().is_null() || is_blank(member.value()); });
  return nothing ? Read{} : Read{{}, ValueReason::Unreadable};
}

Read read(const json::value& value) {
  if (value.is_object()) return read_object(inner(value.get_object()));
  if (value.is_array()) return read_list(value.get_array());
  if (value.is_string()) return read_text(std::string_view(value.get_string()));
  return {{}, ValueReason::Unreadable};
}

const json::value* accuracy_of(const json::value& value) {
  if (!value.is_object()) return nullptr;
  const auto* within = any_of_names(inner(value.get_object()), kAccuracyNames);
  return within != nullptr ? within : any_of_names(value.get_object(), kAccuracyNames);
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
  const auto* accuracy = accuracy_of(*value);
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
