#include "libs/text/utf8.h"

#include <catch2/catch.hpp>

using namespace ioc::text;
using namespace std::string_literals;

TEST_CASE("utf8: every code point but the surrogates survives encoding and decoding") {
  std::size_t wrong = 0;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    std::string bytes;
    append_utf8(bytes, c);
    std::size_t at = 0;
    const auto [decoded, ok] = decode_next(bytes, at);
    if (decoded != c || !ok || at != bytes.size() || !valid_utf8(bytes)) ++wrong;
  }
  CHECK(wrong == 0);
}

TEST_CASE("utf8: overlong forms, surrogates, cut sequences and lone continuations are not well-formed") {
  for (const auto& bytes : {"\xC0\xAF"s, "\xC1\xBF"s, "\xE0\x80\xAF"s, "\xF0\x8F\xBF\xBF"s, "\xED\xA0\x80"s,
                            "\xF4\x90\x80\x80"s, "\xF5\x80\x80\x80"s, "\xC3"s, "\xE1\xBA"s, "\x80"s, "a\xFF"s}) {
    CHECK_FALSE(valid_utf8(bytes));
    CHECK(valid_utf8(repair_utf8(bytes)));
  }
  CHECK(valid_utf8("Đường Lương Ngọc Quyến"));
  CHECK(valid_utf8(""));
}

TEST_CASE("utf8: repair replaces each maximal ill-formed part once and keeps the rest") {
  CHECK(repair_utf8("ph\xE1\xBB\x91") == "phố");
  CHECK(repair_utf8("ph\xE1\xBB") == "ph\uFFFD");
  CHECK(repair_utf8("a\xE1\xBB"
                    "b") == "a\uFFFDb");
  CHECK(repair_utf8("\xED\xA0\x80") == "\uFFFD\uFFFD\uFFFD");
  CHECK(repair_utf8("x\xFF\xFEy") == "x\uFFFD\uFFFDy");
  CHECK(repair_utf8("nguyên vẹn") == "nguyên vẹn");
}
