#include "libs/accounts/first_login.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace ioc::accounts {
namespace {

Result<void> write_private(const std::string& path, const std::string& text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const bool written =
      file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
  const std::string why = written ? "" : std::strerror(errno);
  if (file >= 0) ::close(file);
  if (!written) return permanent("cannot write " + path + ": " + why);
  return {};
}

std::string login_file(const std::string& folder) { return folder + "/first-login.txt"; }

bool has_account(Accounts& accounts, std::string_view name) {
  const auto all = accounts.list();
  return std::any_of(all.begin(), all.end(), [&](const Accounts::Listed& one) { return one.name == name; });
}

}  // namespace

Result<std::optional<std::string>> make_first_login(Accounts& accounts, const std::string& folder) {
  const auto all = accounts.list();
  const bool someone = std::any_of(all.begin(), all.end(), [](const Accounts::Listed& one) { return one.kind == "person"; });
  if (someone) {
    drop_used_login(accounts, folder);
    return std::optional<std::string>();
  }
  auto password = accounts.add_person("admin", {{RoleKind::Admin, ""}, {RoleKind::Supervisor, ""}, {RoleKind::Operator, ""}});
  if (password.has_error()) return password.error();
  const std::string path = login_file(folder);
  if (auto written = write_private(path, "name: admin\npassword: " + *password + "\n"); written.has_error()) {
    return written.error();
  }
  return std::optional<std::string>(path);
}

void drop_used_login(Accounts& accounts, const std::string& folder) {
  std::ifstream in(login_file(folder));
  std::string key, name;
  if (!(in >> key >> name) || key != "name:") return;
  const auto all = accounts.list();
  const bool counts = std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.name == name && one.one_time; });
  std::error_code ignored;
  if (!counts) std::filesystem::remove(login_file(folder), ignored);
}

Result<std::string> local_token(Accounts& accounts, const std::string& folder, const std::string& name,
                                const std::vector<Role>& roles) {
  const std::string path = folder + "/" + name + ".token";
  std::string token;
  if (std::ifstream in(path); in && (in >> token) && accounts.by_bearer("Bearer " + token)) return token;
  if (has_account(accounts, name)) {
    if (auto revoked = accounts.revoke(name); revoked.has_error()) return revoked.error();
  }
  auto made = accounts.add_token(name, roles);
  if (made.has_error()) return made.error();
  if (auto written = write_private(path, *made + "\n"); written.has_error()) return written.error();
  return made;
}

}  // namespace ioc::accounts
