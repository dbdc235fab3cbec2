// Sub-kinds: how they are configured, read from a text, kept with an incident and corrected.
#include <algorithm>
#include <catch2/catch.hpp>

#include "libs/triage/bundle_parts.h"
#include "libs/triage/stages/classify_text.h"
#include "tests/libs/triage/fixture.h"

using namespace ioc;
using namespace ioc::triage;
using namespace ioc::triage::testing;
using namespace std::chrono_literals;

namespace {

// The default bundle with other categories, by words alone, and with other rules where they are given.
std::vector<BundleFile> files_with(std::string categories, std::string rules = {}) {
  std::vector<BundleFile> files{{"categories.yaml", "categories:\n" + std::move(categories) + "  - {code: khac, name: \"Khác\"}\n"}};
  if (!rules.empty()) {
    files.push_back({"queues.yaml", "queues:\n  - {id: chung, name: \"Chung\"}\n  - {id: cong, name: \"Cống\"}\n"});
    files.push_back({"rules.yaml", "rules:\n" + rules + "  - {id: all, queue: chung}\n"});
  }
  return files;
}

std::vector<std::string> problems_with(std::vector<BundleFile> files) {
  BundleProblems problems;
  REQUIRE(compile("h", std::move(files), problems) == nullptr);
  return problems.problems;
}

bool says(const std::vector<std::string>& problems, std::string_view text) {
  return std::any_of(problems.begin(), problems.end(), [&](const std::string& one) { return one.find(text) != std::string::npos; });
}

constexpr std::string_view kTwo =
    "  - code: ha-tang\n    terms: [\"đường hỏng 9\", \"nắp cống 9\"]\n    sub_kinds:\n"
    "      - {code: o-ga, name: \"Ổ gà\", terms: [\"ổ gà 10\", \"hỏng 4\"]}\n"
    "      - {code: nap-cong, name: \"Nắp cống\", terms: [\"nắp cống 10\", \"mất nắp cống 12\"]}\n"
    "  - code: moi-truong\n    terms: [\"rác 20\"]\n    sub_kinds:\n"
    "      - {code: rac, name: \"Rác\", terms: [\"rác 5\"]}\n";

// What it returns points into the bundle.
Class classified(const TestBundle& bundle, std::string_view text) {
  Class cls;
  CitizenReport report;
  report.text = text;
  classify_text(*bundle.compiled, report, cls);
  return cls;
}

std::vector<std::string> words_of(const Class& cls, std::string_view name) {
  std::vector<std::string> found;
  for (const Detail& one : cls.evidence) {
    if (one.name == name) found.push_back(one.value);
  }
  return found;
}

struct Desk : Bench {
  explicit Desk(std::vector<BundleFile> files) : Bench(true, compile_for_test("sub-kinds", std::move(files))) {
    step(Activation{bundle.hash, since::kReclassifies, "test"});
  }
  Incident one(const std::string& id = "0-e-r1") { return incidents.at(id); }
  CommandResult choose(std::string_view id, std::string_view category, std::string_view sub_kind) {
    Command made = command(id, one(), CommandKind::Reclassify);
    made.category = CategoryCode(category);
    made.sub_kind = SubKindCode(sub_kind);
    return run(made);
  }
  CommandResult run(const Command& made) { return *find(step(made), DecisionKind::Command)->command_result; }
};

}  // namespace

