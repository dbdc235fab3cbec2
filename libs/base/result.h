// `Result<T>` for what goes wrong in the world (broker down, disk full). What is wrong in data is a value
// with a reason, and a bug ends the process (assert.h).
#pragma once

#include <boost/system/result.hpp>
#include <stdexcept>
#include <string>
#include <utility>

namespace ioc {

enum class ErrorKind {
  Transient,  // try again later
  Permanent,  // trying again will not help: wrong configuration, no permission
  Corrupt,    // stored bytes are not what was written
};

struct [[nodiscard]] Error {
  ErrorKind kind = ErrorKind::Permanent;
  std::string message;  // what happened and what to do next
};

inline Error transient(std::string message) { return {ErrorKind::Transient, std::move(message)}; }
inline Error permanent(std::string message) { return {ErrorKind::Permanent, std::move(message)}; }
inline Error corrupt(std::string message) { return {ErrorKind::Corrupt, std::move(message)}; }

// Found by Boost through the argument's namespace when `.value()` is called on an error: start-up code only.
[[noreturn]] inline void throw_exception_from_error(const Error& error, const boost::source_location&) {
  throw std::runtime_error(error.message);
}

template <class T>
using Result = boost::system::result<T, Error>;

}  // namespace ioc
