#include "services/ioc/commands/desk_reader.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "libs/http/page_trail.h"
#include "libs/process/exit_code.h"
#include "libs/process/read_token.h"

namespace ioc::commands {

namespace json = boost::json;

std::string text_in(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (!value || value->is_null()) return {};
  return value->is_string() ? std::string(value->get_string()) : json::serialize(*value);
}

std::string words_in(const json::object& report) {
  const std::string title = text_in(report, "title"), text = text_in(report, "text");
  return title.empty() ? text : title + ". " + text;
}

const json::array* list_in(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value ? value->if_array() : nullptr;
}

Result<DeskReader> DeskReader::open(const std::string& url, const std::string& token_file) {
  const auto token = process::read_token(token_file);
  if (!token) return token.error();
  http::Client client(url);
  if (!token->empty()) client.set_token(*token);
  return DeskReader(url, std::move(client));
}

Result<json::object> DeskReader::get(const std::string& target) {
  auto found = find(target);
  if (!found) return found.error();
  if (!*found) return corrupt(fmt::format("{}{} is not there (404); check the id and the address of the desk", x_url, target));
  return std::move(**found);
}

Result<std::optional<json::object>> DeskReader::find(const std::string& target) {
  const auto answer = x_client.request("GET", target);
  if (!answer) return answer.error();
  if (answer->status == 401 || answer->status == 403) {
    return permanent(fmt::format("{} answered {}: give a token with the role operator (--token-file FILE or IOC_TOKEN)", x_url, answer->status));
  }
  boost::system::error_code error;
  json::value body = json::parse(answer->body, error);
  if (answer->status >= 500) return transient(fmt::format("{} answered {}: {}", x_url, answer->status, answer->body.substr(0, 500)));
  if (error || !body.is_object()) return corrupt(fmt::format("{} answered {} with something that is no JSON object; is it a desk?", x_url, answer->status));
  if (answer->status == 404) return std::optional<json::object>();
  if (answer->status != 200) {
    const json::object& problem = body.get_object();
    return corrupt(fmt::format("{}{}: {}: {} ({}); check that this is a desk of the same release", x_url, target, text_in(problem, "title"),
                               text_in(problem, "detail"), answer->status));
  }
  return std::optional<json::object>(std::move(body.get_object()));
}

Result<void> DeskReader::each(const std::string& target, std::string_view key, const Take& take) {
  std::string cursor;
  http::PageTrail trail;
  do {
    const char* joined_by = target.find('?') == std::string::npos ? "?" : "&";
    const auto page = get(cursor.empty() ? target : target + joined_by + "cursor=" + http::escape(cursor));
    if (!page) return page.error();
    const json::array* items = list_in(*page, key);
    if (!items) return corrupt(fmt::format("{} answered without a list of {}; is it a desk?", x_url, key));
    for (const json::value& item : *items) {
      if (!item.is_object()) return corrupt(fmt::format("{} answered with {} that are none", x_url, key));
      const auto more = take(item.get_object());
      if (!more) return more.error();
      if (!*more) return {};
    }
    cursor = text_in(*page, "next");
    if (!cursor.empty() && !trail.goes_on(cursor)) {
      return corrupt(fmt::format("{}{} answers with the same pages of {} again and again (cursor {}); is it a desk, and of the same release?", x_url, target,
                                 key, cursor.substr(0, 100)));
    }
  } while (!cursor.empty());
  return {};
}

int failed_at_desk(const Error& error) {
  fmt::print(stderr, "{}\n", error.message);
  switch (error.kind) {
    case ErrorKind::Transient: return process::kMissing;
    case ErrorKind::Permanent: return process::kConfiguration;
    case ErrorKind::Corrupt: return process::kFoundWrong;
  }
  return process::kFoundWrong;
}

}  // namespace ioc::commands
