#include <catch2/catch.hpp>

#include "libs/text/mask.h"

using ioc::text::mask_personal;

TEST_CASE("mask: Vietnamese phone numbers go, however they are written") {
  for (const char* phone :
       {"0912345678", "0912 345 678", "0912.345.678", "0912-345-678", "09 12 34 56 78", "+84912345678", "+84 912 345 678",
        "+84 (0) 912 345 678", "84912345678", "0084 912 345 678", "(0208) 3855 123", "0208.3855.1234", "0208 385 5123",
        "01689123456", "0912\xC2\xA0" "345\xC2\xA0" "678", "0912 - 345 - 678",
        "0912/345/678", "0912_345_678", "0912\xE2\x80\x93" "345\xE2\x80\x93" "678", "0912,345,678", "0912    345    678",
        "0912 -- 345 -- 678", "0912\xE2\x80\x8B" "345678", "0912\t345\t678", "0912\xC2\xB7" "345678"}) {
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

TEST_CASE("mask: dates, money, house numbers, road marks, plates and hotlines stay") {
  for (const char* text :
       {"Lúc 07:40 ngày 18.10.2021 12 xe", "18/10/2021 và 19-10-2021 08 giờ", "hết 120.000.000 đồng", "1.200.000.000 đ",
        "Số 12, tổ 5, QL3 Km12+300", "xe 20A12345 và 20-B1 123.45", "gọi 113, 114, 115, 1900 1022, 1022",
        "ngõ 123/456/789, số 12", "100,200,300 đồng", "", "không có số"}) {
    const auto masked = mask_personal(text);
    CHECK(masked.text == text);
    CHECK(masked.numbers == 0);
  }
}

TEST_CASE("mask: masking twice changes nothing more") {
  const auto once = mask_personal("a 0912345678 b +84 912 345 678 c 019085012345 d 18.10.2021");
  CHECK(once.numbers == 3);
  CHECK(mask_personal(once.text).text == once.text);
}
