#include "services/ingest/config.h"

#include <catch2/catch.hpp>

using namespace ioc;
using namespace ioc::ingest;

namespace {

config::Mistakes read(std::string_view yaml, Config& into) {
  return config::read_text(yaml, "test.yaml", [&into](config::Fields& fields) { into.declare(fields); });
}

config::Deployment shipped() {
  config::Deployment out;
  out.bundle_folder = std::string(IOC_REPOSITORY) + "/deploy/config/bundle";
  return out;
}

}  // namespace

TEST_CASE("ingest config: a source of a feed that there is not is a mistake with its line") {
  Config config;
  CHECK(read("sources:\n  - {token: a, feed: citizen-reports}\n  - {token: b, feed: \"\"}\n  - {token: c}\n", config).empty());
  const auto mistakes = read("sources:\n  - {token: a, feed: citizen_reports}\n", config);
  REQUIRE(mistakes.size() == 1);
  CHECK(mistakes[0] == "test.yaml:2: sources[0].feed is \"citizen_reports\"; it must be one of: citizen-reports, camera-alerts, checkpoint-passages, online-mentions, indicators");
}

TEST_CASE("ingest config: a home area that there is not is a mistake") {
  Config config;
  config.sources = {{"a", "", "", "thai-nguyen", false}, {"b", "", "", "nord", false}};
  const auto mistakes = contradictions(config, {});
  REQUIRE(mistakes.size() == 1);
  CHECK(mistakes[0].starts_with("ingest.sources[1].area is \"nord\""));
  config::Deployment deployment;
  deployment.areas = {{"nord", 0}, {"thai-nguyen", 1}};
  CHECK(contradictions(config, deployment).empty());
}

TEST_CASE("ingest config: an entry that an earlier one leaves nothing to is a mistake") {
  Config config;
  config.sources = {{"a", "citizen-reports", "x", "", false}, {"a", "", "y", "", false}, {"a", "camera-alerts", "z", "", false}};
  config.frigate_kinds = {{"no_stop", "", "illegal_stop"}, {"", "car", "congestion"}, {"no_stop", "car", "accident"}};
  const auto mistakes = contradictions(config, {});
  REQUIRE(mistakes.size() == 2);
  CHECK(mistakes[0].starts_with("ingest.sources[2] is never reached: ingest.sources[1]"));
  CHECK(mistakes[1].starts_with("ingest.frigate_kinds[2] is never reached: ingest.frigate_kinds[0]"));
}

TEST_CASE("ingest config: a kind of alert that the bundle lacks is said") {
  Config config;
  config.frigate_kinds = {{"", "car", "congestion"}, {"", "dog", "no_such_kind"}};
  const auto mistakes = unknown_kinds(config, shipped());
  REQUIRE(mistakes.size() == 1);
  CHECK(mistakes[0].starts_with("ingest.frigate_kinds[1].kind is \"no_such_kind\""));
  CHECK(unknown_kinds({}, shipped()).empty());
}