TEST_CASE("sub-kinds: each mistake in their configuration is named with its place and its limit") {
  const auto in = [](const std::string& sub_kinds) { return problems_with(files_with("  - code: ha-tang\n    sub_kinds: [" + sub_kinds + "]\n")); };
  CHECK(says(in("{code: a, name: A}, {code: a, name: B}"), "categories.yaml: ha-tang: sub_kinds: a: stands here twice; keep one"));
  CHECK(says(in("{name: A}"), "sub_kinds: entry 1: code: write a-z, 0-9 and -, at most 40"));
  CHECK(says(in("{code: \"Ổ gà\", name: A}"), "code: write a-z"));
  CHECK(says(in("{code: " + std::string(41, 'a') + ", name: A}"), "at most 40"));
  CHECK(says(in("{code: a}"), "sub_kinds: a: name: give it one of at most 120 bytes"));
  CHECK(says(in("{code: a, name: " + std::string(121, 'x') + "}"), "at most 120 bytes"));
  CHECK(says(in("{code: a, name: A, terms: [\"không số\"]}"), "sub_kinds: a: term `không số`: write 1 to 6 words and a weight"));
  std::string many, terms;
  for (std::size_t i = 0; i <= SubKind::kOfCategoryMax; ++i) many += (i == 0 ? "{code: k" : ", {code: k") + std::to_string(i) + ", name: K}";
  for (std::size_t i = 0; i <= SubKind::kTermsMax; ++i) terms += (i == 0 ? "\"w" : ", \"w") + std::to_string(i) + " 5\"";
  CHECK(says(in(many), "sub_kinds: 25 of them; keep at most 24"));
  CHECK(says(in("{code: a, name: A, terms: [" + terms + "]}"), "terms: 101 of them; keep at most 100"));
}

TEST_CASE("sub-kinds: a file that is not UTF-8 is refused with its line, for its names would be stored in incidents") {
  std::vector<BundleFile> files = files_with(std::string(kTwo));
  files.push_back({"kinds.yaml", "kinds:\n  - {id: x, name: \"\xD4 g\xE0\", category: ha-tang}\n"});
  CHECK(says(problems_with(files), "kinds.yaml:2: is not UTF-8; save the file as UTF-8"));
}

TEST_CASE("sub-kinds: a sensor's kind and a rule name only those that there are") {
  std::vector<BundleFile> files = files_with(std::string(kTwo));
  files.push_back({"kinds.yaml", "kinds:\n  - {id: x, name: X, category: ha-tang, sub_kind: rac}\n"});
  CHECK(says(problems_with(files), "kinds.yaml: x: sub_kind: the category `ha-tang` has no `rac`"));
  CHECK(says(problems_with(files_with(std::string(kTwo), "  - {id: a, queue: cong, when: {sub_kinds: [nothing]}}\n")), "rules.yaml: a: sub_kinds: no category has `nothing`"));
  CHECK(says(problems_with(files_with(std::string(kTwo), "  - {id: a, queue: cong, when: {categories: [moi-truong], sub_kinds: [o-ga]}}\n")), "none of its categories has `o-ga`"));
}

TEST_CASE("sub-kinds: the one with the most points of the category that won, with its words; none where no word tells it") {
  const TestBundle bundle = compile_for_test("sub-kinds", files_with(std::string(kTwo)));
  const Class cover = classified(bundle, "Đường hỏng, mất nắp cống, có cả ổ gà");
  CHECK(cover.category->code == CategoryCode("ha-tang"));
  CHECK(cover.sub_kind == SubKindCode("o-ga"));  // 14 of two words against 12
  CHECK(words_of(cover, "sub_kind_term") == std::vector<std::string>{"hỏng", "ổ gà"});
  CHECK(classified(bundle, "Nắp cống vỡ").sub_kind == SubKindCode("nap-cong"));
  const Class waste = classified(bundle, "Rác lấp nắp cống");
  CHECK(waste.category->code == CategoryCode("moi-truong"));
  CHECK(waste.sub_kind == SubKindCode("rac"));
  CHECK(classified(bundle, "Chuyện khác").sub_kind.empty());
}

TEST_CASE("sub-kinds: without marks a word counts six tenths, and of equals the first wins") {
  const TestBundle bundle = compile_for_test("sub-kinds", files_with(
      "  - code: ha-tang\n    terms: [\"cau 50\", \"đường 50\"]\n    sub_kinds:\n      - {code: a, name: A, terms: [\"ổ gà 10\"]}\n"
      "      - {code: b, name: B, terms: [\"cau 7\"]}\n      - {code: c, name: C, terms: [\"duong 7\"]}\n"));
  const Class unmarked = classified(bundle, "duong cau o ga");
  CHECK(unmarked.sub_kind == SubKindCode("b"));  // 7 as c has, against 6
  CHECK(classified(bundle, "đường cau ổ gà").sub_kind == SubKindCode("a"));
  CHECK(words_of(classified(bundle, "cau o ga o ga"), "sub_kind_term_without_marks").size() == 2);
}

