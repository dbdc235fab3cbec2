#include "services/desk/pages/pages.h"

#include <sodium.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "services/desk/api/context.h"

namespace ioc::desk::pages {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kTypes{{
    {".html", "text/html; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"}, {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},         {".geojson", "application/geo+json"},      {".svg", "image/svg+xml"},
    {".png", "image/png"},                 {".ico", "image/x-icon"},                  {".woff2", "font/woff2"},
    {".woff", "font/woff"},                {".txt", "text/plain; charset=utf-8"},     {".webmanifest", "application/manifest+json"},
    {".map", "application/json"},          {".mp3", "audio/mpeg"},
}};

std::string type_of(const fs::path& path) {
  const std::string extension = path.extension().string();
  for (const auto& [known, type] : kTypes) {
    if (known == extension) return std::string(type);
  }
  return "application/octet-stream";
}

std::string etag_of(std::string_view content) {
  std::array<unsigned char, 16> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(content.data()), content.size(),
                     nullptr, 0);
  std::array<char, 2 * hash.size() + 1> hex{};
  sodium_bin2hex(hex.data(), hex.size(), hash.data(), hash.size());
  return "\"" + std::string(hex.data()) + "\"";
}

http::Response serve(const Files& files, const std::string& name, const http::Request& request) {
  const auto found = files.find(name);
  if (found == files.end()) return api::wrong(404, "not found", "this server has no such file; are the pages built?");
  const File& file = found->second;
  http::Response response;
  // Assets carry a hash of their content in their name: another content is another name.
  const bool immutable = name.starts_with("assets/");
  response.headers = {{"ETag", file.etag},
                      {"Cache-Control", immutable ? "public, max-age=31536000, immutable" : "no-cache"}};
  response.content_type = file.content_type;
  if (request.header("if-none-match") == file.etag) {
    response.status = 304;
  } else {
    response.body = file.content;
  }
  return response;
}

http::Response to_login(const http::Request& request) {
  http::Response response;
  response.status = 303;
  response.content_type = "text/plain; charset=utf-8";
  response.headers = {{"Location", "/login?next=" + request.path}, {"Cache-Control", "no-store"}};
  return response;
}

}  // namespace

Result<Files> read_folder(const std::string& folder) {
  std::error_code error;
  Files files;
  std::size_t bytes = 0;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (!at->is_regular_file()) continue;
    std::ifstream in(at->path(), std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) return permanent("cannot read " + at->path().string());
    std::string content = text.str();
    bytes += content.size();
    if (bytes > kBytesMax) return permanent(folder + " holds more than 64 MiB; is it the folder of the built pages?");
    std::string etag = etag_of(content);
    files[fs::relative(at->path(), folder).generic_string()] = {std::move(content), type_of(at->path()), std::move(etag)};
  }
  if (error) return permanent("cannot read the folder of the pages " + folder + ": " + error.message());
  return files;
}

std::string default_folder() {
  std::error_code error;
  const fs::path executable = fs::read_symlink("/proc/self/exe", error);
  return error ? "share/web" : (executable.parent_path().parent_path() / "share" / "web").string();
}

void add_routes(api::Routes& routes, const Files& files, const auth::Gate& gate) {
  const auto page = [&](const char* path, const char* file, bool open) {
    routes.add("GET", path, [&files, &gate, file, open](const http::Request& request)
                                             -> boost::asio::awaitable<http::Reply> {
      if (!open) {
        const auto caller = gate.caller(request);
        if (!caller || !auth::may(caller->who, auth::Need::Wall)) co_return to_login(request);
      }
      co_return serve(files, file, request);
    });
  };
  page("/wall", "wall.html", false);
  page("/desk", "desk.html", false);
  page("/login", "login.html", true);
  page("/favicon.ico", "favicon.ico", true);
  routes.add("GET", "/", [](const http::Request&) -> boost::asio::awaitable<http::Reply> {
    http::Response response;
    response.status = 303;
    response.content_type = "text/plain; charset=utf-8";
    response.headers = {{"Location", "/desk"}};
    co_return response;
  });
  routes.add("GET", "/assets/{rest*}", [&files](const http::Request& request) -> boost::asio::awaitable<http::Reply> {
    co_return serve(files, "assets/" + std::string(request.param("rest")), request);
  });
}

}  // namespace ioc::desk::pages
