#include "libs/base/time.h"

#include <catch2/catch.hpp>
#include <random>

using namespace ioc;

TEST_CASE("time: RFC 3339 with any offset names the same instant") {
  const auto vietnam = parse_time("2021-10-18T07:40:00.250+07:00");
  const auto utc = parse_time("2021-10-18T00:40:00.250Z");
  REQUIRE(vietnam);
  REQUIRE(utc);
  CHECK(vietnam->ms == utc->ms);
  CHECK(vietnam->ms == 1634517600250);
  CHECK(vietnam->had_zone);
}

TEST_CASE("time: a time without offset is read as Vietnam's and says so") {
  const auto bare = parse_time("2021-10-18 07:40:00");
  REQUIRE(bare);
  CHECK_FALSE(bare->had_zone);
  CHECK(bare->ms == parse_time("2021-10-18T07:40:00+07:00")->ms);
}

TEST_CASE("time: fractions longer than milliseconds are cut, shorter ones filled") {
  CHECK(parse_time("2021-10-18T07:40:00.1+07:00")->ms % 1000 == 100);
  CHECK(parse_time("2021-10-18T07:40:00.123456789Z")->ms % 1000 == 123);
}

TEST_CASE("time: PostgreSQL's own writing, with an offset of hours alone, is read") {
  const auto expected = parse_time("2026-11-30T01:00:00+07:00")->ms;
  for (const char* text : {"2026-11-30 01:00:00+07", "2026-11-29 18:00:00+00", "2026-11-30 01:00:00.000000+07", "2026-11-29 14:30:00-0330"}) {
    CAPTURE(text);
    const auto read = parse_time(text);
    REQUIRE(read);
    CHECK(read->ms == expected);
    CHECK(read->had_zone);
  }
}

TEST_CASE("time: a day written first, as in Vietnam, is read and is Vietnam's") {
  CHECK(parse_time("18/10/2021 07:40")->ms == parse_time("2021-10-18T07:40:00+07:00")->ms);
  CHECK(parse_time("18/10/2021 7:40:05")->ms == parse_time("2021-10-18T07:40:05+07:00")->ms);
  CHECK(parse_time("8/1/2021 23:59")->ms == parse_time("2021-01-08T23:59:00+07:00")->ms);
  CHECK_FALSE(parse_time("18/10/2021 07:40")->had_zone);
}

TEST_CASE("time: the writings of cameras, browsers and people are read, day first where the year is not") {
  const auto expected = parse_time("2026-12-01T20:30:00+07:00")->ms;
  for (const char* text : {"2026/12/01 20:30:00", "2026/12/1 20:30", "01-12-2026 20:30", "01.12.2026 20:30:00", "1/12/2026 20:30", "20:30 01/12/2026", "20:30:00 1/12/2026",
                           "20:30:00 ngày 01/12/2026", "20h30 ngày 1-12-2026", "20:30, ngày 01/12/2026", "01/12/2026, 20:30:00", "20:30:00 2026-12-01", "2026.12.01 20:30"}) {
    CAPTURE(text);
    REQUIRE(parse_time(text));
    CHECK(parse_time(text)->ms == expected);
    CHECK_FALSE(parse_time(text)->had_zone);
  }
  for (const char* text : {"2026-12-01 20:30:00 +07:00", "2026-12-01 13:30:00 +00", "2026-12-01 13:30:00 UTC", "2026/12/01 13:30:00Z", "20:30 01/12/2026 +07:00", "2026-12-01T20:30:00 +0700"}) {
    CAPTURE(text);
    REQUIRE(parse_time(text));
    CHECK(parse_time(text)->ms == expected);
    CHECK(parse_time(text)->had_zone);
  }
}

TEST_CASE("time: a writing that could be two times, or none, is refused") {
  for (const char* text : {"01/12/26 20:30", "12/01/2026 08:30 PM", "20:30", "20:30 ngày", "20:30 01/12", "20h 01/12/2026", "13-13-2026 20:30", "2026/12-01 20:30", "01/12-2026 20:30",
                           "2026-12-01 20:30:00  +07:00", "2026-12-01 20:30:00 ", "2026-12-01 20:30 GMT+7", "25:30 01/12/2026", "2026-1-5 08:30:00", "20261201203000", "01-12-2026T20:30"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_time(text));
  }
}

TEST_CASE("time: a day alone is its beginning in Vietnam, where a day may stand for a time") {
  const auto expected = parse_time("2021-10-18T00:00:00+07:00")->ms;
  for (const char* text : {"2021-10-18", "18/10/2021"}) {
    CHECK(parse_time_or_day(text)->ms == expected);
    CHECK_FALSE(parse_time(text));
  }
  CHECK(parse_time_or_day("2021-10-18T07:40:00Z")->ms == parse_time("2021-10-18T07:40:00Z")->ms);
  for (const char* text : {"2021-10-18T", "2021-10-18 ", "18/10/2021 ", "2021-10", "31/02/2021"}) CHECK_FALSE(parse_time_or_day(text));
}

TEST_CASE("time: what is no time is refused") {
  for (const char* text : {"", "2021", "2021-10-18", "2021-13-01T00:00:00Z", "2021-02-29T00:00:00Z", "2021-10-18T24:00:00Z",
                           "2021-10-18T00:60:00Z", "2021-10-18T00:00:00+25:00", "2021-10-18T00:00:00Zx", "10/18/2021 07:40",
                           "2021-10-18T07:40:00.+07:00", "1969-12-31T23:59:59Z", "2200-01-01T00:00:00Z",
                           "2021-10-18T07:40:00.1234567890Z", "20211018T074000Z",
                           "18/10/2021T07:40", "18/10/2021 ", "18/10/21 07:40", "31/02/2021", "18/10/2021 07", "1/1/1969",
                           "2021-10-18 07:40:00+", "2021-10-18 07:40:00+7", "2021-10-18 07:40:00+07:", "2021-10-18 07:40:00+19"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_time(text));
  }
}

TEST_CASE("time: what is formatted is read back, for any instant") {
  std::mt19937_64 random(7);
  std::uniform_int_distribution<std::int64_t> instants(0, 7'258'000'000'000);
  for (int i = 0; i < 10'000; ++i) {
    const std::int64_t ms = instants(random);
    const auto read = parse_time(format_time(ms));
    REQUIRE(read);
    REQUIRE(read->ms == ms);
  }
}

TEST_CASE("time: the compact form is Vietnam's wall clock") {
  CHECK(format_compact(parse_time("2021-10-17T23:59:59Z")->ms) == "20211018-065959");
}
