#include "libs/text/encoding.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "libs/text/corpus.h"
#include "libs/text/fold.h"
#include "libs/text/utf8.h"
#include "tests/libs/text/garble.h"
#include "tests/libs/text/shared_data.h"

using namespace ioc::text;
using namespace ioc::text::testing;

namespace {

std::vector<std::string> lines_of(const std::string& path) {
  std::ifstream in(path);
  std::vector<std::string> out;
  for (std::string line; std::getline(in, line);) out.push_back(nfc(line));
  return out;
}

// The project's corpora: the texts that they make, and those that stand as they are.
const std::vector<std::string>& corpus_texts() {
  static const std::vector<std::string> all = [] {
    const std::string root = std::string(IOC_REPOSITORY) + "/deploy/corpus/";
    std::vector<std::string> texts = lines_of(root + "whole-texts.csv");
    for (const char* folder : {"train", "test"}) {
      Corpus corpus;
      for (const auto& entry : std::filesystem::directory_iterator(root + folder)) {
        if (entry.path().extension() == ".csv") {
          for (const std::string& line : lines_of(entry.path().string())) texts.push_back(nfc(line));
          continue;
        }
        std::ifstream in(entry.path());
        const std::string content{std::istreambuf_iterator<char>(in), {}};
        REQUIRE(corpus.add(entry.path().string(), content).has_value());
      }
      for (const CorpusText& one : corpus.write(7, 150)) texts.push_back(nfc(one.text));
    }
    return texts;
  }();
  return all;
}

struct Counts {
  std::size_t texts = 0, exact = 0, flagged = 0, unseen = 0, wrong = 0;
};

// What came of `text` in its garbled form. `same`: how exact it has to be.
template <class Same>
void count(const std::string& text, const std::string& garbled, Counts& counts, Same&& same) {
  if (garbled == text) return;  // nothing of it is lost
  ++counts.texts;
  const Recovered got = recover_encoding(garbled);
  if (!got.sure) ++counts.flagged;
  else if (same(got.text, text)) ++counts.exact;
  else if (got.kind == Encoding::None) ++counts.unseen;
  else ++counts.wrong;
  if (got.sure && !same(got.text, text)) UNSCOPED_INFO(text << "\n  " << garbled << "\n  " << got.text);
}

const auto exactly = [](const std::string& a, const std::string& b) { return a == b; };
const auto but_for_capitals = [](const std::string& a, const std::string& b) { return fold_keep_marks(a) == fold_keep_marks(b); };

void report(const char* what, const Counts& counts) {
  std::cout << what << ": " << counts.texts << " texts, " << counts.exact << " exact, " << counts.flagged << " flagged, " << counts.unseen
            << " unseen, " << counts.wrong << " wrong\n";
}

void check_unchanged(const std::vector<std::string>& texts, const std::string& name) {
  std::size_t changed = 0;
  for (const auto& text : texts) {
    const Recovered got = recover_encoding(text);
    if (got.text == text && got.kind == Encoding::None && got.sure) continue;
    if (++changed < 20) UNSCOPED_INFO(static_cast<int>(got.kind) << (got.sure ? " sure " : " unsure ") << text << "\n  " << got.text);
  }
  INFO(name << ": " << texts.size() << " texts");
  CHECK(changed == 0);
}

}  // namespace

TEST_CASE("encoding: texts of TCVN3, VNI, mojibake and HTML are read as they were meant") {
  const std::string meant = "Nhà số 5 đang cháy lớn";
  const std::pair<const char*, Encoding> forms[] = {
      {"Nhµ sè 5 ®ang ch¸y lín", Encoding::Tcvn3},          {"Nhaø soá 5 ñang chaùy lôùn", Encoding::Vni},
      {"Nh&agrave; s&#7889; 5 &#273;ang ch&aacute;y l&#x1edb;n", Encoding::Html}, {"Nhà số 5 <b>đang cháy</b> lớn", Encoding::Html},
      {"Nh&amp;agrave; số 5 đang cháy lớn", Encoding::Html}, {"Nhà số 5 đang <span style=\"color:red\">cháy</span> lớn", Encoding::Html}};
  for (const auto& [form, kind] : forms) {
    const Recovered got = recover_encoding(form);
    CHECK(got.text == meant);
    CHECK(got.kind == kind);
    CHECK(got.sure);
  }
  for (const Table table : {Table::Latin1, Table::Windows1252, Table::Windows1258}) {
    const std::string once = as_mojibake(meant, table);
    for (const auto& form : {once, as_mojibake(once, Table::Windows1252), as_mojibake(as_mojibake(once, Table::Latin1), Table::Windows1252)}) {
      const Recovered got = recover_encoding(form);
      CHECK(got.text == meant);
      CHECK(got.kind == Encoding::Mojibake);
    }
  }
  CHECK(recover_encoding(as_mojibake("cà phê", Table::Latin1)).text == "cà phê");
  CHECK(recover_encoding(as_mojibake(as_tcvn3(meant), Table::Latin1)).text == meant);
  CHECK(recover_encoding(as_entities(as_vni(meant), true)).text == meant);
  CHECK(recover_encoding("KÝnh göi UBND ph­êng").text == "Kính gửi UBND phường");
  CHECK(recover_encoding("KÝNH GöI UBND PH¦êNG, Hµ NéI").text == "KÍNH GỬI UBND PHƯỜNG, HÀ NỘI");
  CHECK(recover_encoding("<p>Mất điện</p><p>Tổ 5<br/>ngõ 2</p>").text == "Mất điện\nTổ 5\nngõ 2");
}

