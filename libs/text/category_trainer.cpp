#include "libs/text/category_trainer.h"

#include <algorithm>
#include <numeric>
#include <span>

#include "libs/text/category_rows.h"
#include "libs/text/draw.h"

namespace ioc::text {
namespace {

constexpr std::int64_t kOne = 1 << 16;  // weights and shares: 16 bits behind the point
constexpr std::int64_t kMainShare = kOne * 7 / 10;  // of a text about several things; the others share the rest

constexpr std::int64_t kDangerCounts = 4;          // times as much as an ordinary text

std::uint32_t exp_q30(std::int64_t minus) {  // exp(-minus), minus with 16 bits behind the point
  return exp_of_minus_q30(static_cast<std::uint32_t>(std::min<std::int64_t>(minus, 100 * kOne) >> 10), 64);
}

class Trainer {
 public:
  Trainer(const std::vector<std::string>& classes, const std::vector<CategoryExample>& examples, const CategoryTraining& training)
      : x_classes(classes), x_examples(examples), x_training(training), x_width(classes.size() + 1), x_rows(rows_of(examples, training)) {}

  std::string run() {
    x_weights.assign((x_rows.hashes.size() + 1) * x_width, 0);
    std::vector<std::uint32_t> order;
    for (std::uint32_t i = 0; i < x_examples.size(); ++i) order.insert(order.end(), x_examples[i].times, i);
    Draw random{20'211'018};  // a fixed order of examples
    for (std::uint32_t round = 0; round < x_training.rounds; ++round) {
      random.shuffle(order);
      const std::int64_t left = x_training.rounds - round;
      const std::int64_t rate = std::max<std::int64_t>(1, kOne * x_training.rate_permille * left / x_training.rounds / 1000);
      for (const std::uint32_t at : order) learn(at, rate);
      for (std::int64_t& weight : x_weights) weight -= weight / x_training.decay;
    }
    return written();
  }

 private:
  // The target share of each category minus its predicted share.
  void errors(const CategoryExample& example, std::span<const std::int64_t> scores, std::span<std::int64_t> error) const {
    const std::size_t categories = x_width - 1;
    const std::int64_t best = *std::max_element(scores.begin(), scores.begin() + static_cast<std::ptrdiff_t>(categories));
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < categories; ++i) sum += exp_q30(best - scores[i]);
    for (std::size_t i = 0; i < categories; ++i) error[i] = -(std::int64_t{exp_q30(best - scores[i])} * kOne / sum);
    const auto others = static_cast<std::int64_t>(example.further.size());
    error[example.main] += others == 0 ? kOne : kMainShare;
    for (const std::uint32_t further : example.further) error[further] += (kOne - kMainShare) / others;
  }

  // The same for danger to life. To miss one costs more than to ring once too often; and they are rare.
  [[nodiscard]] static std::int64_t danger_error(const CategoryExample& example, std::int64_t danger) {
    const std::int64_t part = exp_q30(danger < 0 ? -danger : danger);
    constexpr std::int64_t kWhole = 1 << 30;
    const std::int64_t share = (danger < 0 ? part : kWhole) * kOne / (kWhole + part);
    return example.emergency ? kDangerCounts * (kOne - share) : -share;
  }

  // The features of a clause that are not hidden this time, and their danger score.
  struct Shown {
    std::vector<std::uint32_t> rows, ngrams;
    std::int64_t danger = 0;
  };

  // Draws what is seen. An unknown word is seen through its n-grams alone, a known one now and then: so they learn what words are
  // worth whose slips nobody has written down.
  void show(const std::vector<std::uint32_t>& clause, Shown& shown) {
    shown.rows.clear();
    shown.ngrams.clear();
    shown.danger = 0;
    for (const std::uint32_t row : clause) {
      const bool known = row < x_rows.bias(), seen = !x_hiding.chance(x_training.hidden_permille);
      const bool as_ngrams = known ? !seen && x_hiding.chance(x_training.in_their_stead_permille) : seen;
      if (known && seen) {
        shown.rows.push_back(row);
        shown.danger += weights_of(row)[x_width - 1];
      }
      if (as_ngrams) shown.ngrams.insert(shown.ngrams.end(), x_rows.ngrams[row].begin(), x_rows.ngrams[row].end());
    }
  }

  [[nodiscard]] std::int64_t* weights_of(std::size_t row) { return x_weights.data() + row * x_width; }

  void learn(std::uint32_t at, std::int64_t rate) {
    const CategoryRows::Example& rows = x_rows.examples[at];
    if (x_shown.size() < rows.rows.size()) x_shown.resize(rows.rows.size());
    for (std::size_t i = 0; i < rows.rows.size(); ++i) show(rows.rows[i], x_shown[i]);
    const std::span<const Shown> shown(x_shown.data(), rows.rows.size());
    learn_categories(x_examples[at], shown, rate);
    learn_danger(x_examples[at], loudest(rows.clauses, shown), rate);
  }

  // The text as a whole tells its category.
  void learn_categories(const CategoryExample& example, std::span<const Shown> shown, std::int64_t rate) {
    const std::size_t categories = x_width - 1;
    const auto for_each_row = [&](auto&& take) {
      take(weights_of(x_rows.bias()));
      for (const Shown& one : shown) {
        for (const auto* rows : {&one.rows, &one.ngrams}) {
          for (const std::uint32_t row : *rows) take(weights_of(row));
        }
      }
    };
    std::vector<std::int64_t> scores(categories, 0), error(categories, 0);
    for_each_row([&](const std::int64_t* weights) {
      for (std::size_t i = 0; i < categories; ++i) scores[i] += weights[i];
    });
    for (std::int64_t& score : scores) score /= kFine;
    errors(example, scores, error);
    for (std::int64_t& one : error) one = one * rate * kFine / kOne;
    for_each_row([&](std::int64_t* weights) {
      for (std::size_t i = 0; i < categories; ++i) weights[i] += error[i];
    });
  }

