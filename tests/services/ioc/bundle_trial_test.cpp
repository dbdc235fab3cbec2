#include "services/ioc/commands/bundle_trial.h"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "tests/libs/triage/fixture.h"

namespace ioc::commands {
namespace {

using triage::testing::default_bundle;
using triage::testing::default_files;
using triage::testing::default_hash;

std::shared_ptr<const triage::Bundle> with(const std::string& part, const std::string& from, const std::string& to) {
  auto files = default_files();
  for (auto& file : files) {
    if (file.name != part) continue;
    const auto at = file.content.find(from);
    REQUIRE(at != std::string::npos);
    file.content.replace(at, from.size(), to);
  }
  triage::BundleProblems problems;
  auto bundle = triage::compile(triage::pack(files).hash, files, problems);
  REQUIRE(bundle != nullptr);
  return bundle;
}

TrialOutcome play(const std::shared_ptr<const triage::Bundle>& bundle, std::size_t skipped = 0) {
  const auto lines = triage::testing::make_log(7, 4'000);
  Trial trial(PartitionId(0), 1, [&](std::string_view) { return bundle; });
  for (std::size_t i = skipped; i < lines.size(); ++i) trial.step({Offset(i), lines[i].at, lines[i].value}, default_hash());
  return trial.outcome();
}

}  // namespace

TEST_CASE("bundle try: the same rules make no difference") {
  const TrialOutcome one = play(default_bundle(default_hash())), again = play(default_bundle(default_hash()));
  REQUIRE(one.incidents.size() > 100);
  REQUIRE_FALSE(one.reports.empty());
  CHECK(one.incidents == again.incidents);
  CHECK(one.decisions == again.decisions);
  CHECK(differences(one, again).empty());
}

TEST_CASE("bundle try: rules that never join open more incidents, and the reports that fare differently are named") {
  const TrialOutcome before = play(default_bundle(default_hash()));
  const TrialOutcome after = play(with("duplicates.yaml", "\n  join_permille: 500", "\n  join_permille: 1000"));
  const auto changed = differences(before, after);
  REQUIRE_FALSE(changed.empty());
  CHECK(after.decisions.at(DecisionKind::Opened) > before.decisions.at(DecisionKind::Opened));
  CHECK(changed.front().before.incident != changed.front().after.incident);
  const std::string text = describe_trial(before, after, 3);
  CHECK(text.find(changed.front().event) != std::string::npos);
  const auto json = boost::json::parse(trial_json(before, after, 4'000, 3)).as_object();
  CHECK(json.at("reports_changed").to_number<std::size_t>() == changed.size());
  CHECK(json.at("examples").as_array().size() == std::min<std::size_t>(3, changed.size()));
  CHECK(json.at("after").as_object().at("incidents").to_number<std::size_t>() == after.incidents.size());
}

TEST_CASE("bundle try: another queue shows in the counts by queue") {
  const TrialOutcome before = play(default_bundle(default_hash()));
  const TrialOutcome after = play(with("rules.yaml", "when: {categories: [giao-thong]}\n    queue: giao-thong", "when: {categories: [giao-thong]}\n    queue: chung"));
  std::uint64_t traffic_before = 0, traffic_after = 0;
  for (const auto& [where, count] : before.by_queue(false)) traffic_before += where.first == "giao-thong" ? count : 0;
  for (const auto& [where, count] : after.by_queue(false)) traffic_after += where.first == "giao-thong" ? count : 0;
  CHECK(traffic_before > 0);
  CHECK(traffic_after == 0);
}

TEST_CASE("bundle try: a report that comes to the same incident, of another category, fares differently") {
  const auto outcome = [](const char* category) {
    TrialOutcome made;
    made.incidents["0-a"].category = CategoryCode(category);
    made.reports["a"] = made.reports["b"] = {DecisionKind::Opened, "0-a", {}};
    return made;
  };
  const TrialOutcome before = outcome("khac"), after = outcome("ha-tang");
  CHECK(differences(before, before).empty());
  REQUIRE(differences(before, after).size() == 2);
  const std::string text = describe_trial(before, after, 1);
  CHECK(text.find("a  opened 0-a (khac) -> opened 0-a (ha-tang)") != std::string::npos);
  const auto json = boost::json::parse(trial_json(before, after, 2, 1)).as_object();
  CHECK(json.at("before").as_object().at("by_category").as_object().at("khac").to_number<int>() == 1);
  CHECK(json.at("examples").as_array().at(0).as_object().at("after").as_object().at("category").as_string() == "ha-tang");
}

TEST_CASE("bundle try: a log whose activation retention took is played under the first bundle") {
  const TrialOutcome whole = play(default_bundle(default_hash())), rest = play(default_bundle(default_hash()), 200);
  CHECK_FALSE(rest.incidents.empty());
  CHECK(rest.incidents.size() < whole.incidents.size() + 1);
}

}  // namespace ioc::commands
