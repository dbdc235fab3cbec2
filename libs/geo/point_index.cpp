#include "libs/geo/point_index.h"

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "libs/geo/distance.h"

namespace ioc::geo {
namespace {

constexpr std::uint32_t kCrossed = 0x8000'0000U;
constexpr std::int64_t kCellE7 = 40'000;       // about 400 m
constexpr std::int64_t kCellsMax = 1'000'000;  // of one index; cells grow beyond it

// Whether the edge is crossed by the ray from the point to the west. Exact: products of at most 3.6e9 * 1.8e9 fit 64
// bits.
bool west_of(Point low, Point high, Point point) noexcept {
  if (point.lat_e7 < low.lat_e7 || point.lat_e7 >= high.lat_e7) return false;
  const std::int64_t rise = std::int64_t{high.lat_e7} - low.lat_e7, run = std::int64_t{high.lon_e7} - low.lon_e7;
  return run * (std::int64_t{point.lat_e7} - low.lat_e7) <= (std::int64_t{point.lon_e7} - low.lon_e7) * rise;
}

// Centimetres from the origin to the segment a-b.
std::int64_t origin_to_segment(std::int64_t ax, std::int64_t ay, std::int64_t bx, std::int64_t by) {
  const std::int64_t dx = bx - ax, dy = by - ay;
  const std::int64_t along = -(ax * dx + ay * dy), length2 = dx * dx + dy * dy;
  const auto length_of = [](std::int64_t x, std::int64_t y) {
    return static_cast<std::int64_t>(square_root(static_cast<std::uint64_t>(x * x + y * y)));
  };
  if (along <= 0 || length2 == 0) return length_of(ax, ay);
  if (along >= length2) return length_of(bx, by);
  return std::abs(ax * dy - ay * dx) / static_cast<std::int64_t>(square_root(static_cast<std::uint64_t>(length2)));
}

}  // namespace

PointIndex::PointIndex(const std::vector<const std::vector<Ring>*>& shapes) {
  lay_lattice(shapes);
  std::vector<std::vector<std::uint32_t>> crossed(static_cast<std::size_t>(x_row_count * x_column_count));
  for (std::uint32_t i = 0; i < shapes.size(); ++i) add_shape(*shapes[i], i, crossed);
  x_rows.push_back(static_cast<std::uint32_t>(x_edges.size()));
  fill(crossed);
}

void PointIndex::lay_lattice(const std::vector<const std::vector<Ring>*>& shapes) {
  x_south = x_west = std::numeric_limits<std::int32_t>::max();
  x_north = x_east = std::numeric_limits<std::int32_t>::min();
  for (const auto* rings : shapes) {
    for (const auto& ring : *rings) {
      for (const Point point : ring) {
        x_south = std::min<std::int64_t>(x_south, point.lat_e7);
        x_north = std::max<std::int64_t>(x_north, point.lat_e7);
        x_west = std::min<std::int64_t>(x_west, point.lon_e7);
        x_east = std::max<std::int64_t>(x_east, point.lon_e7);
      }
    }
  }
  if (x_north < x_south) return;
  x_step = kCellE7;
  while (((x_north - x_south) / x_step + 1) * ((x_east - x_west) / x_step + 1) > kCellsMax) x_step *= 2;
  x_row_count = (x_north - x_south) / x_step + 1;
  x_column_count = (x_east - x_west) / x_step + 1;
}

void PointIndex::add_shape(const std::vector<Ring>& rings, std::uint32_t shape,
                           std::vector<std::vector<std::uint32_t>>& crossed) {
  Shape added{std::numeric_limits<std::int64_t>::max(), -1, x_rows.size()};
  std::vector<Edge> edges;
  for (const auto& ring : rings) {
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const Point a = ring[i], b = ring[i + 1 < ring.size() ? i + 1 : 0];
      edges.push_back(a.lat_e7 <= b.lat_e7 ? Edge{a, b} : Edge{b, a});
      added.row_first = std::min(added.row_first, row_of(edges.back().low.lat_e7));
      added.row_last = std::max(added.row_last, row_of(edges.back().high.lat_e7));
      mark(edges.back(), shape, crossed);
    }
  }
  for (std::int64_t row = added.row_first; row <= added.row_last; ++row) {
    x_rows.push_back(static_cast<std::uint32_t>(x_edges.size()));
    for (const Edge& edge : edges) {
      if (row_of(edge.low.lat_e7) <= row && row <= row_of(edge.high.lat_e7)) x_edges.push_back(edge);
    }
  }
  x_shapes.push_back(added);
}

