#include "libs/text/words.h"

#include <catch2/catch.hpp>
#include <string>

#include "libs/text/typo.h"
#include "libs/text/utf8.h"

using namespace ioc::text;

TEST_CASE("abbreviations: spelled out where what stands around them says so") {
  CHECK(spelled_out("QL3, QL 37, ql1b") == "quoc lo 3 quoc lo 37 quoc lo 1b");
  CHECK(spelled_out("ĐT261, TL 261, ĐH 12") == "duong tinh 261 tinh lo 261 duong huyen 12");
  CHECK(spelled_out("UBND P.Tân Long, TP.Thái Nguyên") == "uy ban nhan dan phuong tan long thanh pho thai nguyen");
  CHECK(spelled_out("TT Hùng Sơn; TX Phổ Yên") == "thi tran hung son thi xa pho yen");
  CHECK(spelled_out("tdp 5, kcn Yên Bình") == "to dan pho 5 khu cong nghiep yen binh");
  CHECK(spelled_out("CSGT xử lý TNGT, đảm bảo ATGT và PCCC") ==
        "canh sat giao thong xu ly tai nan giao thong dam bao an toan giao thong va phong chay chua chay");
  CHECK(spelled_out("từ 22h đến 23h30, chờ 15p") == "tu 22 gio den 23h30 cho 15 phut");
  CHECK(spelled_out("ko thấy ai, k ai sửa") == "khong thay ai khong ai sua");
  CHECK(spelled_out("sn 12, SN5") == "so nha 12 so nha 5");
}

TEST_CASE("abbreviations: stay as they are where nothing says what they mean") {
  CHECK(spelled_out("ban ql chợ") == "ban ql cho");
  CHECK(spelled_out("bán 5k một cái") == "ban 5k mot cai");
  CHECK(spelled_out("p quang") == "p quang");
  CHECK(spelled_out("tt huyện") == "tt huyen");
  CHECK(spelled_out("đt 0912345678") == "dt 0912345678");
  CHECK(spelled_out("h này") == "h nay");
}

TEST_CASE("words: know where they stand in the raw text, what parts them, and whether a capital began them") {
  const std::string raw = "Ổ gà ở P.Tân Long, số 12/3 – QL3 Km12+300";
  const Words words(raw);
  const auto written = [&](std::size_t i) { return raw.substr(words[i].from, words[i].to - words[i].from); };
  REQUIRE(words.joined(0, words.size()) == "o ga o phuong tan long so 12 3 quoc lo 3 km 12 300");
  CHECK(written(3) == "P");
  CHECK(words[3].spelled_out);
  CHECK(written(4) == "Tân");
  CHECK(words[4].capital);
  CHECK(words[4].gap == ' ');
  CHECK(written(5) == "Long");
  CHECK(words[6].gap == ',');
  CHECK_FALSE(words[6].capital);
  CHECK(words[8].gap == '/');
  CHECK(words[9].gap == ',');
  CHECK(words[11].folded == "3");
  CHECK(words[14].gap == '+');
  CHECK(Words("Đường Ổi đường").all()[1].capital);
  CHECK_FALSE(Words("đường").all()[0].capital);
}

TEST_CASE("words: any bytes will do, and a text without end is bounded") {
  std::string bytes;
  for (int i = 0; i < 3000; ++i) bytes += static_cast<char>(i * 7919 >> 3);
  const Words words(bytes);
  for (const Word& word : words.all()) {
    CHECK(word.from <= word.to);
    CHECK(word.to <= bytes.size());
  }
  std::string many;
  for (int i = 0; i < 100'000; ++i) many += "a ";
  CHECK(Words(many).size() <= Words::kWordsMax);
  many.clear();
  for (int i = 0; i < 4'000; ++i) many += "pccc ";
  CHECK(Words(many).size() < Words::kWordsMax + 8);
}

TEST_CASE("typo: one slip in a word of five letters or more is forgiven, in shorter ones and numbers it is not") {
  for (const char* typed : {"quang", "qang", "quangg", "qunag", "quanh", "uqang"}) CHECK(stands_for(typed, "quang"));
  for (const char* typed : {"qng", "quag1", "quangaa", "gnauq", "", "kuamg"}) CHECK_FALSE(stands_for(typed, "quang"));
  CHECK(stands_for("tan", "tan"));
  CHECK_FALSE(stands_for("tam", "tan"));
  CHECK_FALSE(stands_for("lonh", "long"));
}
