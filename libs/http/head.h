// A request's line and headers, before its body is read: what is refused of them, and the Request that they make.
#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>
#include <string>

#include "libs/http/http.h"

namespace ioc::http {

using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

// What Beast lets through and a front server may read otherwise, and what is too large.
std::optional<Problem> wrong_with_head(const Parser& parser, const ServerConfig& config);

Problem body_too_large(std::size_t limit);

// nullopt: path or query is not valid. `raw_path`: the path as sent. What comes behind the body (trailers) is never a header.
std::optional<Request> request_of(const Parser& parser, std::string& raw_path);

// About what the headers of a request take in memory.
std::size_t memory_of(const Request& head);

}  // namespace ioc::http
