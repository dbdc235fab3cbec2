#include "services/simulator/csv.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <zlib.h>

#include <algorithm>
#include <array>

namespace ioc::simulator {

// zlib reads plain files as they are, so one path serves both.
struct CsvReader::Input {
  gzFile file = nullptr;
  std::int64_t size = 0;
  std::array<char, 1 << 16> buffer{};
  std::size_t at = 0, end = 0;
  std::string error;

  Input() = default;
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;
  ~Input() {
    if (file) gzclose(file);
  }

  // -1 at the end or on an error (then `error` says which).
  int get() {
    if (at == end && !fill()) return -1;
    return static_cast<unsigned char>(buffer[at++]);
  }
  int peek() {
    if (at == end && !fill()) return -1;
    return static_cast<unsigned char>(buffer[at]);
  }
  bool fill() {
    if (!error.empty()) return false;
    const int got = gzread(file, buffer.data(), static_cast<unsigned>(buffer.size()));
    at = 0;
    end = got > 0 ? static_cast<std::size_t>(got) : 0;
    if (got <= 0) check();
    return got > 0;
  }
  void check() {
    int code = Z_OK;
    const char* text = gzerror(file, &code);
    if (code != Z_OK && code != Z_STREAM_END) error = text && *text ? text : "unexpected end of the compressed data";
  }
};

CsvReader::CsvReader(std::unique_ptr<Input> input) : x_input(std::move(input)) {}
CsvReader::CsvReader(CsvReader&&) noexcept = default;
CsvReader::~CsvReader() = default;

Result<CsvReader> CsvReader::open(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) {
    if (S_ISDIR(info.st_mode)) return permanent(fmt::format("{}: is a folder; name a CSV file, plain or .gz", path));
    return permanent(fmt::format("{}: no such file; name a CSV file, plain or .gz", path));
  }
  auto input = std::make_unique<Input>();
  input->size = info.st_size;
  input->file = gzopen(path.c_str(), "rb");
  if (!input->file) return permanent(fmt::format("{}: cannot be opened; check its permissions", path));
  gzbuffer(input->file, 1 << 17);
  CsvReader reader(std::move(input));
  if (reader.x_input->peek() == 0xEF) {
    for (int i = 0; i < 3; ++i) reader.x_input->get();
  }
  std::string problem;
  if (reader.record(reader.x_columns, problem) != Got::Record) {
    return corrupt(fmt::format("{}: the first line must name the columns{}{}", path, problem.empty() ? "" : ": ", problem));
  }
  const bool ended = reader.x_input->peek() < 0;
  const auto has_return = [](const std::string& name) { return name.find('\r') != std::string::npos; };
  if (ended && std::any_of(reader.x_columns.begin(), reader.x_columns.end(), has_return)) {
    return corrupt(fmt::format("{}: its lines end in a carriage return alone; convert it, with tr '\\r' '\\n' <FILE >OTHER", path));
  }
  return reader;
}

std::optional<std::size_t> CsvReader::column(std::string_view name) const {
  const auto found = std::find(x_columns.begin(), x_columns.end(), name);
  if (found == x_columns.end()) return std::nullopt;
  return static_cast<std::size_t>(found - x_columns.begin());
}

double CsvReader::done() const {
  if (x_input->size <= 0) return 1;
  return std::min(1.0, static_cast<double>(gzoffset(x_input->file)) / static_cast<double>(x_input->size));
}

Result<bool> CsvReader::next(std::vector<std::string>& fields) {
  std::string problem;
  switch (record(fields, problem)) {
    case Got::End: return false;
    case Got::Broken: return corrupt(fmt::format("line {}: {}", x_line, problem));
    case Got::Record: break;
  }
  if (fields.size() != x_columns.size()) {
    return corrupt(fmt::format("line {}: {} fields where the first line names {}", x_line, fields.size(), x_columns.size()));
  }
  return true;
}

namespace {

// One record's fields, byte by byte; tells when it is complete.
struct Record {
  std::vector<std::string>& fields;
  bool quoted = false, was_quoted = false;

  std::string& field() { return fields.back(); }
  void separator() {
    fields.emplace_back();
    was_quoted = false;
  }
  [[nodiscard]] bool empty() const { return fields.size() == 1 && fields[0].empty() && !was_quoted; }
};

}  // namespace

CsvReader::Got CsvReader::record(std::vector<std::string>& fields, std::string& problem) {
  fields.assign(1, {});
  Record record{fields};
  std::size_t bytes = 0;
  x_line = x_next_line;
  for (;;) {
    const int byte = x_input->get();
    if (byte < 0) {
      problem = !x_input->error.empty() ? x_input->error : record.quoted ? "a quote that is never closed" : "";
      if (!problem.empty()) return Got::Broken;
      return record.empty() ? Got::End : Got::Record;
    }
    if (++bytes > kRecordBytesMax) {
      problem = fmt::format("a record of more than {} bytes; is a quote open?", kRecordBytesMax);
      return Got::Broken;
    }
    const char c = static_cast<char>(byte);
    if (c == '\n') ++x_next_line;
    if (record.quoted) {
      if (c != '"') {
        record.field() += c;
      } else if (x_input->peek() == '"') {
        record.field() += static_cast<char>(x_input->get());
      } else {
        record.quoted = false;
      }
    } else if (c == '"' && record.field().empty() && !record.was_quoted) {
      record.quoted = record.was_quoted = true;
    } else if (c == ',') {
      record.separator();
    } else if (c == '\n') {
      if (!record.empty()) return Got::Record;
      x_line = x_next_line;
    } else if (c != '\r' || x_input->peek() != '\n') {
      record.field() += c;
    }
  }
}

std::string csv_quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + '"';
}

std::string csv_field(std::string_view text) {
  return text.find_first_of(",\"\r\n") == std::string_view::npos ? std::string(text) : csv_quoted(text);
}

}  // namespace ioc::simulator
