#include "libs/text/category_model.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace ioc::text {
namespace {

constexpr std::size_t kHashDigits = 5, kNegatedWords = 4;
constexpr std::uint64_t kMarkedSeed = 0x4D41524BULL, kNegatedSeed = 0x4E4547ULL;

// Whom people in danger call; other numbers say where, not what.
bool is_call_for_help(std::string_view number) { return number == "113" || number == "114" || number == "115"; }

bool negates(std::string_view word) {
  return word == "khong" || word == "ko" || word == "k" || word == "chang" || word == "hok" || word == "khg";
}

// One of kModelDigits -> 0 to 63; 255: none of them.
constexpr std::array<std::uint8_t, 256> kDigitValues = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(255);
  for (std::size_t i = 0; i < kModelDigits.size(); ++i) {
    values[static_cast<unsigned char>(kModelDigits[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}();

std::uint8_t digit(char c) { return kDigitValues[static_cast<unsigned char>(c)]; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// exp(-1/64)^n by multiplication: no libm, so that it is the same everywhere.
constexpr std::uint32_t kStepsPerUnit = 64, kStepsMax = 20 * kStepsPerUnit;
constexpr std::array<std::uint32_t, kStepsMax> kExp = [] {
  constexpr std::uint64_t kOneStep = 1'057'095'000;  // exp(-1/64) * 2^30
  std::array<std::uint32_t, kStepsMax> values{};
  std::uint64_t value = 1ULL << 30;
  for (std::uint32_t& one : values) {
    one = static_cast<std::uint32_t>(value);
    value = (value * kOneStep + (1ULL << 29)) >> 30;
  }
  return values;
}();

// Takes the next line off `text`.
std::string_view line_of(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  while (!line.empty()) {
    const std::size_t end = std::min(line.find(' '), line.size());
    fields.push_back(line.substr(0, end));
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return fields;
}

std::optional<std::int32_t> number_of(std::string_view text) {
  std::int32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

// shortest, longest, word.
std::optional<Backoff> backoff_of(const std::vector<std::string_view>& fields) {
  if (fields.size() != 4) return std::nullopt;
  const auto shortest = number_of(fields[1]), longest = number_of(fields[2]), word = number_of(fields[3]);
  if (!shortest || !longest || !word || *shortest < 1 || *longest < *shortest || *word < 1) return std::nullopt;
  if (static_cast<std::size_t>(*longest) > kNgramMax || static_cast<std::size_t>(*word) > kFeatureWordBytesMax) return std::nullopt;
  return Backoff{static_cast<std::uint8_t>(*shortest), static_cast<std::uint8_t>(*longest), static_cast<std::uint8_t>(*word)};
}

Error wrong(std::size_t line, std::string_view what) {
  return corrupt("line " + std::to_string(line) + ": " + std::string(what) + "; make the file with `ioc model train`");
}

}  // namespace

std::uint32_t exp_of_minus_q30(std::uint32_t steps, std::uint32_t steps_per_unit) {
  const std::uint64_t at = std::uint64_t{steps} * kStepsPerUnit / steps_per_unit;
  return at < kStepsMax ? kExp[at] : 0;
}

void shares_permille(std::span<const std::int32_t> scores, std::span<std::uint32_t> shares) {
  if (scores.empty()) return;
  const std::int64_t best = *std::max_element(scores.begin(), scores.end());
  std::uint64_t sum = 0;
  const auto part = [best](std::int32_t score) {
    const std::int64_t behind = std::min<std::int64_t>(best - score, 1'000);
    return exp_of_minus_q30(static_cast<std::uint32_t>(behind), kScorePerLogit);
  };
  for (const std::int32_t score : scores) sum += part(score);
  for (std::size_t i = 0; i < scores.size(); ++i) shares[i] = static_cast<std::uint32_t>(part(scores[i]) * 1000ULL / sum);
}

void CategoryFeatures::add(std::uint64_t hash, std::size_t from, std::size_t to, CategoryFeature::Kind kind) {
  x_all.push_back({feature_bits(hash), static_cast<std::uint16_t>(from), static_cast<std::uint16_t>(to), kind});
}

std::span<const CategoryFeature> CategoryFeatures::of_clause(std::size_t clause) const {
  const std::size_t from = clause == 0 ? 0 : x_clause_ends[clause - 1];
  return std::span(x_all).subspan(from, x_clause_ends[clause] - from);
}

std::string CategoryFeatures::shown(const CategoryFeature& feature) const {
  switch (feature.kind) {
    case CategoryFeature::Kind::Word: return std::string(x_words[feature.from].folded);
    case CategoryFeature::Kind::Marked: return std::string(x_words[feature.from].marked);
    case CategoryFeature::Kind::Pair: return std::string(x_words[feature.from].folded) + " " + std::string(x_words[feature.to].folded);
    case CategoryFeature::Kind::Negated: return {};
  }
  return {};
}

void CategoryFeatures::read(const MarkedWords& words) {
  x_words = words.all();
  x_clauses = words.clauses();
  x_all.clear();
  x_clause_ends.clear();
  x_marked = false;
  x_all.reserve(3 * x_words.size());
  x_clause_ends.reserve(x_clauses.size());
  for (const Clause& clause : x_clauses) {
    read_clause(clause);
    x_clause_ends.push_back(x_all.size());
  }
}

void CategoryFeatures::read_clause(const Clause& clause) {
  constexpr std::size_t kNone = SIZE_MAX;
  std::size_t before = kNone;   // the word before, if the two make a pair
  std::size_t negated = 0;      // so many words to come
  for (std::size_t i = clause.from; i < clause.to; ++i) {
    const MarkedWord& word = x_words[i];
    const bool number = is_digit(word.folded.front()) && is_digit(word.folded.back());
    if (number && !is_call_for_help(word.folded)) {
      before = kNone;
      continue;
    }
    add(word.folded_hash, i, i, CategoryFeature::Kind::Word);
    if (before != kNone) add(pair_hash(x_words[before].folded_hash, word.folded_hash), before, i, CategoryFeature::Kind::Pair);
    before = i;
    if (!word.plain()) {  // "cháy" is not "chạy"
      add(spread(word.marked_hash + kMarkedSeed), i, i, CategoryFeature::Kind::Marked);
      x_marked = true;
    }
    if (negated > 0) add(spread(word.folded_hash + kNegatedSeed), i, i, CategoryFeature::Kind::Negated);
    if (negates(word.folded)) negated = kNegatedWords;
    else if (negated > 0) --negated;
  }
}

Result<CategoryModel> CategoryModel::parse(std::string_view file) {
  CategoryModel model;
  if (line_of(file) != kModelHeading) return wrong(1, "does not begin with `" + std::string(kModelHeading) + "`");
  const auto classes = fields_of(line_of(file));
  if (classes.size() < 2 || classes.size() > kClassesMax + 1 || classes[0] != "classes") return wrong(2, "names no classes, or too many");
  model.x_classes.assign(classes.begin() + 1, classes.end());
  const std::size_t width = model.x_classes.size();
  const auto biases = fields_of(line_of(file));
  if (biases.size() != width + 1 || biases[0] != "bias") return wrong(3, "does not give one bias for each class");
  for (std::size_t i = 1; i < biases.size(); ++i) {
    const auto bias = number_of(biases[i]);
    if (!bias || *bias > 10'000 || *bias < -10'000) return wrong(3, "a bias is no number between -10000 and 10000");
    model.x_bias.push_back(*bias);
  }
  std::size_t line_number = 4;
  auto fields = fields_of(line_of(file));
  if (!fields.empty() && fields[0] == "ngrams") {
    const auto backoff = backoff_of(fields);
    if (!backoff) return wrong(line_number, "does not say which n-grams stand for unknown words (1 to 7 bytes, of words of 1 to 64)");
    model.x_backoff = *backoff;
    fields = fields_of(line_of(file));
    ++line_number;
  }
  const auto count = fields.size() == 2 && fields[0] == "features" ? number_of(fields[1]) : std::nullopt;
  if (!count || *count < 0 || static_cast<std::size_t>(*count) > kFeaturesMax) return wrong(line_number, "does not say how many features follow");
  model.x_features = static_cast<std::size_t>(*count);
  std::size_t slots = 16;
  while (slots < 2 * model.x_features) slots *= 2;
  model.x_slots.resize(slots);
  model.x_weights.reserve(model.x_features * width);
  for (std::size_t row = 0; row < model.x_features; ++row) {
    const std::string_view line = line_of(file);
    const bool digits = std::all_of(line.begin(), line.end(), [](char c) { return digit(c) != 255; });
    if (line.size() != kHashDigits + width || !digits) return wrong(line_number + row + 1, "is no feature with one weight for each class");
    std::uint32_t hash = 0;
    for (const char c : line.substr(0, kHashDigits)) hash = hash << 6 | digit(c);
    for (const char c : line.substr(kHashDigits)) model.x_weights.push_back(static_cast<std::int8_t>(digit(c) - 32));
    model.place(hash, row);
  }
  if (!file.empty()) return wrong(line_number + model.x_features + 1, "stands behind the last feature");
  return model;
}

void CategoryModel::place(std::uint32_t hash, std::size_t row) {
  const std::size_t mask = x_slots.size() - 1;
  std::size_t at = hash & mask;
  while (x_slots[at].hash != kFree && x_slots[at].hash != hash) at = (at + 1) & mask;
  x_slots[at] = {hash, static_cast<std::uint32_t>(row)};
}

const std::int8_t* CategoryModel::weights(std::uint32_t hash) const {
  const std::size_t mask = x_slots.size() - 1;
  for (std::size_t at = hash & mask; x_slots[at].hash != kFree; at = (at + 1) & mask) {
    if (x_slots[at].hash == hash) return x_weights.data() + x_slots[at].row * x_classes.size();
  }
  return nullptr;
}

// The weights that speak for a feature: its own, else those of the n-grams that stand for it.
template <class Take>
void CategoryModel::for_each_row(const CategoryFeatures& text, const CategoryFeature& feature, Take&& take) const {
  if (const std::int8_t* row = weights(feature.hash)) return take(row);
  if (feature.kind != CategoryFeature::Kind::Word) return;
  x_backoff.for_each(text.word_of(feature), [&](std::uint32_t hash) {
    if (const std::int8_t* row = weights(hash)) take(row);
  });
}

void CategoryModel::add_clause(const CategoryFeatures& text, std::size_t clause, std::span<std::int32_t> scores) const {
  for (const CategoryFeature& feature : text.of_clause(clause)) {
    for_each_row(text, feature, [scores](const std::int8_t* row) {
      for (std::size_t i = 0; i < scores.size(); ++i) scores[i] += row[i];
    });
  }
}

void CategoryModel::score(const CategoryFeatures& text, std::span<std::int32_t> scores) const {
  std::copy(x_bias.begin(), x_bias.end(), scores.begin());
  for (std::size_t clause = 0; clause < text.clauses().size(); ++clause) add_clause(text, clause, scores);
}

std::int32_t CategoryModel::weight(const CategoryFeatures& text, const CategoryFeature& feature, std::size_t of) const {
  std::int32_t sum = 0;
  for_each_row(text, feature, [&sum, of](const std::int8_t* row) { sum += row[of]; });
  return sum;
}

}  // namespace ioc::text