TEST_CASE("sub-kinds: their words take none from categories and count for none: each decision is as without them") {
  std::vector<BundleFile> without = default_files();
  for (BundleFile& file : without) {
    if (file.name != "categories.yaml" && file.name != "kinds.yaml") continue;
    std::string kept;
    for (std::size_t from = 0; from < file.content.size();) {
      const std::size_t end = std::min(file.content.find('\n', from), file.content.size() - 1) + 1;
      std::string line = file.content.substr(from, end - from);
      from = end;
      if (line.find("    sub_kinds:") == 0 || line.find("      - {code:") == 0 || line.find("         terms:") == 0) continue;
      if (const auto at = line.find(", sub_kind: "); at != std::string::npos) line.erase(at, line.find(',', at + 1) - at);
      kept += line;
    }
    file.content = kept;
  }
  const TestBundle plain = compile_for_test("plain", without);
  REQUIRE(default_test_bundle().compiled->category("ha-tang").sub_kinds.size() >= 4);
  REQUIRE(plain.compiled->category("ha-tang").sub_kinds.empty());
  const auto under = [](const TestBundle& bundle, std::string_view text) {
    Class cls = classified(bundle, text);
    cls.evidence.erase(std::remove_if(cls.evidence.begin(), cls.evidence.end(), [](const Detail& one) { return one.name.starts_with("sub_kind"); }), cls.evidence.end());
    return cls;
  };
  for (const std::string_view text : {"Hố ga mất nắp trước cổng trường, đèn không có điện chiếu sáng", "chay bong den duong, toi om", "Xe quá tải rơi vãi đất đá, khói bụi",
                                      "Cây bị đổ đè vào dây điện, có nguy cơ gãy đổ", "không có tai nạn, chỉ ùn tắc", "Xe tải chở phế thải xây dựng đổ trộm ra suối"}) {
    const Class with = under(default_test_bundle(), text), alone = under(plain, text);
    CAPTURE(text);
    CHECK(with.category->code == alone.category->code);
    CHECK(with.score_permille == alone.score_permille);
    CHECK(with.further == alone.further);
    CHECK(with.emergency == alone.emergency);
    CHECK(with.evidence == alone.evidence);
  }
}

TEST_CASE("sub-kinds: terms of another category's take no words from those of the category that won") {
  const TestBundle bundle = compile_for_test("sub-kinds", files_with(
    "  - code: ha-tang\n    terms: [\"điện 9\"]\n    sub_kinds:\n      - {code: mat-dien, name: A, terms: [\"mất điện 9\"]}\n"
    "  - code: moi-truong\n    terms: [\"rác 9\"]\n    sub_kinds:\n      - {code: mat, name: B, terms: [\"khu bị mất 9\"]}\n"));
  const Class cls = classified(bundle, "Cả khu bị mất điện từ chiều");
  CHECK(cls.category->code == CategoryCode("ha-tang"));
  CHECK(cls.sub_kind == SubKindCode("mat-dien"));
}

TEST_CASE("sub-kinds: every category but `khac` has 4 to 12 in the default bundle, and a plain report of each finds its own") {
  for (const Category& category : default_test_bundle().compiled->categories) {
    CAPTURE(category.code.str());
    if (category.code == CategoryCode("khac")) continue;
    CHECK(category.sub_kinds.size() >= 4);
    CHECK(category.sub_kinds.size() <= 12);
  }
  Bench bench;
  bench.step(report("r1", "Nắp cống bị mất"));
  CHECK(bench.incidents.at("0-e-r1").sub_kind == SubKindCode("nap-cong"));
  bench.step(camera("a1", "CAM01", "accident", AlertState::Start));
  const bool accident = std::any_of(bench.incidents.begin(), bench.incidents.end(), [](const auto& one) { return one.second.sub_kind == SubKindCode("tai-nan"); });
  CHECK(accident);
}

