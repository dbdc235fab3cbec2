// What the category trainer learns weights for: the features that enough examples have, each a row of weights, and the
// examples as the rows they show.
#pragma once

#include <cstdint>
#include <vector>

#include "libs/text/category_trainer.h"

namespace ioc::text {

struct CategoryRows {
  // An example by clause: its rows, and numbers above bias() for unknown words. A clause never holds the bias row.
  struct Example {
    std::vector<Clause> clauses;
    std::vector<std::vector<std::uint32_t>> rows;
  };

  [[nodiscard]] std::uint32_t bias() const { return static_cast<std::uint32_t>(hashes.size()); }

  std::vector<std::uint32_t> hashes;                 // of each row: CategoryFeature::hash or that of an n-gram; rising
  std::vector<Example> examples;
  std::vector<std::vector<std::uint32_t>> ngrams;    // of each such row or number: the rows of the n-grams that stand for it
};

CategoryRows rows_of(const std::vector<CategoryExample>& examples, const CategoryTraining& training);

}  // namespace ioc::text
