#include <catch2/catch.hpp>

#include "libs/config/config.h"
#include "libs/text/fold.h"
#include "libs/triage/bundle_parts.h"
#include "tests/libs/triage/fixture.h"

using namespace ioc;
using namespace ioc::triage;
using namespace ioc::triage::testing;
using namespace std::chrono_literals;

namespace {

Calendar calendar() {
  Calendar made;
  std::vector<std::string> problems;
  const auto mistakes = config::read_text(
      "working_hours: [\"07:30-11:30\", \"13:30-17:30\"]\nworking_days: [mon, tue, wed, thu, fri]\n"
      "holidays: [2022-01-31..2022-02-04]\ncompensatory_days: [2022-02-05]\n",
      "calendar.yaml", [&](config::Fields& fields) { made.declare(fields); });
  REQUIRE(mistakes.empty());
  made.compile(problems);
  REQUIRE(problems.empty());
  return made;
}

LogTime at(const char* text) { return LogTime::from_ms(parse_time(text)->ms); }
std::string after(const char* from, Millis amount) { return format_time(calendar().after_working(at(from), amount)).substr(0, 16); }

std::vector<std::string> problems_with(std::string_view name, std::string content) {
  std::vector<BundleFile> files = default_files();
  for (BundleFile& file : files) {
    if (file.name == name) file.content = std::move(content);
  }
  BundleProblems problems;
  REQUIRE(compile("h", files, problems) == nullptr);
  return problems.problems;
}

bool says(const std::vector<std::string>& problems, std::string_view text) {
  return std::any_of(problems.begin(), problems.end(), [&](const std::string& one) { return one.find(text) != std::string::npos; });
}

}  // namespace

TEST_CASE("calendar: working time passes only in working hours") {
  REQUIRE(after("2021-10-18T08:00:00+07:00", 1h) == "2021-10-18T09:00");
  REQUIRE(after("2021-10-18T11:00:00+07:00", 1h) == "2021-10-18T14:00");
  REQUIRE(after("2021-10-18T17:00:00+07:00", 1h) == "2021-10-19T08:00");
  REQUIRE(after("2021-10-18T07:30:00+07:00", 8h) == "2021-10-18T17:30");
  REQUIRE(after("2021-10-15T17:00:00+07:00", 1h) == "2021-10-18T08:00");  // Friday to Monday
  REQUIRE(after("2021-10-16T10:00:00+07:00", 0h) == "2021-10-18T07:30");
}

TEST_CASE("calendar: holidays do not count, compensatory days do") {
  REQUIRE(after("2022-01-28T16:30:00+07:00", 2h) == "2022-02-05T08:30");  // Tết, then the Saturday that is worked
  REQUIRE(after("2022-02-05T16:30:00+07:00", 2h) == "2022-02-07T08:30");
}

namespace {

std::vector<Lexicon::Hit> hits_in(const Lexicon& lexicon, std::string_view text) {
  const auto folded = text::FoldedText::of(text);
  text::MarkedWords words;
  words.read(folded);
  std::vector<Lexicon::Hit> hits;
  lexicon.hits(words.all(), hits);
  return hits;
}

}  // namespace

TEST_CASE("lexicon: longest term first, marks decide, folded words count for less") {
  Lexicon lexicon;
  REQUIRE(lexicon.add(0, "cháy", 10, true));
  REQUIRE(lexicon.add(1, "cháy bóng", 12, false));
  auto hits = hits_in(lexicon, "Đèn CHÁY BÓNG rồi");
  REQUIRE(hits.size() == 1);
  REQUIRE(hits[0].of == 1);
  hits = hits_in(lexicon, "xe chạy nhanh");
  REQUIRE(hits.empty());
  hits = hits_in(lexicon, "nha chay to");
  REQUIRE(hits.size() == 1);
  REQUIRE(hits[0].folded);
  REQUIRE(hits[0].weight == 6);
  hits = hits_in(lexicon, "không cháy gì cả");
  REQUIRE(hits[0].negated);
  REQUIRE_FALSE(lexicon.add(0, "một hai ba bốn năm sáu bảy", 5, false));
}

TEST_CASE("lexicon: text in NFD matches as text in NFC") {
  Lexicon lexicon;
  REQUIRE(lexicon.add(0, "nắp cống", 10, false));
  const auto hits = hits_in(lexicon, "na\xcc\x86\xcc\x81p co\xcc\x82\xcc\x81ng");
  REQUIRE(hits.size() == 1);
  REQUIRE_FALSE(hits[0].folded);
}

