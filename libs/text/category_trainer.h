// Trains a CategoryModel: multinomial logistic regression (and one more for danger to life) by stochastic gradient
// descent. Fixed point, fixed order, fixed seed: the same texts give the same file, byte for byte, on every machine.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libs/text/category_model.h"

namespace ioc::text {

struct CategoryExample {
  std::string text;
  std::uint32_t main = 0;                // index into the classes
  std::vector<std::uint32_t> further;
  bool emergency = false;
  std::uint32_t times = 1;               // that it is seen in a round
  std::uint32_t stands_for = 1;          // so many texts, where it is asked which features are seen often enough
};

struct CategoryTraining {
  std::uint32_t rounds = 12;             // times that every example is seen
  std::uint32_t rate_permille = 80;      // of the first round; falls to nearly nothing in the last
  std::uint32_t decay = 10;              // after each round weights lose a tenth: what few texts say weighs little
  std::uint32_t hidden_permille = 400;   // of an example's features, drawn anew each time: no word may be the only one that tells
  std::uint32_t seen_min = 4;            // features in fewer examples are left out
  std::uint32_t features_max = 64'000;   // the heaviest stay
  Backoff backoff{3, 4, 4};              // n-grams are learned from words that are too rare to be features, and from hidden ones:
  std::uint32_t in_their_stead_permille = 500;  // of the hidden words, so often their n-grams are seen instead
  std::uint32_t ngrams_seen_min = 20;    // n-grams in fewer examples are left out
};

// `classes` without `emergency`, which is added as the last one. The file as CategoryModel::parse reads it.
std::string train_categories(const std::vector<std::string>& classes, const std::vector<CategoryExample>& examples,
                             const CategoryTraining& training);

}  // namespace ioc::text
