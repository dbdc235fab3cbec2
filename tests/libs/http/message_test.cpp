#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>

#include "libs/http/client.h"
#include "libs/http/percent.h"

using namespace ioc::http;

TEST_CASE("request: header, query, parameter and cookie look-ups give the first value") {
  Request request;
  request.headers = {{"content-type", "application/json; charset=utf-8"}, {"cookie", "a=1; session=\"x y\"; b="}};
  request.query = {{"limit", "5"}, {"limit", "6"}, {"empty", ""}};
  request.params = {{"id", "7"}};
  CHECK(request.media_type() == "application/json");
  CHECK(request.header("accept").empty());
  CHECK(request.query_value("limit") == "5");
  CHECK(request.query_value("empty") == "");
  CHECK_FALSE(request.query_value("none").has_value());
  CHECK(request.param("id") == "7");
  CHECK(request.cookie("session") == "x y");
  CHECK(request.cookie("b") == "");
  CHECK_FALSE(request.cookie("c").has_value());
}

TEST_CASE("problem: carries what was wrong, and Retry-After as a header") {
  const Response response = problem({503, "", "the log is slow", "body", "10 bytes", "11 bytes", 7});
  CHECK(response.content_type == "application/problem+json");
  CHECK(response.headers == Headers{{"Retry-After", "7"}});
  const auto body = boost::json::parse(response.body).as_object();
  CHECK(body.at("type") == "about:blank");
  CHECK(body.at("title") == "Service Unavailable");
  CHECK(body.at("status") == 503);
  CHECK(body.at("field") == "body");
  CHECK(body.at("limit") == "10 bytes");
  CHECK(body.at("received") == "11 bytes");
  CHECK_FALSE(boost::json::parse(problem({}).body).as_object().contains("field"));
}

TEST_CASE("percent: escape and decode are inverse for Vietnamese text") {
  const std::string text = "Phường Quang Trung/số 12 & tổ=5+6%";
  CHECK(decode_percent(escape(text), false) == text);
  CHECK(decode_query("q=" + escape(text) + "&&x")->at(0).second == text);
  CHECK(decode_query("a+b=c%20d") == Headers{{"a b", "c d"}});
}

TEST_CASE("percent: broken escapes, control characters and what is not UTF-8 are refused") {
  for (const char* bad : {"%", "%2", "%zz", "%00", "%0a", "%7f", "%ff", "%c0%af", "%ed%a0%80", "%f4%90%80%80", "%e1%bb"})
    CHECK_FALSE(decode_percent(bad, false).has_value());
}

TEST_CASE("json: numbers are plain decimals, exact for integers of 1e-7 units, with at most seven places") {
  namespace json = boost::json;
  for (const std::int64_t e7 : {215'782'000LL, 1'058'500'001LL, 1LL, -1LL, 0LL, 900'000'000LL, -1'799'999'999LL, 215'782'157LL}) {
    CAPTURE(e7);
    const std::string text = serialize(json::value(static_cast<double>(e7) / 1e7));
    CHECK(text.find_first_of("eE") == std::string::npos);
    const auto point = text.find('.');
    CHECK((point == std::string::npos || text.size() - point - 1 <= 7));
    CHECK((point == std::string::npos || text.back() != '0'));
    CHECK(std::llround(std::strtod(text.c_str(), nullptr) * 1e7) == e7);
  }
  CHECK(serialize(json::value(21.5782)) == "21.5782");
  CHECK(serialize(json::value(100.0)) == "100");
  CHECK(serialize(json::value(1.0 / 3)) == "0.3333333");
  CHECK(serialize(json::value(1e-9)) == "0");
  CHECK(serialize(json::value(-1e-9)) == "0");
  CHECK(serialize(json::value(12345678.5)) == "12345678.5");
}

TEST_CASE("json: texts are escaped, and what is written reads back as the same value") {
  namespace json = boost::json;
  const json::value value{{"a\"b\\c\n\t\x01", "Nắp cống \"mất\""}, {"list", {1, -2, 3.5, true, nullptr, json::array{}, json::object{}}}, {"big", 18446744073709551615ULL}};
  const std::string text = serialize(value);
  CHECK(text.find('\n') == std::string::npos);
  CHECK(json::parse(text) == value);
}
