#include "services/simulator/csv.h"

#include <unistd.h>
#include <zlib.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "services/simulator/report_row.h"

namespace ioc::simulator {
namespace {

class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& content, bool compressed = false) {
    static int number = 0;
    x_path = (std::filesystem::temp_directory_path() / ("ioc-csv-" + std::to_string(::getpid()) + "-" + std::to_string(++number))).string();
    if (compressed) {
      gzFile file = gzopen(x_path.c_str(), "wb");
      gzwrite(file, content.data(), static_cast<unsigned>(content.size()));
      gzclose(file);
    } else {
      std::ofstream(x_path, std::ios::binary) << content;
    }
  }
  ~TemporaryFile() { std::filesystem::remove(x_path); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  [[nodiscard]] const std::string& path() const { return x_path; }
  void cut_to(std::uintmax_t bytes) { std::filesystem::resize_file(x_path, bytes); }

 private:
  std::string x_path;
};

using Records = std::vector<std::vector<std::string>>;

Records read_all(const std::string& path) {
  auto reader = CsvReader::open(path);
  REQUIRE(reader.has_value());
  Records records;
  std::vector<std::string> fields;
  for (;;) {
    const auto more = reader->next(fields);
    REQUIRE(more.has_value());
    if (!*more) return records;
    records.push_back(fields);
  }
}

}  // namespace

TEST_CASE("csv: quoted fields hold commas, line ends and doubled quotes") {
  const TemporaryFile file("a,b\r\n\"x,y\",\"he said \"\"no\"\"\nand left\"\r\n1,\"\"\n");
  CHECK(read_all(file.path()) == Records{{"x,y", "he said \"no\"\nand left"}, {"1", ""}});
}

TEST_CASE("csv: the last line needs no end, empty lines and a byte order mark are skipped") {
  const TemporaryFile file("\xEF\xBB\xBFid,text\n\n1,một\n\n\n2,hai");
  auto reader = CsvReader::open(file.path());
  REQUIRE(reader.has_value());
  CHECK(reader->column("id") == std::size_t{0});
  CHECK_FALSE(reader->column("other").has_value());
  CHECK(read_all(file.path()) == Records{{"1", "một"}, {"2", "hai"}});
}

TEST_CASE("csv: a lone carriage return and a quote inside a field are content") {
  const TemporaryFile file("a,b\n1\r2,5\" pipe\n");
  CHECK(read_all(file.path()) == Records{{"1\r2", "5\" pipe"}});
}

TEST_CASE("csv: a gzip file reads like a plain one, across many buffers") {
  std::string content = "id,text\n";
  for (int i = 0; i < 40'000; ++i) content += std::to_string(i) + ",\"dòng, số " + std::to_string(i) + "\"\n";
  const TemporaryFile plain(content), packed(content, true);
  const Records records = read_all(packed.path());
  REQUIRE(records.size() == 40'000);
  CHECK(records[39'999] == std::vector<std::string>{"39999", "dòng, số 39999"});
  CHECK(records == read_all(plain.path()));
}

TEST_CASE("csv: a cut gzip file, an open quote and a missing field are corrupt, with the line") {
  std::string content = "id,text\n";
  for (int i = 0; i < 5'000; ++i) content += std::to_string(i) + "," + std::to_string(i * 7919) + "\n";
  TemporaryFile cut(content, true);
  cut.cut_to(std::filesystem::file_size(cut.path()) / 2);
  const TemporaryFile open_quote("a,b\n1,2\n3,\"four\n"), short_line("a,b\n1,2\n3\n");
  for (const auto& [path, what] : {std::pair{cut.path(), "line "}, {open_quote.path(), "line 3"}, {short_line.path(), "line 3"}}) {
    auto reader = CsvReader::open(path);
    REQUIRE(reader.has_value());
    std::vector<std::string> fields;
    auto more = reader->next(fields);
    while (more && *more) more = reader->next(fields);
    REQUIRE(more.has_error());
    CHECK(more.error().kind == ErrorKind::Corrupt);
    CHECK_THAT(more.error().message, Catch::Contains(what));
  }
}

TEST_CASE("csv: a file whose lines end in a carriage return alone is corrupt, and no file without rows") {
  const TemporaryFile file("id,text\r1,một\r2,hai\r");
  const auto opened = CsvReader::open(file.path());
  REQUIRE(opened.has_error());
  CHECK(opened.error().kind == ErrorKind::Corrupt);
  CHECK_THAT(opened.error().message, Catch::Contains("carriage return"));
}

TEST_CASE("csv: a missing file and an empty one are refused with what to do") {
  const TemporaryFile empty("");
  CHECK(CsvReader::open("/nowhere/at/all.csv").has_error());
  const auto opened = CsvReader::open(empty.path());
  REQUIRE(opened.has_error());
  CHECK_THAT(opened.error().message, Catch::Contains("columns"));
}

TEST_CASE("report row: id, times, category, address, text and position are sent; closings and labels are not") {
  const TemporaryFile file(
      "id,opened_at,closed_at,category,latitude,longitude,address,text,is_duplicate,duplicate_of\n"
      "17,2011-07-01T01:32:33,2011-07-02T00:00:00,Pothole,42.2710,-71.0772,\"39 Lorraine \"\"St\"\"\",a hole,1,16\n"
      "18,2011-07-01,,Pothole,,,,no place,0,\n19,x,,P,21.5°,105,,t,0,\n");
  auto reader = CsvReader::open(file.path());
  REQUIRE(reader.has_value());
  const auto rows = ReportRows::over(*reader);
  REQUIRE(rows.has_value());
  std::vector<std::string> fields;
  REQUIRE(*reader->next(fields));
  CHECK(rows->row(fields).json ==
        R"({"report_id":"17","text":"a hole","category":"Pothole","occurred_at":"2011-07-01T01:32:33","sent_at":"2011-07-01T01:32:33",)"
        R"("channel":"replay","address":"39 Lorraine \"St\"","position":{"lat":42.2710,"lon":-71.0772}})");
  REQUIRE(*reader->next(fields));
  CHECK(rows->row(fields).json ==
        R"({"report_id":"18","text":"no place","category":"Pothole","occurred_at":"2011-07-01","sent_at":"2011-07-01","channel":"replay"})");
  REQUIRE(*reader->next(fields));
  CHECK_THAT(rows->row(fields).json, Catch::Contains(R"("position":{"lat":"21.5°","lon":105})"));
}

TEST_CASE("report row: a file without the needed columns is refused, naming them") {
  const TemporaryFile file("id,when\n1,2\n");
  auto reader = CsvReader::open(file.path());
  REQUIRE(reader.has_value());
  const auto rows = ReportRows::over(*reader);
  REQUIRE(rows.has_error());
  CHECK_THAT(rows.error().message, Catch::Contains("opened_at, category, text"));
}

}  // namespace ioc::simulator
