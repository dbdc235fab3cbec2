// Reads what a desk answers to GET, page by page, for the commands that look at it or take from it.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "libs/base/result.h"
#include "libs/http/client.h"

namespace ioc::commands {

// The members of a desk's answer; what is missing or null is "".
std::string text_in(const boost::json::object& object, std::string_view key);
const boost::json::array* list_in(const boost::json::object& object, std::string_view key);

// The words of a report as triage reads them (libs/triage/stages/classify_text.h).
std::string words_in(const boost::json::object& report);

class DeskReader {
 public:
  // `token_file`: else IOC_TOKEN. Permanent: the file cannot be read.
  [[nodiscard]] static Result<DeskReader> open(const std::string& url, const std::string& token_file);

  // Transient: not there, or a fault of its own. Permanent: the token does not open it. Corrupt: it knows no such thing,
  // or its answer is none.
  [[nodiscard]] Result<boost::json::object> get(const std::string& target);
  // Nothing: the desk answers 404, it does not hold this (any more). All else that is no answer is an error, as of get().
  [[nodiscard]] Result<std::optional<boost::json::object>> find(const std::string& target);
  // Each object of the list `key`, following `next`, one page in memory at a time; `take` says whether it wants more, or
  // refuses to go on. Corrupt, beside what get() says: the pages lead round in a circle.
  using Take = std::function<Result<bool>(const boost::json::object&)>;
  [[nodiscard]] Result<void> each(const std::string& target, std::string_view key, const Take& take);

 private:
  DeskReader(std::string url, http::Client client) : x_url(std::move(url)), x_client(std::move(client)) {}
  std::string x_url;
  http::Client x_client;
};

// Says it on stderr; what the process ends with (API.md).
int failed_at_desk(const Error& error);

}  // namespace ioc::commands
