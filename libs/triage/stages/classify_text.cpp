#include "libs/triage/stages/classify_text.h"

#include <algorithm>
#include <array>

#include "libs/text/category_model.h"
#include "libs/text/emphasis.h"
#include "libs/triage/cut.h"

namespace ioc::triage {
namespace {

constexpr std::size_t kFurtherMax = 3, kEvidenceMax = 8, kSubKindEvidenceMax = 4;

// One text under one bundle.
class Weighing {
 public:
  Weighing(const Bundle& bundle, Class& cls)
      : x_bundle(bundle), x_limits(bundle.limits.classify), x_cls(cls), x_scores(bundle.categories.size(), 0) {}

  void terms() {
    x_words.read(x_cls.words.marked);
    x_bundle.lexicon.hits(x_words, x_hits);
    std::vector<std::uint64_t> weights(x_scores.size(), 0);
    for (const Lexicon::Hit& hit : x_hits) {
      if (hit.emergency && hit.negated) continue;
      weights[hit.of] += hit.weight;
      if (hit.emergency) {
        (hit.folded ? x_hint : x_term) = true;
        x_cls.evidence.push_back({hit.folded ? "emergency_hint" : "emergency_word", std::string(hit.term)});
      } else if (x_cls.evidence.size() < kEvidenceMax) {
        x_cls.evidence.push_back({hit.folded ? "term_without_marks" : "term", std::string(hit.term)});
      }
    }
    if (x_cls.evidence.size() > 2 * kEvidenceMax) x_cls.evidence.resize(2 * kEvidenceMax);
    for (std::size_t i = 0; i < x_scores.size(); ++i) {
      x_scores[i] += static_cast<std::int32_t>(std::min(weights[i] * x_limits.term_permille / 1000, x_limits.terms_max));
    }
    // Without a model and without a word it is none of ours.
    if (!x_bundle.category_model) x_scores[x_bundle.other_category] += 1;
  }

  void model() {
    if (!x_bundle.category_model) return;
    x_features.read(x_cls.words);
    x_classes.resize(x_bundle.category_model->classes().size());
    x_bundle.category_model->score(x_features, x_classes);
    for (std::size_t i = 0; i < x_classes.size(); ++i) {
      const std::uint32_t category = x_bundle.model_categories[i];
      if (category == Bundle::kEmergencyClass) x_danger = x_classes[i];
      else x_scores[category] += x_classes[i];
    }
  }

  void sender(const std::string& named) {
    x_cls.sender_category = cut(named, kSenderCategoryBytes);
    const auto chosen = x_bundle.category_named(named);
    if (!chosen || *chosen == x_bundle.other_category) return;
    x_cls.evidence.push_back({"text_says", x_bundle.categories[best()].code.str()});
    x_cls.evidence.push_back({"sender_category", x_bundle.categories[*chosen].code.str()});
    x_scores[*chosen] += static_cast<std::int32_t>(x_limits.sender);
  }

  void decide() {
    const std::uint32_t first = best();
    x_cls.category = &x_bundle.categories[first];
    std::vector<std::uint32_t> shares(x_scores.size());
    text::shares_permille(x_scores, shares);
    x_cls.score_permille = shares[first];
    add_further(first);
    decide_sub_kind(first);
    if (x_bundle.category_model) {
      show_words(first);
      x_cls.evidence.push_back({"share_permille", std::to_string(shares[first])});
    }
    decide_emergency();
  }

 private:
  // Of equals the first, but never `khac` before one that a word speaks for.
  [[nodiscard]] std::uint32_t best() const {
    std::uint32_t best = x_bundle.other_category;
    for (std::uint32_t i = 0; i < x_scores.size(); ++i) {
      if (x_scores[i] > x_scores[best]) best = i;
    }
    return best;
  }

  void add_further(std::uint32_t first) {
    std::vector<std::uint32_t> others;
    for (std::uint32_t i = 0; i < x_scores.size(); ++i) {
      if (i == first || i == x_bundle.other_category || first == x_bundle.other_category) continue;
      const bool close = x_bundle.category_model ? x_scores[i] + static_cast<std::int32_t>(x_limits.further_behind) >= x_scores[first]
                                                 : x_scores[i] > 0 && x_scores[i] * 2 >= x_scores[first];
      if (close) others.push_back(i);
    }
    std::stable_sort(others.begin(), others.end(), [&](std::uint32_t a, std::uint32_t b) { return x_scores[a] > x_scores[b]; });
    for (std::size_t i = 0; i < std::min(others.size(), kFurtherMax); ++i) x_cls.further.push_back(x_bundle.categories[others[i]].code);
  }