// Row by row, the columns between where the edge enters and leaves it, rounded outwards.
void PointIndex::mark(const Edge& edge, std::uint32_t shape, std::vector<std::vector<std::uint32_t>>& crossed) const {
  const std::int64_t rise = std::int64_t{edge.high.lat_e7} - edge.low.lat_e7;
  const std::int64_t run = std::int64_t{edge.high.lon_e7} - edge.low.lon_e7;
  const std::int64_t west = std::min(edge.low.lon_e7, edge.high.lon_e7),
                     east = std::max(edge.low.lon_e7, edge.high.lon_e7);
  const auto lon_at = [&](std::int64_t lat) {
    return edge.low.lon_e7 + (rise == 0 ? 0 : run * (lat - edge.low.lat_e7) / rise);
  };
  for (std::int64_t row = row_of(edge.low.lat_e7); row <= row_of(edge.high.lat_e7); ++row) {
    const std::int64_t from = std::max<std::int64_t>(edge.low.lat_e7, x_south + row * x_step);
    const std::int64_t to = std::min<std::int64_t>(edge.high.lat_e7, x_south + (row + 1) * x_step);
    const std::int64_t a = rise == 0 ? west : lon_at(from), b = rise == 0 ? east : lon_at(to);
    const std::int64_t first = column_of(std::max(west, std::min(a, b) - 1)),
                       last = column_of(std::min(east, std::max(a, b) + 1));
    for (std::int64_t column = first; column <= last; ++column) {
      auto& cell = crossed[static_cast<std::size_t>(row * x_column_count + column)];
      if (cell.empty() || cell.back() != shape) cell.push_back(shape);
    }
  }
}

void PointIndex::fill(const std::vector<std::vector<std::uint32_t>>& crossed) {
  x_cells.assign(crossed.size(), 0);
  for (std::int64_t row = 0; row < x_row_count; ++row) {
    std::optional<std::uint32_t> west;  // of the cell to the west, when no line crosses it: the same here
    for (std::int64_t column = 0; column < x_column_count; ++column) {
      const auto at = static_cast<std::size_t>(row * x_column_count + column);
      if (crossed[at].empty()) {
        west = west ? *west : shape_at(row, column);
        x_cells[at] = *west;
        continue;
      }
      west.reset();
      x_cells[at] = kCrossed + static_cast<std::uint32_t>(x_lists.size());
      x_lists.push_back(static_cast<std::uint32_t>(crossed[at].size()));
      x_lists.insert(x_lists.end(), crossed[at].begin(), crossed[at].end());
    }
  }
}

std::uint32_t PointIndex::shape_at(std::int64_t row, std::int64_t column) const noexcept {
  const Point middle{static_cast<std::int32_t>(x_south + row * x_step + x_step / 2),
                     static_cast<std::int32_t>(x_west + column * x_step + x_step / 2)};
  for (std::uint32_t shape = 0; shape < x_shapes.size(); ++shape) {
    if (holds(shape, middle)) return shape + 1;
  }
  return 0;
}

bool PointIndex::holds(std::uint32_t shape, Point point) const noexcept {
  if (point.lat_e7 < x_south || point.lat_e7 > x_north) return false;
  const Shape& of = x_shapes[shape];
  const std::int64_t row = row_of(point.lat_e7);
  if (row < of.row_first || row > of.row_last) return false;
  const std::size_t at = of.rows_at + static_cast<std::size_t>(row - of.row_first);
  bool odd = false;
  for (std::uint32_t i = x_rows[at]; i < x_rows[at + 1]; ++i) odd ^= west_of(x_edges[i].low, x_edges[i].high, point);
  return odd;
}

bool PointIndex::outside(Point point) const noexcept {
  return point.lat_e7 < x_south || point.lat_e7 > x_north || point.lon_e7 < x_west || point.lon_e7 > x_east;
}

