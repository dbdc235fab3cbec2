#include "libs/geo/grid.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "libs/geo/distance.h"

namespace ioc::geo {
namespace {

constexpr std::int64_t kSouthPole = -900'000'000, kDateLine = -1'800'000'000;

struct Square {
  std::int64_t row = 0, column = 0;
  friend auto operator<=>(const Square&, const Square&) = default;
};

// A corner of the lattice: the south-west corner of the square of that row and column.
using Corner = Square;

struct Lattice {
  std::int64_t lat_step = 0, lon_step = 0;

  [[nodiscard]] Square square_of(Position p) const {
    return {(p.lat_e7 - kSouthPole) / lat_step, (p.lon_e7 - kDateLine) / lon_step};
  }
  [[nodiscard]] std::int64_t lat(std::int64_t row) const { return kSouthPole + row * lat_step; }
  [[nodiscard]] std::int64_t lon(std::int64_t column) const { return kDateLine + column * lon_step; }
};

template <class Part>
std::int32_t median(const std::vector<Position>& positions, Part part) {
  std::vector<std::int32_t> values;
  for (const Position& p : positions) values.push_back(part(p));
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// The width of a square in degrees follows from the whole degree of latitude, so that it does not hang on the sample.
Lattice lattice_of(std::int32_t lat_e7, std::uint32_t side_m) {
  const std::int64_t step = std::int64_t{side_m} * 100'000'000 / kMicroCmPerE7;
  const auto degree =
      static_cast<std::int32_t>((lat_e7 >= 0 ? lat_e7 + 5'000'000 : lat_e7 - 5'000'000) / 10'000'000 * 10'000'000);
  const std::int64_t cosine = std::max<std::int64_t>(cosine_q30(degree), 1 << 24);
  return {step, (step << 30) / cosine};
}

std::string decimal(std::int64_t e7, int digits) {
  std::int64_t scale = 1;
  for (int i = digits; i < 7; ++i) scale *= 10;
  const std::int64_t rounded = (std::abs(e7) + scale / 2) / scale;
  std::string text = std::to_string(rounded);
  if (text.size() <= static_cast<std::size_t>(digits))
    text.insert(0, static_cast<std::size_t>(digits) + 1 - text.size(), '0');
  text.insert(text.size() - static_cast<std::size_t>(digits), ".");
  return e7 < 0 && rounded > 0 ? "-" + text : text;
}

std::string code_of(Square s) { return "o" + std::to_string(s.row) + "-" + std::to_string(s.column); }

std::string name_of(const Lattice& lattice, Square s) {
  const std::int64_t lat = lattice.lat(s.row) + lattice.lat_step / 2,
                     lon = lattice.lon(s.column) + lattice.lon_step / 2;
  return "Ô " + decimal(std::abs(lat), 3) + (lat < 0 ? "S " : "N ") + decimal(std::abs(lon), 3) + (lon < 0 ? "W" : "E");
}

// Every side of a square is a line of its own, made once for both neighbours.
class Sides {
 public:
  explicit Sides(const Lattice& lattice) : x_lattice(lattice) {}

  // The way from one corner to the next: the line's number, or its complement when it runs the other way.
  std::int64_t way(Corner from, Corner to) {
    const auto key = std::minmax(from, to);
    const auto [found, added] = x_number.emplace(key, static_cast<std::int64_t>(x_number.size()));
    if (added) {
      const Corner a = key.first, b = key.second;
      const std::int64_t west = x_lattice.lon(a.column), south = x_lattice.lat(a.row);
      x_lines += (x_lines.empty() ? "[" : ",\n[") + std::to_string(west) + "," + std::to_string(south) + "," +
                 std::to_string(x_lattice.lon(b.column) - west) + "," + std::to_string(x_lattice.lat(b.row) - south) +
                 "]";
    }
    return from < to ? found->second : -found->second - 1;
  }
  [[nodiscard]] const std::string& lines() const { return x_lines; }

 private:
  Lattice x_lattice;
  std::map<std::pair<Corner, Corner>, std::int64_t> x_number;
  std::string x_lines;
};

std::string ring(const std::vector<std::int64_t>& ways) {
  std::string out = "[";
  for (const std::int64_t way : ways) out += (out.size() > 1 ? "," : "") + std::to_string(way);
  return out + "]";
}

std::string around(Sides& sides, Square s) {
  const Corner a{s.row, s.column}, b{s.row, s.column + 1}, c{s.row + 1, s.column + 1}, d{s.row + 1, s.column};
  return ring({sides.way(a, b), sides.way(b, c), sides.way(c, d), sides.way(d, a)});
}

// The outline of all: sides with a square on their left only, walked from corner to corner.
std::string around_all(Sides& sides, const std::set<Square>& squares) {
  std::multimap<Corner, Corner> steps;
  for (const auto& [row, column] : squares) {
    if (!squares.contains({row - 1, column})) steps.emplace(Corner{row, column}, Corner{row, column + 1});
    if (!squares.contains({row, column + 1})) steps.emplace(Corner{row, column + 1}, Corner{row + 1, column + 1});
    if (!squares.contains({row + 1, column})) steps.emplace(Corner{row + 1, column + 1}, Corner{row + 1, column});
    if (!squares.contains({row, column - 1})) steps.emplace(Corner{row + 1, column}, Corner{row, column});
  }
  std::string out;
  while (!steps.empty()) {
    std::vector<std::int64_t> ways;
    Corner at = steps.begin()->first;
    for (auto step = steps.find(at); step != steps.end(); step = steps.find(at)) {
      ways.push_back(sides.way(at, step->second));
      at = step->second;
      steps.erase(step);
    }
    out += (out.empty() ? "" : ",") + ring(ways);
  }
  return out;
}

std::set<Square> squares_around(const std::vector<Position>& positions, const Lattice& lattice) {
  std::set<Square> held, out;
  for (const Position& position : positions) held.insert(lattice.square_of(position));
  for (const auto& [row, column] : held) {
    for (std::int64_t r = row - 1; r <= row + 1; ++r) {
      for (std::int64_t c = column - 1; c <= column + 1; ++c) {
        const bool in_world = r >= 0 && c >= 0 && lattice.lat(r + 1) <= -kSouthPole && lattice.lon(c + 1) <= -kDateLine;
        if (in_world) out.insert({r, c});
      }
    }
  }
  return out;
}

void write_files(const Lattice& lattice, const std::set<Square>& squares, Square middle, Grid& out) {
  Sides sides(lattice);
  std::string units = "code,name,kind,parent,valid_from,valid_until,aliases,lat,lon,outline\n", shapes;
  const auto add = [&](const std::string& code, const std::string& name, const char* kind, const char* parent,
                       Square at) {
    units += code + "," + name + "," + kind + "," + parent + ",,,," +
             decimal(lattice.lat(at.row) + lattice.lat_step / 2, 7) + "," +
             decimal(lattice.lon(at.column) + lattice.lon_step / 2, 7) + "," + code + "\n";
  };
  add("place", "Toàn vùng", "place", "", middle);
  for (const Square s : squares) {
    add(code_of(s), name_of(lattice, s), "square", "place", s);
    shapes += (shapes.empty() ? "\"" : ",\n\"") + code_of(s) + "\":[" + around(sides, s) + "]";
  }
  shapes += ",\n\"place\":[" + around_all(sides, squares) + "]";
  out.files = {{"kinds.csv", "kind,label,words\nplace,Vùng,\nsquare,Ô,\n"},
               {"outlines-grid.json", "{\"format\":1,\"step_e7\":1,\"west_e7\":0,\"south_e7\":0,\n\"lines\":[\n" +
                                          sides.lines() + "\n],\n\"shapes\":{\n" + shapes + "\n}}\n"},
               {"successors.csv", "date,code,successor\n"},
               {"units.csv", units}};
}

}  // namespace

Grid make_grid(const std::vector<Position>& positions, const GridOptions& options) {
  Grid out;
  if (positions.empty()) {
    out.problem = "no positions to cover; does the file have columns latitude and longitude?";
    return out;
  }
  const Position middle{median(positions, [](const Position& p) { return p.lat_e7; }),
                        median(positions, [](const Position& p) { return p.lon_e7; }), 0};
  std::vector<Position> near;
  for (const Position& position : positions) {
    if (distance_dm(position, middle) <= std::int64_t{options.reach_km} * 10'000) near.push_back(position);
  }
  out.positions = near.size();
  out.left_out = positions.size() - near.size();
  const Lattice lattice = lattice_of(middle.lat_e7, options.side_m);
  if (near.empty()) {
    out.problem =
        "the positions lie farther apart than " + std::to_string(options.reach_km) + " km; give a larger --reach";
    return out;
  }
  const auto squares = squares_around(near, lattice);
  out.squares = squares.size();
  if (squares.size() > options.squares_max) {
    out.problem = std::to_string(squares.size()) + " squares are more than " + std::to_string(options.squares_max) +
                  "; give a larger --side";
    return out;
  }
  write_files(lattice, squares, lattice.square_of(near[near.size() / 2]), out);
  return out;
}

}  // namespace ioc::geo
