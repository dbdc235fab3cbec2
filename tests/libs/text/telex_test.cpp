#include "libs/text/telex.h"

#include <catch2/catch.hpp>
#include <string>

#include "libs/text/corpus_noise.h"
#include "libs/text/emphasis.h"
#include "libs/text/fold.h"

using namespace ioc::text;

TEST_CASE("telex: keys that were typed with the input method off are read as the words that were meant") {
  const std::pair<const char*, const char*> kTexts[] = {
      {"nhaf chays", "nhà cháy"},
      {"nhaf em ddang chays, cuwus vowis", "nhà em đang cháy, cứu với"},
      {"Cos nguwowif bij thuwowng nawngj", "có người bị thương nặng"},
      {"ddeen duongwf bij hongr", "đên dường bị hỏng"},
      {"nuowcs tranf vaof nhaf 20A", "nước tràn vào nhà 20a"},
      {"nuocws banr quas", "nước bản quá"},
      {"dduwowngf tooi ddi", "đường tôi đi"},
  };
  for (const auto& [typed, meant] : kTexts) {
    INFO(typed);
    CHECK(read_telex(fold(typed)) == std::string(meant));
  }
}

TEST_CASE("telex: a text without marks, English words and abbreviations stay") {
  for (const char* text : {"", "x", "nha toi dang chay", "xe bus", "gas", "den duong khong sang", "xe bus chay am i ca dem", "https://example.vn/bus", "ko bt ntn r", "app bi loi tax", "ssss ffff jjjj",
                           "a1s b2f c3j", "wwww wwww"}) {
    INFO(text);
    CHECK_FALSE(read_telex(text));
  }
}

TEST_CASE("telex: a text with marks stays, whatever words it has beside them") {
  CHECK(as_meant("xe bus và gas ở đây").marked == "xe bus và gas ở đây");
}

TEST_CASE("telex: what the keyboard writes for a text is read back") {
  for (const char* word : {"đường", "nước", "cháy", "người", "quá", "nguyễn", "hỏa", "thuyền", "ngã", "giếng", "được", "rượu", "nhiều", "tắc"}) {
    const std::string typed = telex_keys(word) + " " + telex_keys("cháy");
    INFO(typed);
    const auto read = read_telex(typed);
    REQUIRE(read);
    CHECK(*read == std::string(word) + " cháy");
  }
}
