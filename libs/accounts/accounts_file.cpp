#include "libs/accounts/accounts_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>
#include <sstream>

#include "libs/accounts/secrets.h"
#include "libs/base/descriptor.h"
#include "libs/base/replace_file.h"
#include "libs/config/config.h"

namespace ioc::accounts {
namespace {

constexpr std::string_view kHead =
    "# Accounts of the Intelligent Operations Center. Only hashes: a lost token or password is made anew, never read.\n"
    "# Changed by `ioc token`; running processes notice within a second.\n";

Error world_error(const std::string& what, const std::string& path) {
  return transient(what + " " + path + ": " + std::strerror(errno));
}

struct RawAccount {
  std::string name, kind = "token", hash, created;
  bool one_time = false;
  std::vector<std::string> roles;
  void declare(config::Fields& fields) {
    fields.text("name", name, "letters, digits, '.', '-', '_'; at most 64");
    fields.choice("kind", kind, {"token", "person"}, "a program's token or a person's password");
    fields.texts("roles", roles, "source:<feed>, operator, supervisor, kiosk, subscriber:<id>, leader, metrics, admin");
    fields.text("hash", hash, "BLAKE2b-256 of the token in hex, or the password's argon2id text");
    fields.flag("one_time", one_time, "the person has to change the password before anything else");
    fields.text("created", created, "when");
  }
};

struct RawFile {
  std::vector<RawAccount> accounts;
  void declare(config::Fields& fields) { fields.list("accounts", accounts, "tokens and persons"); }
};

// What the file's grammar cannot say; each text names the account.
void check(const std::string& path, const RawAccount& raw, Account& account, config::Mistakes& mistakes) {
  const auto mistake = [&](const std::string& what) {
    mistakes.push_back(path + ": account '" + raw.name + "': " + what);
  };
  if (!is_account_name(raw.name)) mistake("a name has 1 to 64 letters, digits, '.', '-' or '_'");
  account.name = raw.name;
  account.kind = raw.kind == "person" ? AccountKind::Person : AccountKind::Token;
  account.created = raw.created;
  account.hash = raw.hash;
  account.one_time = raw.one_time;
  if (raw.one_time && account.kind != AccountKind::Person) mistake("only a person's password can be one_time");
  if (raw.roles.empty()) mistake("has no role; give it one or revoke it");
  for (const std::string& text : raw.roles) {
    if (auto role = role_named(text)) {
      account.roles.push_back(std::move(*role));
    } else {
      mistake("no role '" + text + "'; roles are source:<feed>, operator, supervisor, kiosk, subscriber:<id>, leader, "
              "metrics, admin");
    }
  }
  const bool fits = account.kind == AccountKind::Person ? is_password_hash(raw.hash) : is_token_hash(raw.hash);
  if (!fits) mistake("its hash is none of a " + raw.kind + "; revoke the account and add it again");
}

Result<std::string> read_whole(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return world_error("cannot read", path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string render(const std::vector<Account>& accounts) {
  std::string text(kHead);
  text += accounts.empty() ? "accounts: []\n" : "accounts:\n";
  for (const Account& account : accounts) {
    text += "  - name: \"" + account.name + "\"\n    kind: " + std::string(name_of(account.kind)) + "\n    roles: [";
    for (std::size_t i = 0; i < account.roles.size(); ++i) {
      text += (i == 0 ? "\"" : ", \"") + name_of(account.roles[i]) + "\"";
    }
    text += "]\n    hash: \"" + account.hash + "\"\n";
    if (account.one_time) text += "    one_time: true\n";
    text += "    created: \"" + account.created + "\"\n";
  }
  return text;
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

Result<void> replace(const std::string& path, std::string_view bytes) {
  if (auto replaced = replace_file(path, bytes, 0600); !replaced) return replaced;
  const Descriptor folder(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.ok() || ::fsync(folder.get()) != 0) return world_error("cannot sync the folder of", path);
  return {};
}

// The file itself is replaced, so the lock lies beside it.
Result<int> lock(const std::string& path) {
  const std::string name = path + ".lock";
  const int fd = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return world_error("cannot create", name);
  while (::flock(fd, LOCK_EX) != 0) {
    if (errno == EINTR) continue;
    const Error error = world_error("cannot lock", name);
    ::close(fd);
    return error;
  }
  return fd;
}

}  // namespace

std::string_view name_of(AccountKind kind) { return kind == AccountKind::Person ? "person" : "token"; }

bool is_account_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == '_';
  });
}

Result<Stamp> stamp_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return world_error("cannot look at", path);
  return Stamp{status.st_ino, static_cast<std::uint64_t>(status.st_size),
               static_cast<std::int64_t>(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec};
}

Result<Content> read_accounts(const std::string& path) {
  // The stamp first: a change in between is then noticed at the next look.
  const auto stamp = stamp_of(path);
  if (!stamp) return stamp.error();
  const auto text = read_whole(path);
  if (!text) return text.error();
  RawFile raw;
  config::Mistakes mistakes = config::read_text(*text, path, [&](config::Fields& fields) { raw.declare(fields); });
  Content content{{}, *stamp};
  std::set<std::string> names;
  for (const RawAccount& item : raw.accounts) {
    Account account;
    check(path, item, account, mistakes);
    if (!names.insert(account.name).second) mistakes.push_back(path + ": account '" + account.name + "' is there twice");
    content.accounts.push_back(std::move(account));
  }
  if (mistakes.empty()) return content;
  std::string all;
  for (const std::string& mistake : mistakes) all += (all.empty() ? "" : "\n") + mistake;
  return permanent(std::move(all));
}

Result<void> change_accounts(const std::string& path,
                             const std::function<Result<void>(std::vector<Account>&)>& change) {
  const auto locked = lock(path);
  if (!locked) return locked.error();
  const Descriptor holder(*locked);
  std::vector<Account> accounts;
  if (::access(path.c_str(), F_OK) == 0) {
    auto content = read_accounts(path);
    if (!content) return content.error();
    accounts = std::move(content->accounts);
  }
  if (auto changed = change(accounts); !changed) return changed.error();
  return replace(path, render(accounts));
}

Result<void> create_accounts(const std::string& path) {
  if (::access(path.c_str(), F_OK) == 0) return {};
  return change_accounts(path, [](std::vector<Account>&) -> Result<void> { return {}; });
}

}  // namespace ioc::accounts
