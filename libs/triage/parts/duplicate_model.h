// The bundle's duplicates.yaml: how often a report in a situation is another report of the same thing, per type, and what
// each piece of evidence adds. Learned by `ioc model train-duplicates`, or the careful prior for a new place; read once.
//
//   file       = join_permille, suggest_permille, situations, types, evidence, unseen
//   situations = "SITUATION SHARE" ...                       share of 10,000; for types without a row of their own
//   types      = {type: NAME, related: [NAME, ...], shares: ["SITUATION MARKED ROWS SHARE", ...]} ...
//   evidence   = "EVIDENCE POINTS" ...                       thousandths of log-odds, may be negative
//   unseen     = join_permille, suggest_permille             of types that stand in no row
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
  struct TypeRow {
    std::string type;
    std::vector<std::string> related, shares;
    void declare(config::Fields& fields);
  };
  using Odds = std::array<std::int32_t, kSituations>;

  // What a type's reports are judged by.
  struct Of {
    const Odds& odds;
    const Thresholds& thresholds;
  };

  DuplicateModel();  // the careful prior: joins in the strongest situations only
  void declare(config::Fields& fields);
  // Every mistake as "duplicates.yaml: where: what and what to do".
  void compile(std::vector<std::string>& problems);

  [[nodiscard]] Of of(std::uint64_t type) const;  // type_hash()
  // By the rows of both.
  [[nodiscard]] bool related(std::uint64_t type, std::uint64_t other) const;
  [[nodiscard]] std::int32_t points(Evidence piece) const { return x_points[static_cast<std::size_t>(piece)]; }

  // As in the file.
  Thresholds learned, unseen;
  std::vector<std::string> situations, evidence;
  std::vector<TypeRow> types;

 private:
  void relate(std::uint32_t row, std::uint32_t other);

  Odds x_prior{};
  std::array<std::int32_t, kEvidence> x_points{};
  std::vector<Odds> x_odds;
  boost::unordered_flat_set<std::uint64_t> x_related;  // the number of the one row, then of the other, 32 bits each
  boost::unordered_flat_map<std::uint64_t, std::uint32_t> x_by_type;
};

}  // namespace ioc::triage