TEST_CASE("sub-kinds: a category with all that is allowed, over a text of all its words, stays within the decision") {
  std::string category = "  - code: ha-tang\n    terms: [\"w0 5\"]\n    sub_kinds:\n", text;
  for (std::size_t kind = 0; kind < SubKind::kOfCategoryMax; ++kind) {
    category += "      - {code: k" + std::to_string(kind) + ", name: K, terms: [";
    for (std::size_t i = 0; i < SubKind::kTermsMax; ++i) category += (i == 0 ? "\"w" : ", \"w") + std::to_string(i % 10) + " x" + std::to_string(kind) + " 100\"";
    category += "]}\n";
  }
  for (int i = 0; i < 3000; ++i) text += "w0 x23 ";
  Desk desk(files_with(category));
  desk.step(report("r1", text));
  CHECK(desk.one().sub_kind == SubKindCode("k23"));
  for (const Effect& effect : desk.effects) CHECK(effect.value.size() <= 64 * 1024);
}

TEST_CASE("sub-kinds: a rule that names one routes by it") {
  const std::string rule = "  - {id: covers, queue: cong, when: {categories: [ha-tang], sub_kinds: [nap-cong]}}\n";
  Desk desk(files_with(std::string(kTwo), rule));
  desk.step(report("r1", "Đường hỏng nặng trước cổng trường"));
  CHECK(desk.one().queue == QueueId("chung"));
  Desk other(files_with(std::string(kTwo), rule));
  other.step(report("r1", "Nắp cống vỡ trước cổng trường"));
  CHECK(other.one().queue == QueueId("cong"));
}

TEST_CASE("sub-kinds: an incident keeps its own, and takes one from a further event only where it had none") {
  const std::string words = "  - code: ha-tang\n    terms: [\"đường 9\"]\n    sub_kinds:\n      - {code: o-ga, name: A, terms: [\"ổ gà 9\"]}\n      - {code: nap-cong, name: B, terms: [\"nắp cống 9\"]}\n";
  Desk desk(files_with(words, "  - {id: covers, queue: cong, when: {sub_kinds: [nap-cong]}}\n"));
  const auto told = [](std::string_view id, std::string_view text) {
    Event event = report("r1", text);
    event.id = EventId(id);
    return event;
  };
  desk.step(report("r1", "Đường trước cổng trường"));
  REQUIRE(desk.one().sub_kind.empty());
  const std::uint64_t version = desk.one().version;
  desk.step(told("e-r1-b", "Đường trước cổng trường, nắp cống vỡ"));
  CHECK(desk.one().sub_kind == SubKindCode("nap-cong"));
  CHECK(desk.one().version > version);
  CHECK(desk.one().queue == QueueId("cong"));
  desk.step(told("e-r1-c", "Đường trước cổng trường có ổ gà"));
  CHECK(desk.one().sub_kind == SubKindCode("nap-cong"));
  desk.restart();
  desk.step(told("e-r1-d", "Đường trước cổng trường có ổ gà lớn"));
  CHECK(desk.one().sub_kind == SubKindCode("nap-cong"));
}

TEST_CASE("sub-kinds: a corrected category brings its own or none, and the way back restores triage's") {
  Desk desk(files_with(std::string(kTwo)));
  desk.step(report("r1", "Nắp cống vỡ"));
  REQUIRE(desk.one().sub_kind == SubKindCode("nap-cong"));
  REQUIRE(desk.choose("c-1", "moi-truong", "").status == CommandStatus::Applied);
  CHECK(desk.one().sub_kind.empty());
  CHECK(desk.one().overruled->sub_kind == SubKindCode("nap-cong"));
  REQUIRE(desk.choose("c-2", "moi-truong", "rac").status == CommandStatus::Applied);
  CHECK(desk.one().sub_kind == SubKindCode("rac"));
  REQUIRE(desk.choose("c-3", "moi-truong", "").status == CommandStatus::Applied);
  CHECK(desk.one().sub_kind == SubKindCode("rac"));  // the same category again: nothing new about it
  Command back = command("c-4", desk.one(), CommandKind::Reclassify);
  back.back_to_triage = true;
  REQUIRE(desk.run(back).status == CommandStatus::Applied);
  CHECK(desk.one().category == CategoryCode("ha-tang"));
  CHECK(desk.one().sub_kind == SubKindCode("nap-cong"));
  CHECK_FALSE(desk.one().overruled);
}

