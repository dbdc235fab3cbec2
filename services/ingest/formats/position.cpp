// Positions as they come: missing, null, text, swapped, 0,0, out of range. Never a reason to refuse.
#include <cmath>

#include "services/ingest/formats/fields.h"

namespace ioc::ingest {
namespace json = boost::json;
namespace {

constexpr double kLatMax = 90, kLonMax = 180;
constexpr double kAccuracyMaxMetres = 1'000'000;

const json::value* either(const json::object& object, std::string_view first, std::string_view second) {
  const auto* value = object.if_contains(first);
  return value != nullptr ? value : object.if_contains(second);
}

std::optional<double> number_at(const json::object& object, std::string_view first, std::string_view second) {
  const auto* value = either(object, first, second);
  return value == nullptr ? std::nullopt : to_number(*value);
}

bool is_absent(const json::object& object) {
  const auto nothing = [](const json::value* value) { return value == nullptr || value->is_null(); };
  return nothing(either(object, "lat", "latitude")) && nothing(either(object, "lon", "longitude"));
}

}  // namespace

std::optional<Position> Fields::position(std::string_view name) {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_object()) {
    x_notes.flag(EventFlag::PositionMalformed);
    return std::nullopt;
  }
  const auto& object = value->get_object();
  if (is_absent(object)) return std::nullopt;
  auto lat = number_at(object, "lat", "latitude"), lon = number_at(object, "lon", "longitude");
  if (!lat || !lon) {
    x_notes.flag(EventFlag::PositionMalformed);
    return std::nullopt;
  }
  if (*lat == 0 && *lon == 0) {
    x_notes.flag(EventFlag::PositionZero);
    return std::nullopt;
  }
  // All of Vietnam lies east of 102°, so an exchanged pair has a latitude that cannot be one.
  if (std::abs(*lat) > kLatMax && std::abs(*lat) <= kLonMax && std::abs(*lon) <= kLatMax) {
    std::swap(lat, lon);
    x_notes.flag(EventFlag::PositionSwapped);
  }
  if (std::abs(*lat) > kLatMax || std::abs(*lon) > kLonMax) {
    x_notes.flag(EventFlag::PositionOutOfRange);
    return std::nullopt;
  }
  Position out;
  out.lat_e7 = static_cast<std::int32_t>(std::llround(*lat * 1e7));
  out.lon_e7 = static_cast<std::int32_t>(std::llround(*lon * 1e7));
  const auto accuracy = number_at(object, "accuracy_m", "accuracy");
  if (accuracy && *accuracy > 0) out.accuracy_m = static_cast<std::uint32_t>(std::llround(std::min(std::ceil(*accuracy), kAccuracyMaxMetres)));
  return out;
}

}  // namespace ioc::ingest
