#include "services/simulator/replay.h"

#include <unistd.h>

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "tests/services/simulator/fake_ioc.h"

namespace ioc::simulator {
namespace {

// `count` reports; each third stands where the one before it stood.
class ReportFile {
 public:
  explicit ReportFile(int count) : x_path((std::filesystem::temp_directory_path() / ("ioc-replay-" + std::to_string(::getpid()) + ".csv")).string()) {
    std::ofstream out(x_path);
    out << "id,opened_at,closed_at,category,latitude,longitude,address,text,is_duplicate,duplicate_of\n";
    for (int i = 0; i < count; ++i) {
      out << 'r' << i << ",2021-10-18T07:00:" << (i % 60 < 10 ? "0" : "") << i % 60 << ",,ha-tang,21.5," << 105 + (i - (i % 3 == 2)) << ",,ổ gà,0,\n";
    }
  }
  ~ReportFile() { std::filesystem::remove(x_path); }
  ReportFile(const ReportFile&) = delete;
  ReportFile& operator=(const ReportFile&) = delete;
  [[nodiscard]] const std::string& path() const { return x_path; }

 private:
  std::string x_path;
};

ReplayConfig config_for(const ReportFile& file, const FakeIoc& server) {
  ReplayConfig config;
  config.file = file.path();
  config.ingest_url = config.desk_url = server.url();
  config.batch_lines = 7;
  config.settle = Millis(200);
  config.retry = {Millis(5), Millis(50), Millis(20'000)};
  config.quiet = true;
  return config;
}

ReplayResult run(const ReplayConfig& config) {
  auto result = replay(config, {});
  REQUIRE(result.has_value());
  return std::move(*result);
}

std::vector<std::string> in_file_order(int count) {
  std::vector<std::string> ids;
  for (int i = 0; i < count; ++i) ids.push_back("r" + std::to_string(i));
  return ids;
}

}  // namespace

TEST_CASE("replay: everything arrives in file order and is found in exactly one incident") {
  const ReportFile file(60);
  FakeIoc server;
  const ReplayResult result = run(config_for(file, server));
  CHECK(server.arrived() == in_file_order(60));
  CHECK(result.sent == 60);
  CHECK(result.accepted == 60);
  CHECK(result.rejected == 0);
  CHECK(result.reconciliation.incidents == 40);
  CHECK(result.reconciliation.joined == 20);
  CHECK(result.reconciliation.unaccounted.empty());
  const auto shown = boost::json::parse(to_json(result)).as_object();
  CHECK(shown.size() == 7);
  CHECK(shown.at("incidents").as_int64() == 40);
}

TEST_CASE("replay: a report that the desk never hears of is found") {
  const ReportFile file(30);
  FakeIoc server({.forget_report = "r11"});
  const ReplayResult result = run(config_for(file, server));
  REQUIRE(result.reconciliation.unaccounted.size() == 1);
  CHECK(result.reconciliation.unaccounted[0].report_id == "r11");
  CHECK(result.accepted == 30);
}

TEST_CASE("replay: a report in two incidents is found") {
  const ReportFile file(30);
  FakeIoc server({.double_report = "r12"});
  const ReplayResult result = run(config_for(file, server));
  REQUIRE(result.reconciliation.unaccounted.size() == 1);
  CHECK(result.reconciliation.unaccounted[0].report_id == "r12");
  CHECK_THAT(result.reconciliation.unaccounted[0].why, Catch::Contains("listed 2 times"));
}

TEST_CASE("replay: an accepted report that became a dead letter is unaccounted for, with the reason") {
  const ReportFile file(10);
  FakeIoc server({.dead_letter_report = "r3"});
  const ReplayResult result = run(config_for(file, server));
  REQUIRE(result.reconciliation.unaccounted.size() == 1);
  CHECK_THAT(result.reconciliation.unaccounted[0].why, Catch::Contains("no_such_unit"));
}

TEST_CASE("replay: a report that the answer to its batch leaves out is unaccounted for") {
  const ReportFile file(10);
  FakeIoc server({.unanswered_report = "r4"});
  const ReplayResult result = run(config_for(file, server));
  CHECK(result.sent == 10);
  CHECK(result.accepted == 9);
  REQUIRE(result.reconciliation.unaccounted.size() == 1);
  CHECK(result.reconciliation.unaccounted[0].report_id == "r4");
}

TEST_CASE("replay: two reports with one event id are not both accounted for") {
  const ReportFile file(10);
  FakeIoc server({.same_id_report = "r5"});
  const ReplayResult result = run(config_for(file, server));
  REQUIRE(result.reconciliation.unaccounted.size() == 1);
  CHECK(result.reconciliation.unaccounted[0].report_id == "r5");
}

TEST_CASE("replay: a refused report is counted as rejected and is no loss") {
  const ReportFile file(10);
  FakeIoc server({.refuse_report = "r5"});
  const ReplayResult result = run(config_for(file, server));
  CHECK(result.accepted == 9);
  CHECK(result.rejected == 1);
  CHECK(result.reconciliation.unaccounted.empty());
  REQUIRE(result.first_rejected.size() == 1);
  CHECK_THAT(result.first_rejected[0].why, Catch::Contains("text is missing"));
  CHECK(adds_up(result));
}

TEST_CASE("replay: a file of which nothing is taken does not add up") {
  const ReportFile file(1);
  FakeIoc server({.refuse_report = "r0"});
  const ReplayResult result = run(config_for(file, server));
  CHECK(result.rejected == 1);
  CHECK(result.reconciliation.unaccounted.empty());
  CHECK_FALSE(adds_up(result));
}

TEST_CASE("replay: rows whose time cannot be read are named by line, and nothing of the file is sent") {
  const std::string path = (std::filesystem::temp_directory_path() / ("ioc-replay-times-" + std::to_string(::getpid()) + ".csv")).string();
  std::ofstream(path) << "id,opened_at,category,text\n1,2021-10-18 07:40:00+07,khac,a\n2,18/10/2021 07:40,khac,b\n3,2021-10-18,khac,c\n"
                         "4,hôm qua,khac,d\n5,,khac,e\n6,1969-12-31T00:00:00Z,khac,f\n";
  FakeIoc server;
  ReplayConfig config;
  config.file = path;
  config.ingest_url = config.desk_url = server.url();
  config.quiet = true;
  const auto result = replay(config, {});
  std::filesystem::remove(path);
  REQUIRE(result.has_error());
  CHECK(result.error().kind == ErrorKind::Corrupt);
  for (const char* line : {":5: opened_at: \"hôm qua\"", ":6: ", ":7: "}) CHECK_THAT(result.error().message, Catch::Contains(line));
  for (const char* line : {":2: ", ":3: ", ":4: "}) CHECK_THAT(result.error().message, !Catch::Contains(line));
  CHECK(server.arrived().empty());
}

TEST_CASE("replay: a full server is tried again, and the order stays that of the file") {
  const ReportFile file(40);
  FakeIoc server({.busy_batches = 3, .busy_line_report = "r9"});
  const ReplayResult result = run(config_for(file, server));
  CHECK(server.arrived() == in_file_order(40));
  CHECK(result.accepted == 40);
  CHECK(result.reconciliation.unaccounted.empty());
}

TEST_CASE("replay: goes on where it was when the server dies and comes back") {
  const ReportFile file(2'000);
  FakeIoc server;
  auto config = config_for(file, server);
  config.batch_lines = 5;
  Result<ReplayResult> result = permanent("not run");
  std::thread replaying([&] { result = replay(config, {}); });
  for (const std::size_t so_many : {100U, 600U, 1'200U}) {
    while (server.arrived().size() < so_many) std::this_thread::yield();
    server.stop();
    server.restart();
  }
  replaying.join();
  REQUIRE(result.has_value());
  CHECK(result->accepted == 2'000);
  CHECK(result->reconciliation.unaccounted.empty());
  CHECK(server.arrived() == in_file_order(2'000));
}

TEST_CASE("replay: gives up after its limit when nobody answers, and says where") {
  const ReportFile file(3);
  ReplayConfig config;
  {
    const FakeIoc server;
    config = config_for(file, server);
  }
  config.retry.give_up_after = Millis(100);
  const auto result = replay(config, {});
  REQUIRE(result.has_error());
  CHECK(result.error().kind == ErrorKind::Transient);
  CHECK_THAT(result.error().message, Catch::Contains(config.ingest_url));
}

TEST_CASE("replay: two runs of one file write the same ids") {
  const ReportFile file(30);
  std::string texts[2];
  for (std::string& text : texts) {
    FakeIoc server;
    const std::string path = file.path() + ".ids";
    REQUIRE(write_ids(run(config_for(file, server)), path).has_value());
    std::stringstream content;
    content << std::ifstream(path).rdbuf();
    text = content.str();
    std::filesystem::remove(path);
  }
  CHECK(texts[0] == texts[1]);
  CHECK_THAT(texts[0], Catch::StartsWith("report_id,event_id,incident_id\nr0,20210101-000000-r-r0,0-20210101-000000-r-r0\n"));
}

}  // namespace ioc::simulator