  struct Loudest {
    std::span<const Shown> run;
    std::int64_t danger = 0;
  };

  // The run of clauses that speaks most of danger.
  [[nodiscard]] static Loudest loudest(std::span<const Clause> clauses, std::span<const Shown> shown) {
    Loudest loudest;
    for_each_run(clauses, [&](const ClauseRun& one) {
      const auto run = shown.subspan(one.first, one.last - one.first + 1);
      std::int64_t danger = -std::int64_t{one.cuts} * kCutPoints * kOne * kFine / kScorePerLogit;
      for (const Shown& clause : run) danger += clause.danger;
      if (loudest.run.empty() || danger > loudest.danger) loudest = {run, danger};
    });
    return loudest;
  }

  // One run makes an alarm, whatever stands beside it: so the loudest learns alone. Parts of words raise no alarm: measured, they flag
  // more ordinary texts than dangers.
  void learn_danger(const CategoryExample& example, const Loudest& loudest, std::int64_t rate) {
    if (loudest.run.empty()) return;
    const std::size_t danger = x_width - 1;
    const std::int64_t score = weights_of(x_rows.bias())[danger] + loudest.danger;
    const std::int64_t error = danger_error(example, score / kFine) * rate * kFine / kOne;
    weights_of(x_rows.bias())[danger] += error;
    for (const Shown& one : loudest.run) {
      for (const std::uint32_t row : one.rows) weights_of(row)[danger] += error;
    }
  }

  [[nodiscard]] std::int64_t step_of(std::int64_t weight) const {
    constexpr std::int64_t kStep = kOne * kFine / kScorePerLogit;
    return (weight + (weight < 0 ? -kStep / 2 : kStep / 2)) / kStep;
  }

  // A weight that all categories share decides nothing between them.
  void centre(std::size_t row) {
    std::int64_t* weights = x_weights.data() + row * x_width;
    const std::int64_t mean = std::accumulate(weights, weights + x_width - 1, std::int64_t{0}) / static_cast<std::int64_t>(x_width - 1);
    for (std::size_t i = 0; i + 1 < x_width; ++i) weights[i] -= mean;
  }

  [[nodiscard]] std::int64_t heaviness(std::size_t row) const {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < x_width; ++i) sum += std::min(std::abs(x_weights[row * x_width + i]), kOne * kFine * 2);
    return sum;
  }

  std::string written() {
    std::vector<std::uint32_t> kept(x_rows.hashes.size());
    std::iota(kept.begin(), kept.end(), 0U);
    for (std::size_t row = 0; row <= x_rows.hashes.size(); ++row) centre(row);
    std::vector<std::int64_t> heavy(x_rows.hashes.size());
    for (std::size_t row = 0; row < heavy.size(); ++row) heavy[row] = heaviness(row);
    std::stable_sort(kept.begin(), kept.end(), [&](std::uint32_t a, std::uint32_t b) { return heavy[a] > heavy[b]; });
    kept.resize(std::min<std::size_t>(kept.size(), x_training.features_max));
    std::sort(kept.begin(), kept.end());

    std::string file = std::string(kModelHeading) + "\nclasses";
    for (const std::string& name : x_classes) file += " " + name;
    file += " " + std::string(kEmergencyClass) + "\nbias";
    for (std::size_t i = 0; i < x_width; ++i) file += " " + std::to_string(step_of(x_weights[x_rows.bias() * x_width + i]));
    if (const Backoff& backoff = x_training.backoff; backoff.shortest > 0) {
      file += "\nngrams " + std::to_string(backoff.shortest) + " " + std::to_string(backoff.longest) + " " + std::to_string(backoff.word);
    }
    file += "\nfeatures " + std::to_string(kept.size()) + "\n";
    for (const std::uint32_t row : kept) {
      for (int shift = 24; shift >= 0; shift -= 6) file += kModelDigits[x_rows.hashes[row] >> shift & 63];
      for (std::size_t i = 0; i < x_width; ++i) {
        const std::int64_t weight = std::clamp<std::int64_t>(step_of(x_weights[row * x_width + i]), -CategoryModel::kWeightMax, CategoryModel::kWeightMax);
        file += kModelDigits[static_cast<std::size_t>(weight + 32)];
      }
      file += '\n';
    }
    return file;
  }

  static constexpr std::int64_t kFine = 256;  // weights are kept so much finer than shares: small rates are not lost
  const std::vector<std::string>& x_classes;
  const std::vector<CategoryExample>& x_examples;
  const CategoryTraining x_training;
  const std::size_t x_width;
  const CategoryRows x_rows;
  std::vector<std::int64_t> x_weights;              // one row a feature, the last one is the bias
  std::vector<Shown> x_shown;                       // of the example at hand, by clause
  Draw x_hiding{19'960'101};
};

}  // namespace

std::string train_categories(const std::vector<std::string>& classes, const std::vector<CategoryExample>& examples,
                             const CategoryTraining& training) {
  return Trainer(classes, examples, training).run();
}

}  // namespace ioc::text
