#include "libs/text/marked_words.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "libs/text/fold.h"

using namespace ioc::text;

namespace {

// The clauses of a text, "|" before each that begins a sentence and "," before the others.
std::string cut(std::string_view raw) {
  const FoldedText text = FoldedText::of(raw);
  MarkedWords words;
  words.read(text);
  std::string out;
  std::uint32_t sentence = UINT32_MAX;
  for (const Clause& clause : words.clauses()) {
    out += clause.sentence == sentence ? "," : "|";
    sentence = clause.sentence;
    for (std::uint32_t i = clause.from; i < clause.to; ++i) out += (i > clause.from ? " " : "") + std::string(words.all()[i].folded);
  }
  return out;
}

std::size_t runs(std::string_view raw) {
  const FoldedText text = FoldedText::of(raw);
  MarkedWords words;
  words.read(text);
  std::size_t count = 0;
  for_each_run(words.clauses(), [&](const ClauseRun&) { ++count; });
  return count;
}

}  // namespace

TEST_CASE("marked words: sentences and clauses end where people end them") {
  CHECK(cut("Trường đang cháy. Đèn đường hỏng.") == "|truong dang chay|den duong hong");
  CHECK(cut("Trường đang cháy, đèn đường hỏng") == "|truong dang chay,den duong hong");
  CHECK(cut("Cháy!Cứu với") == "|chay|cuu voi");
  CHECK(cut("Cháy…cứu với\nnhanh lên") == "|chay|cuu voi|nhanh len");
  CHECK(cut("cháy🔥cứu") == "|chay,cuu");
  CHECK(cut("Cháy ở TP. Thái Nguyên, P.Tân Long") == "|chay o tp thai nguyen,p tan long");
  CHECK(cut("Hết 1.200.000 đồng, dài 3,5 m") == "|het 1 200 000 dong,dai 3 5 m");
  CHECK(cut("xe 20A-123.45 số 12/3") == "|xe 20a 123 45 so 12 3");
  CHECK(cut("") == "");
}

TEST_CASE("marked words: a text without any sign is cut into clauses of a bounded length") {
  std::string text;
  for (std::size_t i = 0; i < 3 * MarkedWords::kClauseWords; ++i) text += "chay ";
  const FoldedText folded = FoldedText::of(text);
  MarkedWords words;
  words.read(folded);
  CHECK(words.clauses().size() == 3);
  CHECK(words.all().size() == 3 * MarkedWords::kClauseWords);
}

TEST_CASE("marked words: a word keeps its marks and its folded form, and the memory is used again") {
  MarkedWords words;
  const FoldedText first = FoldedText::of("Đường Lương Ngọc Quyến cháy"), second = FoldedText::of("nha chay");
  words.read(first);
  CHECK(words.all()[0].marked == "đường");
  CHECK(words.all()[0].folded == "duong");
  CHECK_FALSE(words.all()[4].plain());
  words.read(second);
  REQUIRE(words.all().size() == 2);
  CHECK(words.all()[1].plain());
  CHECK(words.all()[1].folded == "chay");
}

TEST_CASE("clause runs: each sentence whole, and its parts within their bounds, are linear in the text") {
  CHECK(runs("một hai ba bốn") == 1);
  CHECK(runs("một hai ba, bốn năm sáu") == 3);       // the whole, each part
  CHECK(runs("một, hai, ba") == 1);                    // parts of fewer than three words say too little
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "một hai ba, ";
  CHECK(runs(text) <= 1 + 1000 * kRunClauses);
}
