#include "libs/text/category_trainer.h"

#include <algorithm>
#include <numeric>
#include <span>
#include <unordered_map>

#include "libs/text/draw.h"

namespace ioc::text {
namespace {

constexpr std::int64_t kOne = 1 << 16;  // weights and shares: 16 bits behind the point
constexpr std::int64_t kMainShare = kOne * 7 / 10;  // of a text about several things; the others share the rest

constexpr std::int64_t kDangerCounts = 10;          // times as much as an ordinary text

std::uint32_t exp_q30(std::int64_t minus) {  // exp(-minus), minus with 16 bits behind the point
  return exp_of_minus_q30(static_cast<std::uint32_t>(std::min<std::int64_t>(minus, 100 * kOne) >> 10), 64);
}

class Trainer {
 public:
  Trainer(const std::vector<std::string>& classes, const std::vector<CategoryExample>& examples, const CategoryTraining& training)
      : x_classes(classes), x_examples(examples), x_training(training), x_width(classes.size() + 1) {}

  std::string run() {
    index();
    x_weights.assign((x_hashes.size() + 1) * x_width, 0);
    std::vector<std::uint32_t> order(x_examples.size());
    std::iota(order.begin(), order.end(), 0U);
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
  // Features of each example as indexes; only those that are in enough examples.
  void index() {
    CategoryFeatures features;
    std::unordered_map<std::uint32_t, std::uint32_t> seen;
    std::vector<std::vector<std::uint32_t>> hashes(x_examples.size());
    for (std::size_t i = 0; i < x_examples.size(); ++i) {
      features.read(FoldedText::of(x_examples[i].text));
      for (const CategoryFeature& feature : features.all()) hashes[i].push_back(feature.hash);
      std::vector<std::uint32_t> once = hashes[i];
      std::sort(once.begin(), once.end());
      once.erase(std::unique(once.begin(), once.end()), once.end());
      for (const std::uint32_t hash : once) ++seen[hash];
    }
    for (const auto& [hash, count] : seen) {
      if (count >= x_training.seen_min) x_hashes.push_back(hash);
    }
    std::sort(x_hashes.begin(), x_hashes.end());
    for (const auto& one : hashes) {
      std::vector<std::uint32_t>& rows = x_rows.emplace_back(1, static_cast<std::uint32_t>(x_hashes.size()));  // the bias
      for (const std::uint32_t hash : one) {
        const auto at = std::lower_bound(x_hashes.begin(), x_hashes.end(), hash);
        if (at != x_hashes.end() && *at == hash) rows.push_back(static_cast<std::uint32_t>(at - x_hashes.begin()));
      }
    }
  }

  // What each class should have had, minus what it has.
  void errors(const CategoryExample& example, std::span<const std::int64_t> scores, std::span<std::int64_t> error) const {
    const std::size_t categories = x_width - 1;
    const std::int64_t best = *std::max_element(scores.begin(), scores.end() - 1);
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < categories; ++i) sum += exp_q30(best - scores[i]);
    for (std::size_t i = 0; i < categories; ++i) error[i] = -(std::int64_t{exp_q30(best - scores[i])} * kOne / sum);
    const auto others = static_cast<std::int64_t>(example.further.size());
    error[example.main] += others == 0 ? kOne : kMainShare;
    for (const std::uint32_t further : example.further) error[further] += (kOne - kMainShare) / others;
    const std::int64_t danger = scores[categories];
    const std::int64_t part = exp_q30(danger < 0 ? -danger : danger);
    constexpr std::int64_t kWhole = 1 << 30;
    const std::int64_t share = (danger < 0 ? part : kWhole) * kOne / (kWhole + part);
    // To miss one costs more than to ring once too often; and they are rare.
    error[categories] = example.emergency ? kDangerCounts * (kOne - share) : -share;
  }

  void learn(std::uint32_t at, std::int64_t rate) {
    std::vector<std::int64_t> scores(x_width, 0), error(x_width, 0);
    x_shown.clear();
    for (const std::uint32_t row : x_rows[at]) {
      if (row == x_hashes.size() || !x_hiding.chance(x_training.hidden_permille)) x_shown.push_back(row);
    }
    for (const std::uint32_t row : x_shown) {
      for (std::size_t i = 0; i < x_width; ++i) scores[i] += x_weights[row * x_width + i];
    }
    for (std::int64_t& score : scores) score /= kFine;
    errors(x_examples[at], scores, error);
    for (std::int64_t& one : error) one = one * rate * kFine / kOne;
    for (const std::uint32_t row : x_shown) {
      for (std::size_t i = 0; i < x_width; ++i) x_weights[row * x_width + i] += error[i];
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
    std::vector<std::uint32_t> kept(x_hashes.size());
    std::iota(kept.begin(), kept.end(), 0U);
    for (std::size_t row = 0; row <= x_hashes.size(); ++row) centre(row);
    std::vector<std::int64_t> heavy(x_hashes.size());
    for (std::size_t row = 0; row < heavy.size(); ++row) heavy[row] = heaviness(row);
    std::stable_sort(kept.begin(), kept.end(), [&](std::uint32_t a, std::uint32_t b) { return heavy[a] > heavy[b]; });
    kept.resize(std::min<std::size_t>(kept.size(), x_training.features_max));
    std::sort(kept.begin(), kept.end());

    std::string file = std::string(kModelHeading) + "\nclasses";
    for (const std::string& name : x_classes) file += " " + name;
    file += " " + std::string(kEmergencyClass) + "\nbias";
    for (std::size_t i = 0; i < x_width; ++i) file += " " + std::to_string(step_of(x_weights[x_hashes.size() * x_width + i]));
    file += "\nfeatures " + std::to_string(kept.size()) + "\n";
    for (const std::uint32_t row : kept) {
      for (int shift = 24; shift >= 0; shift -= 6) file += kModelDigits[x_hashes[row] >> shift & 63];
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
  std::vector<std::uint32_t> x_hashes;              // sorted
  std::vector<std::vector<std::uint32_t>> x_rows;   // of each example
  std::vector<std::int64_t> x_weights;              // one row a feature, the last one is the bias
  std::vector<std::uint32_t> x_shown;               // of the example at hand
  Draw x_hiding{19'960'101};
};

}  // namespace

std::string train_categories(const std::vector<std::string>& classes, const std::vector<CategoryExample>& examples,
                             const CategoryTraining& training) {
  return Trainer(classes, examples, training).run();
}

}  // namespace ioc::text
