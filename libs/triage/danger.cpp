#include "libs/triage/danger.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace ioc::triage {
namespace {

constexpr std::size_t kTermsShownMax = 8, kWordsShownMax = 3, kMutingShownMax = 3, kPhraseWords = 3;

// The terms of danger in a clause.
struct Terms {
  bool term = false;    // a word of danger, with its marks
  bool hint = false;    // one without marks: it may be another word
  bool phrase = false;  // a term of kPhraseWords or more: it tells what happened, and is no other one without its marks
};

// A run of clauses that speaks of danger.
struct Run : text::ClauseRun {
  Terms terms;
  std::int64_t points = 0;
  bool cry = false;  // a whole sentence that says nothing else: "Cháy!"
};

// The model's class `emergency`; nullopt: there is no model, or it does not know danger.
std::optional<std::size_t> danger_class(const Bundle& bundle) {
  if (!bundle.category_model) return std::nullopt;
  const auto& classes = bundle.model_categories;
  const auto found = std::find(classes.begin(), classes.end(), Bundle::kEmergencyClass);
  return found == classes.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - classes.begin()));
}

class Judging {
 public:
  explicit Judging(const TextReading& reading)
      : x_reading(reading), x_limits(reading.bundle().limits.classify), x_class(danger_class(reading.bundle())) {
    x_danger.in_clause.resize(reading.clauses().size());
  }

  // Danger is seldom, and words that are muted or repeated only take points away: so they are looked for only where danger was found.
  Danger run() {
    judge_all();
    if (!x_found.empty()) {
      x_muting = x_reading.bundle().danger_words.find(x_reading.marked_words());
      find_repeated();
      if (!x_muting.muted.empty() || !x_repeated.empty()) judge_all();
    }
    mark_clauses();
    explain();
    return std::move(x_danger);
  }

 private:
  void judge_all() {
    x_terms.assign(x_reading.clauses().size(), {});
    x_found.clear();
    x_best.reset();
    x_danger.evidence.clear();
    read_terms();
    text::for_each_run(x_reading.clauses(), [this](const text::ClauseRun& run) { judge(run); });
  }

  // Whether one of the words [from, to] is muted.
  [[nodiscard]] bool is_muted(std::size_t from, std::size_t to) const {
    const std::vector<bool>& muted = x_muting.muted;
    return !muted.empty() && (muted[from] || muted[to]);
  }

  void read_terms() {
    for (const Lexicon::Hit& hit : x_reading.hits()) {
      if (!hit.emergency || hit.negated || is_muted(hit.word, hit.word + hit.words - 1)) continue;
      Terms& terms = x_terms[x_reading.clause_of(hit)];
      (hit.folded ? terms.hint : terms.term) = true;
      terms.phrase = terms.phrase || hit.words >= kPhraseWords;
      if (x_danger.evidence.size() == kTermsShownMax) continue;
      x_danger.evidence.push_back({hit.folded ? "emergency_hint" : "emergency_word", std::string(hit.term)});
    }
  }

  void judge(const text::ClauseRun& clauses) {
    Run run{clauses, {}, -std::int64_t{clauses.cuts} * text::kCutPoints};
    if (x_class) run.points += x_reading.bundle().category_model->bias()[*x_class];
    for (std::size_t i = run.first; i <= run.last; ++i) {
      run.terms.term = run.terms.term || x_terms[i].term;
      run.terms.hint = run.terms.hint || x_terms[i].hint;
      run.terms.phrase = run.terms.phrase || x_terms[i].phrase;
      if (x_class) run.points += model_points(i);
    }
    run.points += static_cast<std::int64_t>(points_of(run.terms));
    if (!x_best || run.points > *x_best) x_best = run.points;
    if (clauses.cuts == 0) add_cry(run);
    if (run.cry || is_danger(run)) x_found.push_back(run);
  }

  // Without a model a marked word of danger is enough. With one, what the alarm was read from can be named.
  [[nodiscard]] bool is_danger(const Run& run) const {
    if (!x_class) return run.terms.term;
    const bool enough = run.points >= static_cast<std::int64_t>(x_limits.emergency_at);
    return enough && (points_of(run.terms) > 0 || !model_words_of(run).empty());
  }

  [[nodiscard]] std::span<const text::MarkedWord> words_in(const Run& run) const {
    const auto clauses = x_reading.clauses();
    return x_reading.words().subspan(clauses[run.first].from, clauses[run.last].to - clauses[run.first].from);
  }

  void add_cry(Run& run) {
    const std::string cry = x_reading.bundle().danger_words.cry(words_in(run));
    run.cry = !cry.empty();
    run.terms.term = run.terms.term || run.cry;
    if (run.cry && x_danger.evidence.size() < kTermsShownMax) x_danger.evidence.push_back({"emergency_word", cry});
  }

  [[nodiscard]] std::uint64_t points_of(const Terms& terms) const {
    if (terms.phrase) return 2 * x_limits.emergency_term;
    if (terms.term) return x_limits.emergency_term;
    return terms.hint ? x_limits.emergency_hint : 0;
  }