TEST_CASE("sub-kinds: named alone it stands within the incident's category, and no later report changes it") {
  Desk desk(files_with(std::string(kTwo)));
  desk.step(report("r1", "Đường trước cổng trường hỏng, rác"));
  REQUIRE(desk.choose("c-1", "ha-tang", "").status == CommandStatus::Applied);
  REQUIRE(desk.choose("c-2", "", "nap-cong").status == CommandStatus::Applied);
  CHECK(desk.one().category == CategoryCode("ha-tang"));
  CHECK(desk.one().sub_kind == SubKindCode("nap-cong"));
  Event again = report("r1", "Đường trước cổng trường hỏng, ổ gà");
  again.id = EventId("e-r1-b");
  desk.step(again);
  CHECK(desk.one().sub_kind == SubKindCode("nap-cong"));
  const CommandResult wrong = desk.choose("c-3", "", "rac");
  CHECK(wrong.status == CommandStatus::Refused);
  CHECK(wrong.detail == "the category ha-tang has no sub-kind rac; name one of o-ga, nap-cong, or - for none of them");
  CHECK(desk.choose("c-4", "moi-truong", "o-ga").status == CommandStatus::Refused);
  CHECK(desk.choose("c-5", "khac", "o-ga").detail == "the category khac has no sub-kind o-ga; leave it out");
}

TEST_CASE("sub-kinds: `-` says that none fits: of the category there is or of another, whatever later reports say, until it goes back") {
  Desk desk(files_with(std::string(kTwo)));
  desk.step(report("r1", "Nắp cống vỡ trước cổng trường"));
  REQUIRE(desk.one().sub_kind == SubKindCode("nap-cong"));
  REQUIRE(desk.choose("c-1", "", "-").status == CommandStatus::Applied);
  CHECK(desk.one().category == CategoryCode("ha-tang"));
  CHECK(desk.one().sub_kind.empty());
  CHECK(desk.one().overruled->sub_kind == SubKindCode("nap-cong"));
  Event again = report("r1", "Nắp cống vỡ trước cổng trường, ổ gà");
  again.id = EventId("e-r1-b");
  desk.step(again);
  CHECK(desk.one().sub_kind.empty());
  desk.restart();
  REQUIRE(desk.choose("c-2", "moi-truong", "-").status == CommandStatus::Applied);
  CHECK(desk.one().sub_kind.empty());
  Command back = command("c-3", desk.one(), CommandKind::Reclassify);
  back.back_to_triage = true;
  REQUIRE(desk.run(back).status == CommandStatus::Applied);
  CHECK(desk.one().sub_kind == SubKindCode("nap-cong"));
  CHECK(says(problems_with(files_with("  - code: ha-tang\n    sub_kinds: [{code: \"-\", name: A}]\n")), "code: write a-z, 0-9 and -"));
}

TEST_CASE("sub-kinds: what is split out shows its own report's, what is left keeps its own") {
  Desk desk(files_with(std::string(kTwo)));
  desk.step(report("r1", "Nắp cống vỡ ở ngõ 5"));
  desk.step(report("r2", "Nắp cống vỡ ở ngõ 5, có ổ gà, hỏng"));
  REQUIRE(desk.incidents.size() == 1);
  Command split = command("c-1", desk.one(), CommandKind::Split);
  split.events = {EventId("e-r2")};
  const CommandResult result = desk.run(split);
  REQUIRE(result.status == CommandStatus::Applied);
  REQUIRE(result.created.size() == 1);
  CHECK(desk.one().sub_kind == SubKindCode("nap-cong"));
  CHECK(desk.one(result.created[0].str()).sub_kind == SubKindCode("o-ga"));
}
