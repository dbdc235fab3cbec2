#include "tests/libs/geo/units_of.h"

using namespace ioc;
using namespace ioc::geo;

namespace {

const std::string kHeader = "code,name,kind,parent,valid_from,valid_until,aliases,lat,lon,outline\n";
// Two squares of 0.1 degrees side by side: they share line 0.
const std::string kOutlines = R"({"format":1,"step_e7":1000000,"west_e7":1050000000,"south_e7":210000000,
"lines":[[1,0,0,1],[1,1,-1,0,0,-1,1,0],[1,0,1,0,0,1,-1,0]],
"shapes":{"west":[[0,1]],"east":[[2,-1]]}})";

bool mentions(const std::vector<std::string>& problems, std::string_view text) {
  for (const auto& problem : problems) {
    UNSCOPED_INFO(problem);
    if (problem.find(text) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("units: every mistake is named at once, with its file and line") {
  const auto problems = problems_of({{"units.csv", kHeader + "1,A,ward,,2020-13-01,,,21,105,\n"
                                                             "2,,ward,,,,,21,105,\n"
                                                             "3,C,ward,,2021-01-01,2020-01-01,,21,105,\n"
                                                             "4,D,ward,,,,,91,105,\n"
                                                             "5,E,ward,,,,,21,105,nowhere\n"
                                                             "6,F,ward\n"}});
  CHECK(problems.size() == 6);
  CHECK(mentions(problems, "units.csv:2: `2020-13-01` is no date"));
  CHECK(mentions(problems, "units.csv:3: code, name and kind"));
  CHECK(mentions(problems, "units.csv:4: ends before it starts"));
  CHECK(mentions(problems, "units.csv:5: lat and lon"));
  CHECK(mentions(problems, "units.csv:6: outline `nowhere`"));
  CHECK(mentions(problems, "units.csv:7: has 3 fields"));
}

TEST_CASE("units: a missing file, two rows at one time and a missing parent are mistakes") {
  CHECK(mentions(problems_of({}), "units.csv: is not there"));
  CHECK(mentions(problems_of({{"units.csv", "code,name\n"}}), "column `kind` is missing"));
  CHECK(mentions(
      problems_of({{"units.csv", kHeader + "1,A,ward,,,2021-01-02,,21,105,\n1,A,ward,,2021-01-01,,,21,105,\n"}}),
      "two rows are valid at the same time"));
  CHECK(mentions(problems_of({{"units.csv", kHeader + "9,P,province,,,2021-01-01,,21,105,\n1,A,ward,9,,,,21,105,\n"}}),
                 "parent 9 is not there all that time"));
}

TEST_CASE("units: successors must start from a unit that ends, and lead to one that is there") {
  const std::string units = kHeader + "1,A,ward,,,2021-01-01,,21,105,\n2,B,ward,,2021-01-01,,,21,105,\n";
  const std::string header = "date,code,successor\n";
  CHECK(
      mentions(problems_of({{"units.csv", units}, {"successors.csv", header + "2021-01-01,2,1\n"}}), "no unit 2 ends"));
  CHECK(mentions(problems_of({{"units.csv", units}, {"successors.csv", header + "2021-01-01,1,3\n"}}), "successor 3"));
  const auto good = units_of({{"units.csv", units}, {"successors.csv", header + "2021-01-01,1,2\n"}});
  CHECK(good->by_code(UnitCode("1"), on("2020-12-31"))->successors == std::vector{UnitCode("2")});
}

TEST_CASE("outlines: what is no topology is refused with its place") {
  const auto with = [](const std::string& outlines) {
    return problems_of({{"units.csv", kHeader + "1,A,ward,,,,,21,105,\n"}, {"outlines-1.json", outlines}});
  };
  CHECK(mentions(with("{"), "is not a JSON object"));
  CHECK(mentions(with(R"({"format":2})"), "format: must be 1"));
  CHECK(mentions(with(R"({"format":1,"step_e7":0,"west_e7":0,"south_e7":0})"), "step_e7"));
  const std::string head = R"({"format":1,"step_e7":100,"west_e7":0,"south_e7":0,"lines":)";
  CHECK(mentions(with(head + R"([[0,0]],"shapes":{}})"), "line 0: must be an array of two or more pairs"));
  CHECK(mentions(with(head + R"([[0,0,1.5,1]],"shapes":{}})"), "line 0: holds something else than integers"));
  CHECK(mentions(with(head + R"([[0,0,99999999,0]],"shapes":{}})"), "line 0: leaves the world"));
  CHECK(mentions(with(head + R"([[0,0,1,0,0,1]],"shapes":{"x":[[0]]}})"), "x: has a ring that does not close"));
  CHECK(mentions(with(head + R"([[0,0,1,0,0,1]],"shapes":{"x":[[7]]}})"), "names no line"));
  CHECK(mentions(with(head + R"([[0,0,1,0,0,1,-1,-1]],"shapes":{"x":[]}})"), "must be an array of rings"));
}

TEST_CASE("units: a point on the line between two neighbours is in exactly one of them") {
  const auto units =
      units_of({{"units.csv", kHeader + "1,West,ward,,,,,21.05,105.05,west\n2,East,ward,,,,,21.05,105.15,east\n"},
                {"outlines-1.json", kOutlines}});
  for (std::int32_t lat = 210'000'000; lat < 211'000'000; lat += 12'345) {
    for (const std::int32_t lon : {1'050'000'001, 1'050'999'999, 1'051'000'000, 1'051'000'001, 1'051'999'999}) {
      const auto found = units->at({lat, lon, 0}, on("2021-10-18"));
      REQUIRE(found);
      REQUIRE(found->state == PlaceState::Inside);
      REQUIRE(found->unit->code.str() == (lon < 1'051'000'000 ? "1" : "2"));
    }
  }
}

TEST_CASE("units: outside, the nearest unit within the limit and its distance; beyond it nothing") {
  const auto units =
      units_of({{"units.csv", kHeader + "1,West,ward,,,,,21.05,105.05,west\n2,East,ward,,,,,21.05,105.15,east\n"},
                {"outlines-1.json", kOutlines}});
  // 0.01 degrees north of the east square's top edge: 1,112 m.
  const auto north = units->at({211'100'000, 1'051'500'000, 0}, on("2021-10-18"));
  REQUIRE(north);
  CHECK(north->state == PlaceState::Nearest);
  CHECK(north->unit->code.str() == "2");
  CHECK(std::abs(north->distance_dm - 11'120) <= 2);
  CHECK_FALSE(units->at({211'200'000, 1'051'500'000, 0}, on("2021-10-18")));
  CHECK(units->at({211'200'000, 1'051'500'000, 0}, on("2021-10-18"), 30'000));
  CHECK_FALSE(units->at({0, 0, 0}, on("2021-10-18")));
  CHECK_FALSE(units->at({900'000'000, 1'800'000'000, 0}, on("2021-10-18")));
  CHECK(units->within_bounds({211'100'000, 1'051'500'000, 0}));
  CHECK_FALSE(units->within_bounds({211'300'000, 1'051'500'000, 0}));
}

TEST_CASE("units: a leaf without an outline is found by its centre") {
  const auto units =
      units_of({{"units.csv", kHeader + "1,West,ward,,,,,21.05,105.05,west\n3,Far,ward,,,,,21.05,105.30,\n"},
                {"outlines-1.json", kOutlines}});
  const auto found = units->at({210'500'000, 1'053'050'000, 0}, on("2021-10-18"));
  REQUIRE(found);
  CHECK(found->unit->code.str() == "3");
  CHECK(found->state == PlaceState::Nearest);
}

TEST_CASE("units: validity is half-open at midnight in Vietnam") {
  const auto units = units_of({{"units.csv", kHeader + "1,Old,ward,,,2025-07-01,,21.05,105.05,west\n"
                                                       "1,New,ward,,2025-07-01,,,21.05,105.05,west\n"},
                               {"outlines-1.json", kOutlines}});
  const auto midnight = EventTime::from_ms(parse_time("2025-07-01T00:00:00+07:00")->ms);
  CHECK(units->by_code(UnitCode("1"), midnight - Millis(1))->name == "Old");
  CHECK(units->by_code(UnitCode("1"), midnight)->name == "New");
  CHECK(units->at({210'500'000, 1'050'500'000, 0}, midnight - Millis(1))->unit->name == "Old");
  CHECK(units->at({210'500'000, 1'050'500'000, 0}, midnight)->unit->name == "New");
  CHECK(units->by_code(UnitCode("2"), midnight) == nullptr);
  CHECK(std::vector(units->changes().begin(), units->changes().end()) == std::vector{midnight});
}

TEST_CASE("units: damaged files are refused or read, never a crash, in two thousand mutations") {
  std::uint64_t state = 20211018;
  const auto next = [&state](std::uint64_t below) {
    state = state * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL;
    return (state >> 33) % below;
  };
  const Files sound{{"units.csv", kHeader + "9,P,province,,,,,21.05,105.05,\n1,W,ward,9,,2025-07-01,A|B,21.05,105.05,"
                                            "west\n2,E,ward,9,2025-07-01,,,21.05,105.15,east\n"},
                    {"successors.csv", "date,code,successor\n2025-07-01,1,2\n"},
                    {"kinds.csv", "kind,label,words\nward,Phường,phường|p\n"},
                    {"outlines-1.json", kOutlines}};
  std::size_t read = 0;
  for (int i = 0; i < 2'000; ++i) {
    Files files = sound;
    for (std::uint64_t n = 0; n <= next(3); ++n) {
      std::string& content = files[next(files.size())].second;
      constexpr std::string_view kBytes = "0123456789-,.\"[]{}|\n\xFF";
      const std::size_t at = next(content.size());
      if (next(3) == 0)
        content.erase(at, 1 + next(5));
      else if (next(2) == 0)
        content[at] = kBytes[next(kBytes.size())];
      else
        content.insert(at, 1, kBytes[next(kBytes.size())]);
    }
    std::vector<std::string> problems;
    const auto units = Units::parse(files, problems);
    REQUIRE((units != nullptr) == problems.empty());
    if (!units) continue;
    ++read;
    (void)units->at({210'500'000, 1'050'500'000, 0}, on("2021-10-18"));
    (void)units->at({219'500'000, 1'059'500'000, 0}, on("2025-10-18"), 1'000'000);
    (void)units->named_in("phuong w", on("2025-10-18"));
  }
  CHECK(read > 100);
}
