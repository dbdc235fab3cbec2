#include "libs/triage/parts/duplicate_model.h"

#include <algorithm>
#include <bit>
#include <charconv>

#include "libs/config/config.h"
#include "libs/triage/memory/open_incident.h"

namespace ioc::triage {
namespace {

// ln(value) in millionths: the power of two, then the binary digits of the logarithm one by one.
std::int64_t ln_micro(std::uint64_t value) {
  constexpr int kBits = 20;
  constexpr std::int64_t kLn2Micro = 693'147;
  const auto power = static_cast<int>(std::bit_width(value)) - 1;
  std::uint64_t x = value << (31 - power);  // in [1, 2) with 31 bits behind the point
  std::uint64_t fraction = 0;
  for (int bit = 0; bit < kBits; ++bit) {
    x = (x * x) >> 31;
    fraction <<= 1;
    if (x >> 32) {
      x >>= 1;
      fraction |= 1;
    }
  }
  return power * kLn2Micro + ((static_cast<std::int64_t>(fraction) * kLn2Micro) >> kBits);
}

const std::array<std::int32_t, 1000>& odds_by_permille() {
  static const std::array<std::int32_t, 1000> table = [] {
    std::array<std::int32_t, 1000> made{};
    for (std::int64_t permille = 1; permille < 1000; ++permille) made[static_cast<std::size_t>(permille)] = log_odds_milli(permille, 1000);
    made[0] = INT32_MIN;
    return made;
  }();
  return table;
}

bool of_other_types(Situation situation) {
  return situation == Situation::OtherTypeSameAddress30m || situation == Situation::OtherTypeSameAddress3d || situation == Situation::OtherTypeSpot3d;
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (!line.empty()) {
    const std::size_t end = std::min(line.find(' '), line.size());
    if (end > 0) words.push_back(line.substr(0, end));
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return words;
}

std::optional<std::int64_t> whole_number(std::string_view text, std::int64_t least, std::int64_t most) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least || value > most) return std::nullopt;
  return value;
}

// "SITUATION [MARKED ROWS] SHARE" into `odds`: the situation's number.
std::optional<std::size_t> read_share(std::string_view line, std::size_t words_wanted, DuplicateModel::Odds& odds) {
  const auto words = words_of(line);
  if (words.size() != words_wanted) return std::nullopt;
  const auto situation = situation_named(words.front());
  const auto share = whole_number(words.back(), 1, kShareWhole - 1);
  if (!situation || *situation == Situation::None || !share) return std::nullopt;
  const auto index = static_cast<std::size_t>(*situation);
  odds[index] = log_odds_milli(*share);
  return index;
}

// "EVIDENCE POINTS" into `points`.
bool read_points(std::string_view line, DuplicateModel::Points& points) {
  const auto words = words_of(line);
  const auto known = words.size() == 2 ? evidence_named(words[0]) : std::nullopt;
  const auto given = known ? whole_number(words[1], -kPointsMost, kPointsMost) : std::nullopt;
  if (given) points[static_cast<std::size_t>(*known)] = static_cast<std::int32_t>(*given);
  return given.has_value();
}

}  // namespace

std::int32_t log_odds_milli(std::int64_t share, std::int64_t whole) {
  const std::int64_t held = std::clamp<std::int64_t>(share, 1, whole - 1);
  return static_cast<std::int32_t>((ln_micro(static_cast<std::uint64_t>(held)) - ln_micro(static_cast<std::uint64_t>(whole - held))) / 1000);
}

std::int32_t permille_of(std::int32_t log_odds) {
  const auto& table = odds_by_permille();
  const auto above = std::upper_bound(table.begin(), table.end(), log_odds);
  return std::max<std::int32_t>(1, static_cast<std::int32_t>(above - table.begin()) - 1);
}

void DuplicateModel::Thresholds::declare(config::Fields& fields) {
  fields.number("join_permille", join_permille, 1, 1000, "joins at or above this score; 1000: never");
  fields.number("suggest_permille", suggest_permille, 1, 1000, "suggests at or above this score");
}

void DuplicateModel::Unseen::declare(config::Fields& fields) {
  Thresholds::declare(fields);
  fields.texts("evidence", evidence, "EVIDENCE POINTS, thousandths of log-odds");
}

void DuplicateModel::TypeRow::declare(config::Fields& fields) {
  fields.text("type", type, "a category's code, or a sender's own category");
  fields.texts("related", related, "other types that staff have taken for the same thing; each with a row of its own");
  fields.texts("shares", shares, "SITUATION MARKED ROWS SHARE, the share of 10,000");
}

