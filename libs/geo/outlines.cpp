#include "libs/geo/outlines.h"

#include <boost/json.hpp>
#include <optional>

namespace ioc::geo {
namespace {

namespace json = boost::json;

struct Lattice {
  std::int64_t step = 0, west = 0, south = 0;
};

std::optional<std::int64_t> integer(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_int64() ? std::optional(value->get_int64()) : std::nullopt;
}

class Reader {
 public:
  Reader(std::string_view file, std::vector<std::string>& problems) : x_file(file), x_problems(problems) {}

  void read(std::string_view content, Outlines& out) {
    json::error_code error;
    const auto root = json::parse(json::string_view(content.data(), content.size()), error);
    if (error || !root.is_object()) return wrong("", "is not a JSON object; make it again with make_outlines");
    const auto& object = root.get_object();
    const auto format = integer(object, "format"), step = integer(object, "step_e7");
    const auto west = integer(object, "west_e7"), south = integer(object, "south_e7");
    if (format != 1) return wrong("format", "must be 1");
    if (!step || !west || !south || *step < 1)
      return wrong("step_e7, west_e7, south_e7", "must be integers, the step positive");
    const auto* lines = object.if_contains("lines");
    const auto* shapes = object.if_contains("shapes");
    if (lines == nullptr || !lines->is_array() || shapes == nullptr || !shapes->is_object()) {
      return wrong("lines, shapes", "must be an array and an object");
    }
    const Lattice lattice{*step, *west, *south};
    for (const auto& line : lines->get_array()) read_line(lattice, line);
    if (!x_problems.empty()) return;
    for (const auto& [name, rings] : shapes->get_object()) read_shape(std::string(name), rings, out);
  }

 private:
  void wrong(const std::string& where, const std::string& what) {
    x_problems.push_back(std::string(x_file) + ": " + (where.empty() ? "" : where + ": ") + what);
  }

  // Keeps squares of centimetres within 64 bits.
  static bool far(std::int64_t a_e7, std::int64_t b_e7) {
    return a_e7 - b_e7 > 200'000'000 || b_e7 - a_e7 > 200'000'000;
  }

  // x, y, then steps to the next point: two numbers a point, in lattice steps.
  void read_line(const Lattice& lattice, const json::value& value) {
    const std::string where = "line " + std::to_string(x_lines.size());
    x_lines.emplace_back();
    if (!value.is_array() || value.get_array().size() < 4 || value.get_array().size() % 2 != 0) {
      return wrong(where, "must be an array of two or more pairs");
    }
    constexpr std::int64_t kStepsMax = 3'600'000'000;
    std::int64_t x = 0, y = 0;
    const auto& numbers = value.get_array();
    for (std::size_t i = 0; i < numbers.size(); i += 2) {
      if (!numbers[i].is_int64() || !numbers[i + 1].is_int64())
        return wrong(where, "holds something else than integers");
      const std::int64_t dx = numbers[i].get_int64(), dy = numbers[i + 1].get_int64();
      if (dx < -kStepsMax || dx > kStepsMax || dy < -kStepsMax || dy > kStepsMax)
        return wrong(where, "leaves the world");
      x += dx;
      y += dy;
      if (x < -kStepsMax || x > kStepsMax || y < -kStepsMax || y > kStepsMax || lattice.step > kStepsMax) {
        return wrong(where, "leaves the world");
      }
      const std::int64_t lon = lattice.west + x * lattice.step, lat = lattice.south + y * lattice.step;
      if (lat < -900'000'000 || lat > 900'000'000 || lon < -1'800'000'000 || lon > 1'800'000'000) {
        return wrong(where, "leaves the world");
      }
      const Point next{static_cast<std::int32_t>(lat), static_cast<std::int32_t>(lon)};
      if (i > 0 && (far(x_lines.back().back().lat_e7, lat) || far(x_lines.back().back().lon_e7, lon))) {
        return wrong(where, "has a step of more than 20 degrees");
      }
      x_lines.back().push_back(next);
    }
  }

  void read_shape(const std::string& name, const json::value& value, Outlines& out) {
    if (!value.is_array() || value.get_array().empty()) return wrong(name, "must be an array of rings");
    std::vector<Ring> rings;
    for (const auto& ways : value.get_array()) {
      auto ring = ways.is_array() ? ring_of(ways.get_array()) : std::nullopt;
      if (!ring)
        return wrong(name, "has a ring that does not close or names no line; make it again with make_outlines");
      rings.push_back(std::move(*ring));
    }
    if (!out.emplace(name, std::move(rings)).second) wrong(name, "is in another outline file too; rename one");
  }

  // The lines in turn, each without its last point, which is the first of the next.
  std::optional<Ring> ring_of(const json::array& ways) {
    Ring ring;
    std::optional<Point> at;
    for (const auto& way : ways) {
      if (!way.is_int64()) return std::nullopt;
      const bool back = way.get_int64() < 0;
      const auto index = static_cast<std::uint64_t>(back ? -(way.get_int64() + 1) : way.get_int64());
      if (index >= x_lines.size()) return std::nullopt;
      Ring line = x_lines[index];
      if (back) line.assign(x_lines[index].rbegin(), x_lines[index].rend());
      if (at && !(*at == line.front())) return std::nullopt;
      at = line.back();
      ring.insert(ring.end(), line.begin(), line.end() - 1);
    }
    if (ring.size() < 3 || !at || !(*at == ring.front())) return std::nullopt;
    return ring;
  }

  std::string_view x_file;
  std::vector<std::string>& x_problems;
  std::vector<Ring> x_lines;
};

}  // namespace

void read_outlines(std::string_view file, std::string_view content, Outlines& out, std::vector<std::string>& problems) {
  std::vector<std::string> own;
  Reader(file, own).read(content, out);
  problems.insert(problems.end(), own.begin(), own.end());
}

}  // namespace ioc::geo
