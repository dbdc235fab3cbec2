// YAML configuration, wrapped once. A component's struct declares each setting once: name, default, bounds, text.
//
//   struct Limits {
//     std::uint64_t body_bytes_max = 1 << 20;
//     void declare(config::Fields& fields) {
//       fields.number("body_bytes_max", body_bytes_max, 1024, 64 << 20, "largest body that is read, in bytes");
//     }
//   };
//
// Unknown keys are mistakes. All mistakes are reported at once, each with file, line and what to do.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/time.h"

namespace ioc::config {

class Fields {
 public:
  virtual ~Fields() = default;
  virtual void text(std::string_view name, std::string& value, std::string_view help) = 0;
  virtual void flag(std::string_view name, bool& value, std::string_view help) = 0;
  virtual void number(std::string_view name, std::uint64_t& value, std::uint64_t min, std::uint64_t max,
                      std::string_view help) = 0;
  // "250ms", "30s", "15m", "72h", "400d".
  virtual void duration(std::string_view name, Millis& value, Millis min, Millis max, std::string_view help) = 0;
  // The same, or "never", which is 0.
  virtual void duration_or_never(std::string_view name, Millis& value, Millis min, Millis max, std::string_view help) = 0;
  virtual void choice(std::string_view name, std::string& value, const std::vector<std::string>& allowed,
                      std::string_view help) = 0;
  // Where a server listens (address.h).
  virtual void address(std::string_view name, std::string& value, std::string_view help) = 0;
  virtual void texts(std::string_view name, std::vector<std::string>& values, std::string_view help) = 0;
  // A key of another component's in the same file: known, not read.
  virtual void reserved(std::string_view name) = 0;

  template <class T>
  void section(std::string_view name, T& value, std::string_view help) {
    within(name, help, [&value](Fields& fields) { value.declare(fields); });
  }
  template <class T>
  void list(std::string_view name, std::vector<T>& values, std::string_view help) {
    each(name, help, [&values](Fields& fields) {
      T item;
      item.declare(fields);
      values.push_back(std::move(item));
    });
  }

 protected:
  virtual void within(std::string_view name, std::string_view help, const std::function<void(Fields&)>& read) = 0;
  virtual void each(std::string_view name, std::string_view help, const std::function<void(Fields&)>& read) = 0;
};

// Empty: read. Else every mistake, "file:line: key: what is wrong and what to do".
using Mistakes = std::vector<std::string>;

[[nodiscard]] Mistakes read_text(std::string_view yaml, std::string_view file_name,
                                 const std::function<void(Fields&)>& declare);
[[nodiscard]] Mistakes read_file(const std::string& path, const std::function<void(Fields&)>& declare);

template <class T>
[[nodiscard]] Mistakes load(const std::string& path, T& into) {
  return read_file(path, [&into](Fields& fields) { into.declare(fields); });
}

// The settings with their defaults, bounds and texts, as commented YAML: for `--help` and docs.
[[nodiscard]] std::string describe(const std::function<void(Fields&)>& declare);

}  // namespace ioc::config
