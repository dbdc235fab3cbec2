#include "libs/triage/text_reading.h"

#include "libs/text/emphasis.h"

namespace ioc::triage {

text::FoldedText report_words(std::string_view title, std::string_view text) {
  if (title.empty()) return text::as_meant(text);
  std::string whole(title);
  whole.append(".\n").append(text);
  return text::as_meant(whole);
}

TextReading::TextReading(const Bundle& bundle, const text::FoldedText& text) : x_bundle(bundle) {
  x_words.read(text);
  bundle.lexicon.hits(x_words.all(), x_hits);
  if (bundle.category_model) read_model();
}

void TextReading::read_model() {
  const text::CategoryModel& model = *x_bundle.category_model;
  const std::size_t classes = model.classes().size();
  x_features.read(x_words);
  x_scores.assign(clauses().size() * classes, 0);
  for (std::size_t i = 0; i < clauses().size(); ++i) {
    model.add_clause(x_features, i, std::span(x_scores).subspan(i * classes, classes));
  }
}

std::span<const std::int32_t> TextReading::model_scores(std::size_t clause) const {
  if (x_scores.empty()) return {};
  const std::size_t classes = x_bundle.category_model->classes().size();
  return std::span(x_scores).subspan(clause * classes, classes);
}

}  // namespace ioc::triage
