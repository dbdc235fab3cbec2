#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

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
