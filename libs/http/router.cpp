#include <algorithm>

#include "libs/base/assert.h"
#include "libs/http/http.h"
#include "libs/http/percent.h"

namespace ioc::http {
namespace {

bool is_param(std::string_view segment) { return segment.size() >= 2 && segment.front() == '{' && segment.back() == '}'; }
bool is_rest(std::string_view segment) { return is_param(segment) && segment.size() >= 3 && segment[segment.size() - 2] == '*'; }

std::vector<std::string> split(std::string_view path) {
  std::vector<std::string> out;
  if (!path.empty() && path.front() == '/') path.remove_prefix(1);
  while (true) {
    const auto end = path.find('/');
    out.emplace_back(path.substr(0, end));
    if (end == std::string_view::npos) return out;
    path.remove_prefix(end + 1);
  }
}

// What the route's parameters took, or nullopt.
std::optional<Headers> matched(const std::vector<std::string>& route, const std::vector<std::string>& path) {
  Headers params;
  for (std::size_t i = 0; i < route.size(); ++i) {
    if (is_rest(route[i])) {
      std::string rest;
      for (std::size_t j = i; j < path.size(); ++j) rest += (j > i ? "/" : "") + path[j];
      params.emplace_back(route[i].substr(1, route[i].size() - 3), std::move(rest));
      return params;
    }
    if (i >= path.size()) return std::nullopt;
    if (is_param(route[i])) {
      if (path[i].empty()) return std::nullopt;
      params.emplace_back(route[i].substr(1, route[i].size() - 2), path[i]);
    } else if (route[i] != path[i]) {
      return std::nullopt;
    }
  }
  if (route.size() != path.size()) return std::nullopt;
  return params;
}

// Literal segments win over parameters, those over "the rest", from the left.
std::string specificity(const std::vector<std::string>& segments) {
  std::string out;
  for (const auto& segment : segments) out += is_rest(segment) ? 'a' : is_param(segment) ? 'b' : 'c';
  return out;
}

}  // namespace

void Router::add(std::string method, std::string pattern, Handler handler, Essential essential) {
  IOC_ASSERT(!pattern.empty() && pattern.front() == '/');
  auto table = std::make_shared<Table>(*x_table.load());
  for (const auto& route : table->routes) IOC_ASSERT(!(route.method == method && route.pattern == pattern));
  Route route{std::move(method), split(pattern), std::move(pattern), std::move(handler), essential};
  const auto place = std::find_if(table->routes.begin(), table->routes.end(), [&route](const Route& other) {
    return specificity(other.segments) < specificity(route.segments);
  });
  table->routes.insert(place, std::move(route));
  x_table.store(std::move(table));
}

void Router::otherwise(Handler handler) {
  auto table = std::make_shared<Table>(*x_table.load());
  table->otherwise = std::move(handler);
  x_table.store(std::move(table));
}

Router::Match Router::find(std::string_view method, std::string_view path) const {
  std::vector<std::string> segments;
  for (const auto& segment : split(path)) {
    auto decoded = decode_percent(segment, false);
    if (!decoded) return {};
    segments.push_back(std::move(*decoded));
  }
  auto table = x_table.load();
  Match match = matched_in(*table, method, segments);
  if (match.handler == nullptr && match.allowed.empty() && table->otherwise) match.handler = &table->otherwise;
  match.table = std::move(table);
  return match;
}

Router::Match Router::matched_in(const Table& table, std::string_view method, const std::vector<std::string>& segments) {
  Match match;
  std::vector<std::string_view> allowed;
  std::string nearest;  // of the pattern that describes the path best
  for (const auto& route : table.routes) {
    auto params = matched(route.segments, segments);
    if (!params) continue;
    const std::string described = specificity(route.segments);
    if (!allowed.empty() && described != nearest) break;
    nearest = described;
    if (route.method == method || (method == "HEAD" && route.method == "GET"))
      return {&route.handler, std::move(*params), route.pattern, {}, route.essential == Essential::Yes, {}};
    match.pattern = route.pattern;
    allowed.push_back(route.method);
    if (route.method == "GET") allowed.push_back("HEAD");
  }
  std::sort(allowed.begin(), allowed.end());
  allowed.erase(std::unique(allowed.begin(), allowed.end()), allowed.end());
  for (const auto name : allowed) match.allowed += (match.allowed.empty() ? "" : ", ") + std::string(name);
  return match;
}

std::vector<std::pair<std::string, std::string>> Router::routes() const {
  const auto table = x_table.load();
  std::vector<std::pair<std::string, std::string>> out;
  out.reserve(table->routes.size());
  for (const auto& route : table->routes) out.emplace_back(route.method, route.pattern);
  return out;
}

}  // namespace ioc::http
