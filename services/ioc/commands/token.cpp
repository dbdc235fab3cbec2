#include "services/ioc/commands/token.h"

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libs/accounts/accounts.h"
#include "libs/accounts/first_login.h"
#include "libs/process/exit_code.h"

namespace ioc::commands {
namespace {

struct Options {
  std::string accounts, data, name;
  std::vector<std::string> roles;
  bool json = false, person = false, one_time = false;

  // Empty: neither option was given.
  [[nodiscard]] std::string path() const {
    return !accounts.empty() ? accounts : !data.empty() ? data + "/accounts.yaml" : std::string();
  }
};

std::unique_ptr<accounts::Accounts> open(const Options& options, int& exit_code) {
  const std::string path = options.path();
  if (path.empty()) {
    fmt::print(stderr, "name the accounts' file: --accounts FILE, or --data DIR for DIR/accounts.yaml\n");
    exit_code = process::kUsage;
    return nullptr;
  }
  auto opened = accounts::Accounts::open(path);
  if (opened) return std::move(*opened);
  fmt::print(stderr, "{}\n", opened.error().message);
  exit_code = opened.error().kind == ErrorKind::Transient ? process::kMissing : process::kConfiguration;
  return nullptr;
}

boost::json::array names_of(const std::vector<accounts::Role>& roles) {
  boost::json::array names;
  for (const accounts::Role& role : roles) names.emplace_back(accounts::name_of(role));
  return names;
}

bool read_roles(const Options& options, std::vector<accounts::Role>& roles) {
  for (const std::string& text : options.roles) {
    auto role = accounts::role_named(text);
    if (!role) {
      fmt::print(stderr, "no role '{}'; roles are source:<feed>, operator, supervisor, kiosk, subscriber:<id>, leader, "
                         "metrics, admin\n", text);
      return false;
    }
    roles.push_back(std::move(*role));
  }
  return true;
}

void add(const Options& options, int& exit_code) {
  std::vector<accounts::Role> roles;
  if (!read_roles(options, roles)) {
    exit_code = process::kUsage;
    return;
  }
  const auto accounts = open(options, exit_code);
  if (!accounts) return;
  const auto secret = options.person ? accounts->add_person(options.name, roles) : accounts->add_token(options.name, roles);
  if (!secret) {
    fmt::print(stderr, "{}\n", secret.error().message);
    exit_code = secret.error().kind == ErrorKind::Transient ? process::kMissing : process::kFoundWrong;
    return;
  }
  const char* what = options.person ? "one-time password" : "token";
  if (options.json) {
    const boost::json::object shown{{"name", options.name}, {options.person ? "password" : "token", *secret}, {"roles", names_of(roles)}};
    fmt::print("{}\n", boost::json::serialize(shown));
  } else {
    fmt::print(stderr, "{} of '{}', shown once:\n", what, options.name);
    fmt::print("{}\n", *secret);
  }
}

void list(const Options& options, int& exit_code) {
  const auto accounts = open(options, exit_code);
  if (!accounts) return;
  boost::json::array all;
  for (const auto& account : accounts->list()) {
    const boost::json::array roles = names_of(account.roles);
    if (options.json) {
      all.push_back(boost::json::object{
          {"name", account.name}, {"kind", account.kind}, {"one_time", account.one_time}, {"roles", roles}, {"created", account.created}});
      continue;
    }
    std::string text;
    for (const auto& role : account.roles) text += (text.empty() ? "" : ",") + accounts::name_of(role);
    fmt::print("{:<24} {:<7} {:<40} {}\n", account.name, account.kind, text, account.created);
  }
  if (options.json) fmt::print("{}\n", boost::json::serialize(boost::json::object{{"accounts", all}}));
}

// What is typed is not shown while in scope.
class NoEcho {
 public:
  NoEcho() : x_terminal(::tcgetattr(STDIN_FILENO, &x_before) == 0) {
    if (!x_terminal) return;
    termios quiet = x_before;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  ~NoEcho() {
    if (x_terminal) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &x_before);
  }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;

