// The executable itself: what it answers to a wrong line, and with which exit code (API.md).
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace {

struct Ended {
  int code = -1;
  std::string out;  // both streams
};

Ended ioc(const std::string& arguments, const std::string& input = "/dev/null") {
  const std::string line = "IOC_TOKEN=none timeout 60 " IOC_EXECUTABLE " " + arguments + " 2>&1 <" + input;
  FILE* pipe = popen(line.c_str(), "r");
  REQUIRE(pipe != nullptr);
  Ended ended;
  std::array<char, 4096> buffer{};
  while (const std::size_t read = fread(buffer.data(), 1, buffer.size(), pipe)) ended.out.append(buffer.data(), read);
  const int status = pclose(pipe);
  ended.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ended;
}

struct Folder {
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "ioc-line-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    path = pattern;
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string write(const std::string& name, const std::string& content) const {
    std::ofstream(path + "/" + name) << content;
    return path + "/" + name;
  }
  std::string path;
};

}  // namespace

TEST_CASE("ioc: a line that is not understood is exit code 2 and names what is wrong") {
  CHECK(ioc("").code == 2);
  CHECK(ioc("nonsense").code == 2);
  CHECK(ioc("standalone").code == 2);
  CHECK(ioc("bundle").code == 2);
  const Ended unknown = ioc("triage --config none.yaml --no-such-option");
  CHECK(unknown.code == 2);
  CHECK(unknown.out.find("no-such-option") != std::string::npos);
  CHECK(ioc("replay a.csv --to http://127.0.0.1:1 --speed fast").code == 2);
}

TEST_CASE("ioc: help and version are everywhere, and are done") {
  const Ended version = ioc("--version");
  CHECK(version.code == 0);
  CHECK(version.out.starts_with("ioc "));
  for (const char* command : {"standalone", "ingest", "triage", "desk", "token", "token add", "token password", "simulate", "replay", "why",
                              "config check", "bundle", "bundle try", "units check", "dead-letters list", "log verify"}) {
    INFO(command);
    const Ended of_command = ioc(std::string(command) + " --version");
    CHECK(of_command.code == 0);
    CHECK(of_command.out == version.out);
    const Ended help = ioc(std::string(command) + " --help");
    CHECK(help.code == 0);
    CHECK(help.out.find("--version") != std::string::npos);
  }
}

TEST_CASE("ioc: a configuration that is not right is exit code 3, a missing one too") {
  const Folder folder;
  const std::string wrong = folder.write("wrong.yaml", "deployment:\n  no_such_setting: 1\n");
  for (const std::string command : {"ingest", "triage", "desk"}) {
    INFO(command);
    const Ended ended = ioc(command + " --config " + wrong);
    CHECK(ended.code == 3);
    CHECK(ioc(command + " --config " + folder.path + "/none.yaml").code == 3);
  }
  CHECK(ioc("ingest --config " + wrong).out.find("no_such_setting") != std::string::npos);
  CHECK(ioc("standalone --data " + folder.path + "/data --config " + wrong).code == 3);
}

TEST_CASE("ioc: a data folder that cannot be made is exit code 4") {
  const Folder folder;
  const std::string file = folder.write("file", "");
  const Ended ended = ioc("standalone --data " + file + "/data --listen 127.0.0.1:0");
  CHECK(ended.code == 4);
  CHECK(ended.out.find("cannot make the data folder") != std::string::npos);
}

TEST_CASE("ioc: a replay file that is missing is exit code 4, one that is none 1") {
  const Folder folder;
  const std::string nowhere = " --to http://127.0.0.1:1 --retry-for 1s";
  CHECK(ioc("replay " + folder.path + "/none.csv" + nowhere).code == 4);
  CHECK(ioc("replay " + folder.path + nowhere).code == 1);
  CHECK(ioc("replay " + folder.write("empty.csv", "") + nowhere).code == 1);
  CHECK(ioc("replay " + folder.write("columns.csv", "a,b\n1,2\n") + nowhere).code == 1);
  const std::string head = "id,opened_at,category,latitude,longitude,address,text\n";
  CHECK(ioc("replay " + folder.write("row.csv", head + "1,2021-10-18T07:40:00+07:00\n") + nowhere).code == 1);
  // The file is good, ingest is not there.
  const std::string good = folder.write("good.csv", head + "1,2021-10-18T07:40:00+07:00,khac,21.5,105.8,,a\n");
  CHECK(ioc("replay " + good + nowhere).code == 4);
}

TEST_CASE("ioc: token password sets a person's password from the standard input, or makes a one-time one") {
  const Folder folder;
  const std::string accounts = " --accounts " + folder.path + "/accounts.yaml";
  const auto file = [&folder] {
    std::ifstream in(folder.path + "/accounts.yaml");
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  REQUIRE(ioc("token add lan --person --role operator" + accounts).code == 0);
  REQUIRE(ioc("token add gate --role metrics" + accounts).code == 0);
  CHECK(file().find("one_time: true") != std::string::npos);
  const std::string before = file();
  CHECK(ioc("token password lan" + accounts).code == 1);
  CHECK(ioc("token password lan" + accounts, folder.write("short", "short\n")).code == 1);
  CHECK(ioc("token password gate" + accounts, folder.write("good", "đường Quang Trung\n")).code == 1);
  CHECK(ioc("token password nobody" + accounts, folder.path + "/good").code == 1);
  CHECK(file() == before);
  const Ended changed = ioc("token password lan --json" + accounts, folder.path + "/good");
  CHECK(changed.code == 0);
  CHECK(changed.out.find("Quang Trung") == std::string::npos);
  CHECK(file().find("one_time") == std::string::npos);
  const Ended reset = ioc("token password lan --one-time --json" + accounts);
  CHECK(reset.code == 0);
  CHECK(reset.out.find("\"password\":\"") != std::string::npos);
  CHECK(file().find("one_time: true") != std::string::npos);
}
