#include "libs/accounts/accounts.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <thread>

#include "libs/accounts/watch.h"

using namespace ioc;
using namespace ioc::accounts;

namespace {

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "accounts-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    x_path = name;
  }
  ~Folder() { std::filesystem::remove_all(x_path); }
  [[nodiscard]] std::string file() const { return x_path + "/accounts.yaml"; }

 private:
  std::string x_path;
};

std::string content_of(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::unique_ptr<Accounts> opened(const Folder& folder) {
  auto accounts = Accounts::open(folder.file());
  REQUIRE(accounts.has_value());
  return std::move(*accounts);
}

std::vector<Role> roles(std::initializer_list<const char*> names) {
  std::vector<Role> all;
  for (const char* name : names) all.push_back(*role_named(name));
  return all;
}

bool eventually(const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (std::chrono::steady_clock::now() < deadline) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return holds();
}

}  // namespace

TEST_CASE("accounts: role names are read and written alike, and only those of the list exist") {
  for (const char* name : {"source:citizen-reports", "operator", "supervisor", "kiosk", "subscriber:song-cong", "leader",
                           "metrics", "admin"}) {
    const auto role = role_named(name);
    REQUIRE(role);
    CHECK(name_of(*role) == name);
  }
  for (const char* name : {"", "source", "source:", "subscriber:", "admin:x", "Admin", "root", "source:a b", "source:a:b"}) {
    CHECK_FALSE(role_named(name));
  }
}

TEST_CASE("accounts: a token opens exactly its own account, and the file holds only its hash") {
  const Folder folder;
  const auto accounts = opened(folder);
  const auto token = accounts->add_token("gate", roles({"source:camera-alerts", "metrics"}));
  const auto other = accounts->add_token("song-cong", roles({"subscriber:song-cong"}));
  REQUIRE(token.has_value());
  REQUIRE(other.has_value());
  CHECK(token->starts_with("ioc_gate_"));
  CHECK(token->size() == std::string("ioc_gate_").size() + 52);
  const auto who = accounts->by_bearer("Bearer " + *token);
  REQUIRE(who);
  CHECK(who->name == "gate");
  CHECK(who->has(RoleKind::Source, "camera-alerts"));
  CHECK(who->has(RoleKind::Source));
  CHECK_FALSE(who->has(RoleKind::Source, "citizen-reports"));
  CHECK_FALSE(who->has(RoleKind::Admin));
  CHECK(content_of(folder.file()).find(token->substr(9)) == std::string::npos);

  CHECK(accounts->by_bearer("bearer " + *other)->name == "song-cong");
  CHECK_FALSE(accounts->by_bearer(*token));
  CHECK_FALSE(accounts->by_bearer("Basic " + *token));
  CHECK_FALSE(accounts->by_bearer("Bearer " + *token + "a"));
  CHECK_FALSE(accounts->by_bearer("Bearer " + token->substr(0, token->size() - 1)));
  CHECK_FALSE(accounts->by_bearer("Bearer "));
  CHECK_FALSE(accounts->by_bearer(""));
}

TEST_CASE("accounts: a person logs in with the password and with nothing else") {
  const Folder folder;
  const auto accounts = opened(folder);
  const auto password = accounts->add_person("admin", roles({"admin"}));
  REQUIRE(password.has_value());
  CHECK(accounts->by_password("admin", *password)->has(RoleKind::Admin));
  CHECK_FALSE(accounts->by_password("admin", *password + "x"));
  CHECK_FALSE(accounts->by_password("admin", ""));
  CHECK_FALSE(accounts->by_password("nobody", *password));
  CHECK_FALSE(accounts->by_bearer("Bearer " + *password));
  CHECK(content_of(folder.file()).find(*password) == std::string::npos);
  CHECK(content_of(folder.file()).find("$argon2id$") != std::string::npos);
}

TEST_CASE("accounts: a password that was made here is one-time until the person chooses another") {
  const Folder folder;
  const auto accounts = opened(folder);
  const auto once = accounts->add_person("admin", roles({"admin"}));
  REQUIRE(once.has_value());
  const auto before = accounts->by_password("admin", *once);
  REQUIRE(before);
  CHECK(before->must_change_password);
  CHECK(opened(folder)->by_name("admin")->must_change_password);
  CHECK(accounts->list().at(0).one_time);
  for (const std::string& bad : {std::string("short"), std::string("đườngđường"), std::string(257, 'x')}) {
    CHECK_FALSE(accounts->set_password("admin", bad).has_value());
  }
  CHECK_FALSE(accounts->set_password("nobody", "another password").has_value());
  CHECK(accounts->by_password("admin", *once));
  REQUIRE(accounts->set_password("admin", "another password").has_value());
  CHECK_FALSE(accounts->by_password("admin", *once));
  const auto after = opened(folder)->by_password("admin", "another password");
  REQUIRE(after);
  CHECK_FALSE(after->must_change_password);
  CHECK(after->has(RoleKind::Admin));
  CHECK(after->credential != before->credential);
  const auto reset = accounts->reset_password("admin");
  REQUIRE(reset.has_value());
  CHECK(accounts->by_password("admin", *reset)->must_change_password);
  CHECK_FALSE(accounts->by_password("admin", "another password"));
  REQUIRE(accounts->add_token("gate", roles({"metrics"})).has_value());
  CHECK_FALSE(accounts->set_password("gate", "another password").has_value());
}

