#include "libs/text/similarity.h"

#include <catch2/catch.hpp>
#include <string>

using ioc::text::Signature;
using ioc::text::similarity_permille;

TEST_CASE("similarity: the same words are 1000, with and without marks, in any order of case") {
  CHECK(similarity_permille("Đèn đường hỏng ở ngõ 12", "den duong HONG o ngo 12") == 1000);
  CHECK(similarity_permille("đèn đường hỏng", "hỏng đèn đường") == 1000);
}

TEST_CASE("similarity: nothing in common, or nothing at all, is 0") {
  CHECK(similarity_permille("cây đổ", "rác thải") == 0);
  CHECK(similarity_permille("", "") == 0);
  CHECK(similarity_permille("!!!", "cây đổ") == 0);
}

TEST_CASE("similarity: a retold report is nearer than another subject, and the order does not matter") {
  const std::string first = "Nắp cống bị vỡ trước số nhà 45 đường Lương Ngọc Quyến";
  const std::string retold = "trước nhà 45 Lương Ngọc Quyến nắp cống vỡ rất nguy hiểm";
  const std::string other = "Quán karaoke gây ồn lúc nửa đêm ở xã Quyết Thắng";
  CHECK(similarity_permille(first, retold) > 600);
  CHECK(similarity_permille(first, other) < 250);
  CHECK(similarity_permille(first, retold) == similarity_permille(retold, first));
}

TEST_CASE("similarity: a typing slip costs part of a word, not all of it") {
  CHECK(similarity_permille("den duong hong", "den duogn hong") > 500);
}

TEST_CASE("signature: bounded whatever the text") {
  CHECK(Signature::of(std::string(1 << 20, 'a')).features().size() < 100);
  std::string many;
  for (int i = 0; i < 100'000; ++i) many += std::to_string(i) + " ";
  CHECK(Signature::of(many).features().size() <= Signature::kWordsMax * (Signature::kWordBytesMax + 1));
}
