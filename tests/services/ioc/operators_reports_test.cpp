// What a desk tells of incidents, as labelled reports: what is together in the end is one thing.
#include "services/ioc/commands/operators_reports.h"

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <fstream>

#include "services/ioc/duplicates/labelled_reports.h"
#include "tests/libs/store/folder.h"

using namespace ioc;
using commands::OperatorsReports;

namespace {

boost::json::object json(const std::string& text) { return boost::json::parse(text).as_object(); }

void incident(OperatorsReports& all, const std::string& id, const std::string& state = "new", const std::string& merged_into = "") {
  all.add_incident(json(R"({"id":")" + id + R"(","state":")" + state + R"(","merged_into":")" + merged_into + R"(","model_category":"ha-tang"})"));
}

void decision(OperatorsReports& all, const std::string& incident, const std::string& kind, const std::string& event, const std::string& details,
              const std::string& at = "2021-10-18T09:00:00.000+07:00") {
  all.add_decision(incident, json(R"({"kind":")" + kind + R"(","reason":"applied","event_id":")" + event + R"(","at":")" + at + R"(","details":{)" + details + "}}"));
}

void event(OperatorsReports& all, const std::string& incident, const std::string& id, int minute, const std::string& report, const std::string& category = "") {
  all.add_event(incident, json(R"({"event_id":")" + id + R"(","feed":"citizen-reports","source":"app","object_id":")" + report + R"(","occurred_at":"2021-10-18T07:)" +
                               std::to_string(minute) + R"(:00.000+07:00","position":{"lat":21.5942,"lon":105.8482},"title":"T","text":"mất \"nắp\", cống","category":")" + category +
                               R"(","address":"Số 1, phố A"})"));
}

// Read as `ioc model train-duplicates` does.
std::map<std::string, duplicates::LabelledReport> read(const OperatorsReports& all, std::uint64_t& marked) {
  const test::Folder folder;
  const std::string path = folder.path() + "/operators.csv";
  const OperatorsReports::Labelled made = all.labelled();
  marked = made.duplicates;
  std::ofstream(path) << made.csv;
  const auto file = duplicates::read_labelled(path);
  if (!file) FAIL(file.error().message);
  REQUIRE(file->labelled);
  std::map<std::string, duplicates::LabelledReport> by_id;
  for (const auto& report : file->reports) by_id[report.id] = report;
  REQUIRE(by_id.size() == file->reports.size());
  return by_id;
}

}  // namespace

TEST_CASE("operators' reports: what is in one incident, or merged into it, are duplicates of the first; what was split is none") {
  OperatorsReports all;
  incident(all, "0-child", "merged", "0-top");
  event(all, "0-child", "c1", 20, "c1");
  event(all, "0-child", "c2", 40, "c2");
  incident(all, "0-top");
  event(all, "0-top", "t1", 30, "t1");
  event(all, "0-top", "t2", 50, "t2");
  event(all, "0-top", "t2-told-again", 55, "t2");
  incident(all, "0-split");
  event(all, "0-split", "s1", 45, "s1");
  decision(all, "0-split", "command", "", R"("command":"acknowledge")");
  std::uint64_t marked = 0;
  const auto reports = read(all, marked);
  REQUIRE(reports.size() == 5);
  CHECK(marked == 3);
  for (const char* duplicate : {"t1", "c2", "t2"}) {
    CHECK(reports.at(duplicate).is_duplicate);
    CHECK(reports.at(duplicate).duplicate_of == "c1");
  }
  CHECK_FALSE(reports.at("c1").is_duplicate);
  CHECK_FALSE(reports.at("s1").is_duplicate);
  CHECK(reports.at("t1").text == "T. mất \"nắp\", cống");
  CHECK(reports.at("t1").address == "Số 1, phố A");
  CHECK(reports.at("t1").position == Position{215942000, 1058482000, 0});
}

TEST_CASE("operators' reports: what no person looked at is left out, so that the rule does not learn from itself") {
  OperatorsReports all;
  incident(all, "0-top");
  event(all, "0-top", "t1", 30, "t1");
  event(all, "0-top", "t2", 50, "t2");
  decision(all, "0-top", "joined", "t2", R"("category":"ha-tang")");
  CHECK(all.labelled().reports == 0);
  decision(all, "0-top", "command", "", R"("command":"acknowledge")");
  std::uint64_t marked = 0;
  CHECK(read(all, marked).at("t2").duplicate_of == "t1");
  CHECK(marked == 1);
}

TEST_CASE("operators' reports: what was merged and taken apart again is two, also where a person touched only the one taken out") {
  OperatorsReports all;
  incident(all, "0-child");
  event(all, "0-child", "c1", 40, "c1");
  decision(all, "0-child", "command", "", R"("command":"merge")");
  decision(all, "0-child", "merged", "", R"("incident":"0-child","into":"0-top")");
  decision(all, "0-child", "command", "", R"("command":"unmerge")");
  decision(all, "0-child", "unmerged", "", R"("incident":"0-child","into":"0-top")");
  CHECK(all.missing() == std::vector<std::string>{"0-top"});
  incident(all, "0-top");
  event(all, "0-top", "t1", 30, "t1");
  CHECK(all.missing().empty());
  std::uint64_t marked = 0;
  const auto reports = read(all, marked);
  CHECK(reports.size() == 2);
  CHECK(marked == 0);
}

TEST_CASE("operators' reports: merged into one that is not there, the missing one is named, and an unknown one on top changes nothing") {
  OperatorsReports all;
  incident(all, "0-a", "merged", "0-top");
  incident(all, "0-b", "merged", "0-top");
  event(all, "0-a", "a1", 20, "a1");
  event(all, "0-b", "b1", 30, "b1");
  CHECK(all.missing() == std::vector<std::string>{"0-top"});
  all.add_incident({{"id", "0-top"}});
  CHECK(all.missing().empty());
  std::uint64_t marked = 0;
  CHECK(read(all, marked).at("b1").duplicate_of == "a1");
}

TEST_CASE("operators' reports: the type is what triage took each for, or the sender's own; closed is when a person resolved it") {
  OperatorsReports all;
  incident(all, "0-top", "closed");
  event(all, "0-top", "t1", 30, "t1", "ignored");
  event(all, "0-top", "t2", 31, "t2", "Xe đạp công cộng");
  event(all, "0-top", "t3", 32, "t3");
  decision(all, "0-top", "classified", "t1", R"("category":"moi-truong")");
  decision(all, "0-top", "joined", "t2", R"("category":"khac")");
  decision(all, "0-top", "command", "", R"("command":"resolve")", "2021-10-18T10:00:00.000+07:00");
  decision(all, "0-top", "command", "", R"("command":"reopen")", "2021-10-18T11:00:00.000+07:00");
  decision(all, "0-top", "command", "", R"("command":"resolve")", "2021-10-18T12:00:00.000+07:00");
  std::uint64_t marked = 0;
  const auto reports = read(all, marked);
  CHECK(reports.at("t1").category == "moi-truong");
  CHECK(reports.at("t2").category == "Xe đạp công cộng");
  CHECK(reports.at("t3").category == "ha-tang");
  CHECK(reports.at("t2").closed_ms == duplicates::moment_of("2021-10-18T12:00:00.000+07:00"));
  incident(all, "0-top", "forwarded");
  CHECK_FALSE(read(all, marked).at("t2").closed_ms.has_value());
}