TEST_CASE("lexicon: a term ends at its sentence, and a negation before it does too") {
  Lexicon lexicon;
  REQUIRE(lexicon.add(0, "cháy nhà", 10, true));
  CHECK(hits_in(lexicon, "Rác cháy. Nhà tôi ở gần").empty());
  REQUIRE(hits_in(lexicon, "Không. Cháy nhà").size() == 1);
  CHECK_FALSE(hits_in(lexicon, "Không. Cháy nhà")[0].negated);
}

TEST_CASE("lexicon: no sign, emoji or invisible character beside or inside a word hides it") {
  Lexicon lexicon;
  REQUIRE(lexicon.add(0, "cháy", 10, true));
  for (const char* written : {"Xe tải cháy…", "Xe tải “cháy”", "Xe tải cháy🔥", "Xe tải cháy\u00A0", "Xe tải cháy！", "Xe tải cháy\u3000rồi", "Xe tải ch\u200Báy",
                              "Xe tải chá\u00ADy", "Xe tải ch\u200Cáy", "Xe tải chá\u034Fy", "Xe tải ch\uFE0Fáy", "Xe tải ch\u2060áy", "Xe tải cháy\u20E3",
                              "Xe tải ｃｈáｙ", "Xe tải 𝐜𝐡á𝐲", "Xe tải c\u0336h\u0336á\u0336y\u0336", "Xe tải cháy👍🏻", "🔥cháy🔥", "—cháy—", "cháy/nổ", "cháy_xe", "«cháy»", "cháy·xe"}) {
    INFO(written);
    const auto hits = hits_in(lexicon, written);
    REQUIRE(hits.size() == 1);
    CHECK_FALSE(hits[0].folded);
  }
  for (const char* written : {"nha toi dang chay🔥", "nha toi dang chay…", "“chay”"}) {
    INFO(written);
    REQUIRE(hits_in(lexicon, written).size() == 1);
  }
}

TEST_CASE("bundle: the default configuration compiles") { REQUIRE(default_bundle(default_hash()) != nullptr); }

TEST_CASE("bundle: mistakes are named with file and place, all at once") {
  const auto problems = problems_with("rules.yaml", "rules:\n  - {id: a, queue: nowhere}\n  - {id: a, queue: chung, when: {feeds: [post]}}\n");
  REQUIRE(says(problems, "no queue `nowhere`"));
  REQUIRE(says(problems, "no feed `post`"));
  REQUIRE(says(problems, "id of its own"));
  REQUIRE(says(problems_with("rules.yaml", "rules:\n  - {id: a, queue: chung, when: {feeds: [indicators]}}\n"), "must take everything"));
  REQUIRE(says(problems_with("kinds.yaml", "kinds:\n  - {id: x, category: nothing}\n"), "no category `nothing`"));
  REQUIRE(says(problems_with("categories.yaml", "categories:\n  - {code: khac, terms: [\"không có số\"]}\n"), "weight"));
  REQUIRE(says(problems_with("limits.yaml", "corelate: {}\n"), "corelate"));
}

TEST_CASE("bundle: packed, sent in any order and with repeats, it is the same again") {
  std::vector<BundleFile> files{{"a.yaml", std::string(1'300'000, 'a')}, {"b.yaml", ""}, {"units/c.csv", "c"}};
  const PackedBundle packed = pack(files);
  REQUIRE(packed.chunks.size() == 6);
  BundleAssembler assembler;
  for (auto chunk = packed.chunks.rbegin(); chunk != packed.chunks.rend(); ++chunk) {
    REQUIRE_FALSE(assembler.has(packed.hash));
    REQUIRE(assembler.add(chunk->key, chunk->value).has_value());
    REQUIRE(assembler.add(chunk->key, chunk->value).has_value());
  }
  REQUIRE(assembler.has(packed.hash));
  const auto again = assembler.files(packed.hash);
  REQUIRE(again.size() == 3);
  REQUIRE(pack(again).hash == packed.hash);
}

TEST_CASE("bundle: a changed chunk is refused and the bundle stays incomplete") {
  const PackedBundle packed = pack({{"a.yaml", "rules"}});
  BundleAssembler assembler;
  auto chunk = wire::decode_bundle_chunk(packed.chunks[1].value).value();
  chunk.content = "rulez";
  REQUIRE(assembler.add(packed.chunks[0].key, packed.chunks[0].value).has_value());
  REQUIRE_FALSE(assembler.add("", wire::encode(chunk)).has_value());
  REQUIRE_FALSE(assembler.has(packed.hash));
  REQUIRE_FALSE(assembler.add("", "garbage").has_value());
  REQUIRE(assembler.add(packed.chunks[1].key, packed.chunks[1].value).has_value());
  REQUIRE(assembler.has(packed.hash));
}
