#include "libs/text/category_model.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "libs/text/category_trainer.h"
#include "libs/text/fold.h"

using namespace ioc::text;

namespace {

// What is read of a text, with all that it points into.
struct Read {
  explicit Read(std::string_view raw) : text(FoldedText::of(raw)) {
    words.read(text);
    features.read(words);
  }
  Read(const Read&) = delete;
  Read& operator=(const Read&) = delete;

  FoldedText text;
  MarkedWords words;
  CategoryFeatures features;
};

std::set<std::uint32_t> hashes(std::string_view text) {
  const Read read(text);
  const CategoryFeatures& features = read.features;
  std::set<std::uint32_t> all;
  for (const CategoryFeature& one : features.all()) all.insert(one.hash);
  return all;
}

// A model of one feature, which speaks for the first of two classes by 5.
std::string file_of(int version, std::uint32_t hash) {
  std::string file = "ioc-category-model " + std::to_string(version) + "\nclasses a b\nbias 0 0\nfeatures 1\n";
  for (int shift = 24; shift >= 0; shift -= 6) file += kModelDigits[hash >> shift & 63];
  return file + kModelDigits[37] + kModelDigits[32] + "\n";
}

std::int32_t first_score(const std::string& file, std::string_view text) {
  const auto model = CategoryModel::parse(file);
  REQUIRE(model.has_value());
  const Read read(text);
  std::vector<std::int32_t> scores(2);
  model->score(read.features, scores);
  return scores[0];
}

}  // namespace

TEST_CASE("category model: the weights of a file are a text's score, and a file of another version is refused") {
  const std::string text = "cống";
  const std::uint32_t hash = *hashes(text).begin();
  CHECK(first_score(file_of(2, hash), text) == 5);
  CHECK(first_score(file_of(2, hash), "xe") == 0);
  CHECK_FALSE(CategoryModel::parse(file_of(1, hash)).has_value());
  CHECK_FALSE(CategoryModel::parse(file_of(3, hash)).has_value());
}

TEST_CASE("category features: words behind a negation are told from the same words without, numbers only where they call for help") {
  const auto plain = hashes("co nguoi bi thuong"), negated = hashes("khong co nguoi bi thuong");
  CHECK(std::includes(negated.begin(), negated.end(), plain.begin(), plain.end()));
  CHECK(negated.size() == plain.size() + 2 + 4);  // the word, its pair, and four negated words
  CHECK(hashes("goi 115").size() == 3);
  CHECK(hashes("goi 116").size() == 1);
  CHECK(hashes("ngõ 5").size() == hashes("ngõ").size());
}

TEST_CASE("category features: a pair stays within its clause, and a negation reaches no further") {
  CHECK(hashes("xe chay, nha do").size() == hashes("xe chay nha do").size() - 1);
  CHECK(hashes("khong, co nguoi bi thuong").size() == hashes("co nguoi bi thuong").size() + 1);
}

TEST_CASE("category trainer: danger is learned from the clauses that tell it, and no sentence beside them takes it back") {
  std::vector<CategoryExample> examples;
  for (int i = 0; i < 200; ++i) {
    examples.push_back({"nha dang chay to. den duong hong da lau", 0, {}, true});
    examples.push_back({"den duong hong da lau. xin cam on", 1, {}, false});
    examples.push_back({"rac do day duong. den duong hong", 1, {}, false});
  }
  const auto model = CategoryModel::parse(train_categories({"chay", "den"}, examples, {}));
  REQUIRE(model.has_value());
  const auto danger_of_clause = [&](std::string_view text) {
    const Read read(text);
    std::vector<std::int32_t> scores(model->bias().begin(), model->bias().end());
    model->add_clause(read.features, 0, scores);
    return scores[2];
  };
  CHECK(danger_of_clause("nha dang chay to") > 0);
  CHECK(danger_of_clause("den duong hong da lau") < 0);
}

TEST_CASE("category trainer: the same texts give the same file; what is said behind a negation can mean the opposite") {
  std::vector<CategoryExample> examples;
  for (int i = 0; i < 200; ++i) {
    examples.push_back({"va cham xe, co nguoi bi thuong", 0, {}, true});
    examples.push_back({"va cham xe, khong co nguoi bi thuong", 0, {}, false});
    examples.push_back({"den duong khong sang", 1, {}, false});
  }
  const std::string file = train_categories({"giao-thong", "den"}, examples, {});
  CHECK(file == train_categories({"giao-thong", "den"}, examples, {}));
  const auto model = CategoryModel::parse(file);
  REQUIRE(model.has_value());
  const auto scores = [&](std::string_view text) {
    const Read read(text);
    std::vector<std::int32_t> all(3);
    model->score(read.features, all);
    return all;
  };
  CHECK(scores("co nguoi bi thuong")[0] > scores("co nguoi bi thuong")[1]);
  CHECK(scores("den khong sang")[1] > scores("den khong sang")[0]);
  CHECK(scores("co nguoi bi thuong")[2] > 0);
  CHECK(scores("khong co nguoi bi thuong")[2] < 0);
}

namespace {

// Scores of a model that has learned "den duong hong" and "ngap nuoc" by heart.
std::vector<std::int32_t> learned_scores(const CategoryTraining& training, std::string_view text) {
  std::vector<CategoryExample> examples;
  for (int i = 0; i < 300; ++i) {
    examples.push_back({"den duong hong", 0, {}, false});
    examples.push_back({"ngap nuoc nghiem trong", 1, {}, true});
  }
  const auto model = CategoryModel::parse(train_categories({"den", "ngap"}, examples, training));
  REQUIRE(model.has_value());
  const Read read(text);
  std::vector<std::int32_t> scores(3);
  model->score(read.features, scores);
  return scores;
}

}  // namespace

TEST_CASE("category model: n-grams speak for a word that is mistyped or run into the next, and never for danger") {
  CategoryTraining no_ngrams;
  no_ngrams.backoff = {};
  const auto nothing = learned_scores({}, "");
  for (const char* slip : {"nghiemm", "ngiem", "ngapnuoc", "nghiemtrong"}) {
    INFO(slip);
    const auto scores = learned_scores({}, slip), without = learned_scores(no_ngrams, slip);
    CHECK(scores[1] - scores[0] > nothing[1] - nothing[0]);
    CHECK(scores[2] == nothing[2]);
    CHECK(without == learned_scores(no_ngrams, ""));
  }
  // Too short to be told from other words by what a slip leaves of it.
  CHECK(learned_scores({}, "dem") == nothing);
}

TEST_CASE("category model: a file without n-grams reads unknown words as nothing; n-grams out of range are refused with the line") {
  std::string file = file_of(2, feature_bits(ngram_hash("gap")));
  CHECK(first_score(file, "ngapnuoc") == 0);
  const auto with = [&](const std::string& line) { return std::string(file).insert(file.find("features"), line + "\n"); };
  CHECK(first_score(with("ngrams 3 4 4"), "ngapnuoc") == 5);
  CHECK(first_score(with("ngrams 3 4 9"), "ngapnuoc") == 0);
  for (const char* bad : {"ngrams", "ngrams 3 4", "ngrams 0 4 4", "ngrams 4 3 4", "ngrams 3 8 4", "ngrams 3 4 0", "ngrams 3 4 65", "ngrams 3 4 4 4", "ngrams a b c", "ngrams 3 4 4\nngrams 3 4 4"}) {
    INFO(bad);
    const auto refused = CategoryModel::parse(with(bad));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().message.find("line ") == 0);
  }
}
