#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "libs/triage/bundle_parts.h"
#include "libs/triage/cut.h"
#include "libs/triage/memory/open_incident.h"
#include "libs/triage/parts/duplicate_model.h"
#include "libs/triage/stages/classify_text.h"
#include "services/ioc/duplicates/score.h"
#include "services/ioc/duplicates/training.h"

namespace ioc::duplicates {
namespace {

class File {
 public:
  explicit File(const std::string& content) : x_path(std::filesystem::temp_directory_path() / ("ioc-duplicates-" + std::to_string(::getpid()) + ".csv")) {
    std::ofstream(x_path, std::ios::binary) << content;
  }
  ~File() { std::filesystem::remove(x_path); }
  [[nodiscard]] std::string path() const { return x_path.string(); }

 private:
  std::filesystem::path x_path;
};

const std::string kColumns = "id,opened_at,closed_at,category,latitude,longitude,address,text,is_duplicate,duplicate_of\n";

// The same lamp twice; once more after it was repaired; a pothole across the town.
const std::string kLamp = kColumns +
    "a,2011-07-01T08:00:00,2011-07-02T08:00:00,Lamp,42.1,-71.1,12 Elm St,Lamp,0,\n"
    "b,2011-07-01T08:10:00,2011-07-01T09:00:00,Lamp,42.1,-71.1,12  ELM st,Lamp,1,a\n"
    "c,2011-07-01T10:00:00,2011-07-03T08:00:00,Pothole,42.2,-71.1,1 Oak St,Pothole,0,\n"
    "d,2011-07-02T09:00:00,,Lamp,42.1,-71.1,12 Elm St,Lamp,0,\n";

LabelledFile read(const std::string& content) {
  auto file = read_labelled(File(content).path());
  REQUIRE(file.has_value());
  return std::move(file.value());
}

std::vector<Played> played(const LabelledFile& file, const std::string& model = "") {
  triage::BundleProblems problems;
  return play(file, bundle_for(model, problems), {});
}

}  // namespace

TEST_CASE("evaluate: a report joins the open one at its address, and after both were closed it is a new case") {
  const LabelledFile file = read(kLamp);
  const auto all = played(file);
  REQUIRE(all[1].verdict == Verdict::Join);
  REQUIRE(all[1].matched == 0);
  REQUIRE(all[1].situation == "same_type_same_address_30m");
  REQUIRE(all[2].verdict == Verdict::New);
  REQUIRE(all[3].verdict == Verdict::New);
  const Score counted = score(file, joins_of(all));
  REQUIRE(counted.all.right == 1);
  REQUIRE(counted.all.f1() == 1);
  REQUIRE(counted.pairs == 1);
  REQUIRE(counted.pairs_joined == 1);
}

TEST_CASE("evaluate: of an incident's reports the open one is named, and a pair counts by its later report") {
  const LabelledFile file = read(kColumns +
                                 "a,2011-07-01T08:00:00,2011-07-02T08:00:00,Lamp,42.1,-71.1,12 Elm St,Lamp,1,c\n"
                                 "b,2011-07-01T08:10:00,2011-07-01T09:00:00,Lamp,42.1,-71.1,12 Elm St,Lamp,0,\n"
                                 "c,2011-07-01T10:00:00,,Lamp,42.1,-71.1,12 Elm St,Lamp,0,\n");
  const auto all = played(file);
  REQUIRE(all[1].matched == 0);
  REQUIRE(all[2].verdict == Verdict::Join);
  REQUIRE(all[2].matched == 0);
  Joins joins = joins_of(all);
  REQUIRE(score(file, joins).pairs_joined == 1);
  joins.matched[2] = 1;  // in no staff's cluster
  REQUIRE(score(file, joins).pairs_joined == 0);
}

TEST_CASE("evaluate: labels change no decision") {
  LabelledFile file = read(kLamp);
  const auto with = played(file);
  for (LabelledReport& report : file.reports) report.is_duplicate = !report.is_duplicate, report.duplicate_of.clear();
  const auto without = played(file);
  for (std::size_t row = 0; row < with.size(); ++row) {
    REQUIRE(with[row].verdict == without[row].verdict);
    REQUIRE(with[row].score_permille == without[row].score_permille);
  }
}

TEST_CASE("evaluate: a closing that is a day counts from the next day") {
  std::string days = kColumns + "a,2011-07-01,2011-07-02,Lamp,42.1,-71.1,12 Elm St,Lamp,0,\n";
  for (const auto& [day, verdict] : {std::pair("2011-07-02", Verdict::Join), std::pair("2011-07-03", Verdict::New)}) {
    const LabelledFile file = read(days + "b," + day + ",,Lamp,42.1,-71.1,12 Elm St,Lamp,1,a\n");
    REQUIRE(played(file)[1].verdict == verdict);
  }
}

TEST_CASE("evaluate: every mistake of a file is named with line and column") {
  const File broken(kColumns + "a,yesterday,,Lamp,north,-71.1,12 Elm St,Lamp,maybe,\n,2011-07-01,,Lamp,,,,Lamp,0,\n");
  const auto file = read_labelled(broken.path());
  REQUIRE_FALSE(file.has_value());
  for (const char* part : {":2: opened_at: \"yesterday\"", ":2: latitude: \"north\"", ":2: is_duplicate: \"maybe\"", ":3: id: "}) {
    CHECK(file.error().message.find(part) != std::string::npos);
  }
}

TEST_CASE("train-duplicates: the same reports give the same bytes, which compile, and what repeats joins") {
  std::string rows = kColumns;
  for (int i = 0; i < 60; ++i) {
    const std::string number = std::to_string(i), at = ",42." + std::to_string(100 + i) + ",-71.1," + number + "1 Elm St,";
    rows += "l" + number + ",2011-07-01T08:00:00,,Lamp" + at + "Lamp,0,\nm" + number + ",2011-07-01T08:10:00,,Lamp" + at + "Lamp,1,l" + number + "\n";
    rows += "p" + number + ",2011-07-01T08:20:00,,Pickup" + at + "Pickup,0,\nq" + number + ",2011-07-01T08:25:00,,Pickup" + at + "Pickup,0,\n";
  }
  const LabelledFile file = read(rows);
  const Learned once = learn({observe(file, {})}), again = learn({observe(file, {})});
  REQUIRE(once.yaml == again.yaml);
  REQUIRE(once.types == 2);
  const Score counted = score(file, joins_of(played(file, once.yaml)));
  REQUIRE(counted.by_category.at("Lamp").recall() == 1);
  REQUIRE(counted.by_category.at("Pickup").joined == 0);
}

TEST_CASE("train-duplicates: a file with hardly a mark moves no threshold, alone or beside a large one") {
  std::string rows = kColumns;
  for (int i = 0; i < 150; ++i) {
    const std::string number = std::to_string(i), at = ",42." + std::to_string(100 + i) + ",-71.1," + number + "1 Elm St,";
    rows += "l" + number + ",2011-07-01T08:00:00,,Lamp" + at + "Lamp,0,\nm" + number + ",2011-07-01T08:10:00,,Lamp" + at + "Lamp,1,l" + number + "\n";
  }
  const Place large = observe(read(rows), {}), little = observe(read(kLamp), {});
  REQUIRE(learn({little}).join_permille == triage::DuplicateModel().learned.join_permille);
  REQUIRE(learn({large, little}).join_permille == learn({large}).join_permille);
}

TEST_CASE("train-duplicates: places without a report teach nothing: the threshold stays the prior's, alone or beside another") {
  const Place none = observe(read(kColumns), {}), little = observe(read(kLamp), {});
  const std::uint64_t careful = triage::DuplicateModel().learned.join_permille;
  REQUIRE(learn({none}).rows == 0);
  REQUIRE(learn({none}).join_permille == careful);
  REQUIRE(learn({none, little}).join_permille == careful);
}

TEST_CASE("train-duplicates: types that staff took for one thing three times are related, as are alike names; others are not") {
  const auto file_of = [](int times) {
    std::string rows = kColumns;
    for (int i = 0; i < times; ++i) {
      const std::string number = std::to_string(i), at = ",,," + number + "1 Elm St,x,";
      rows += "l" + number + ",2011-07-01T08:00:00,,Lamp out" + at + "0,\nm" + number + ",2011-07-01T08:10:00,,Power failure" + at + "1,l" + number + "\n";
      rows += "c" + number + ",2011-07-01T08:20:00,,Power pole" + at + "0,\n";
    }
    return read(rows);
  };
  REQUIRE(observe(file_of(2), {}).related.empty());
  const Place place = observe(file_of(3), {});
  REQUIRE(place.related == TypePairs{{"lamp out", "power failure"}});
  const auto related = [](const Observation& one) { return std::count(one.evidence.begin(), one.evidence.end(), "related_type") > 0; };
  REQUIRE(related(place.reports[1]));  // staff say so
  REQUIRE(related(place.reports[2]));  // the newest there is "Power failure"
  triage::BundleProblems problems;
  const auto bundle = bundle_for(learn({place}).yaml, problems);
  REQUIRE(bundle != nullptr);
  REQUIRE(bundle->duplicates.types.size() == 3);
  const auto hash = [](const char* type) { return triage::type_hash("khac", type); };
  REQUIRE(bundle->duplicates.related(hash("Power failure"), hash("Lamp out")));
  REQUIRE_FALSE(bundle->duplicates.related(hash("Power pole"), hash("Lamp out")));
}

TEST_CASE("train-duplicates: a type is found again whatever characters its name holds and however long it is") {
  const std::vector<std::string> names{"lamp out", "lamp\nout", "lamp\rout", "a \"b\": \\n", "# {c}", "bell\a", "\x1b[31m", "~", "\x7f" "d", std::string(200, 'x')};
  std::string rows = kColumns;
  for (std::size_t name = 0; name < names.size(); ++name) {
    std::string quoted = "\"";
    for (const char c : names[name]) quoted += c == '"' ? "\"\"" : std::string(1, c);
    quoted += '"';
    for (int i = 0; i < 3; ++i) {
      const std::string number = std::to_string(100 * name + static_cast<std::size_t>(i)), at = ",,," + number + "1 Elm St,x,";
      rows += "l" + number + ",2011-07-01T08:00:00,,Other" + at + "0,\nm" + number + ",2011-07-01T08:10:00,," + quoted + at + "1,l" + number + "\n";
    }
  }
  triage::BundleProblems problems;
  const auto bundle = bundle_for(learn({observe(read(rows), {})}).yaml, problems);
  INFO((problems.problems.empty() ? "" : problems.problems.front()));
  REQUIRE(bundle != nullptr);
  for (const std::string& name : names) {
    INFO(name);
    const auto hash = [](const std::string& type) { return triage::type_hash("khac", triage::cut(type, triage::kSenderCategoryBytes)); };
    CHECK(bundle->duplicates.related(hash(name), hash("Other")));
  }
}

TEST_CASE("train-duplicates: a type that was left out of training joins no more than under the careful prior, whatever others taught") {
  // At each house a lamp and, a day later, a power failure that staff took for the same: other types of an address join here.
  std::string taught = kColumns;
  for (int i = 0; i < 150; ++i) {
    const std::string number = std::to_string(i), at = ",,," + number + "1 Elm St,x,";
    taught += "l" + number + ",2011-07-01T08:00:00,,City: lamp" + at + "0,\nm" + number + ",2011-07-02T08:00:00,,City: power" + at + "1,l" + number + "\n";
  }
  const std::string model = learn({observe(read(taught), {})}).yaml;
  const auto joins = [&](const char* first, const char* second, const std::string& by) {
    const LabelledFile file = read(kColumns + "a,2011-07-01T08:00:00,,City: " + first + ",,,5 Oak St,x,0,\nb,2011-07-02T08:00:00,,City: " + second + ",,,5 Oak St,x,0,\n");
    return played(file, by)[1].verdict == Verdict::Join;
  };
  REQUIRE(joins("lamp", "power", model));
  for (const auto& [first, second] : {std::pair("lamp", "rats"), std::pair("rats", "lamp"), std::pair("rats", "mice")}) {
    CHECK_FALSE(joins(first, second, model));
    CHECK_FALSE(joins(first, second, ""));
  }
}

TEST_CASE("train-duplicates: of a type with fewer than five reports nothing is learned but what it is related to") {
  for (const int reports : {4, 5}) {
    std::string taught = kColumns;
    for (int i = 0; i < 100; ++i) {
      const std::string number = std::to_string(i), at = ",,," + number + "1 Elm St,x,";
      taught += "l" + number + ",2011-07-01T08:00:00,,Lamp" + at + "0,\nm" + number + ",2011-07-01T08:10:00,,Lamp" + at + "1,l" + number + "\n";
    }
    for (int i = 0; i < reports; ++i) taught += "r" + std::to_string(i) + ",2011-07-01T09:00:00,,Rats,,,7 Oak St,x," + (i > 0 ? "1" : "0") + ",\n";
    const std::string model = learn({observe(read(taught), {})}).yaml;
    const std::size_t row = model.find("- type: \"rats\"");
    REQUIRE(row != std::string::npos);
    CHECK((model.find("shares:", row) != std::string::npos) == (reports == 5));
  }
}

TEST_CASE("train-duplicates: a situation that no report of the training was in stays the prior's") {
  const std::string model = learn({observe(read(kLamp), {})}).yaml;
  CHECK(model.find("same_type_other_feed_30m") == std::string::npos);
  CHECK(model.find("same_type_doubtful_place_3d") == std::string::npos);
}

TEST_CASE("evaluate: a street without a number is compared by distance; without one it is suggested at most") {
  const auto verdict = [](const char* category, const char* address, const char* a, const char* b) {
    const LabelledFile file = read(kColumns + "a,2011-07-01T08:00:00,," + category + "," + a + "," + address + ",x,0,\nb,2011-07-01T08:10:00,," + category + "," + b + "," + address + ",x,0,\n");
    return played(file)[1].verdict;
  };
  CHECK(verdict("Accident", "Elm St", "42.10,-71.1", "42.14,-71.1") == Verdict::New);      // 4.4 km
  CHECK(verdict("Accident", "Elm St", "42.10,-71.1", "42.1001,-71.1") == Verdict::Join);   // 11 m
  CHECK(verdict("Accident", "Elm St", ",", ",") == Verdict::Suggest);
  CHECK(verdict("Accident", "12 Elm St", ",", ",") == Verdict::Join);
  CHECK(verdict("Accident", "12 Elm St", "42.10,-71.1", "42.14,-71.1") == Verdict::Suggest);  // two streets of one name
}

TEST_CASE("evaluate: only the types that were asked for count") {
  const LabelledFile file = read(kLamp);
  Counted of;
  of.types = {"pothole"};
  REQUIRE(score(file, joins_of(played(file)), of).all.reports == 1);
}

// Lamps come with evidence and are marked nine times of ten; pickups come without it, marked once of ten.
TEST_CASE("train-duplicates: what evidence tells is not counted a second time in the share of the type that has it") {
  std::string rows = kColumns;
  for (int i = 0; i < 200; ++i) {
    const std::string number = std::to_string(i), at = ",,," + number + "1 Elm St,";
    const bool most = i % 10 != 0;
    rows += "l" + number + ",2011-07-01T08:00:00,,Lamp" + at + "Lamp,0,\nm" + number + ",2011-07-01T08:10:00,,Lamp" + at + "Lamp," + (most ? "1" : "0") + ",\n";
    rows += "p" + number + ",2011-07-01T08:20:00,,Pickup," + ",,9" + number + "1 Oak St,old bed at the gate,0,\n";
    rows += "q" + number + ",2011-07-01T08:25:00,,Pickup," + ",,9" + number + "1 Oak St,a sofa stands near the gate," + (most ? "0" : "1") + ",\n";
  }
  const LabelledFile file = read(rows);
  const auto all = played(file, learn({observe(file, {})}).yaml);
  REQUIRE(all[1].evidence == std::vector<std::string>{"text_none"});
  REQUIRE(all[3].evidence.empty());
  REQUIRE(std::abs(all[1].score_permille - 900) <= 15);
  REQUIRE(std::abs(all[3].score_permille - 100) <= 15);
}

}  // namespace ioc::duplicates
