#include "libs/triage/stages/classify_text.h"

#include <algorithm>
#include <array>

#include "libs/text/category_model.h"
#include "libs/triage/cut.h"
#include "libs/triage/danger.h"
#include "libs/triage/text_reading.h"

namespace ioc::triage {
namespace {

// In what speaks of danger the act outweighs the place: "dùng dao tấn công tổ công tác đang dẹp vỉa hè".
constexpr std::uint64_t kDangerCounts = 3;
constexpr std::size_t kFurtherMax = 3, kEvidenceMax = 8, kSubKindEvidenceMax = 4;

// The clauses of a text that count, and the points of each category in them.
struct Weighed {
  std::vector<bool> counts;  // of each clause
  std::vector<std::int32_t> scores;
};

// One text under one bundle.
class Weighing {
 public:
  Weighing(const TextReading& reading, const Danger& danger, Class& cls)
      : x_reading(reading), x_bundle(reading.bundle()), x_limits(x_bundle.limits.classify), x_danger(danger), x_cls(cls) {}

  // Where the text speaks of danger, what speaks of it tells what it is about: "Trường cháy. Đèn đường cũng hỏng." is a fire.
  void run(const std::string& named_by_sender) {
    const Weighed whole = weighed(std::vector<bool>(x_reading.clauses().size(), true), 1);
    const Weighed danger = x_danger.found ? weighed(x_danger.in_clause, kDangerCounts) : Weighed();
    Weighed chosen = x_danger.found ? danger : whole;
    show_terms(chosen);
    ask_sender(named_by_sender, chosen);
    decide(chosen);
    if (x_danger.found) add_beside(best(whole));
    x_cls.emergency = x_danger.found;
    x_cls.evidence.insert(x_cls.evidence.end(), x_danger.evidence.begin(), x_danger.evidence.end());
  }

 private:
  // `danger_counts`: times that a word of danger counts for its category.
  [[nodiscard]] Weighed weighed(std::vector<bool> counts, std::uint64_t danger_counts) const {
    Weighed out{std::move(counts), std::vector<std::int32_t>(x_bundle.categories.size(), 0)};
    add_terms(out, danger_counts);
    add_model(out);
    return out;
  }

  void add_terms(Weighed& to, std::uint64_t danger_counts) const {
    std::vector<std::uint64_t> weights(to.scores.size(), 0);
    for (const Lexicon::Hit& hit : x_reading.hits()) {
      if (!to.counts[x_reading.clause_of(hit)] || (hit.emergency && hit.negated)) continue;
      weights[hit.of] += hit.emergency ? danger_counts * hit.weight : hit.weight;
    }
    for (std::size_t i = 0; i < weights.size(); ++i) {
      to.scores[i] += static_cast<std::int32_t>(std::min(weights[i] * x_limits.term_permille / 1000, x_limits.terms_max));
    }
    // Without a model and without a word it is none of ours.
    if (!x_bundle.category_model) to.scores[x_bundle.other_category] += 1;
  }

  void add_model(Weighed& to) const {
    if (!x_bundle.category_model) return;
    const auto bias = x_bundle.category_model->bias();
    add_classes(bias, to);
    for (std::size_t i = 0; i < to.counts.size(); ++i) {
      if (to.counts[i]) add_classes(x_reading.model_scores(i), to);
    }
  }

  void add_classes(std::span<const std::int32_t> classes, Weighed& to) const {
    for (std::size_t i = 0; i < classes.size(); ++i) {
      const std::uint32_t category = x_bundle.model_categories[i];
      if (category != Bundle::kEmergencyClass) to.scores[category] += classes[i];
    }
  }

  void show_terms(const Weighed& of) {
    for (const Lexicon::Hit& hit : x_reading.hits()) {
      if (hit.emergency || !of.counts[x_reading.clause_of(hit)]) continue;
      if (x_cls.evidence.size() == kEvidenceMax) return;
      x_cls.evidence.push_back({hit.folded ? "term_without_marks" : "term", std::string(hit.term)});
    }
  }

  // The sender's choice is one more word among many. Beside danger only what happened counts: it is kept, and adds nothing.
  void ask_sender(const std::string& named, Weighed& weighed) {
    x_cls.sender_category = cut(named, kSenderCategoryBytes);
    const auto chosen = x_bundle.category_named(named);
    if (!chosen || *chosen == x_bundle.other_category) return;
    x_cls.evidence.push_back({"text_says", x_bundle.categories[best(weighed)].code.str()});
    x_cls.evidence.push_back({"sender_category", x_bundle.categories[*chosen].code.str()});
    if (!x_danger.found || best(weighed) == x_bundle.other_category) weighed.scores[*chosen] += static_cast<std::int32_t>(x_limits.sender);
  }

  void decide(const Weighed& weighed) {
    const std::uint32_t first = best(weighed);
    x_cls.category = &x_bundle.categories[first];
    std::vector<std::uint32_t> shares(weighed.scores.size());
    text::shares_permille(weighed.scores, shares);
    x_cls.score_permille = shares[first];
    add_further(first, weighed);
    decide_sub_kind(first, weighed);
    if (!x_bundle.category_model) return;
    show_words(first, weighed);
    x_cls.evidence.push_back({"share_permille", std::to_string(shares[first])});
  }

