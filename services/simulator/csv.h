// Reads a CSV file, plain or gzip, as a stream: memory does not grow with the file.
//
//   file   = record *( EOL record ) [ EOL ]        EOL = LF / CRLF
//   record = field *( "," field )
//   field  = *( any byte but "," LF ) / DQUOTE *( any byte but DQUOTE / 2DQUOTE ) DQUOTE
//
// A quoted field may hold commas, line ends and doubled quotes. A byte order mark at the start is skipped.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"

namespace ioc::simulator {

class CsvReader {
 public:
  static constexpr std::size_t kRecordBytesMax = 1 << 20;

  // Permanent: the file cannot be opened. Corrupt: it has no first line with the names of its columns,
  // or its lines end in CR alone.
  [[nodiscard]] static Result<CsvReader> open(const std::string& path);
  CsvReader(CsvReader&&) noexcept;
  ~CsvReader();

  [[nodiscard]] const std::vector<std::string>& columns() const { return x_columns; }
  [[nodiscard]] std::optional<std::size_t> column(std::string_view name) const;

  // The next record into `fields` (reused); false at the end. Empty lines are skipped. Corrupt, with the line's
  // number: a truncated gzip stream, a quote that is never closed, another number of fields than the first line has.
  [[nodiscard]] Result<bool> next(std::vector<std::string>& fields);

  [[nodiscard]] std::uint64_t line() const { return x_line; }  // where the record read last begins, from 1
  [[nodiscard]] double done() const;                           // share of the file's bytes read, 0 to 1

 private:
  struct Input;
  explicit CsvReader(std::unique_ptr<Input> input);
  enum class Got { Record, End, Broken };
  Got record(std::vector<std::string>& fields, std::string& problem);

  std::unique_ptr<Input> x_input;
  std::vector<std::string> x_columns;
  std::uint64_t x_line = 0, x_next_line = 1;
};

// A field in quotes, those in it doubled (RFC 4180); csv_field: only where it needs them.
[[nodiscard]] std::string csv_quoted(std::string_view text);
[[nodiscard]] std::string csv_field(std::string_view text);

}  // namespace ioc::simulator
