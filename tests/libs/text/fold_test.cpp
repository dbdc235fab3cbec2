#include "libs/text/fold.h"

#include <array>
#include <catch2/catch.hpp>
#include <iostream>
#include <sstream>
#include <vector>

#include "libs/text/tokens.h"
#include "libs/text/unicode.h"
#include "libs/text/utf8.h"
#include "tests/libs/text/shared_data.h"

using namespace ioc::text;
using testing::gz_lines, testing::shared_folder;

namespace {

// Canonical decomposition without reordering: what an iPhone sends.
std::string taken_apart(std::string_view utf8) {
  std::u32string pieces;
  for (std::size_t at = 0; at < utf8.size();) unicode::decompose(decode_next(utf8, at).code_point, pieces);
  std::string out;
  for (const char32_t piece : pieces) append_utf8(out, piece);
  return out;
}

const std::array kPhrases = {"Đường Lương Ngọc Quyến, phường Quang Trung",
                             "ổ gà, cống hở, nước ngập đến đầu gối",
                             "THÀNH PHỐ THÁI NGUYÊN",
                             "Xã Phúc Xuân – xóm Cây Xanh",
                             "Nguyễn Thị Ngọc Ánh ở ngõ 12/3",
                             "rác thải bốc mùi hôi thối cạnh trường mầm non"};

std::string code_points(const std::string& hex) {
  std::istringstream in(hex);
  std::string out;
  for (std::uint32_t c = 0; in >> std::hex >> c;) append_utf8(out, static_cast<char32_t>(c));
  return out;
}

}  // namespace

TEST_CASE("fold: Vietnamese loses its marks and đ becomes d") {
  CHECK(fold("Đường Lương Ngọc Quyến") == "duong luong ngoc quyen");
  CHECK(fold("ĐỒNG HỶ, Võ Nhai, Định Hoá") == "dong hy, vo nhai, dinh hoa");
  CHECK(fold("ắằẳẵặ ếềểễệ ốồổỗộ ớờởỡợ ứừửữự ỳýỷỹỵ") == "aaaaa eeeee ooooo ooooo uuuuu yyyyy");
  CHECK(fold("QL3 Km12+300") == "ql3 km12+300");
}

TEST_CASE("fold: NFC and NFD input give the same bytes") {
  for (const std::string phrase : kPhrases) {
    CHECK(taken_apart(phrase) != phrase);
    CHECK(fold(taken_apart(phrase)) == fold(phrase));
    CHECK(fold_keep_marks(taken_apart(phrase)) == fold_keep_marks(phrase));
    CHECK(nfc(taken_apart(phrase)) == phrase);
  }
}

TEST_CASE("fold: the forms are equal for every code point, taken apart or not, and folding twice changes nothing") {
  std::vector<char32_t> wrong;
  for (char32_t c = 1; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    std::string whole = "x";
    append_utf8(whole, c);
    const std::string apart = taken_apart(whole), folded = fold(whole), marked = fold_keep_marks(whole);
    if (folded != fold(apart) || fold(folded) != folded) wrong.push_back(c);
    if (marked != fold_keep_marks(apart) || fold_keep_marks(marked) != marked) wrong.push_back(c);
  }
  std::string list;
  for (const char32_t c : wrong) list += std::to_string(static_cast<std::uint32_t>(c)) + " ";
  INFO(list);
  CHECK(wrong.empty());
}

TEST_CASE("fold_keep_marks: marked words match exactly, unmarked ones do not") {
  CHECK(fold_keep_marks("CHÁY") == "cháy");
  CHECK(fold_keep_marks("CHÁY") != fold_keep_marks("chạy"));
  CHECK(fold("CHÁY") == fold("chạy"));
  CHECK(fold_keep_marks("Đ") == "đ");
  // Two marks on one letter, typed in either order.
  CHECK(fold_keep_marks("e\u0323\u0302") == fold_keep_marks("e\u0302\u0323"));
  CHECK(fold_keep_marks("e\u0323\u0302") == "ệ");
}

