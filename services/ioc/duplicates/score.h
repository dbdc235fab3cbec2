// How good decisions are, counted against staff's marks. Positive = join.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "services/ioc/duplicates/play.h"

namespace ioc::duplicates {

struct Counts {
  std::uint64_t reports = 0, marked = 0, joined = 0, right = 0;  // right: joined and marked
  void add(bool is_marked, bool is_joined);
  [[nodiscard]] double precision() const;
  [[nodiscard]] double recall() const;
  [[nodiscard]] double f1() const;
};

struct Score {
  Counts all;
  std::uint64_t suggested = 0, suggested_marked = 0;
  std::map<std::string, Counts> by_category;
  // Marked reports that name an original in the file, at most 500 m and 60 days apart, whichever came first; joined: the
  // later of the two was matched within their cluster.
  std::uint64_t pairs = 0, pairs_joined = 0;
  // Joins of reports that staff put into a cluster, and those of them that were matched within their cluster.
  std::uint64_t labelled_joins = 0, labelled_joins_right = 0;
};

// Which reports count: opened in [from_ms, until_ms), of one of the types where any are named (folded).
struct Counted {
  std::int64_t from_ms = INT64_MIN, until_ms = INT64_MAX;
  std::set<std::string> types;
  [[nodiscard]] bool holds(const LabelledReport& report) const;
};

// The report of row i was joined with that of row `matched[i]`.
struct Joins {
  std::vector<std::optional<std::size_t>> matched;
};
Joins joins_of(const std::vector<Played>& played);
Score score(const LabelledFile& file, const Joins& joins, const Counted& of = {});

// The naive rules of issue and data's README: same address (and type) within so many hours, the earlier one still open.
Joins naive_joins(const LabelledFile& file, bool same_type, std::int64_t hours);

}  // namespace ioc::duplicates
