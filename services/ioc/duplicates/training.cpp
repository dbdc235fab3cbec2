#include "services/ioc/duplicates/training.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>

#include "libs/text/fold.h"
#include "libs/triage/parts/duplicate_model.h"
#include "services/ioc/duplicates/score.h"

namespace ioc::duplicates {
namespace {

using triage::Evidence;
using triage::kEvidence;
using triage::kSituations;
using triage::Situation;

constexpr double kSmoothing = 15;       // rows that the expected share counts as
constexpr double kTypePull = 1, kEvidencePull = 2, kSituationPull = 0.05;  // ridge: as so many half-informative rows
constexpr int kRounds = 200;
constexpr double kStep = 0.4;           // of Newton's, so that the rounds do not overshoot
constexpr std::size_t kRowsForEvidence = 30;  // below, the prior's weight stays
constexpr double kMarkedForVoice = 100;  // marked reports with which a file has its full voice in the threshold
constexpr std::uint64_t kJoinLeast = 100, kJoinMost = 900, kJoinStep = 5, kSmoothOver = 25;  // permille
constexpr const char* kNeverJoins = "join_permille: 1000\nsuggest_permille: 1\nunseen: {join_permille: 1000, suggest_permille: 1}\n";

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
double log_odds(double share) { return std::log(share / (1 - share)); }

struct Row {
  std::size_t place = 0, type = 0, situation = 0;
  std::vector<std::size_t> evidence;
  bool marked = false;
};

struct Cell {
  double marked = 0, rows = 0;
};

class Learner {
 public:
  explicit Learner(const std::vector<Place>& places) : x_places(places.size()) {
    for (std::size_t place = 0; place < places.size(); ++place) {
      for (const Observation& one : places[place]) x_types.emplace(text::fold(one.type), 0);
    }
    for (std::size_t next = 0; auto& [name, index] : x_types) index = next++;
    for (std::size_t place = 0; place < places.size(); ++place) {
      for (const Observation& one : places[place]) add(place, one);
    }
  }

  Learned run() {
    fit();
    count();
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
    x_all_marked += one.marked ? 1 : 0;
    x_missed.resize(x_places);
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
    for (const Row& row : x_rows) {
      for (const std::size_t evidence : row.evidence) ++seen[evidence];
    }
    for (std::size_t i = 0; i < kEvidence; ++i) x_learned_evidence[i] = seen[i] >= kRowsForEvidence;
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
    }
  }

  [[nodiscard]] double share(std::size_t type, std::size_t situation, double less_rows, double less_marked) const {
    const Cell& cell = x_cells[type][situation];
    const double expected = sigmoid(x_situation[situation] + x_type[type]);
    return (cell.marked - less_marked + kSmoothing * expected) / (cell.rows - less_rows + kSmoothing);
  }

  [[nodiscard]] double judged_without_itself(const Row& row) const {
    double z = log_odds(std::clamp(share(row.type, row.situation, 1, row.marked ? 1 : 0), 1e-4, 1 - 1e-4));
    for (const std::size_t evidence : row.evidence) z += x_evidence[evidence];
    return 1000 * sigmoid(z);
  }

  // Mean of the places' F1 by threshold, smoothed over its neighbours: a lone peak is luck.
  [[nodiscard]] std::pair<std::uint64_t, double> best_threshold() const {
    std::vector<double> means, scores;
    for (const Row& row : x_rows) scores.push_back(judged_without_itself(row));
    if (static_cast<double>(x_all_marked) < kMarkedForVoice) {  // too few to tell: the prior's
      const std::uint64_t careful = triage::DuplicateModel().learned.join_permille;
      return {careful, mean_f1(scores, static_cast<double>(careful))};
    }
    for (std::uint64_t join = kJoinLeast; join <= kJoinMost; join += kJoinStep) means.push_back(mean_f1(scores, static_cast<double>(join)));
    const std::size_t reach = kSmoothOver / kJoinStep;
    std::vector<double> smooth;
    for (std::size_t i = 0; i < means.size(); ++i) {
      const std::size_t first = i < reach ? 0 : i - reach, last = std::min(means.size() - 1, i + reach);
      smooth.push_back(std::accumulate(means.begin() + static_cast<std::ptrdiff_t>(first), means.begin() + static_cast<std::ptrdiff_t>(last) + 1, 0.0) /
                       static_cast<double>(last - first + 1));
    }
    const auto at = static_cast<std::size_t>(std::max_element(smooth.begin(), smooth.end()) - smooth.begin());
    return {kJoinLeast + at * kJoinStep, means[at]};
  }