  // Of equals the first, but never `khac` before one that a word speaks for.
  [[nodiscard]] std::uint32_t best(const Weighed& weighed) const {
    std::uint32_t best = x_bundle.other_category;
    for (std::uint32_t i = 0; i < weighed.scores.size(); ++i) {
      if (weighed.scores[i] > weighed.scores[best]) best = i;
    }
    return best;
  }

  void add_further(std::uint32_t first, const Weighed& weighed) {
    const std::vector<std::int32_t>& scores = weighed.scores;
    std::vector<std::uint32_t> others;
    for (std::uint32_t i = 0; i < scores.size(); ++i) {
      if (i == first || i == x_bundle.other_category || first == x_bundle.other_category) continue;
      const bool close = x_bundle.category_model ? scores[i] + static_cast<std::int32_t>(x_limits.further_behind) >= scores[first]
                                                 : scores[i] > 0 && scores[i] * 2 >= scores[first];
      if (close) others.push_back(i);
    }
    std::stable_sort(others.begin(), others.end(), [&](std::uint32_t a, std::uint32_t b) { return scores[a] > scores[b]; });
    for (std::size_t i = 0; i < std::min(others.size(), kFurtherMax); ++i) x_cls.further.push_back(x_bundle.categories[others[i]].code);
  }

  // What the whole text is about, when that is not the danger in it.
  void add_beside(std::uint32_t whole) {
    const CategoryCode& code = x_bundle.categories[whole].code;
    if (whole == x_bundle.other_category || code == x_cls.category->code) return;
    x_cls.evidence.push_back({"whole_text_says", code.str()});
    if (std::find(x_cls.further.begin(), x_cls.further.end(), code) != x_cls.further.end()) return;
    if (x_cls.further.size() == kFurtherMax) x_cls.further.pop_back();
    x_cls.further.push_back(code);
  }

  // Of the category's own the one with the most points, of equals the first. Only their terms are looked for: another
  // category's would use up words.
  void decide_sub_kind(std::uint32_t category, const Weighed& weighed) {
    const std::vector<SubKind>& all = x_bundle.categories[category].sub_kinds;
    if (all.empty()) return;
    std::vector<Lexicon::Hit> hits;
    x_bundle.categories[category].sub_kind_words.hits(x_reading.words(), hits);
    std::erase_if(hits, [&](const Lexicon::Hit& hit) { return !weighed.counts[x_reading.clause_of(hit)]; });
    std::array<std::uint32_t, SubKind::kOfCategoryMax> points{};
    for (const Lexicon::Hit& hit : hits) points[hit.of] += hit.weight;
    const auto most = static_cast<std::size_t>(std::max_element(points.begin(), points.end()) - points.begin());
    if (points[most] == 0) return;
    x_cls.sub_kind = all[most].code;
    std::size_t shown = 0;
    for (const Lexicon::Hit& hit : hits) {
      if (hit.of != most || shown == kSubKindEvidenceMax) continue;
      x_cls.evidence.push_back({hit.folded ? "sub_kind_term_without_marks" : "sub_kind_term", std::string(hit.term)});
      ++shown;
    }
  }

  // The words that speak most for the category.
  void show_words(std::uint32_t category, const Weighed& weighed) {
    const auto column = std::find(x_bundle.model_categories.begin(), x_bundle.model_categories.end(), category);
    if (column == x_bundle.model_categories.end()) return;
    const auto at = static_cast<std::size_t>(column - x_bundle.model_categories.begin());
    const text::CategoryFeatures& features = x_reading.features();
    std::vector<std::pair<std::int32_t, const text::CategoryFeature*>> strongest;
    for (std::size_t clause = 0; clause < weighed.counts.size(); ++clause) {
      if (!weighed.counts[clause]) continue;
      for (const text::CategoryFeature& feature : features.of_clause(clause)) {
        if (feature.kind != text::CategoryFeature::Kind::Word && feature.kind != text::CategoryFeature::Kind::Pair) continue;
        const std::int32_t weight = x_bundle.category_model->weight(features, feature, at);
        if (weight > 0) strongest.emplace_back(weight, &feature);
      }
    }
    std::stable_sort(strongest.begin(), strongest.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<std::string> shown;
    for (const auto& [weight, feature] : strongest) {
      if (shown.size() == x_limits.shown_words) return;
      std::string words = features.shown(*feature);
      if (std::find(shown.begin(), shown.end(), words) != shown.end()) continue;
      x_cls.evidence.push_back({"model_word", words + " +" + std::to_string(weight)});
      shown.push_back(std::move(words));
    }
  }

  const TextReading& x_reading;
  const Bundle& x_bundle;
  const ClassifyLimits& x_limits;
  const Danger& x_danger;
  Class& x_cls;
};

}  // namespace

void classify_text(const Bundle& bundle, const CitizenReport& report, Class& cls) {
  cls.words = report_words(report.title, report.text);
  const TextReading reading(bundle, cls.words);
  const Danger danger = find_danger(reading);
  Weighing(reading, danger, cls).run(report.category);
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
