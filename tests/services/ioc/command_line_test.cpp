// The executable itself: what it answers to a wrong line, and with which exit code (API.md).
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/services/ioc/executable.h"

using namespace ioc;
using test::Ended, test::Folder;

namespace {

Ended run(const std::string& arguments, const std::string& input = "/dev/null") {
  return test::run_ioc(arguments, input, "IOC_TOKEN=none timeout 60 ");
}

}  // namespace

TEST_CASE("ioc: a line that is not understood is exit code 2 and names what is wrong") {
  CHECK(run("").code == 2);
  CHECK(run("nonsense").code == 2);
  CHECK(run("standalone").code == 2);
  CHECK(run("bundle").code == 2);
  const Ended unknown = run("triage --config none.yaml --no-such-option");
  CHECK(unknown.code == 2);
  CHECK(unknown.out.find("no-such-option") != std::string::npos);
  CHECK(run("replay a.csv --to http://127.0.0.1:1 --speed fast").code == 2);
}

TEST_CASE("ioc: help and version are everywhere, and are done") {
  const Ended version = run("--version");
  CHECK(version.code == 0);
  CHECK(version.out.starts_with("ioc "));
  for (const char* command : {"standalone", "ingest", "triage", "desk", "token", "token add", "token password", "simulate", "replay", "why",
                              "config check", "bundle", "bundle try", "units check", "dead-letters list", "log verify"}) {
    INFO(command);
    const Ended of_command = run(std::string(command) + " --version");
    CHECK(of_command.code == 0);
    CHECK(of_command.out == version.out);
    const Ended help = run(std::string(command) + " --help");
    CHECK(help.code == 0);
    CHECK(help.out.find("--version") != std::string::npos);
  }
}

TEST_CASE("ioc: a configuration that is not right is exit code 3, a missing one too") {
  const Folder folder;
  const std::string wrong = test::write(folder, "wrong.yaml", "deployment:\n  no_such_setting: 1\n");
  for (const std::string command : {"ingest", "triage", "desk"}) {
    INFO(command);
    const Ended ended = run(command + " --config " + wrong);
    CHECK(ended.code == 3);
    CHECK(run(command + " --config " + folder.path() + "/none.yaml").code == 3);
  }
  CHECK(run("ingest --config " + wrong).out.find("no_such_setting") != std::string::npos);
  CHECK(run("standalone --data " + folder.path() + "/data --config " + wrong).code == 3);
}

TEST_CASE("ioc: what a configuration says in vain is a mistake of `config check`, and stops the start where it would misplace events") {
  const Folder folder;
  const std::string feed = test::write(folder, "feed.yaml", "ingest:\n  sources:\n    - {token: a, feed: citizen_reports}\n");
  const std::string kind = test::write(folder, "kind.yaml", "ingest:\n  frigate_kinds:\n    - {zone: a, label: car, kind: no_such_kind}\n");
  const std::string area = test::write(folder, "area.yaml", "ingest:\n  sources:\n    - {token: a, area: nowhere}\n");
  const std::string two = test::write(folder, "two.yaml", "ingest:\n  listen: 127.0.0.1:1\n---\ndesk:\n  listen: 127.0.0.1:2\n");
  for (const auto& [file, what] : {std::pair{feed, "citizen_reports"}, {kind, "no_such_kind"}, {area, "nowhere"}, {two, "a second document"}}) {
    const Ended checked = run("config check --config " + file);
    CHECK(checked.code == 3);
    CHECK(checked.out.find(what) != std::string::npos);
    CHECK(checked.out.find("1 mistake(s)") != std::string::npos);
  }
  for (const auto& file : {feed, area, two}) {
    CHECK(run("ingest --config " + file + " --data " + folder.path() + "/data").code == 3);
    CHECK(run("standalone --data " + folder.path() + "/data --config " + file).code == 3);
  }
}

TEST_CASE("ioc: a data folder that cannot be made is exit code 4") {
  const Folder folder;
  const std::string file = test::write(folder, "file", "");
  const Ended ended = run("standalone --data " + file + "/data --listen 127.0.0.1:0");
  CHECK(ended.code == 4);
  CHECK(ended.out.find("cannot make the data folder") != std::string::npos);
}

TEST_CASE("ioc: a replay file that is missing is exit code 4, one that is none 1") {
  const Folder folder;
  const std::string nowhere = " --to http://127.0.0.1:1 --retry-for 1s";
  CHECK(run("replay " + folder.path() + "/none.csv" + nowhere).code == 4);
  CHECK(run("replay " + folder.path() + nowhere).code == 1);
  CHECK(run("replay " + test::write(folder, "empty.csv", "") + nowhere).code == 1);
  CHECK(run("replay " + test::write(folder, "columns.csv", "a,b\n1,2\n") + nowhere).code == 1);
  const std::string head = "id,opened_at,category,latitude,longitude,address,text\n";
  CHECK(run("replay " + test::write(folder, "row.csv", head + "1,2021-10-18T07:40:00+07:00\n") + nowhere).code == 1);
  CHECK(run("replay " + test::write(folder, "headed.csv", head) + nowhere).code == 1);
  const Ended returns = run("replay " + test::write(folder, "cr.csv", "id,opened_at,category,text\r1,2021-10-18T07:40:00+07:00,khac,a\r") + nowhere);
  CHECK(returns.code == 1);
  CHECK(returns.out.find("carriage return") != std::string::npos);
  // The file is good, ingest is not there.
  const std::string good = test::write(folder, "good.csv", head + "1,2021-10-18T07:40:00+07:00,khac,21.5,105.8,,a\n");
  CHECK(run("replay " + good + nowhere).code == 4);
}

TEST_CASE("ioc: token password sets a person's password from the standard input, or makes a one-time one") {
  const Folder folder;
  const std::string accounts = " --accounts " + folder.path() + "/accounts.yaml";
  const auto file = [&folder] {
    std::ifstream in(folder.path() + "/accounts.yaml");
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  REQUIRE(run("token add lan --person --role operator" + accounts).code == 0);
  REQUIRE(run("token add gate --role metrics" + accounts).code == 0);
  CHECK(file().find("one_time: true") != std::string::npos);
  const std::string before = file();
  CHECK(run("token password lan" + accounts).code == 1);
  CHECK(run("token password lan" + accounts, test::write(folder, "short", "short\n")).code == 1);
  CHECK(run("token password gate" + accounts, test::write(folder, "good", "đường Quang Trung\n")).code == 1);
  CHECK(run("token password nobody" + accounts, folder.path() + "/good").code == 1);
  CHECK(file() == before);
  const Ended changed = run("token password lan --json" + accounts, folder.path() + "/good");
  CHECK(changed.code == 0);
  CHECK(changed.out.find("Quang Trung") == std::string::npos);
  CHECK(file().find("one_time") == std::string::npos);
  const Ended reset = run("token password lan --one-time --json" + accounts);
  CHECK(reset.code == 0);
  CHECK(reset.out.find("\"password\":\"") != std::string::npos);
  CHECK(file().find("one_time: true") != std::string::npos);
}
