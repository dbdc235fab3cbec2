#include <boost/json/object.hpp>

#include "libs/http/http.h"
#include "libs/http/status.h"

namespace ioc::http {
namespace {

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

const std::string* find_value(const Headers& list, std::string_view name) {
  for (const auto& [key, value] : list)
    if (key == name) return &value;
  return nullptr;
}

}  // namespace

std::string_view Request::header(std::string_view lower_case_name) const {
  const std::string* value = find_value(headers, lower_case_name);
  return value != nullptr ? std::string_view(*value) : std::string_view{};
}

std::optional<std::string_view> Request::query_value(std::string_view name) const {
  const std::string* value = find_value(query, name);
  if (value == nullptr) return std::nullopt;
  return std::string_view(*value);
}

std::string_view Request::param(std::string_view name) const {
  const std::string* value = find_value(params, name);
  return value != nullptr ? std::string_view(*value) : std::string_view{};
}

std::optional<std::string> Request::cookie(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key != "cookie") continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const auto end = std::min(rest.find(';'), rest.size());
      const std::string_view pair = trim(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      const auto equals = pair.find('=');
      if (equals == std::string_view::npos || trim(pair.substr(0, equals)) != name) continue;
      std::string_view found = trim(pair.substr(equals + 1));
      if (found.size() >= 2 && found.front() == '"' && found.back() == '"') found = found.substr(1, found.size() - 2);
      return std::string(found);
    }
  }
  return std::nullopt;
}

std::string_view Request::media_type() const {
  const std::string_view full = header("content-type");
  return trim(full.substr(0, std::min(full.find(';'), full.size())));
}

Response json(unsigned status, const boost::json::value& value) {
  return {status, "application/json", serialize(value), {}};
}

boost::json::object to_json(const Problem& problem) {
  boost::json::object out;
  out["type"] = "about:blank";
  const std::string_view title = problem.title.empty() ? reason_of(problem.status) : std::string_view(problem.title);
  out["title"] = title;
  out["status"] = problem.status;
  if (!problem.detail.empty()) out["detail"] = problem.detail;
  if (!problem.field.empty()) out["field"] = problem.field;
  if (!problem.limit.empty()) out["limit"] = problem.limit;
  if (!problem.received.empty()) out["received"] = problem.received;
  if (!problem.notice.empty()) out["notice"] = problem.notice;
  return out;
}

Response problem(const Problem& problem) {
  Response out{problem.status, "application/problem+json", serialize(to_json(problem)), {}};
  if (problem.retry_after_s) out.headers.emplace_back("Retry-After", std::to_string(*problem.retry_after_s));
  return out;
}

}  // namespace ioc::http
