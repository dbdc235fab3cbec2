// A citizen's text read under one bundle: its words, the terms of the lexicon in them, and what the model says of each clause.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "libs/text/category_model.h"
#include "libs/text/fold.h"
#include "libs/text/marked_words.h"
#include "libs/triage/bundle_parts.h"

namespace ioc::triage {

// Title and text as one text to judge, as meant (emphasis.h). The title is a sentence of its own.
[[nodiscard]] text::FoldedText report_words(std::string_view title, std::string_view text);

class TextReading {
 public:
  // Both must outlive this.
  TextReading(const Bundle& bundle, const text::FoldedText& text);
  TextReading(const TextReading&) = delete;
  TextReading& operator=(const TextReading&) = delete;

  [[nodiscard]] const Bundle& bundle() const { return x_bundle; }
  [[nodiscard]] const text::MarkedWords& marked_words() const { return x_words; }
  [[nodiscard]] std::span<const text::MarkedWord> words() const { return x_words.all(); }
  [[nodiscard]] std::span<const text::Clause> clauses() const { return x_words.clauses(); }
  [[nodiscard]] std::span<const Lexicon::Hit> hits() const { return x_hits; }
  [[nodiscard]] std::uint32_t clause_of(const Lexicon::Hit& hit) const { return words()[hit.word].clause; }

  // Empty, and no scores, when the bundle has no model.
  [[nodiscard]] const text::CategoryFeatures& features() const { return x_features; }
  // What the clause adds to the score of each of the model's classes, in eighths of a logit.
  [[nodiscard]] std::span<const std::int32_t> model_scores(std::size_t clause) const;

 private:
  void read_model();

  const Bundle& x_bundle;
  text::MarkedWords x_words;
  std::vector<Lexicon::Hit> x_hits;
  text::CategoryFeatures x_features;
  std::vector<std::int32_t> x_scores;  // of each clause, one for each class
};

}  // namespace ioc::triage
