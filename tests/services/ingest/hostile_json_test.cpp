#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <set>

#include <unistd.h>

#include "services/ingest/formats/format.h"
#include "tests/services/ingest/samples.h"

using namespace ioc;
using namespace ioc::ingest;

namespace {

const Identity& identity() {
  static const Identity one(std::string(32, 'k'));
  return one;
}

ParseResult parse(const Format& format, std::string_view bytes) {
  static const Config config;
  return parse_bytes(format, bytes, {identity(), config.limits, config.frigate_kinds});
}

ParseResult parse_report(std::string_view bytes) { return parse(*format_named("citizen-report"), bytes); }

std::string reason(const ParseResult& result) {
  const auto* refusal = std::get_if<Refusal>(&result);
  return refusal == nullptr ? "" : refusal->reason;
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

}  // namespace

TEST_CASE("hostile JSON: what is no JSON object is refused as malformed") {
  CHECK(reason(parse_report("")) == "not_json");
  CHECK(reason(parse_report("{")) == "not_json");
  CHECK(reason(parse_report(R"({"text":"a"}{"text":"b"})")) == "not_json");
  CHECK(reason(parse_report(R"({"text":"a",})")) == "not_json");
  CHECK(reason(parse_report(R"({'text':'a'})")) == "not_json");
  CHECK(reason(parse_report(R"({"text":NaN})")) == "missing");  // not quite JSON, and no text
  CHECK(reason(parse_report(R"({"text":"a","x":NaNa})")) == "not_json");
  CHECK(reason(parse_report(R"({"text":"a","x":- Infinity})")) == "not_json");
  CHECK(reason(parse_report(R"({NaN:"a","text":"b"})")) == "not_json");
  CHECK(reason(parse_report(R"({"text":"a\ud8"})")) == "not_json");
  CHECK(reason(parse_report(R"({"text":"a","x":0912.})")) == "not_json");
  CHECK(reason(parse_report(R"({"text":"a","x":"\ud83d)")) == "not_json");
  CHECK(reason(parse_report("{\"text\":\"a\nb\"}")) == "not_json");
  CHECK(reason(parse_report(std::string("{\"text\":\"a\"}\0", 13))) == "not_json");
  CHECK(reason(parse_report("[]")) == "not_an_object");
  CHECK(reason(parse_report("7")) == "not_an_object");
}

TEST_CASE("hostile JSON: UTF-8 is checked once, a byte order mark is passed over") {
  CHECK(reason(parse_report("{\"text\":\"\xff\"}")) == "not_utf8");
  CHECK(reason(parse_report("{\"text\":\"\xc0\xaf\"}")) == "not_utf8");
  CHECK(reason(parse_report("{\"text\":\"\xed\xa0\x80\"}")) == "not_utf8");
  CHECK(reason(parse_report("{\"text\":\"\xe1\xbb\"}")) == "not_utf8");
  CHECK(reason(parse_report("\xEF\xBB\xBF{\"text\":\"a\"}")).empty());
  CHECK(reason(parse_report(std::string("\xff\xfe{\0\"\0", 6))) == "not_utf8");
}

TEST_CASE("hostile JSON: depth and size are bounded") {
  CHECK(reason(parse_report(repeated("[", 100'000))) == "too_deep");
  CHECK(reason(parse_report(R"({"text":"a","x":)" + repeated("[", 33) + repeated("]", 33) + "}")) == "too_deep");
  CHECK(reason(parse_report(R"({"text":"a","x":)" + repeated("{\"a\":", 20'000) + "1" + repeated("}", 20'000) + "}")) == "too_deep");
  CHECK(reason(parse_report(R"({"text":"a","x":)" + repeated("[", 20) + repeated("]", 20) + "}")).empty());
  CHECK(reason(parse_report(R"({"text":"a","n":NaN,"x":)" + repeated("[", 33) + repeated("]", 33) + "}")) == "too_deep");
  CHECK(reason(parse_report(R"({"text":"a","x":[)" + repeated("NaN,", 50'000) + "0]}")).empty());
  CHECK(reason(parse_report(R"({"text":"a","x":")" + repeated("\\ud83d", 40'000) + "\"}")).empty());
  const auto large = parse_report(R"({"text":")" + std::string(300'000, 'x') + "\"}");
  CHECK(reason(large) == "too_large");
  CHECK(status_of(std::get<Refusal>(large).kind) == 413);
}

TEST_CASE("hostile JSON: huge numbers and doubled keys are values like others") {
  CHECK(reason(parse_report(R"({"text":"a","x":1e99999,"y":123456789012345678901234567890,"z":-0})")).empty());
  const auto twice = parse_report(R"({"text":"a","text":"b"})");
  CHECK(std::get<CitizenReport>(std::get<Parsed>(twice).event.body).text == "b");
  CHECK(reason(parse_report(R"({"text":[1e5]})")) == "missing");
}

TEST_CASE("hostile JSON: mutated messages of every format are parsed or refused, never more") {
  const unsigned seed = 20211018;
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const std::string_view splice[] = {"null", "1e999", "-1", "\"\"", "[]", "{}", "\"\\u0000\"", "true", "[[[[]]]]", "18446744073709551616", "\xff", "\"0912345678\"", "NaN", "-Infinity", "0912345678", "\"\\ud83d\""};
  std::size_t refused = 0, parsed = 0;
  for (int round = 0; round < 20'000; ++round) {
    const auto& [name, sample] = samples::all()[random() % samples::all().size()];
    std::string text(sample);
    for (auto i = random() % 4 + 1; i > 0; --i) {
      const std::size_t at = random() % text.size();
      switch (random() % 4) {
        case 0: text[at] = static_cast<char>(random() % 256); break;
        case 1: text.erase(at, random() % 8 + 1); break;
        case 2: text.insert(at, splice[random() % std::size(splice)]); break;
        default:  // a value for another
          if (const auto colon = text.find(':', at); colon != std::string::npos) {
            const auto end = text.find_first_of(",}", colon);
            if (end != std::string::npos) text.replace(colon + 1, end - colon - 1, splice[random() % std::size(splice)]);
          }
      }
      if (text.empty()) text = " ";
    }
    const auto result = parse(*format_named(name), text);
    if (const auto* refusal = std::get_if<Refusal>(&result)) {
      REQUIRE_FALSE(refusal->reason.empty());
      REQUIRE_FALSE(refusal->detail.empty());
      ++refused;
    } else {
      ++parsed;
    }
  }
  CHECK(refused > 1000);
  CHECK(parsed > 1000);
}

// The conformance suite is reference data beside the repository; without it the cases above remain.
TEST_CASE("hostile JSON: the conformance suite, where it is at hand") {
  const char* const given = std::getenv("IOC_SHARED");
  const std::filesystem::path shared = given != nullptr ? std::filesystem::path(given) : std::filesystem::path(IOC_REPOSITORY) / "../shared";
  const auto archive = shared / "data/standards/json/JSONTestSuite_test_parsing.tar.gz";
  if (!std::filesystem::exists(archive)) {
    std::cout << "not there, so not run: ../shared/data/standards/json\n";
    return;
  }
  const auto folder = std::filesystem::temp_directory_path() / ("ioc-json-suite-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  REQUIRE(std::system(("tar -xzf '" + archive.string() + "' -C '" + folder.string() + "'").c_str()) == 0);
  // Not quite JSON, and read as meant.
  const std::set<std::string> kRepaired = {"n_number_+1.json", "n_number_+Inf.json", "n_number_-01.json", "n_number_-NaN.json", "n_number_Inf.json",
                                           "n_number_NaN.json", "n_number_infinity.json", "n_number_minus_infinity.json",
                                           "n_number_neg_int_starting_with_zero.json", "n_number_with_leading_zero.json"};
  std::size_t accepted = 0, refused = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (file.path().extension() != ".json") continue;
    std::ifstream in(file.path(), std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    const std::string name = file.path().filename().string();
    const auto alone = reason(parse_report(text));
    // As the value of an unknown key the whole document must be JSON or not, whatever kind it is of.
    const auto inside = reason(parse_report(R"({"text":"a","x":)" + text + "}"));
    INFO(name);
    if (name.starts_with("y_")) {
      CHECK((alone.empty() || alone == "not_an_object" || alone == "missing"));
      CHECK(inside.empty());
      ++accepted;
    } else if (kRepaired.contains(name)) {
      CHECK((alone == "not_an_object" || alone == "missing" || alone.empty()));
    } else if (name.starts_with("n_")) {
      CHECK_FALSE(alone.empty());
      CHECK((alone != "not_an_object" && alone != "missing"));
      ++refused;
    }
  }
  std::filesystem::remove_all(folder);
  CHECK(accepted > 90);
  CHECK(refused > 170);
}
