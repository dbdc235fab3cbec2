#include <catch2/catch.hpp>

#include "libs/text/mask.h"

using ioc::text::mask_personal;

TEST_CASE("mask: Vietnamese phone numbers go, however they are written") {
  for (const char* phone :
       {"0912345678", "0912 345 678", "0912.345.678", "0912-345-678", "09 12 34 56 78", "+84912345678", "+84 912 345 678",
        "+84 (0) 912 345 678", "84912345678", "0084 912 345 678", "(0208) 3855 123", "0208.3855.1234", "0208 385 5123",
        "01689123456", "0912\xC2\xA0" "345\xC2\xA0" "678", "0912 - 345 - 678",
        "0912/345/678", "0912_345_678", "0912\xE2\x80\x93" "345\xE2\x80\x93" "678", "0912,345,678", "0912    345    678",
        "0912 -- 345 -- 678", "0912\xE2\x80\x8B" "345678", "0912\t345\t678", "0912\xC2\xB7" "345678",
        "0912\n345\n678", "0912\r\n345\r\n678", "0912…345…678", "0912...345...678", "0912*345*678", "0912 * 345 * 678", "0912•345•678",
        "0912|345|678", "０９１２３４５６７８", "０９１２ ３４５ ６７８", "＋８４ ９１２ ３４５ ６７８", "0９12 345 67８", "0912－345－678"}) {
    const auto masked = mask_personal("Liên hệ anh Nam sđt " + std::string(phone) + " nhé.");
    INFO(phone);
    CHECK(masked.numbers == 1);
    const bool plain = masked.text == "Liên hệ anh Nam sđt *** nhé.";
    const bool bracket = masked.text == "Liên hệ anh Nam sđt (*** nhé.";
    CHECK((plain || bracket));
  }
}

TEST_CASE("mask: identity numbers of 9 and 12 digits go") {
  for (const char* number : {"090123456", "019085012345", "019 085 012 345", "090 123 456", "0190 8501 2345", "019.085.012.345"}) {
    INFO(number);
    CHECK(mask_personal("CCCD: " + std::string(number)).text == "CCCD: ***");
  }
}

TEST_CASE("mask: a number glued to a word and two numbers side by side go") {
  CHECK(mask_personal("SĐT0912345678").text == "SĐT***");
  CHECK(mask_personal("0912345678 0987654321").text == "*** ***");
  CHECK(mask_personal("0912345678/0987654321").numbers == 2);
  CHECK(mask_personal("gọi 0912.345.678, 0208 3855123").text == "gọi ***, ***");
  CHECK(mask_personal("thẻ 9704001234567890").text == "thẻ ***");
}

TEST_CASE("mask: dates, money, house numbers, road marks and hotlines stay") {
  for (const char* text :
       {"Lúc 07:40 ngày 18.10.2021 12 xe", "18/10/2021 và 19-10-2021 08 giờ", "hết 120.000.000 đồng", "1.200.000.000 đ",
        "Số 12, tổ 5, QL3 Km12+300", "gọi 113, 114, 115, 1900 1022, 1022",
        "ngõ 123/456/789, số 12", "100,200,300 đồng", "", "không có số",
        "21.5942, 105.8482", "POINT(105.84 21.59)", "120\n135\n140\n", "100\n200\n300\n400", "100*200*300 mm", "1.5*2.5*3.5",
        "rộng 20m 1500 hộ", "xe tải 10T 15000 đồng", "22h30 ngày 18/10", "20h 1234 xe", "khu 15A, nhà 1234", "số 12A, ngõ 34", "50k 2000 suất",
        "2021-10-18 07:40:00", "camera_01@", "@nguyenvana", "giá 5$@1 cái", "tài khoản bị khóa 3 ngày", "thửa 123, tờ bản đồ 45", "ĐT261 Km8"}) {
    const auto masked = mask_personal(text);
    CHECK(masked.text == text);
    CHECK(masked.numbers == 0);
  }
}

TEST_CASE("mask: accounts and cards go whole") {
  CHECK(mask_personal("STK 1903 4567 8910 11 Techcombank").text == "STK *** Techcombank");
  CHECK(mask_personal("chuyển vào stk: 12345678 giúp").text == "chuyển vào stk: *** giúp");
  CHECK(mask_personal("Số tài khoản Vietcombank 0011.0012.34567").text == "Số tài khoản Vietcombank ***");
  CHECK(mask_personal("STK1903456789101112").text == "STK***");
  CHECK(mask_personal("thẻ 9704 0012 3456 7890 bị nuốt").text == "thẻ *** bị nuốt");
  CHECK(mask_personal("tài khoản 12 ngày 18/10/2021").text == "tài khoản 12 ngày 18/10/2021");
}

TEST_CASE("mask: number plates go, in capitals anywhere and however written where they are announced") {
  for (const char* plate : {"20A-123.45", "20A12345", "20A-12345", "20-B1 123.45", "20B1-234.56", "29LD-123.45", "98C-1234", "20A 123.45"}) {
    INFO(plate);
    CHECK(mask_personal("Xe tải " + std::string(plate) + " đỗ sai").text == "Xe tải *** đỗ sai");
    CHECK(mask_personal("biển số " + std::string(plate)).text == "biển số ***");
  }
  for (const char* plate : {"20a-123.45", "20a 12345", "20 b1 12345", "20a12345"}) {
    INFO(plate);
    CHECK(mask_personal("BKS: " + std::string(plate) + ".").text == "BKS: ***.");
  }
}

TEST_CASE("mask: e-mail addresses go, the sentence around them stays") {
  CHECK(mask_personal("gửi nguyen.van.a@gmail.com.").text == "gửi ***.");
  CHECK(mask_personal("(tranb_84+ioc@mail.thainguyen.gov.vn)").text == "(***)");
  CHECK(mask_personal("0912345678@zalo.me").text == "***");
  CHECK(mask_personal("a@b").text == "a@b");
}

TEST_CASE("mask: masking twice changes nothing more") {
  const auto once = mask_personal("a 0912345678 b +84 912 345 678 c 019085012345 d 18.10.2021");
  CHECK(once.numbers == 3);
  CHECK(mask_personal(once.text).text == once.text);
}
