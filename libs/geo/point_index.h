// Which shape holds a point: a lattice of cells over all shapes, made once. Most cells lie in one shape and answer at
// once; the others name the shapes whose lines cross them, and only the edges at the point's height are looked at.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "libs/geo/units.h"

namespace ioc::geo {

class PointIndex {
 public:
  // Shapes are numbered as given. They must outlive nothing: what is needed is copied.
  explicit PointIndex(const std::vector<const std::vector<Ring>*>& shapes);

  // The first shape that holds the point. A point on a line belongs to exactly one of the neighbours that share it.
  [[nodiscard]] std::optional<std::uint32_t> inside(Point point) const noexcept;

  struct Near {
    std::uint32_t shape = 0;
    std::int64_t distance_dm = 0;
  };
  // The shape with the nearest line within the limit; of equally near ones the first.
  [[nodiscard]] std::optional<Near> nearest(Point point, std::int64_t limit_dm) const;

  // Whether this shape holds the point, whatever others do.
  [[nodiscard]] bool holds(std::uint32_t shape, Point point) const noexcept;

  // From the point to this shape, 0 inside; nullopt: farther.
  [[nodiscard]] std::optional<std::int64_t> distance(std::uint32_t shape, Point point, std::int64_t limit_dm) const;

  [[nodiscard]] std::size_t bytes() const noexcept;

 private:
  struct Edge {
    Point low, high;  // low.lat_e7 <= high.lat_e7
  };
  // Edges by row of the lattice: x_edges[x_rows[first + row - row_first] ...].
  struct Shape {
    std::int64_t row_first = 0, row_last = -1;
    std::size_t rows_at = 0;
  };

  void lay_lattice(const std::vector<const std::vector<Ring>*>& shapes);
  void add_shape(const std::vector<Ring>& rings, std::uint32_t shape, std::vector<std::vector<std::uint32_t>>& crossed);
  void mark(const Edge& edge, std::uint32_t shape, std::vector<std::vector<std::uint32_t>>& crossed) const;
  void fill(const std::vector<std::vector<std::uint32_t>>& crossed);
  [[nodiscard]] std::uint32_t shape_at(std::int64_t row, std::int64_t column) const noexcept;
  [[nodiscard]] std::int64_t row_of(std::int64_t lat) const noexcept { return (lat - x_south) / x_step; }
  [[nodiscard]] std::int64_t column_of(std::int64_t lon) const noexcept { return (lon - x_west) / x_step; }
  [[nodiscard]] bool outside(Point point) const noexcept;
  [[nodiscard]] std::int64_t distance_to(std::uint32_t shape, Point point, std::int64_t row_from, std::int64_t row_to,
                                         std::int64_t best_dm) const;

  std::int64_t x_south = 0, x_west = 0, x_north = -1, x_east = -1, x_step = 1;
  std::int64_t x_row_count = 0, x_column_count = 0;
  std::vector<Shape> x_shapes;
  std::vector<std::uint32_t> x_rows;  // per shape and row: where its edges start in x_edges; one more at the end
  std::vector<Edge> x_edges;
  // Per cell: 0 nothing, 1 + shape, or kCrossed + where in x_lists its shapes are (count, then shapes).
  std::vector<std::uint32_t> x_cells;
  std::vector<std::uint32_t> x_lists;
};

}  // namespace ioc::geo
