#include "services/ioc/duplicates/training.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "libs/text/fold.h"
#include "libs/triage/parts/duplicate_model.h"

namespace ioc::duplicates {
namespace {

using triage::Evidence;
using triage::kEvidence;
using triage::kSituations;
using triage::Situation;

constexpr std::array<double, 9> kSmoothings = {2, 3, 5, 7, 10, 15, 20, 30, 50};  // rows that the expected share may count as
constexpr double kUnmarked = 0.25;      // of the reports that are another's; a row without a mark is no proof
constexpr double kTypePull = 1, kEvidencePull = 2, kSituationPull = 0.05;  // ridge: as so many half-informative rows
constexpr int kRounds = 200, kHalvings = 40;
constexpr double kStep = 0.4;           // of Newton's, so that the rounds do not overshoot
constexpr std::size_t kRowsToLearn = 30;  // of a piece of evidence or a situation; below, the prior's stays
constexpr std::size_t kReportsToKnow = 5;  // of a type; of one with fewer nothing is known: the prior decides
constexpr double kMarkedForVoice = 100;  // marked reports with which a file has its full voice in the threshold
constexpr std::uint64_t kJoinLeast = 100, kJoinMost = 900, kJoinStep = 5;  // permille
constexpr double kShareLeast = 1e-4;
constexpr const char* kNeverJoins = "join_permille: 1000\nsuggest_permille: 1\nunseen: {join_permille: 1000, suggest_permille: 1}\n";


double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
double log_odds(double share) { return std::log(share / (1 - share)); }

struct Row {
  std::size_t place = 0, type = 0, situation = 0;
  std::vector<std::size_t> evidence;
  bool marked = false;
};

// What was counted of a type in a situation; the rows by what their evidence adds to the log-odds.
struct Cell {
  double marked = 0, rows = 0;
  std::map<double, double> by_evidence;
};

class Learner {
 public:
  explicit Learner(const std::vector<Place>& places) : x_places(places.size()), x_missed(places.size()) {
    for (std::size_t place = 0; place < places.size(); ++place) {
      for (const Observation& one : places[place].reports) x_types.emplace(text::fold(one.type), 0);
    }
    for (std::size_t next = 0; auto& [name, index] : x_types) index = next++;
    x_reports.assign(x_types.size(), 0);
    for (std::size_t place = 0; place < places.size(); ++place) {
      for (const Observation& one : places[place].reports) add(place, one);
      x_related.insert(places[place].related.begin(), places[place].related.end());
    }
  }

  Learned run() {
    fit();
    count();
    choose_smoothing();
    Learned learned;
    const auto [join, f1] = best_threshold();
    learned.join_permille = join;
    learned.mean_f1 = f1;
    learned.rows = x_all;
    learned.marked = x_all_marked;
    learned.types = x_types.size();
    learned.yaml = write(learned);
    return learned;
  }

 private:
  void add(std::size_t place, const Observation& one) {
    ++x_all;
    ++x_reports[x_types.at(text::fold(one.type))];
    x_all_marked += one.marked ? 1 : 0;
    const auto situation = triage::situation_named(one.situation);
    if (!situation || *situation == Situation::None) {
      x_missed[place] += one.marked ? 1 : 0;
      return;
    }
    Row row{place, x_types.at(text::fold(one.type)), static_cast<std::size_t>(*situation), {}, one.marked};
    for (const std::string& name : one.evidence) {
      if (const auto evidence = triage::evidence_named(name)) row.evidence.push_back(static_cast<std::size_t>(*evidence));
    }
    x_rows.push_back(std::move(row));
  }

  // log-odds = situation + type + evidence, by damped Newton steps on the diagonal; the order of sums is fixed.
  void fit() {
    x_situation.fill(-3);
    x_type.assign(x_types.size(), 0);
    x_evidence.fill(0);
    std::array<std::size_t, kEvidence> seen{};
    x_stood.fill(0);
    for (const Row& row : x_rows) {
      ++x_stood[row.situation];
      for (const std::size_t evidence : row.evidence) ++seen[evidence];
    }
    for (std::size_t i = 0; i < kEvidence; ++i) x_learned_evidence[i] = seen[i] >= kRowsToLearn;
    for (int round = 0; round < kRounds; ++round) one_round();
  }

