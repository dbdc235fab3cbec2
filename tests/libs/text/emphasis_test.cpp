#include "libs/text/emphasis.h"

#include <catch2/catch.hpp>
#include <random>

using namespace ioc::text;

namespace {

std::string meant(std::string_view text) {
  const FoldedText folded = as_meant(text);
  CHECK(folded.plain == fold(folded.marked));
  return folded.marked;
}

}  // namespace

TEST_CASE("emphasis: stretched letters are drawn in and keep their marks, in NFC and NFD, whichever of them carries the marks") {
  CHECK(meant("CHÁYYYY nhàaaa rồiiiii!!!") == "cháy nhà rồi!!!");
  CHECK(meant("chaaaáy") == "cháy");
  CHECK(meant(nfd("cứuuuu vớiiii")) == "cứu với");
  CHECK(meant("khônggggg chếtttt") == "không chết");
  CHECK(meant("cuuuuu voiiiii") == "cuu voi");
  CHECK(meant("cháyy nhàa rồii cứuu") == "cháy nhà rồi cứu");
  CHECK(meant("lauuuu") == "lau");
  CHECK(meant("đđđđường") == "đđđđường");
}

TEST_CASE("emphasis: words spelled out are put together") {
  CHECK(meant("C.H.Á.Y nhà") == "cháy nhà");
  CHECK(meant("c-h-á-y, c_h_e_t, b*ắ*n") == "cháy, chet, bắn");
  CHECK(meant("c.h.á.yyyy") == "chá.yyyy");  // what is left of it is a word of its own
  CHECK(meant("U.B.N.D. phường") == "ubnd. phường");
}

TEST_CASE("emphasis: what is no emphasis stays: abbreviations, numbers, roman numerals, two letters, addresses of pages") {
  for (const char* same : {"cccd", "www.thainguyen.gov.vn", "tổ iii", "111 000", "xoong nồi", "shopee", "free zoo", "cuu", "aa", "tp.thái nguyên", "a-b", "q.l.3 hỏng", "1.000.000", "---", "a.b-c", "đt.a", ""}) {
    INFO(same);
    CHECK(meant(same) == same);
  }
}

TEST_CASE("emphasis: whatever the bytes, nothing is added, and twice is the same as once") {
  std::mt19937 random(7);
  const std::string_view pieces[] = {"a", "á", "y", "c", "t", ".", "-", " ", "\xCC\x81", "\xFF", "1", "đ", "ỹ", "\xE2\x80\x8B"};
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (std::size_t i = random() % 14; i > 0; --i) text += pieces[random() % std::size(pieces)];
    INFO(text);
    const std::string once = meant(text);
    CHECK(once.size() <= fold_keep_marks(text).size());
    CHECK(meant(once) == once);
  }
}