std::optional<std::uint32_t> PointIndex::inside(Point point) const noexcept {
  if (outside(point)) return std::nullopt;
  const std::uint32_t cell =
      x_cells[static_cast<std::size_t>(row_of(point.lat_e7) * x_column_count + column_of(point.lon_e7))];
  if (cell == 0) return std::nullopt;
  if ((cell & kCrossed) == 0) return cell - 1;
  const std::uint32_t* list = &x_lists[cell & ~kCrossed];
  for (std::uint32_t i = 1; i <= *list; ++i) {
    if (holds(list[i], point)) return list[i];
  }
  return std::nullopt;
}

std::int64_t PointIndex::distance_to(std::uint32_t shape, Point point, std::int64_t row_from, std::int64_t row_to,
                                     std::int64_t best_dm) const {
  const std::int64_t cosine = cosine_q30(point.lat_e7);
  const auto east_cm = [&](Point p) {
    return (std::int64_t{p.lon_e7} - point.lon_e7) * kMicroCmPerE7 / 1'000'000 * cosine >> 30;
  };
  const auto north_cm = [&](Point p) { return (std::int64_t{p.lat_e7} - point.lat_e7) * kMicroCmPerE7 / 1'000'000; };
  const Shape& of = x_shapes[shape];
  for (std::int64_t row = std::max(row_from, of.row_first); row <= std::min(row_to, of.row_last); ++row) {
    const std::size_t at = of.rows_at + static_cast<std::size_t>(row - of.row_first);
    for (std::uint32_t i = x_rows[at]; i < x_rows[at + 1]; ++i) {
      const Edge& edge = x_edges[i];
      const std::int64_t cm =
          origin_to_segment(east_cm(edge.low), north_cm(edge.low), east_cm(edge.high), north_cm(edge.high));
      best_dm = std::min(best_dm, (cm + 5) / 10);
    }
  }
  return best_dm;
}

std::optional<PointIndex::Near> PointIndex::nearest(Point point, std::int64_t limit_dm) const {
  if (x_shapes.empty()) return std::nullopt;
  const Reach reach = reach_of({point.lat_e7, point.lon_e7, 0}, limit_dm);
  const std::int64_t south = std::max(x_south, point.lat_e7 - reach.lat_e7),
                     north = std::min(x_north, point.lat_e7 + reach.lat_e7);
  const std::int64_t west = std::max(x_west, point.lon_e7 - reach.lon_e7),
                     east = std::min(x_east, point.lon_e7 + reach.lon_e7);
  if (south > north || west > east) return std::nullopt;
  std::vector<std::uint32_t> shapes;
  for (std::int64_t row = row_of(south); row <= row_of(north); ++row) {
    for (std::int64_t column = column_of(west); column <= column_of(east); ++column) {
      const std::uint32_t cell = x_cells[static_cast<std::size_t>(row * x_column_count + column)];
      if ((cell & kCrossed) == 0) continue;  // a shape near by has a line near by
      const std::uint32_t* list = &x_lists[cell & ~kCrossed];
      shapes.insert(shapes.end(), list + 1, list + 1 + *list);
    }
  }
  std::sort(shapes.begin(), shapes.end());
  shapes.erase(std::unique(shapes.begin(), shapes.end()), shapes.end());
  Near best{0, limit_dm + 1};
  for (const std::uint32_t shape : shapes) {
    const std::int64_t distance = distance_to(shape, point, row_of(south), row_of(north), best.distance_dm);
    if (distance < best.distance_dm) best = {shape, distance};
  }
  return best.distance_dm <= limit_dm ? std::optional(best) : std::nullopt;
}

std::optional<std::int64_t> PointIndex::distance(std::uint32_t shape, Point point, std::int64_t limit_dm) const {
  if (holds(shape, point)) return 0;
  const Reach reach = reach_of({point.lat_e7, point.lon_e7, 0}, limit_dm);
  const std::int64_t south = std::max(x_south, point.lat_e7 - reach.lat_e7),
                     north = std::min(x_north, point.lat_e7 + reach.lat_e7);
  if (south > north) return std::nullopt;
  const std::int64_t distance = distance_to(shape, point, row_of(south), row_of(north), limit_dm + 1);
  return distance <= limit_dm ? std::optional(distance) : std::nullopt;
}

std::size_t PointIndex::bytes() const noexcept {
  return x_shapes.size() * sizeof(Shape) + x_edges.size() * sizeof(Edge) +
         (x_rows.size() + x_cells.size() + x_lists.size()) * sizeof(std::uint32_t);
}

}  // namespace ioc::geo
