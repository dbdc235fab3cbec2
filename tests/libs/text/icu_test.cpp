// Our forms beside ICU's, where ours claim to be Unicode's: Latin, its extensions, combining marks, general punctuation.
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <array>
#include <catch2/catch.hpp>
#include <iostream>
#include <random>
#include <sstream>
#include <utility>
#include <vector>

#include "libs/text/fold.h"
#include "libs/text/utf8.h"
#include "tests/libs/text/shared_data.h"

using namespace ioc::text;
using testing::gz_lines, testing::shared_folder;

namespace {

// Basic Latin to Latin Extended-B, combining marks, Latin Extended Additional, general punctuation.
constexpr std::array<std::pair<char32_t, char32_t>, 4> kBlocks{
    {{0x01, 0x24F}, {0x300, 0x36F}, {0x1E00, 0x1EFF}, {0x2000, 0x206F}}};

std::vector<char32_t> covered() {
  std::vector<char32_t> out;
  for (const auto& [first, last] : kBlocks) {
    for (char32_t c = first; c <= last; ++c) out.push_back(c);
  }
  return out;
}

bool is_covered(const std::vector<char32_t>& text) {
  for (const char32_t c : text) {
    bool in = false;
    for (const auto& [first, last] : kBlocks) in = in || (c >= first && c <= last);
    if (!in) return false;
  }
  return true;
}

std::string utf8_of(const std::vector<char32_t>& text) {
  std::string out;
  for (const char32_t c : text) append_utf8(out, c);
  return out;
}

std::string normalised(const icu::Normalizer2* form, const icu::UnicodeString& text) {
  UErrorCode error = U_ZERO_ERROR;
  std::string out;
  form->normalize(text, error).toUTF8String(out);
  REQUIRE(U_SUCCESS(error));
  return out;
}

struct Icu {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(error);
  const icu::Normalizer2* nfd = icu::Normalizer2::getNFDInstance(error);
};

// The first form in which we differ from ICU; "": none.
std::string differs(const Icu& icu, const std::string& utf8) {
  const auto text = icu::UnicodeString::fromUTF8(utf8);
  if (nfc(utf8) != normalised(icu.nfc, text)) return "NFC";
  if (nfd(utf8) != normalised(icu.nfd, text)) return "NFD";
  std::string folded;
  icu::UnicodeString(text).foldCase(U_FOLD_CASE_DEFAULT).toUTF8String(folded);
  return case_fold(utf8) != folded ? "case folding" : "";
}

void check_same(const Icu& icu, const std::vector<char32_t>& text, std::size_t& wrong) {
  const std::string where = differs(icu, utf8_of(text));
  if (where.empty() || ++wrong > 20) return;
  std::ostringstream list;
  for (const char32_t c : text) list << " U+" << std::hex << static_cast<std::uint32_t>(c);
  UNSCOPED_INFO(where << ":" << list.str());
}

}  // namespace

TEST_CASE("icu: every code point of the Latin blocks, marks and punctuation has ICU's NFC, NFD and case folding") {
  const Icu icu;
  std::size_t wrong = 0;
  for (const char32_t c : covered()) {
    check_same(icu, {c}, wrong);
    for (const char32_t mark : {U'\u0301', U'\u0323', U'\u0302', U'\u031B', U'\u0345'}) check_same(icu, {c, mark}, wrong);
  }
  CHECK(wrong == 0);
}

TEST_CASE("icu: random sequences of those code points have ICU's forms") {
  const Icu icu;
  const auto all = covered();
  std::mt19937 random(20211018);
  std::size_t wrong = 0;
  for (int round = 0; round < 40'000; ++round) {
    std::vector<char32_t> text(1 + random() % 12);
    for (char32_t& c : text) {
      switch (random() % 4) {
        case 0: c = static_cast<char32_t>(0x300 + random() % 0x70); break;
        case 1: c = static_cast<char32_t>(0x1EA0 + random() % 0x5A); break;
        default: c = all[random() % all.size()];
      }
    }
    check_same(icu, text, wrong);
  }
  CHECK(wrong == 0);
}

TEST_CASE("icu: beyond those blocks, too, every code point that ICU and we know has its case folding and forms") {
  const Icu icu;
  std::size_t wrong = 0;
  for (char32_t c = 1; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    UVersionInfo age;
    u_charAge(static_cast<UChar32>(c), age);
    if (age[0] != 0 && age[0] <= 14) check_same(icu, {c}, wrong);
  }
  CHECK(wrong == 0);
}

TEST_CASE("icu: Unicode's conformance cases of those blocks") {
  const auto path = shared_folder() + "/data/standards/unicode/NormalizationTest-15.0.0.txt.gz";
  const auto lines = gz_lines(path);
  if (lines.empty()) {
    std::cout << "absent, not used: " << path << "\n";
    return;
  }
  const Icu icu;
  std::size_t cases = 0, wrong = 0;
  for (const auto& line : lines) {
    if (line.empty() || line[0] == '#' || line[0] == '@') continue;
    std::istringstream in(line);
    std::array<std::vector<char32_t>, 3> columns;  // source, NFC, NFD
    for (auto& column : columns) {
      std::string hex;
      std::getline(in, hex, ';');
      std::istringstream numbers(hex);
      for (std::uint32_t c = 0; numbers >> std::hex >> c;) column.push_back(static_cast<char32_t>(c));
    }
    if (!is_covered(columns[0])) continue;
    ++cases;
    for (const auto& column : columns) {
      check_same(icu, column, wrong);
      wrong += nfc(utf8_of(column)) == utf8_of(columns[1]) && nfd(utf8_of(column)) == utf8_of(columns[2]) ? 0 : 1;
    }
  }
  CHECK(cases > 500);
  CHECK(wrong == 0);
}
