// The bundle's duplicates.yaml: how often a report in a situation is another report of the same thing, per type, and what
// each piece of evidence adds. Learned by `ioc model train-duplicates`, or the careful prior for a new place; read once.
//
//   file       = join_permille, suggest_permille, situations, types, evidence, unseen
//   situations = "SITUATION SHARE" ...                       share of 10,000; for types without a row of their own
//   types      = {type: NAME, related: [NAME, ...], shares: ["SITUATION MARKED ROWS SHARE", ...]} ...
//   evidence   = "EVIDENCE POINTS" ...                       thousandths of log-odds, may be negative; what was learned
//   unseen     = join_permille, suggest_permille, evidence   where nothing was learned: the prior's
//
// A type's row decides in the situations that it names. Elsewhere, for a type without a row, and for a report of another
// type than the incident's where one of the two has no row, the prior decides: its shares, its points, its thresholds.
// What was learned of other types says nothing there.
//
// A type is a category's code, or a sender's own category (compared folded). `related`: other types, with rows of their own,
// that staff have taken for the same thing. MARKED of ROWS is what was counted; only SHARE decides. Score = the share's log-odds + the evidence's points, as permille of certainty.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libs/triage/parts/situations.h"

namespace ioc::config {
class Fields;
}

namespace ioc::triage {

inline constexpr std::int64_t kShareWhole = 10'000;
inline constexpr std::int64_t kPointsMost = 9000;  // of a piece of evidence, either way

// ln(share / (whole - share)) in thousandths, in integers alone; share is held within [1, whole - 1].
std::int32_t log_odds_milli(std::int64_t share, std::int64_t whole = kShareWhole);
// The inverse: 1 to 999.
std::int32_t permille_of(std::int32_t log_odds_milli);

class DuplicateModel {
 public:
  struct Thresholds {
    std::uint64_t join_permille = 500, suggest_permille = 100;
    void declare(config::Fields& fields);
  };
  struct Unseen : Thresholds {
    std::vector<std::string> evidence;
    void declare(config::Fields& fields);
  };
  struct TypeRow {
    std::string type;
    std::vector<std::string> related, shares;
    void declare(config::Fields& fields);
  };
  using Odds = std::array<std::int32_t, kSituations>;
  using Points = std::array<std::int32_t, kEvidence>;

  // What a report is judged by.
  struct Judge {
    std::int32_t odds;
    const Points& points;
    const Thresholds& thresholds;
    [[nodiscard]] std::int32_t of(Evidence piece) const { return points[static_cast<std::size_t>(piece)]; }
  };

  DuplicateModel();  // the careful prior: joins in the strongest situations only
  void declare(config::Fields& fields);
  // Every mistake as "duplicates.yaml: where: what and what to do".
  void compile(std::vector<std::string>& problems);

  // The report's type and the incident's, each a type_hash().
  [[nodiscard]] Judge judge(std::uint64_t type, std::uint64_t other, Situation situation) const;
  // By the rows of both.
  [[nodiscard]] bool related(std::uint64_t type, std::uint64_t other) const;

  // Where nothing was learned.
  [[nodiscard]] std::int32_t prior_points(Evidence piece) const { return x_prior_points[static_cast<std::size_t>(piece)]; }

  // As in the file.
  Thresholds learned;
  Unseen unseen;
  std::vector<std::string> situations, evidence;
  std::vector<TypeRow> types;

 private:
  void relate(std::uint32_t row, std::uint32_t other);

  struct Row {
    Odds odds;
    std::array<bool, kSituations> named{};
  };

  Odds x_prior{};
  Points x_prior_points{}, x_points{};
  std::vector<Row> x_rows;
  boost::unordered_flat_set<std::uint64_t> x_related;  // the number of the one row, then of the other, 32 bits each
  boost::unordered_flat_map<std::uint64_t, std::uint32_t> x_by_type;
};

}  // namespace ioc::triage