  // Of the category's own the one with the most points, of equals the first. Only their terms are looked for: another
  // category's would use up words.
  void decide_sub_kind(std::uint32_t category) {
    const std::vector<SubKind>& all = x_bundle.categories[category].sub_kinds;
    if (all.empty()) return;
    x_bundle.categories[category].sub_kind_words.hits(x_words, x_hits);
    std::array<std::uint32_t, SubKind::kOfCategoryMax> points{};
    for (const Lexicon::Hit& hit : x_hits) points[hit.of] += hit.weight;
    const auto most = static_cast<std::size_t>(std::max_element(points.begin(), points.end()) - points.begin());
    if (points[most] == 0) return;
    x_cls.sub_kind = all[most].code;
    std::size_t shown = 0;
    for (const Lexicon::Hit& hit : x_hits) {
      if (hit.of != most || shown == kSubKindEvidenceMax) continue;
      x_cls.evidence.push_back({hit.folded ? "sub_kind_term_without_marks" : "sub_kind_term", std::string(hit.term)});
      ++shown;
    }
  }

  // The words that speak most for the category.
  void show_words(std::uint32_t category) {
    const auto column = std::find(x_bundle.model_categories.begin(), x_bundle.model_categories.end(), category);
    if (column == x_bundle.model_categories.end()) return;
    const auto at = static_cast<std::size_t>(column - x_bundle.model_categories.begin());
    std::vector<std::pair<std::int32_t, std::string_view>> words;
    for (const text::CategoryFeature& feature : x_features.all()) {
      if (feature.bytes == 0) continue;
      const std::int32_t weight = x_bundle.category_model->weight(x_features, feature, at);
      if (weight > 0) words.emplace_back(weight, x_features.words_of(feature));
    }
    std::stable_sort(words.begin(), words.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    std::size_t shown = 0;
    for (std::size_t i = 0; i < words.size() && shown < x_limits.shown_words; ++i) {
      const bool again = std::any_of(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(i), [&](const auto& one) { return one.second == words[i].second; });
      if (again) continue;
      x_cls.evidence.push_back({"model_word", std::string(words[i].second) + " +" + std::to_string(words[i].first)});
      ++shown;
    }
  }

  // Without marks a word of danger may be another one: alone it is a hint for people, not an alarm.
  void decide_emergency() {
    if (!x_bundle.category_model) {
      x_cls.emergency = x_term;
      return;
    }
    const std::int64_t danger = x_danger + static_cast<std::int64_t>(x_term ? x_limits.emergency_term : x_hint ? x_limits.emergency_hint : 0);
    x_cls.emergency = danger >= static_cast<std::int64_t>(x_limits.emergency_at);
    if (x_cls.emergency || x_term || x_hint) x_cls.evidence.push_back({"danger_points", std::to_string(danger)});
    if (x_cls.emergency) x_cls.evidence.push_back({"danger_from", danger_from()});
  }

  // Whoever answers the alarm sees that it was read without marks, where "cháy" and "chạy" are one.
  [[nodiscard]] std::string danger_from() const {
    if (x_term) return "words";
    if (x_hint) return "words_without_marks";
    return x_features.marked() ? "model" : "model_without_marks";
  }

  const Bundle& x_bundle;
  const ClassifyLimits& x_limits;
  Class& x_cls;
  std::vector<std::int32_t> x_scores, x_classes;
  LexiconText x_words;
  std::vector<Lexicon::Hit> x_hits;
  text::CategoryFeatures x_features;
  std::int32_t x_danger = 0;
  bool x_term = false, x_hint = false;
};

}  // namespace

void classify_text(const Bundle& bundle, const CitizenReport& report, Class& cls) {
  cls.words = text::as_meant(report.title.empty() ? report.text : report.title + ". " + report.text);
  Weighing weighing(bundle, cls);
  weighing.terms();
  weighing.model();
  weighing.sender(report.category);
  weighing.decide();
}

void apply_severity(const Bundle& bundle, const Event& event, const Place& place, Urgency urgency, bool sensor, Class& cls) {
  Subject subject;
  subject.feed = event.feed;
  subject.category = cls.category->code.str();
  subject.sub_kind = cls.sub_kind.str();
  subject.kind = cls.kind;
  subject.unit = place.unit.str();
  subject.urgency = urgency;
  subject.emergency = cls.emergency;
  subject.place_known = !place.unit.empty();
  for (const SeverityRule& rule : bundle.severities) {
    if (sensor && rule.match.kinds.empty()) continue;
    if (!rule.match.accepts(subject)) continue;
    cls.severity = rule.severity;
    cls.severity_rule = rule.id;
    return;
  }
  if (cls.severity_rule.empty()) cls.severity_rule = "default";
}

}  // namespace ioc::triage
