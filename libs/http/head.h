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

// The problem with a head that is too large, or that Beast accepts and a front server may read in another way; nullopt: none.
std::optional<Problem> wrong_with_head(const Parser& parser, const ServerConfig& config);

Problem body_too_large(std::size_t limit);

// nullopt: path or query is not valid. `raw_path`: the path as sent. Trailers are never headers.
std::optional<Request> request_of(const Parser& parser, std::string& raw_path);

// About what the headers of a request take in memory.
std::size_t memory_of(const Request& head);

}  // namespace ioc::http