  // Features that their sentence held before: a weak word says no more when it is repeated.
  void find_repeated() {
    const auto features = x_reading.features().all();
    const auto key = [&](std::size_t at) { return std::pair(x_reading.words()[features[at].from].sentence, features[at].hash); };
    std::vector<std::size_t> order(features.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
    for (std::size_t i = 1; i < order.size(); ++i) {
      if (key(order[i]) != key(order[i - 1])) continue;
      x_repeated.resize(features.size());
      x_repeated[order[i]] = true;
    }
  }

  [[nodiscard]] bool is_repeated(const text::CategoryFeature& feature) const {
    return !x_repeated.empty() && x_repeated[static_cast<std::size_t>(&feature - x_reading.features().all().data())];
  }

  // What the model reads in a clause; muted and repeated words say nothing for danger.
  [[nodiscard]] std::int64_t model_points(std::size_t clause) const {
    std::int64_t points = x_reading.model_scores(clause)[*x_class];
    if (x_muting.muted.empty() && x_repeated.empty()) return points;
    const text::CategoryFeatures& features = x_reading.features();
    for (const text::CategoryFeature& feature : features.of_clause(clause)) {
      if (!is_repeated(feature) && !is_muted(feature.from, feature.to)) continue;
      points -= std::max(0, x_reading.bundle().category_model->weight(features, feature, *x_class));
    }
    return points;
  }

  // Of each sentence the longest run that speaks of danger: what happened is told in more words than the word of danger.
  void mark_clauses() {
    x_danger.found = !x_found.empty();
    const auto clauses = x_reading.clauses();
    const auto sentence_of = [clauses](const Run& run) { return clauses[run.first].sentence; };
    // Runs come sentence by sentence.
    for (auto from = x_found.begin(); from != x_found.end();) {
      const auto to = std::find_if(from, x_found.end(), [&](const Run& run) { return sentence_of(run) != sentence_of(*from); });
      std::size_t most = 0;
      std::for_each(from, to, [&](const Run& run) { most = std::max(most, words_in(run).size()); });
      for (; from != to; ++from) {
        for (std::size_t i = from->first; words_in(*from).size() == most && i <= from->last; ++i) x_danger.in_clause[i] = true;
      }
    }
  }

  // The words of the run that speak most of danger to the model, strongest first.
  [[nodiscard]] std::vector<std::pair<std::int32_t, std::string>> model_words_of(const Run& run) const {
    std::vector<std::pair<std::int32_t, std::string>> words;
    const text::CategoryFeatures& features = x_reading.features();
    for (std::size_t i = run.first; i <= run.last; ++i) {
      for (const text::CategoryFeature& feature : features.of_clause(i)) {
        if (is_muted(feature.from, feature.to)) continue;
        const std::int32_t weight = x_reading.bundle().category_model->weight(features, feature, *x_class);
        if (weight > 0 && feature.kind != text::CategoryFeature::Kind::Negated) words.emplace_back(weight, features.shown(feature));
      }
    }
    std::stable_sort(words.begin(), words.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    return words;
  }

  // Whoever answers the alarm sees what it was read from, and whether that was written without marks, where "cháy" and "chạy" are one.
  void explain() {
    const auto& because = x_muting.because;
    for (std::size_t i = 0; i < std::min(because.size(), kMutingShownMax); ++i) x_danger.evidence.push_back({"no_danger_beside", because[i]});
    const bool has_terms = !x_danger.evidence.empty();
    if (x_class && x_best && (x_danger.found || has_terms)) x_danger.evidence.push_back({"danger_points", std::to_string(*x_best)});
    if (!x_danger.found) return;
    const Run& loudest = *std::max_element(x_found.begin(), x_found.end(), [](const Run& a, const Run& b) { return a.points < b.points; });
    x_danger.evidence.push_back({"danger_from", read_from(loudest)});
    if (!x_class) return;
    auto words = model_words_of(loudest);
    if (words.size() > kWordsShownMax) words.resize(kWordsShownMax);
    for (const auto& [weight, word] : words) x_danger.evidence.push_back({"danger_word", word + " +" + std::to_string(weight)});
  }

  [[nodiscard]] std::string read_from(const Run& run) const {
    if (run.terms.term) return "words";
    if (run.terms.hint) return "words_without_marks";
    const auto words = words_in(run);
    const bool marked = std::any_of(words.begin(), words.end(), [](const text::MarkedWord& word) { return !word.plain(); });
    return marked ? "model" : "model_without_marks";
  }

  const TextReading& x_reading;
  const ClassifyLimits& x_limits;
  const std::optional<std::size_t> x_class;
  DangerWords::Found x_muting;
  std::vector<bool> x_repeated;  // of each feature; empty: none is
  std::vector<Terms> x_terms;  // of each clause
  std::vector<Run> x_found;
  std::optional<std::int64_t> x_best;  // points of the loudest run, of danger or not
  Danger x_danger;
};

}  // namespace

Danger find_danger(const TextReading& reading) { return Judging(reading).run(); }

bool speaks_of_danger(const Bundle& bundle, std::string_view title, std::string_view text) {
  const text::FoldedText words = report_words(title, text);
  return find_danger(TextReading(bundle, words)).found;
}

}  // namespace ioc::triage
