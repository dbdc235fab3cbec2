#include "libs/text/tokens.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "libs/text/fold.h"
#include "libs/text/tone_place.h"
#include "libs/text/unicode.h"
#include "libs/text/utf8.h"

using namespace ioc::text;

namespace {

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  for (const std::string_view word : tokens(text)) out.emplace_back(word);
  return out;
}

}  // namespace

TEST_CASE("tokens: letters, digits and their marks make words, everything else parts them") {
  CHECK(words_of("cháy nhà số 12") == std::vector<std::string>{"cháy", "nhà", "số", "12"});
  CHECK(words_of("cháy…“nhà”🔥xe\u00A0tải") == std::vector<std::string>{"cháy", "nhà", "xe", "tải"});
  CHECK(words_of("cháy.cứu") == std::vector<std::string>{"cháy", "cứu"});
  CHECK(words_of("a_b") == std::vector<std::string>{"a", "b"});
  CHECK(words_of("2×3÷4") == std::vector<std::string>{"2", "3", "4"});
  CHECK(words_of("пожар пожар") == std::vector<std::string>{"пожар", "пожар"});
  CHECK(words_of("火災発生").size() == 4);
  CHECK(words_of("🔥🆘…").empty());
  CHECK(words_of("").empty());
}

TEST_CASE("tokens: every code point belongs to a word or parts words, and bytes that are no UTF-8 part them") {
  for (char32_t c = 0x80; c < 0x30000; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    std::string text = "a";
    append_utf8(text, c);
    text += "b";
    const auto words = words_of(text);
    const auto kind = unicode::word_break(c);
    const bool joins = kind == unicode::WordBreak::Letter || kind == unicode::WordBreak::Digit || kind == unicode::WordBreak::Extend;
    const std::size_t expected = joins ? 1 : kind == unicode::WordBreak::Alone ? 3 : 2;
    if (words.size() != expected) FAIL("U+" << std::hex << static_cast<std::uint32_t>(c) << ": " << words.size() << " words");
  }
  CHECK(words_of("a\xFF" "b\xE1\xBB").size() == 2);
}

TEST_CASE("tones: all places of a tone in a syllable are one word") {
  const std::pair<const char*, const char*> kSpellings[] = {
      {"hoà", "hòa"}, {"hoả hoạn", "hỏa hoạn"}, {"khoẻ", "khỏe"}, {"thuý", "thúy"}, {"thuỷ", "thủy"}, {"loã", "lõa"}, {"xoè, hoá.", "xòe, hóa."}, {"HOÀ BÌNH", "hòa bình"},
      {"chaý", "cháy"}, {"taị", "tại"}, {"caó", "cáo"}, {"saú", "sáu"}, {"đừơng", "đường"}, {"nứơc", "nước"}, {"bíêt", "biết"}, {"ngừơi", "người"}, {"tóan", "toán"}, {"hòan thành", "hoàn thành"},
      {"ngòai", "ngoài"}, {"ngoaì", "ngoài"}, {"qúa", "quá"}, {"qúy", "quý"}, {"gía", "giá"}, {"cuả", "của"}, {"nghiã", "nghĩa"}, {"khủyu", "khuỷu"}, {"thũyên", "thuỹên"}, {"cưú", "cứu"}, {"lưả", "lửa"},
  };
  for (const auto& [slip, right] : kSpellings) {
    INFO(slip);
    CHECK(fold_keep_marks(slip) == fold_keep_marks(right));
  }
}

TEST_CASE("tones: a word that is spelled right stays") {
  for (const char* right : {"hòa", "quý", "quỳ", "hoàn", "loài", "toán", "khuya", "hoe", "già", "giày", "giếng", "gìn", "gì", "giữa", "quầy", "thuở", "huệ", "của", "nghĩa", "xoắn", "quẹo", "ngoẻo",
                            "khuỷu", "nước", "người", "cứu", "lửa", "ngoài", "chạy", "yếu", "nguyễn", "thuyền", "xoong", "quốc", "việt", "rượu", "hươu", "khoảng", "mùa", "mía"}) {
    CHECK(fold_keep_marks(right) == right);
  }
}

TEST_CASE("tones: what is no syllable stays") {
  for (const char* other : {"", "á", "áá", "éáo", "aaaá", "qú", "à à", "aáoeu"}) CHECK(fold_keep_marks(other) == other);
}

TEST_CASE("folding: what cannot be seen and how letters are drawn make no difference, with marks or without") {
  for (const char* written : {"ch\u200Báy", "chá\u00ADy", "ch\u200Dáy", "chá\u034Fy", "cháy\uFE0F", "ｃｈáｙ", "𝓬𝓱á𝔂", "ⓒⓗáⓨ", "c\u0336háy", "ch\U000E0041áy"}) {
    INFO(written);
    CHECK(fold_keep_marks(written) == "cháy");
    CHECK(fold(written) == "chay");
  }
}
