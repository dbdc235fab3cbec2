#include "services/ingest/raw_text.h"

#include <catch2/catch.hpp>

using ioc::ingest::readable_text;

TEST_CASE("raw text: escapes of JSON and of forms become what they stand for") {
  CHECK(readable_text(R"({"text":"Nh\u00e0 ch\u00e1y \ud83d\udd25"})") == "{\"text\":\"Nhà cháy 🔥\"}");
  CHECK(readable_text(R"(a\nb\"c\\u00e1)") == "a\nb\"c\\u00e1");
  CHECK(readable_text("text=ch%C3%A1y+nh%C3%A0") == "text=cháy nhà");
  CHECK(readable_text("giảm 50% và 1+1") == "giảm 50% và 1+1");
}

TEST_CASE("raw text: UTF-16 is converted, and what is ill-formed is replaced") {
  using namespace std::string_literals;
  CHECK(readable_text("\xFF\xFE" "c\0h\0\xE1\0y\0"s) == "cháy");
  CHECK(readable_text("\xFE\xFF" "\0c\xD8\x3D\xDD\x25"s) == "c🔥");
  CHECK(readable_text("ch\xE1y") == "ch\xEF\xBF\xBDy");
  CHECK(readable_text(R"(a\ud83d)") == "a\xEF\xBF\xBD");
}

TEST_CASE("raw text: no bytes end it, and it is bounded") {
  for (const char* cut : {"", "\\", "\\u", "\\u00e", "\\ud83d\\u", "%", "%C", "\xFF\xFE", "\xFF\xFE" "a", "\xFE"}) CHECK_NOTHROW(readable_text(cut));
  const std::string large = readable_text("đầu" + std::string(1 << 20, 'a') + "cuối");
  CHECK(large.size() <= ioc::ingest::kRawTextBytesMax + 1);
  CHECK(large.starts_with("đầu"));
  CHECK(large.ends_with("cuối"));
}