  [[nodiscard]] double mean_f1(const std::vector<double>& scores, double join) const {
    std::vector<Counts> places(x_places);
    for (std::size_t i = 0; i < x_rows.size(); ++i) places[x_rows[i].place].add(x_rows[i].marked, scores[i] >= join);
    double sum = 0, weights = 0;
    for (std::size_t place = 0; place < x_places; ++place) {
      places[place].marked += x_missed[place];
      const double weight = std::min(1.0, static_cast<double>(places[place].marked) / kMarkedForVoice);
      sum += weight * places[place].f1();
      weights += weight;
    }
    return weights > 0 ? sum / weights : 0;
  }

  static std::int64_t whole(double share) {
    return std::clamp<std::int64_t>(std::llround(share * triage::kShareWhole), 1, triage::kShareWhole - 1);
  }

  [[nodiscard]] std::string write(const Learned& learned) const {
    std::string out = fmt::format(
        "# Made by `ioc model train-duplicates` from {} reports, {} of them marked as duplicates.\n"
        "# A type's row: situation, marked, rows, and the share of 10,000 that decides. Types without a row: the careful prior.\n"
        "join_permille: {}\nsuggest_permille: {}\nevidence:\n", learned.rows, learned.marked, learned.join_permille, learned.join_permille / 2);
    const triage::DuplicateModel prior;
    for (std::size_t i = 0; i < kEvidence; ++i) {
      const auto evidence = static_cast<Evidence>(i);
      const auto points = x_learned_evidence[i] ? std::llround(1000 * x_evidence[i]) : prior.points(evidence);
      out += fmt::format("  - {} {}\n", name_of(evidence), points);
    }
    out += "types:\n";
    for (const auto& [name, index] : x_types) write_type(out, name, index);
    return out;
  }

  void write_type(std::string& out, const std::string& name, std::size_t type) const {
    if (name.empty()) return;
    std::string quoted;
    for (const char c : name) quoted += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    out += fmt::format("  - type: \"{}\"\n    shares:\n", quoted);
    for (std::size_t situation = 0; situation < kSituations; ++situation) {
      const Cell& cell = x_cells[type][situation];
      out += fmt::format("      - {} {} {} {}\n", name_of(static_cast<Situation>(situation)), cell.marked, cell.rows, whole(share(type, situation, 0, 0)));
    }
  }

  std::size_t x_places;
  std::map<std::string, std::size_t> x_types;
  std::vector<Row> x_rows;
  std::vector<std::uint64_t> x_missed;  // marked and near nothing, per place
  std::uint64_t x_all = 0, x_all_marked = 0;
  std::array<double, kSituations> x_situation{};
  std::vector<double> x_type;
  std::array<double, kEvidence> x_evidence{};
  std::array<bool, kEvidence> x_learned_evidence{};
  std::vector<std::array<Cell, kSituations>> x_cells;
};

}  // namespace

Place observe(const LabelledFile& file, const Report& progress) {
  triage::BundleProblems none;
  const auto played = play(file, bundle_for(kNeverJoins, none), progress);
  Place place;
  for (std::size_t row = 0; row < played.size(); ++row) {
    place.push_back({file.reports[row].category, played[row].situation, played[row].evidence, file.reports[row].is_duplicate});
  }
  return place;
}

Learned learn(const std::vector<Place>& places) { return Learner(places).run(); }

}  // namespace ioc::duplicates
