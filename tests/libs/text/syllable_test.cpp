#include "libs/text/syllable.h"

#include <catch2/catch.hpp>

using ioc::text::is_vietnamese_syllable;

TEST_CASE("syllables: names of streets, typed without marks, are Vietnamese; other countries' words, letters and numbers are none") {
  for (const char* one : {"luong", "ngoc", "quyen", "bac", "kan", "ben", "oanh", "phan", "dinh", "phung", "hoang", "van", "thu", "gia", "gieng", "quy",
                          "nghieng", "nguyen", "hue", "yen", "ly", "uong", "minh", "khai", "truong", "chinh", "xuyen", "quynh", "gi"}) {
    INFO(one);
    CHECK(is_vietnamese_syllable(one));
  }
  for (const char* one : {"main", "st", "ave", "washington", "street", "beacon", "blvd", "rd", "5a", "12", "", "w", "michigan", "zone", "q", "ngr", "ph"}) {
    INFO(one);
    CHECK_FALSE(is_vietnamese_syllable(one));
  }
}
