// A small linear model of what a citizen's text is about: integer weights of words, of pairs of words, and of the character
// n-grams that stand for a word it does not know (a typing error, two words run together), one for each class.
// Trained by category_trainer.h; read by triage as a part of its bundle. Integers alone: the same scores on every machine
// (DESIGN D1). Scores are logits in steps of 1/8: 8 points more are e times the odds.
//
// The file is text, 7-bit ASCII:
//
//   file    = "ioc-category-model 2" LF
//             "classes" 1*( SP name ) LF          one of them may be `emergency`, which is asked apart from the others
//             "bias" 1*( SP integer ) LF          one for each class
//             [ "ngrams" SP shortest SP longest SP word LF ]     bytes, see Backoff; without it unknown words say nothing
//             "features" SP count LF
//             count( hash weights LF )            by rising hash
//   hash    = 5 digits                            highest 30 bits of the feature's hash (ngrams.h), highest digit first
//   weights = one digit for each class            its value - 32
//   digit   = "-" / "0"–"9" / "A"–"Z" / "_" / "a"–"z"     0 to 63 in this order, which is that of ASCII
//
// Example with the classes `cay-xanh` and `khac`: "0aB_z" "WW" gives nothing to either, "XV" speaks for cay-xanh by 1.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "libs/text/marked_words.h"
#include "libs/text/ngrams.h"

namespace ioc::text {

inline constexpr std::string_view kModelHeading = "ioc-category-model 2";
inline constexpr std::string_view kEmergencyClass = "emergency";
inline constexpr std::int32_t kScorePerLogit = 8;
// Danger is looked for in runs of clauses. A run that is cut out of its sentence has lost what might explain it, and so costs one logit
// for each cut.
inline constexpr std::int32_t kCutPoints = kScorePerLogit;

// A text is read into folded words, pairs of neighbours, words that carry marks, words that closely follow a "không", as such ("không
// ai bị thương"), and the numbers 113, 114, 115. Pairs and negations stay within a clause.

// One feature of a text: its 30 bits, and the words that show it.
struct CategoryFeature {
  enum class Kind : std::uint8_t { Word, Pair, Marked, Negated };
  std::uint32_t hash = 0;
  std::uint16_t from = 0, to = 0;  // the words [from, to] of the text
  Kind kind = Kind::Word;          // Word: what its n-grams can stand for
};

constexpr std::uint32_t feature_bits(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 34); }

// The n-grams of `shortest` to `longest` bytes, boundary marks included (ngrams.h), stand for an unknown word of at least
// `word` bytes: of a shorter one too little is left by a typing error. shortest 0: none do.
struct Backoff {
  std::uint8_t shortest = 0, longest = 0, word = 0;

  template <class Take>
  void for_each(std::string_view unknown, Take&& take) const {
    if (shortest == 0 || unknown.size() < word) return;
    for_each_ngram_of(unknown, shortest, longest, [&take](std::uint64_t hash) { take(feature_bits(hash)); });
  }
};

// Reads a text into features; keeps its memory for the next text.
class CategoryFeatures {
 public:
  static_assert(MarkedWords::kWordsMax <= 1 << 16);
  // `words` must outlive what is asked of this.
  void read(const MarkedWords& words);

  [[nodiscard]] std::span<const CategoryFeature> all() const { return x_all; }
  [[nodiscard]] std::span<const Clause> clauses() const { return x_clauses; }
  [[nodiscard]] std::span<const CategoryFeature> of_clause(std::size_t clause) const;
  [[nodiscard]] bool marked() const { return x_marked; }  // a word carries marks

  // The feature as people read it: a word with its marks, else folded words. Empty for a negation.
  [[nodiscard]] std::string shown(const CategoryFeature& feature) const;
  // The folded word of a feature that is one word.
  [[nodiscard]] std::string_view word_of(const CategoryFeature& feature) const { return x_words[feature.from].folded; }

 private:
  void read_clause(const Clause& clause);
  void add(std::uint64_t hash, std::size_t from, std::size_t to, CategoryFeature::Kind kind);

  std::span<const MarkedWord> x_words;
  std::span<const Clause> x_clauses;
  bool x_marked = false;
  std::vector<CategoryFeature> x_all;
  std::vector<std::size_t> x_clause_ends;  // in x_all
};

class CategoryModel {
 public:
  static constexpr std::size_t kClassesMax = 32, kFeaturesMax = 1 << 17;
  static constexpr std::int32_t kWeightMax = 31;

  // Corrupt, with the line's number: not the grammar above.
  [[nodiscard]] static Result<CategoryModel> parse(std::string_view file);

  [[nodiscard]] const std::vector<std::string>& classes() const { return x_classes; }
  [[nodiscard]] std::size_t features() const { return x_features; }
  // Scores have the order of classes(). A text's are the bias and what each of its clauses adds.
  [[nodiscard]] std::span<const std::int32_t> bias() const { return x_bias; }
  void add_clause(const CategoryFeatures& text, std::size_t clause, std::span<std::int32_t> scores) const;
  void score(const CategoryFeatures& text, std::span<std::int32_t> scores) const;
  // What one feature of `text` speaks for class number `of`.
  [[nodiscard]] std::int32_t weight(const CategoryFeatures& text, const CategoryFeature& feature, std::size_t of) const;

 private:
  template <class Take>
  void for_each_row(const CategoryFeatures& text, const CategoryFeature& feature, Take&& take) const;
  [[nodiscard]] const std::int8_t* weights(std::uint32_t hash) const;  // of all classes; nullptr: unknown
  void place(std::uint32_t hash, std::size_t row);
  std::vector<std::string> x_classes;
  std::vector<std::int32_t> x_bias;
  Backoff x_backoff;
  static constexpr std::uint32_t kFree = 0xFFFFFFFF;  // no hash: those have 30 bits
  struct Slot {
    std::uint32_t hash = kFree, row = 0;
  };
  std::vector<Slot> x_slots;                    // open addressing, a power of two
  std::vector<std::int8_t> x_weights;           // classes() per feature
  std::size_t x_features = 0;
};

// Shares of the classes in permille, from logits in steps of 1/8: softmax in integers. Their sum is at most 1000.
void shares_permille(std::span<const std::int32_t> scores, std::span<std::uint32_t> shares);

// exp(-eighths/8) with 30 bits behind the point, exact to 2^-24; 0 from 160 eighths on.
[[nodiscard]] std::uint32_t exp_of_minus_q30(std::uint32_t steps, std::uint32_t steps_per_unit);

// 64 digits, see the grammar.
inline constexpr std::string_view kModelDigits = "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

}  // namespace ioc::text
