#include "libs/http/head.h"

#include <algorithm>

#include "libs/http/percent.h"

namespace ioc::http {
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
namespace {

// Of one header: in Beast's list and in ours, as text, as nodes and as small strings.
constexpr std::size_t kCopies = 4, kFieldBytes = 200;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// "/a/b" out of "/a/b", "http://host/a/b"; empty when it is neither.
std::string_view origin_form(std::string_view target) {
  if (!target.empty() && target.front() == '/') return target;
  if (!target.starts_with("http://")) return {};
  target.remove_prefix(7);
  const auto slash = target.find('/');
  return slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
}

bool has_dot_segment(std::string_view path) {
  while (!path.empty()) {
    path.remove_prefix(1);
    const auto end = std::min(path.find('/'), path.size());
    const auto segment = path.substr(0, end);
    if (segment == "." || segment == "..") return true;
    path.remove_prefix(end);
  }
  return false;
}

Problem bad(std::string detail) { return {400, "", std::move(detail), "", "", "", {}}; }

std::optional<Problem> wrong_with_length(const Parser& parser, const ServerConfig& config) {
  const auto& message = parser.get();
  if (const auto codings = message.count(bhttp::field::transfer_encoding); codings > 0) {
    const bool plain = codings == 1 && beast::iequals(message[bhttp::field::transfer_encoding], "chunked");
    if (!plain || message.version() == 10 || message.count(bhttp::field::content_length) > 0)
      return bad("the only transfer coding understood is chunked, without Content-Length");
  }
  if (message.count(bhttp::field::content_length) > 1) return bad("more than one Content-Length");
  const auto length = parser.content_length();
  if (!length || *length <= config.body_bytes_max) return std::nullopt;
  Problem large = body_too_large(config.body_bytes_max);
  large.received = std::to_string(*length) + " bytes";
  return large;
}

}  // namespace

Problem body_too_large(std::size_t limit) {
  return {413, "", "the body is too large: send it in smaller parts", "", std::to_string(limit) + " bytes", "", {}};
}

std::optional<Problem> wrong_with_head(const Parser& parser, const ServerConfig& config) {
  const auto& message = parser.get();
  const auto fields = static_cast<std::size_t>(std::distance(message.begin(), message.end()));
  if (fields > config.header_fields_max) {
    return Problem{431, "", "the request has too many headers", "", std::to_string(config.header_fields_max) + " headers",
                   std::to_string(fields) + " headers", {}};
  }
  if (message.version() != 11 && message.version() != 10)
    return Problem{505, "", "only HTTP/1.1 and HTTP/1.0 are spoken here", "", "", "", {}};
  if (message.version() == 11 && message.count(bhttp::field::host) != 1) return bad("exactly one Host header is needed");
  if (auto wrong = wrong_with_length(parser, config)) return wrong;
  const auto expect = message[bhttp::field::expect];
  if (!expect.empty() && !beast::iequals(expect, "100-continue"))
    return Problem{417, "", "the only expectation understood is 100-continue", "", "", "", {}};
  return std::nullopt;
}

std::optional<Request> request_of(const Parser& parser, std::string& raw_path) {
  const auto& message = parser.get();
  std::string_view target = origin_form(message.target());
  target = target.substr(0, target.find('#'));
  const auto question = target.find('?');
  raw_path = std::string(target.substr(0, question));
  auto path = decode_percent(raw_path, false);
  auto query = decode_query(question == std::string_view::npos ? std::string_view{} : target.substr(question + 1));
  if (!path || !query || path->empty() || has_dot_segment(*path)) return std::nullopt;
  Request request;
  request.method = std::string(message.method_string());
  request.path = std::move(*path);
  request.query = std::move(*query);
  for (const auto& field : message) {
    std::string value(field.value());
    std::string name = lower(field.name_string());
    if (name == "content-type") value = lower(value.substr(0, value.find(';'))) + value.substr(std::min(value.find(';'), value.size()));
    request.headers.emplace_back(std::move(name), std::move(value));
  }
  return request;
}

std::size_t memory_of(const Request& head) {
  std::size_t bytes = 0;
  for (const auto* list : {&head.headers, &head.query}) {
    for (const auto& [name, value] : *list) bytes += kCopies * (name.size() + value.size()) + kFieldBytes;
  }
  return bytes + kCopies * head.path.size();
}

}  // namespace ioc::http