TEST_CASE("encoding: what looks garbled and cannot be read beyond doubt stays as it is, and says so") {
  const std::pair<const char*, Encoding> forms[] = {
      {"ch¸y", Encoding::Tcvn3},                                   // one word
      {"NhÃ  sá» 5 Äang chÃ¡y lá»n", Encoding::Mojibake},           // the control characters are gone
      {"Nh\xEF\xBF\xBD s\xEF\xBF\xBD 5", Encoding::Lost},
      {"Nhï¿½ sï¿½ 5", Encoding::Lost},                             // the same, read as Latin-1
      {"Nh? s? 5 ?ang ch?y l?n m?i ng?ời ơi ng?i b? th??ng", Encoding::Lost}};
  for (const auto& [form, kind] : forms) {
    const Recovered got = recover_encoding(form);
    CHECK(got.text == form);
    CHECK(got.kind == kind);
    CHECK_FALSE(got.sure);
  }
}

TEST_CASE("encoding: what only resembles garbled text is not touched") {
  const std::vector<std::string> ordinary = {
      "cà phê", "Nhà tôi ở đây", "CÀ PHÊ…", "“XÔ XÁT”", "DI DỜI XÃ…", "“CẤP XÔ”", "30°C, 20 m², ½ giờ, 5 µm, ±2", "Công ty ABC® © 2021", "«Hàng hoá» và «khoá»",
      "a<b>c", "x <b và c> d", "1 < 2 & 3 > 2", "AT&T; R&D", "lỗi &xyz; &;", "https://a.vn/?x=1&y=2&copy=3", "Ai? Sao?Không biết?hả", "naïve café, mañana, Müller, Øresund",
      "España mañana", "façade à Québec", "hoá toà khoá thuỷ", "Khoá hoá toà", "I <3 Thái Nguyên", "👍🏽 tốt", "ngã tư <đèn đỏ>", "“Ô”", "TÊ”", "LÊ”", "Ủy ban", "XÃ”",
      "píc-níc ở si-líc", "píc-níc, oéc, síc", "https://a.vn/b?c https://a.vn/d?e https://a.vn/f?g", "", "é", "®", "Ã", "Ộ", "cháy"};
  check_unchanged(ordinary, "ordinary");
}

TEST_CASE("encoding: no text of the corpora and of the reference data is changed or flagged") {
  check_unchanged(corpus_texts(), "corpora");
  for (const char* file : {"/data/text/report_excerpts_dev.csv", "/data/text/synonym_groups_spin.txt", "/data/text/vietnamese-stopwords.txt"})
    check_unchanged(lines_of(shared_folder() + file), file);
  for (const char* file : {"/data/text/Viet74K.txt.gz", "/data/reports-311/boston_2011_jul_sep.csv.gz", "/data/reports-311/chicago_sanitation_2011_2012.csv.gz"})
    check_unchanged(gz_lines(shared_folder() + file), file);
}

TEST_CASE("encoding: every text of the corpora comes back from every damage, exactly or flagged") {
  // Of a few words too few letters are left to tell that they are garbled.
  constexpr std::size_t kTellingBytes = 60;
  Counts html, mojibake, twice, tcvn3, vni;
  for (const std::string& text : corpus_texts()) {
    if (text.size() < kTellingBytes) continue;
    count(text, as_entities(text, true), html, exactly);
    count(text, as_entities(text, false), html, exactly);
    for (const Table table : {Table::Latin1, Table::Windows1252, Table::Windows1258}) {
      count(text, as_mojibake(text, table), mojibake, exactly);
      count(text, as_mojibake(as_mojibake(text, Table::Windows1252), table), twice, exactly);
    }
    count(text, as_tcvn3(text), tcvn3, but_for_capitals);
    count(text, as_vni(text), vni, exactly);
  }
  report("html", html);
  report("mojibake", mojibake);
  report("mojibake twice", twice);
  report("tcvn3", tcvn3);
  report("vni", vni);
  for (const Counts& counts : {html, mojibake, twice, tcvn3, vni}) {
    CHECK(counts.texts > 2500);
    CHECK(counts.wrong == 0);
    CHECK(counts.unseen * 500 <= counts.texts);
    CHECK(counts.exact * 100 >= counts.texts * 90);
  }
}

TEST_CASE("encoding: any bytes will do, what comes back is well-formed, and twice is the same as once") {
  std::uint32_t random = 7;
  const auto next = [&random] { return (random = random * 1664525U + 1013904223U) >> 8U; };
  const std::string_view pieces[] = {"&", "#", ";", "<b>", "</b>", "<br", ">", "Ã", "¡", "á»", "‘", "nh", "µ", "®", "aø", "ù", "&amp;", "amp;", "lt;", "\xC3", "\x80", " ", "đ", "?", "a=\""};
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (std::uint32_t n = next() % 12; n > 0; --n) text += pieces[next() % std::size(pieces)];
    const std::string well_formed = repair_utf8(text);
    const Recovered got = recover_encoding(well_formed);
    INFO(text);
    REQUIRE(valid_utf8(got.text));
    REQUIRE_FALSE(recover_encoding(text).text.size() > 4 * text.size() + 4);
  }
}

TEST_CASE("encoding: the time is linear in the text, whatever it is made of") {
  for (const std::string_view piece : {"<a b=\"", "<b ", "&amp;", "&#7889;", "Ã¡Â»", "ch¸y ", "aø", "?a", "á»", "<", "&"}) {
    std::string text;
    while (text.size() < 1'000'000) text += piece;
    const auto begun = std::chrono::steady_clock::now();
    (void)recover_encoding(text);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    INFO(piece);
    CHECK(took.count() < 5);  // a square would take hours
  }
}
