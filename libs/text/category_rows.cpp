#include "libs/text/category_rows.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "libs/text/emphasis.h"

namespace ioc::text {
namespace {

// In how many examples each hash is.
class Seen {
 public:
  void add(std::vector<std::uint32_t>& of_one_example, std::uint32_t counts) {
    std::sort(of_one_example.begin(), of_one_example.end());
    of_one_example.erase(std::unique(of_one_example.begin(), of_one_example.end()), of_one_example.end());
    for (const std::uint32_t hash : of_one_example) x_counts[hash] += counts;
    of_one_example.clear();
  }
  void often_seen(std::uint32_t at_least, std::vector<std::uint32_t>& out) const {
    for (const auto& [hash, count] : x_counts) {
      if (count >= at_least) out.push_back(hash);
    }
  }

 private:
  std::unordered_map<std::uint32_t, std::uint32_t> x_counts;
};

class Indexing {
 public:
  Indexing(const std::vector<CategoryExample>& examples, const CategoryTraining& training) : x_examples(examples), x_training(training) {}

  CategoryRows run() {
    choose();
    x_rows.ngrams.resize(x_rows.hashes.size() + 1);
    for_each_example([this](const CategoryExample&, const CategoryFeatures& text) {
      CategoryRows::Example& example = x_rows.examples.emplace_back();
      example.clauses.assign(text.clauses().begin(), text.clauses().end());
      example.rows.resize(example.clauses.size());
      for (std::size_t i = 0; i < example.clauses.size(); ++i) {
        for (const CategoryFeature& feature : text.of_clause(i)) {
          if (const auto row = number_of(text, feature)) example.rows[i].push_back(*row);
        }
      }
    });
    return std::move(x_rows);
  }

 private:
  template <class Take>
  void for_each_example(Take&& take) const {
    MarkedWords words;
    CategoryFeatures features;
    for (const CategoryExample& example : x_examples) {
      const FoldedText text = as_meant(example.text);
      words.read(text);
      features.read(words);
      take(example, features);
    }
  }

  void choose() {
    Seen features, ngrams;
    std::vector<std::uint32_t> own, parts;
    for_each_example([&](const CategoryExample& example, const CategoryFeatures& text) {
      for (const CategoryFeature& feature : text.all()) {
        own.push_back(feature.hash);
        if (feature.kind == CategoryFeature::Kind::Word) x_training.backoff.for_each(text.word_of(feature), [&parts](std::uint32_t hash) { parts.push_back(hash); });
      }
      features.add(own, example.stands_for);
      ngrams.add(parts, example.stands_for);
    });
    std::vector<std::uint32_t>& hashes = x_rows.hashes;
    features.often_seen(x_training.seen_min, hashes);
    ngrams.often_seen(x_training.ngrams_seen_min, hashes);
    std::sort(hashes.begin(), hashes.end());
    hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  }

  [[nodiscard]] std::optional<std::uint32_t> row_of(std::uint32_t hash) const {
    const auto at = std::lower_bound(x_rows.hashes.begin(), x_rows.hashes.end(), hash);
    if (at == x_rows.hashes.end() || *at != hash) return std::nullopt;
    return static_cast<std::uint32_t>(at - x_rows.hashes.begin());
  }

  // The feature's row; of an unknown word for which n-grams stand, a number of its own.
  std::optional<std::uint32_t> number_of(const CategoryFeatures& text, const CategoryFeature& feature) {
    if (feature.kind != CategoryFeature::Kind::Word) return row_of(feature.hash);
    const auto [met, is_new] = x_words.try_emplace(feature.hash);
    if (!is_new) return met->second;
    std::vector<std::uint32_t> ngrams;
    x_training.backoff.for_each(text.word_of(feature), [&](std::uint32_t hash) {
      if (const auto ngram = row_of(hash)) ngrams.push_back(*ngram);
    });
    met->second = row_of(feature.hash);
    if (met->second) {
      x_rows.ngrams[*met->second] = std::move(ngrams);
    } else if (!ngrams.empty()) {
      met->second = static_cast<std::uint32_t>(x_rows.ngrams.size());
      x_rows.ngrams.push_back(std::move(ngrams));
    }
    return met->second;
  }

  const std::vector<CategoryExample>& x_examples;
  const CategoryTraining& x_training;
  CategoryRows x_rows;
  std::unordered_map<std::uint32_t, std::optional<std::uint32_t>> x_words;  // number_of() each word met so far, by hash
};

}  // namespace

CategoryRows rows_of(const std::vector<CategoryExample>& examples, const CategoryTraining& training) {
  return Indexing(examples, training).run();
}

}  // namespace ioc::text