// A new place: a share that others' data has for the situation says little of it, so only what is nearly certain joins.
DuplicateModel::DuplicateModel()
    : situations{"same_type_same_address_30m 6500", "same_type_same_address_3d 5800",   "same_type_spot_30m 5800",
                 "same_type_other_feed_30m 5800",   "same_type_spot_3d 3500",           "other_type_same_address_30m 1500",
                 "other_type_same_address_3d 1000", "same_type_other_address_30m 1500", "same_type_other_address_3d 1000",
                 "same_type_near_30m 2000",         "same_type_near_3d 1200",           "same_type_doubtful_place_3d 1200",
                 "same_type_older 1000",            "other_type_spot_3d 200"},
      evidence{"several_open_2 0",    "several_open_3 -700", "others_open_1 0", "others_open_2 0",  "text_same 700",
               "text_alike 500",      "text_different -300", "text_none 0",     "related_type 900", "same_photo 3500", "same_plate 2500",
               "same_camera 500",     "same_street 700"} {
  unseen.evidence = evidence;
  std::vector<std::string> none;
  compile(none);
}

void DuplicateModel::declare(config::Fields& fields) {
  learned.declare(fields);
  fields.section("unseen", unseen, "thresholds and evidence where nothing was learned");
  fields.texts("situations", situations, "SITUATION SHARE: for types that stand in no row");
  fields.list("types", types, "what was learned of each type");
  fields.texts("evidence", evidence, "EVIDENCE POINTS, thousandths of log-odds");
}

void DuplicateModel::compile(std::vector<std::string>& problems) {
  const auto problem = [&](const std::string& where, const std::string& what) { problems.push_back("duplicates.yaml: " + where + ": " + what); };
  x_prior.fill(log_odds_milli(1));
  x_prior_points.fill(0);
  x_points.fill(0);
  x_rows.clear();
  x_by_type.clear();
  x_related.clear();
  for (const std::string& line : situations) {
    if (!read_share(line, 2, x_prior)) problem("situations", "`" + line + "`: write a situation and its share of 10,000: `same_type_near_3d 1200`");
  }
  const auto read_evidence = [&](const char* where, const std::vector<std::string>& lines, Points& points) {
    for (const std::string& line : lines) {
      if (!read_points(line, points)) problem(where, "`" + line + "`: write a piece of evidence and its points, -9000 to 9000: `same_photo 3500`");
    }
  };
  read_evidence("evidence", evidence, x_points);
  read_evidence("unseen.evidence", unseen.evidence, x_prior_points);
  for (const TypeRow& row : types) {
    Row read{x_prior, {}};
    for (const std::string& line : row.shares) {
      if (const auto situation = read_share(line, 4, read.odds)) read.named[*situation] = true;
      else problem("types: " + row.type, "`" + line + "`: write situation, marked, rows and share: `same_type_near_3d 7 85 1200`");
    }
    const auto index = static_cast<std::uint32_t>(x_rows.size());
    x_rows.push_back(read);
    const bool fresh = x_by_type.emplace(type_hash(row.type, ""), index).second;
    x_by_type.emplace(type_hash("khac", row.type), index);
    if (row.type.empty() || !fresh) problem("types: " + row.type, "each type needs a name of its own; keep one row");
  }
  for (const TypeRow& row : types) {
    for (const std::string& other : row.related) {
      const auto at = x_by_type.find(type_hash("khac", other));
      if (at == x_by_type.end()) problem("types: " + row.type, "`related` names `" + other + "`, which has no row; add one or leave the name out");
      else relate(x_by_type.at(type_hash("khac", row.type)), at->second);
    }
  }
  if (learned.suggest_permille > learned.join_permille) problem("suggest_permille", "is above join_permille; make it smaller");
  if (unseen.suggest_permille > unseen.join_permille) problem("unseen.suggest_permille", "is above join_permille; make it smaller");
}

void DuplicateModel::relate(std::uint32_t row, std::uint32_t other) {
  x_related.insert(std::uint64_t{row} << 32 | other);
  x_related.insert(std::uint64_t{other} << 32 | row);
}

bool DuplicateModel::related(std::uint64_t type, std::uint64_t other) const {
  const auto a = x_by_type.find(type), b = x_by_type.find(other);
  return a != x_by_type.end() && b != x_by_type.end() && x_related.contains(std::uint64_t{a->second} << 32 | b->second);
}

DuplicateModel::Judge DuplicateModel::judge(std::uint64_t type, std::uint64_t other, Situation situation) const {
  const auto index = static_cast<std::size_t>(situation);
  const auto at = x_by_type.find(type);
  const auto is_known = [this](std::uint64_t wanted) {
    const auto found = x_by_type.find(wanted);
    if (found == x_by_type.end()) return false;
    const auto& named = x_rows[found->second].named;
    return std::find(named.begin(), named.end(), true) != named.end();
  };
  const bool learned_here = at != x_by_type.end() && x_rows[at->second].named[index] && (!of_other_types(situation) || is_known(other));
  if (!learned_here) return {x_prior[index], x_prior_points, unseen};
  return {x_rows[at->second].odds[index], x_points, learned};
}

}  // namespace ioc::triage