  void one_round() {
    std::array<double, kSituations> gs{}, hs{};
    std::array<double, kEvidence> ge{}, he{};
    std::vector<double> gt(x_type.size()), ht(x_type.size());
    for (const Row& row : x_rows) {
      double z = x_situation[row.situation] + x_type[row.type];
      for (const std::size_t evidence : row.evidence) z += x_evidence[evidence];
      const double p = sigmoid(z), g = (row.marked ? 1 : 0) - p, h = p * (1 - p);
      gs[row.situation] += g, hs[row.situation] += h;
      gt[row.type] += g, ht[row.type] += h;
      for (const std::size_t evidence : row.evidence) ge[evidence] += g, he[evidence] += h;
    }
    const auto move = [](double& weight, double g, double h, double pull) {
      weight += std::clamp(kStep * (g - pull * weight) / (h + pull), -1.0, 1.0);
    };
    for (std::size_t i = 0; i < kSituations; ++i) move(x_situation[i], gs[i], hs[i], kSituationPull);
    for (std::size_t i = 0; i < x_type.size(); ++i) move(x_type[i], gt[i], ht[i], kTypePull);
    for (std::size_t i = 0; i < kEvidence; ++i) {
      if (x_learned_evidence[i]) move(x_evidence[i], ge[i], he[i], kEvidencePull);
    }
  }

  void count() {
    x_cells.assign(x_types.size(), {});
    for (const Row& row : x_rows) {
      Cell& cell = x_cells[row.type][row.situation];
      cell.rows += 1;
      cell.marked += row.marked ? 1 : 0;
      cell.by_evidence[evidence_of(row)] += 1;
    }
  }

  [[nodiscard]] double evidence_of(const Row& row) const {
    double sum = 0;
    for (const std::size_t evidence : row.evidence) sum += x_evidence[evidence];
    return sum;
  }

  // Of reports without evidence: with it, the rows come out at the marked ones, and the smoothing rows at the expected share.
  // Without evidence anywhere: (marked + smoothing x expected) / (rows + smoothing). `less`: judged without that row.
  [[nodiscard]] double share(std::size_t type, std::size_t situation, const Row* less) const {
    const Cell& cell = x_cells[type][situation];
    const double expected = sigmoid(x_situation[situation] + x_type[type]);
    const double left_out = less ? evidence_of(*less) : 0;
    const double wanted = cell.marked - (less && less->marked ? 1 : 0) + x_smoothing[situation] * expected;
    double low = -12, high = 12;
    for (int halving = 0; halving < kHalvings; ++halving) {
      const double z = (low + high) / 2;
      double sum = x_smoothing[situation] * sigmoid(z) - (less ? sigmoid(z + left_out) : 0);
      for (const auto& [evidence, rows] : cell.by_evidence) sum += rows * sigmoid(z + evidence);
      (sum < wanted ? low : high) = z;
    }
    return sigmoid((low + high) / 2);
  }

  [[nodiscard]] double judged_without_itself(const Row& row) const {
    return std::clamp(sigmoid(log_odds(share(row.type, row.situation, &row)) + evidence_of(row)), kShareLeast, 1 - kShareLeast);
  }

  // How much a situation's share counts for a type that was seldom in it: as much as tells best of each report what the others say.
  void choose_smoothing() {
    x_smoothing.fill(kSmoothings.front());
    std::array<double, kSituations> least;
    least.fill(std::numeric_limits<double>::infinity());
    auto best = x_smoothing;
    for (const double smoothing : kSmoothings) {
      x_smoothing.fill(smoothing);
      std::array<double, kSituations> surprise{};
      for (const Row& row : x_rows) {
        const double p = judged_without_itself(row);
        surprise[row.situation] -= std::log(row.marked ? p : 1 - p);
      }
      for (std::size_t i = 0; i < kSituations; ++i) {
        if (surprise[i] >= least[i]) continue;
        least[i] = surprise[i];
        best[i] = smoothing;
      }
    }
    x_smoothing = best;
  }

  // The threshold with the best mean of the places' F1.
  [[nodiscard]] std::pair<std::uint64_t, double> best_threshold() const {
    std::vector<double> shares;
    for (const Row& row : x_rows) shares.push_back(judged_without_itself(row));
    if (static_cast<double>(x_all_marked) < kMarkedForVoice) {  // too few to tell: the prior's
      const std::uint64_t careful = triage::DuplicateModel().learned.join_permille;
      return {careful, mean_f1(shares, careful)};
    }
    std::pair<std::uint64_t, double> best{kJoinLeast, -1};
    for (std::uint64_t join = kJoinLeast; join <= kJoinMost; join += kJoinStep) {
      const double f1 = mean_f1(shares, join);
      if (f1 > best.second) best = {join, f1};
    }
    return best;
  }