TEST_CASE("accounts: the file is readable by its owner alone") {
  const Folder folder;
  const auto accounts = opened(folder);
  struct stat status {};
  REQUIRE(::stat(folder.file().c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  REQUIRE(accounts->add_token("a", roles({"metrics"})).has_value());
  REQUIRE(::stat(folder.file().c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("accounts: a name is taken once and free again after it is revoked") {
  const Folder folder;
  const auto accounts = opened(folder);
  const auto token = accounts->add_token("gate", roles({"metrics"}));
  REQUIRE(token.has_value());
  CHECK_FALSE(accounts->add_token("gate", roles({"admin"})).has_value());
  CHECK_FALSE(accounts->add_person("gate", roles({"admin"})).has_value());
  CHECK_FALSE(accounts->add_token("a b", roles({"admin"})).has_value());
  CHECK_FALSE(accounts->add_token("a", {}).has_value());
  REQUIRE(accounts->revoke("gate").has_value());
  CHECK_FALSE(accounts->by_bearer("Bearer " + *token));
  CHECK_FALSE(accounts->by_name("gate"));
  CHECK_FALSE(accounts->revoke("gate").has_value());
  CHECK(accounts->add_token("gate", roles({"metrics"})).has_value());
  REQUIRE(accounts->list().size() == 1);
  CHECK(accounts->list()[0].kind == "token");
}

TEST_CASE("accounts: what another process adds or revokes counts without a restart") {
  const Folder folder;
  const auto running = opened(folder);
  const auto tool = opened(folder);
  const auto token = tool->add_token("late", roles({"metrics"}));
  REQUIRE(token.has_value());
  CHECK(eventually([&] { return running->by_bearer("Bearer " + *token).has_value(); }));
  REQUIRE(tool->revoke("late").has_value());
  CHECK(eventually([&] { return !running->by_bearer("Bearer " + *token).has_value(); }));
}

TEST_CASE("accounts: two writers at a time lose nothing") {
  const Folder folder;
  const auto one = opened(folder);
  const auto two = opened(folder);
  const auto fill = [](Accounts& accounts, const std::string& prefix) {
    for (int i = 0; i < 20; ++i) REQUIRE(accounts.add_token(prefix + std::to_string(i), roles({"metrics"})).has_value());
  };
  std::thread other([&] { fill(*two, "b"); });
  fill(*one, "a");
  other.join();
  CHECK(opened(folder)->list().size() == 40);
}

TEST_CASE("accounts: a file with mistakes names all of them at start") {
  const Folder folder;
  std::ofstream(folder.file()) << "accounts:\n"
                                  "  - name: \"a\"\n    kind: token\n    roles: [\"rooot\"]\n    hash: \"12\"\n"
                                  "  - name: \"b b\"\n    kind: person\n    roles: []\n    hash: \"x\"\n"
                                  "    colour: red\n";
  const auto accounts = Accounts::open(folder.file());
  REQUIRE_FALSE(accounts.has_value());
  CHECK(accounts.error().kind == ErrorKind::Permanent);
  for (const char* part : {"rooot", "'a': its hash", "'b b': a name", "has no role", "'b b': its hash", "colour"}) {
    CHECK_THAT(accounts.error().message, Catch::Contains(part));
  }
}

TEST_CASE("accounts: a running process keeps the last good file when it is broken, and says so in readiness and metric") {
  const Folder folder;
  metrics::Registry registry;
  const auto accounts = opened(folder);
  add_metrics(registry, *accounts);
  const auto token = accounts->add_token("gate", roles({"metrics"})), gone = accounts->add_token("gone", roles({"metrics"}));
  REQUIRE(token.has_value());
  REQUIRE(accounts->revoke("gone").has_value());
  std::ifstream in(folder.file());
  const std::string good((std::istreambuf_iterator<char>(in)), {});
  CHECK(registry.expose().find("ioc_accounts_file_unusable 0") != std::string::npos);
  std::ofstream(folder.file()) << "accounts: [oops";
  // Nobody has to ask for an account.
  CHECK(eventually([&] { return !not_ready_because(*accounts).empty(); }));
  CHECK(registry.expose().find("ioc_accounts_file_unusable 1") != std::string::npos);
  CHECK(accounts->by_bearer("Bearer " + *token));
  CHECK_FALSE(accounts->by_bearer("Bearer " + *gone));
  std::ofstream(folder.file()) << good;
  CHECK(eventually([&] { return not_ready_because(*accounts).empty(); }));
  CHECK(registry.expose().find("ioc_accounts_file_unusable 0") != std::string::npos);
}