 private:
  termios x_before{};
  bool x_terminal;
};

// One line of the standard input; asked for twice where a person types. nullopt: nothing came, or two different ones.
std::optional<std::string> read_password(const std::string& name) {
  const bool typed = ::isatty(STDIN_FILENO) == 1;
  const NoEcho quiet;
  const auto line = [typed](const std::string& prompt) {
    std::string text;
    if (typed) fmt::print(stderr, "{}: ", prompt);
    std::getline(std::cin, text);
    if (typed) fmt::print(stderr, "\n");
    return text;
  };
  std::string password = line("new password of '" + name + "'");
  if (password.empty()) {
    fmt::print(stderr, "no password came on the standard input\n");
    return std::nullopt;
  }
  if (!typed || line("again") == password) return password;
  fmt::print(stderr, "the two differ; nothing was changed\n");
  return std::nullopt;
}

void password(const Options& options, int& exit_code) {
  const auto accounts = open(options, exit_code);
  if (!accounts) return;
  std::optional<std::string> chosen;
  if (!options.one_time) chosen = read_password(options.name);
  if (!options.one_time && !chosen) {
    exit_code = process::kFoundWrong;
    return;
  }
  Result<std::string> changed{std::string()};
  if (options.one_time) {
    changed = accounts->reset_password(options.name);
  } else if (auto set = accounts->set_password(options.name, *chosen); !set) {
    changed = set.error();
  }
  if (!changed) {
    fmt::print(stderr, "{}\n", changed.error().message);
    exit_code = changed.error().kind == ErrorKind::Transient ? process::kMissing : process::kFoundWrong;
    return;
  }
  accounts::drop_used_login(*accounts, std::filesystem::path(options.path()).parent_path() / ".");
  if (options.json) {
    boost::json::object shown{{"name", options.name}, {"one_time", options.one_time}};
    if (options.one_time) shown["password"] = *changed;
    fmt::print("{}\n", boost::json::serialize(shown));
  } else if (options.one_time) {
    fmt::print(stderr, "one-time password of '{}', shown once:\n", options.name);
    fmt::print("{}\n", *changed);
  } else {
    fmt::print(stderr, "the password of '{}' is changed; its sessions end\n", options.name);
  }
}

void revoke(const Options& options, int& exit_code) {
  const auto accounts = open(options, exit_code);
  if (!accounts) return;
  if (auto done = accounts->revoke(options.name); !done) {
    fmt::print(stderr, "{}\n", done.error().message);
    exit_code = done.error().kind == ErrorKind::Transient ? process::kMissing : process::kFoundWrong;
    return;
  }
  if (options.json) fmt::print("{}\n", boost::json::serialize(boost::json::object{{"revoked", options.name}}));
}

}  // namespace

void add_token_command(CLI::App& app, int& exit_code) {
  const auto options = std::make_shared<Options>();
  CLI::App* token = app.add_subcommand("token", "accounts: who may send, read, work and administer");
  token->require_subcommand(1);
  const auto common = [&](CLI::App* command) {
    command->add_option("--accounts", options->accounts, "the accounts' file");
    command->add_option("--data", options->data, "data folder; the file is accounts.yaml in it");
    command->add_flag("--json", options->json, "one JSON object on standard output");
  };
  CLI::App* adding = token->add_subcommand("add", "make a token; it is shown once");
  adding->add_option("NAME", options->name, "the account's name")->required();
  adding->add_option("--role", options->roles, "source:<feed>, operator, supervisor, kiosk, subscriber:<id>, leader, "
                                               "metrics, admin; several are possible")->required();
  adding->add_flag("--person", options->person, "a person who logs in with a one-time password first, instead of a token");
  common(adding);
  adding->callback([options, &exit_code] { add(*options, exit_code); });
  CLI::App* listing = token->add_subcommand("list", "all accounts and their roles");
  common(listing);
  listing->callback([options, &exit_code] { list(*options, exit_code); });
  CLI::App* changing = token->add_subcommand(
      "password", "set a person's password, read from the standard input; their sessions end");
  changing->add_option("NAME", options->name, "the account's name")->required();
  changing->add_flag("--one-time", options->one_time, "make a new one-time password instead, where one was lost; it is shown once");
  common(changing);
  changing->callback([options, &exit_code] { password(*options, exit_code); });
  CLI::App* revoking = token->add_subcommand("revoke", "remove an account; its sessions end too");
  revoking->add_option("NAME", options->name, "the account's name")->required();
  common(revoking);
  revoking->callback([options, &exit_code] { revoke(*options, exit_code); });
}

}  // namespace ioc::commands