TEST_CASE("fold_keep_marks: every Vietnamese capital has its small letter") {
  const std::string_view capitals = "ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ";
  const std::string_view small = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ";
  CHECK(fold_keep_marks(capitals) == small);
  CHECK(fold_keep_marks(small) == small);
  CHECK(fold_keep_marks("ПРИВЕТ ΑΒΓ ÅÄÖ ŁÓDŹ Ǆ ẞ") == "привет αβγ åäö łódź ǆ ß");
}

TEST_CASE("fold: other scripts are kept, invisible characters vanish, ill-formed bytes do not stop it") {
  CHECK(fold("Москва ΑΘΉΝΑ 東京") == "москва αθηνα 東京");
  CHECK(fold("phường\u00A0Tân\u200B Long") == "phuong tan long");
  CHECK(fold("ＱＬ３") == "ql3");
  CHECK(fold("Øresund Æble straße İzmir Łódź") == "oresund aeble strasse izmir lodz");
  CHECK(fold("a\xFF"
             "b") == "a\uFFFDb");
  CHECK(fold("").empty());
}

TEST_CASE("fold: hostile bytes never stop it, give well-formed text, and at most three bytes for one") {
  std::uint32_t state = 12345;
  const auto random = [&state] { return (state = state * 1664525U + 1013904223U) >> 16; };
  const std::string_view likely = "\x80\xBF\xC2\xC3\xCC\xE1\xBA\xBB\xE2\xEF\xF0\xF4\xFF aZ";
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes(random() % 40, ' ');
    for (char& c : bytes) c = random() % 3 == 0 ? static_cast<char>(random()) : likely[random() % likely.size()];
    const std::string folded = fold(bytes);
    REQUIRE(valid_utf8(folded));
    REQUIRE(folded == fold(repair_utf8(bytes)));
    REQUIRE(folded.size() <= 3 * bytes.size());
    for (const std::string& form : {fold_keep_marks(bytes), nfc(bytes), nfd(bytes), case_fold(bytes)}) {
      REQUIRE(valid_utf8(form));
      REQUIRE(form.size() <= 12 * bytes.size());
    }
  }
}

TEST_CASE("fold: what a text became is found again in the text as it was written") {
  const std::string raw = taken_apart("Ở ngõ 12, Đường\u00A0Lương Ngọc Quyến ß!");
  std::string folded;
  std::vector<std::uint32_t> raw_at;
  fold(raw, folded, raw_at);
  REQUIRE(folded == "o ngo 12, duong luong ngoc quyen ss!");
  REQUIRE(folded == fold(raw));
  const std::size_t from = raw_at[folded.find("luong")], to = raw_at[folded.find(" ss")];
  CHECK(nfc(raw.substr(from, to - from)) == "Lương Ngọc Quyến");
  CHECK(raw_at.front() == 0);
  CHECK(raw_at.back() == raw.size());
  CHECK(raw_at.size() == folded.size() + 1);
}

TEST_CASE("tokens: runs of letters and digits, in order") {
  const std::string folded = fold("Ngõ 12/3, P.Tân Long – QL3!");
  CHECK(tokens(folded) == std::vector<std::string_view>{"ngo", "12", "3", "p", "tan", "long", "ql3"});
  CHECK(tokens(" ,.; ").empty());
}

TEST_CASE("nfc: agrees with Unicode's own test file") {
  const auto path = shared_folder() + "/data/standards/unicode/NormalizationTest-15.0.0.txt.gz";
  const auto lines = gz_lines(path);
  if (lines.empty()) {
    std::cout << "absent, not used: " << path << "\n";
    return;
  }
  std::size_t cases = 0, wrong = 0;
  for (const auto& line : lines) {
    if (line.empty() || line[0] == '#' || line[0] == '@') continue;
    std::istringstream in(line);
    std::array<std::string, 5> columns;
    for (auto& column : columns) std::getline(in, column, ';');
    ++cases;
    const std::string composed = code_points(columns[1]), compatible = code_points(columns[3]);
    for (int i = 0; i < 3; ++i) wrong += nfc(code_points(columns[static_cast<std::size_t>(i)])) == composed ? 0 : 1;
    for (int i = 3; i < 5; ++i) wrong += nfc(code_points(columns[static_cast<std::size_t>(i)])) == compatible ? 0 : 1;
  }
  CHECK(cases > 19000);
  CHECK(wrong == 0);
}