  // As the shares themselves expect it: the marks near a threshold are few, and their luck would choose it.
  [[nodiscard]] double mean_f1(const std::vector<double>& shares, std::uint64_t join_permille) const {
    struct Expected {
      double joined = 0, right = 0, marked = 0;
    };
    std::vector<Expected> places(x_places);
    for (std::size_t i = 0; i < x_rows.size(); ++i) {
      Expected& place = places[x_rows[i].place];
      place.marked += shares[i];
      if (1000 * shares[i] < static_cast<double>(join_permille)) continue;
      place.joined += 1;
      place.right += shares[i];
    }
    double sum = 0, voices = 0;
    for (std::size_t i = 0; i < x_places; ++i) {
      const double marked = places[i].marked + static_cast<double>(x_missed[i]);
      const double voice = std::min(1.0, marked / kMarkedForVoice), seen = 1 - kUnmarked;
      if (marked > 0) sum += voice * 2 * (places[i].right / seen) / (places[i].joined + marked / seen);
      voices += voice;
    }
    return voices > 0 ? sum / voices : 0;
  }

  static std::int64_t whole(double share) {
    return std::clamp<std::int64_t>(std::llround(share * triage::kShareWhole), 1, triage::kShareWhole - 1);
  }

  [[nodiscard]] std::string write(const Learned& learned) const {
    std::string out = fmt::format(
        "# Made by `ioc model train-duplicates` from {} reports, {} of them marked as duplicates.\n"
        "# A type's row: situation, marked, rows, and the share of 10,000 that decides. Types without a row, and situations that no row\n"
        "# names: the careful prior.\n"
        "join_permille: {}\nsuggest_permille: {}\nevidence:\n", learned.rows, learned.marked, learned.join_permille, learned.join_permille / 2);
    const triage::DuplicateModel prior;
    for (std::size_t i = 0; i < kEvidence; ++i) {
      const auto evidence = static_cast<Evidence>(i);
      const auto learned_points = std::clamp<std::int64_t>(std::llround(1000 * x_evidence[i]), -triage::kPointsMost, triage::kPointsMost);
      const auto points = x_learned_evidence[i] ? learned_points : prior.prior_points(evidence);
      out += fmt::format("  - {} {}\n", name_of(evidence), points);
    }
    out += "types:\n";
    for (const auto& [name, index] : x_types) write_type(out, name, index);
    return out;
  }

  void write_type(std::string& out, const std::string& name, std::size_t type) const {
    if (name.empty()) return;
    out += fmt::format("  - type: {}\n{}", quoted(name), related_line(name, x_related));
    if (x_reports[type] < kReportsToKnow) return;
    out += "    shares:\n";
    for (std::size_t situation = 0; situation < kSituations; ++situation) {
      const Cell& cell = x_cells[type][situation];
      if (x_stood[situation] < kRowsToLearn) continue;  // what no row names, the prior decides
      out += fmt::format("      - {} {} {} {}\n", name_of(static_cast<Situation>(situation)), cell.marked, cell.rows, whole(share(type, situation, nullptr)));
    }
  }

  std::size_t x_places;
  std::map<std::string, std::size_t> x_types;
  TypePairs x_related;
  std::vector<std::size_t> x_reports;   // of each type
  std::vector<Row> x_rows;
  std::vector<std::uint64_t> x_missed;  // marked and near nothing, per place
  std::uint64_t x_all = 0, x_all_marked = 0;
  std::array<double, kSituations> x_situation{};
  std::vector<double> x_type;
  std::array<double, kSituations> x_smoothing{};
  std::array<double, kEvidence> x_evidence{};
  std::array<bool, kEvidence> x_learned_evidence{};
  std::array<std::size_t, kSituations> x_stood{};  // reports in each situation
  std::vector<std::array<Cell, kSituations>> x_cells;
};

}  // namespace

Place observe(const LabelledFile& file, const Report& progress) {
  triage::BundleProblems none;
  Place place;
  place.related = related_types(file);
  const auto played = play(file, bundle_for(kNeverJoins + rows_of(place.related), none), progress);
  for (std::size_t row = 0; row < played.size(); ++row) {
    place.reports.push_back({file.reports[row].category, played[row].situation, played[row].evidence, file.reports[row].is_duplicate});
  }
  return place;
}

Learned learn(const std::vector<Place>& places) { return Learner(places).run(); }

}  // namespace ioc::duplicates
