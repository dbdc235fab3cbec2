// One bad secondary value never refuses a message: every field of formats/README.md with everything that can be wrong.
#include <algorithm>
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <fstream>
#include <functional>
#include <map>
#include <set>

#include "services/ingest/formats/format.h"
#include "tests/services/ingest/samples.h"

using namespace ioc;
using namespace ioc::ingest;
namespace json = boost::json;

namespace {

struct Row {
  std::string format, field, kind, remark;
  [[nodiscard]] bool needed() const { return remark.starts_with("needed"); }
  [[nodiscard]] bool needed_alone() const { return remark.starts_with("needed where"); }
};

std::string plain(std::string cell) {
  std::erase(cell, '`');
  const auto begin = cell.find_first_not_of(' '), end = cell.find_last_not_of(' ');
  return begin == std::string::npos ? "" : cell.substr(begin, end - begin + 1);
}

// The table under "## Fields".
std::vector<Row> rows() {
  std::ifstream in(std::string(IOC_REPOSITORY) + "/services/ingest/formats/README.md");
  std::vector<Row> out;
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("## ")) inside = line == "## Fields";
    if (!inside || !line.starts_with("| `")) continue;
    std::vector<std::string> cells;
    for (std::size_t at = 1; at < line.size();) {
      const auto end = line.find('|', at);
      cells.push_back(plain(line.substr(at, end - at)));
      at = end + 1;
    }
    REQUIRE(cells.size() == 4);
    out.push_back({cells[0], cells[1], cells[2], cells[3]});
  }
  return out;
}

json::value sample(const std::string& format) {
  for (const auto& [name, text] : samples::all())
    if (name == format) return json::parse(text);
  FAIL("no sample of " << format);
  return {};
}

// Sets "media[0].url".
void set(json::value& whole, std::string_view field, const json::value& value) {
  json::value* at = &whole;
  while (!field.empty()) {
    const auto end = std::min(field.find_first_of(".["), field.size());
    at = &at->as_object()[field.substr(0, end)];
    field.remove_prefix(end);
    if (field.starts_with("[0]")) {
      at = &at->as_array().at(0);
      field.remove_prefix(3);
    }
    if (field.starts_with('.')) field.remove_prefix(1);
  }
  *at = value;
}

ParseResult parse(const std::string& format, std::string_view bytes) {
  static const Identity identity(std::string(32, 'k'));
  static const Config config;
  return parse_bytes(*format_named(format), bytes, {identity, config.limits, config.frigate_kinds});
}

ParseResult parse_with(const Row& row, const json::value& value) {
  json::value whole = sample(row.format);
  set(whole, row.field, value);
  if (row.format.starts_with("frigate")) whole.as_object()["before"] = nullptr;  // it would stand in
  return parse(row.format, json::serialize(whole));
}

struct Wrong {
  json::value value;
  std::optional<ValueReason> reason;  // none: nothing is wrong with it
};

json::array many() {
  json::array out;
  for (int i = 0; i < 200; ++i) out.emplace_back("x");
  return out;
}

// What can be wrong with a kind, and what must be said of it.
std::vector<Wrong> wrong_values(const std::string& kind) {
  using R = ValueReason;
  const json::value list = json::array{}, object = json::object{{"a", 1}}, yes = true, nan = json::parse("1e999");
  const std::string long_text(30'000, 'x'), long_name(600, 'x'), long_link(3'000, 'x');
  static const std::map<std::string, std::vector<Wrong>> all = {
      {"text", {{17, R::Converted}, {yes, R::WrongType}, {list, R::WrongType}, {object, R::WrongType}, {nan, R::WrongType}, {json::value(long_text), R::TooLong}}},
      {"name", {{17, R::Converted}, {yes, R::WrongType}, {list, R::WrongType}, {object, R::WrongType}, {nan, R::WrongType}, {json::value(long_name), R::TooLong}}},
      {"id", {{77, R::Converted}, {yes, R::WrongType}, {list, R::WrongType}, {object, R::WrongType}, {json::value(long_name), R::TooLong}}},
      {"link", {{yes, R::WrongType}, {list, R::WrongType}, {object, R::WrongType}, {json::value(long_link), R::TooLong}, {json::value(long_name), {}}}},
      {"choice", {{"no-such-word", R::UnknownValue}, {17, R::UnknownValue}, {yes, R::WrongType}, {list, R::WrongType}, {object, R::WrongType}}},
      {"state", {{"no-such-word", R::UnknownValue}, {17, R::UnknownValue}, {yes, R::Converted}, {json::value(false), R::Converted}, {0, R::Converted}, {1, R::Converted}, {"off", {}}, {list, R::WrongType}, {object, R::WrongType}}},
      {"yes", {{"false", R::Converted}, {1, R::Converted}, {"perhaps", R::UnknownValue}, {17, R::UnknownValue}, {list, R::WrongType}, {object, R::WrongType}}},
      {"count", {{"3", R::Converted}, {-1, R::OutOfRange}, {2.5, R::OutOfRange}, {1e30, R::OutOfRange}, {nan, R::WrongType}, {"x", R::WrongType}, {yes, R::WrongType}, {list, R::WrongType}, {object, R::WrongType}}},
      {"number", {{"0,5", R::Converted}, {1e30, R::OutOfRange}, {nan, R::WrongType}, {"x", R::WrongType}, {yes, R::WrongType}, {list, R::WrongType}, {object, R::WrongType}}},
      {"share", {{"0,5", R::Converted}, {92, R::Converted}, {-1, R::OutOfRange}, {101, R::OutOfRange}, {1.5, R::OutOfRange}, {nan, R::WrongType}, {"x", R::WrongType}, {yes, R::WrongType}, {list, R::WrongType}}},
      {"time", {{"garbage", R::Unreadable}, {-5, R::Unreadable}, {1e300, R::Unreadable}, {nan, R::Unreadable}, {yes, R::WrongType}, {list, R::WrongType}, {object, R::WrongType}}},
      {"list", {{many(), R::TooMany}, {17, R::WrongType}, {yes, R::WrongType}, {"x", R::Converted}}},
      {"object", {{"x", R::WrongType}, {17, R::WrongType}, {yes, R::WrongType}, {list, R::WrongType}}},
      {"position", {{"x", R::Unreadable}, {17, R::Unreadable}, {yes, R::Unreadable}, {list, R::Unreadable}, {object, R::Unreadable}}}};
  return all.at(kind);
}

bool has_flag(const Event& event, const std::string& field, ValueReason reason) {
  return std::find(event.value_flags.begin(), event.value_flags.end(), ValueFlag{field, reason}) != event.value_flags.end();
}

// Leaves of a sample as fields of the table. The first of a list stands for all.
void leaves(const json::value& value, const std::string& path, std::set<std::string>& out) {
  if (const auto* object = value.if_object()) {
    for (const auto& [key, member] : *object) leaves(member, (path.empty() ? "" : path + ".") + std::string(key), out);
  } else if (const auto* array = value.if_array(); array != nullptr && !array->empty() && array->front().is_object()) {
    leaves(array->front(), path + "[0]", out);
  } else {
    out.insert(path);
  }
}

}  // namespace

TEST_CASE("values: the table of formats names every field that is read, of every format") {
  const std::set<std::string> not_read = {"after.stationary", "after.motionless_count", "after.data.sub_labels", "after.data.detections"};
  std::map<std::string, std::set<std::string>> named;
  for (const Row& row : rows()) named[row.format].insert(row.field);
  CHECK(named.size() == formats().size());
  for (const auto& [name, text] : samples::all()) {
    std::set<std::string> found;
    leaves(json::parse(text), "", found);
    for (const std::string& field : found) {
      INFO(name << " " << field);
      if (field.starts_with("before.") || field.starts_with("position.") || not_read.contains(field)) continue;
      CHECK(named[name].contains(field));
    }
  }
}

TEST_CASE("values: whatever is wrong with a field, the message is taken and says the field and the reason; only a needed one refuses") {
  for (const Row& row : rows()) {
    for (const Wrong& wrong : wrong_values(row.kind)) {
      INFO(row.format << " " << row.field << " = " << json::serialize(wrong.value).substr(0, 60));
      const auto result = parse_with(row, wrong.value);
      if (const auto* refusal = std::get_if<Refusal>(&result)) {
        CHECK(row.needed());
        CHECK((!row.needed_alone() || row.field == "after"));  // of Frigate nothing stands in for it here
        CHECK((refusal->field == row.field || refusal->field == "after"));
        continue;
      }
      if (row.format.starts_with("frigate")) continue;  // its own tests say how it is read
      const Event& event = std::get<Parsed>(result).event;
      if (wrong.reason) CHECK(has_flag(event, row.field, *wrong.reason));
      if (!wrong.reason) CHECK(event.value_flags.empty());
    }
  }
}

TEST_CASE("values: the good samples have no value flags") {
  for (const auto& [name, text] : samples::all()) {
    INFO(name);
    const auto result = parse(name, text);
    CHECK(std::get<Parsed>(result).event.value_flags.empty());
  }
}

namespace {

Event report(const std::string& rest) {
  const auto result = parse("citizen-report", R"({"text":"Nhà tôi đang cháy lớn")" + rest + "}");
  if (const auto* refusal = std::get_if<Refusal>(&result)) FAIL(refusal->reason << " " << refusal->field << " " << refusal->detail);
  return std::get<Parsed>(result).event;
}
CitizenReport body(const std::string& rest) { return std::get<CitizenReport>(report(rest).body); }

}  // namespace

TEST_CASE("values: what is meant beyond doubt is read as meant") {
  CHECK(report(R"(,"report_id":77)").object.str() == "77");
  CHECK_FALSE(body(R"(,"anonymous":"false")").anonymous);
  CHECK(body(R"(,"anonymous":"có")").anonymous);
  for (const char* urgent : {"Khẩn", "KHẨN CẤP", "khan cap", "high", "Urgent", "gấp"}) {
    INFO(urgent);
    CHECK(body(R"(,"urgency":")" + std::string(urgent) + "\"").urgency == Urgency::Urgent);
  }
  CHECK(body(R"(,"urgency":"Nhẹ")").urgency == Urgency::Low);
  CHECK(body(R"(,"media":["https://x/1.jpg",{"url":"https://x/2.jpg"},7])").media == std::vector<Media>{{"https://x/1.jpg", "", ""}, {"https://x/2.jpg", "", ""}});
  CHECK(body(R"(,"media":"https://x/1.jpg")").media.size() == 1);
  const auto alert = parse("camera-alert", R"({"alert_id":"a","camera":"c","kind":"k","confidence":92,"state":"END","sequence":"7"})");
  const auto& seen = std::get<CameraAlert>(std::get<Parsed>(alert).event.body);
  CHECK(seen.confidence_permille == 920);
  CHECK(seen.state == AlertState::End);
  CHECK(std::get<Parsed>(alert).event.revision == 7);
  CHECK(std::get<Parsed>(alert).revision_is_identity);
}

TEST_CASE("values: an alert that says false, off or 0 is an end, one that says true, on or 1 a start") {
  const auto state = [](const std::string& given) {
    const auto alert = parse("camera-alert", R"({"alert_id":"a","camera":"c","kind":"k","state":)" + given + "}");
    return std::get<CameraAlert>(std::get<Parsed>(alert).event.body).state;
  };
  for (const char* end : {"false", "0", "0.0", R"("0")", R"("off")", R"("OFF")", R"("false")", R"("False")", R"("end")"}) {
    INFO(end);
    CHECK(state(end) == AlertState::End);
  }
  for (const char* start : {"true", "1", R"("1")", R"("on")", R"("True")", R"("start")", "null"}) {
    INFO(start);
    CHECK(state(start) == AlertState::Start);
  }
  CHECK(state(R"("update")") == AlertState::Update);
}

TEST_CASE("values: a blank text for a number, a list or a yes is a field that was not filled in") {
  const Event blank = report(R"(,"report_id":"","urgency":" ","anonymous":"","media":"","reporter":"","position":{"lat":"","lon":""},"occurred_at":"")");
  CHECK(blank.value_flags.empty());
  CHECK(blank.flags.empty());
  CHECK(std::get<CitizenReport>(blank.body).media.empty());
  const auto alert = parse("camera-alert", R"({"alert_id":"a","camera":"c","kind":"k","confidence":"","sequence":"","objects":""})");
  CHECK(std::get<Parsed>(alert).event.value_flags.empty());
}

TEST_CASE("values: a number that does not keep its digits is no id, since two could become one") {
  const auto refused = parse("camera-alert", R"({"alert_id":20261018091242123456789,"camera":"c","kind":"k"})");
  REQUIRE(std::holds_alternative<Refusal>(refused));
  CHECK(std::get<Refusal>(refused).field == "alert_id");
  const auto kept = parse("camera-alert", R"({"alert_id":18446744073709551615,"camera":"c","kind":"k"})");
  CHECK(std::get<Parsed>(kept).event.object.str() == "c/18446744073709551615");
}

TEST_CASE("values: a word that says neither yes nor no keeps the reporter anonymous") {
  CHECK(body(R"(,"anonymous":"tùy")").anonymous);
  CHECK(body(R"(,"anonymous":[])").anonymous);
  CHECK_FALSE(body(R"(,"anonymous":null)").anonymous);
}

TEST_CASE("values: a presigned link of 600 bytes is kept, one that no link can be is dropped, and the photo stays") {
  const std::string link = "https://minio.example/b/p.jpg?X-Amz-Signature=" + std::string(600, 'b');
  CHECK(body(R"(,"media":[{"url":")" + link + R"(","kind":"photo"}])").media == std::vector<Media>{{link, "photo", ""}});
  const Event dropped = report(R"(,"media":[{"url":")" + std::string(5000, 'b') + R"(","kind":"photo"}])");
  CHECK(std::get<CitizenReport>(dropped.body).media == std::vector<Media>{{"", "photo", ""}});
  CHECK(dropped.value_flags == std::vector<ValueFlag>{{"media[0].url", ValueReason::TooLong}});
}

TEST_CASE("values: a text is cut between characters, and two long ids stay two") {
  std::string text;
  while (text.size() < 25'000) text += "ồ";
  const auto result = parse("citizen-report", R"({"text":")" + text + "\"}");
  const auto& cut = std::get<CitizenReport>(std::get<Parsed>(result).event.body).text;
  CHECK(cut.size() <= 20'000);
  CHECK(cut.size() > 19'990);
  CHECK(text.starts_with(cut));
  const std::string id(600, 'a');
  const auto one = report(R"(,"report_id":")" + id + "1\""), two = report(R"(,"report_id":")" + id + "2\"");
  CHECK(one.object != two.object);
  CHECK(one.object.str().size() <= 256);
}

TEST_CASE("values: flags are bounded, and what is beyond is counted") {
  std::string media;
  for (int i = 0; i < 40; ++i) media += std::string(i > 0 ? "," : "") + "7";
  const Event event = report(R"(,"media":[)" + media + "]");
  CHECK(event.value_flags.size() == kValueFlagsMax);
  CHECK(event.value_flags_more == 40 - kValueFlagsMax);
}

TEST_CASE("values: JSON that is not quite JSON is repaired and says so") {
  const Event cut = report(R"(,"address":"số 5 \ud83d")");
  CHECK(std::get<CitizenReport>(cut.body).address == "số 5 \xEF\xBF\xBD");
  CHECK(std::find(cut.flags.begin(), cut.flags.end(), EventFlag::TextRepaired) != cut.flags.end());
  CHECK(cut.value_flags == std::vector<ValueFlag>{{"", ValueReason::JsonRepaired}});
  for (const char* unread : {R"(,"speed":NaN)", R"(,"speed":[-Infinity, nan])", R"(,"note":"\ude00x")", R"(,"code":007)"}) {
    INFO(unread);
    CHECK(report(unread).value_flags == std::vector<ValueFlag>{{"", ValueReason::JsonRepaired}});
  }
  CHECK(body(R"(,"address":"\ud83d\udd25 NaN 007 \\ud83d")").address == "🔥 NaN 007 \\ud83d");
  CHECK(report(R"(,"address":"\ud83d\udd25 NaN 007 \\ud83d")").value_flags.empty());
  const auto phone = parse("citizen-report", R"({"text":"a","reporter":{"phone":0912345678}})");
  CHECK(std::get<Parsed>(phone).reporter == R"({"phone":"0912345678"})");
  const auto nan = parse("camera-alert", R"({"alert_id":"a","camera":"c","kind":"k","confidence":NaN})");
  CHECK(has_flag(std::get<Parsed>(nan).event, "confidence", ValueReason::WrongType));
  CHECK(std::get<CameraAlert>(std::get<Parsed>(nan).event.body).confidence_permille == 0);
}

TEST_CASE("values: what cannot be seen in a word is taken out of it, and stays where it belongs to an emoji") {
  for (const char* hidden : {"ch\u200Báy", "chá\u00ADy", "ch\u200Cáy", "chá\u034Fy", "cháy\u2060", "chá\uFE0Fy", "cháy\u200D"}) {
    INFO(hidden);
    const Event event = report(std::string(R"(,"address":")") + hidden + "\"");
    CHECK(std::get<CitizenReport>(event.body).address == "cháy");
    CHECK(std::find(event.flags.begin(), event.flags.end(), EventFlag::TextRepaired) != event.flags.end());
  }
  const Event plain = report(R"(,"address":"cảm ơn ❤️ 👨‍👩‍👧")");
  CHECK(std::get<CitizenReport>(plain.body).address == "cảm ơn ❤️ 👨‍👩‍👧");
  CHECK(plain.flags.empty());
}

TEST_CASE("values: what programs write where they have no id is none, so that two such reports are two") {
  for (const char* none : {"null", "NULL", "nil", "None", "undefined", "NaN", "N/A", "-", "0", " nil "}) {
    INFO(none);
    const auto report = std::get<Parsed>(parse("citizen-report", R"({"text":"nước tràn","report_id":")" + std::string(none) + R"("})"));
    CHECK(report.event.object.empty());
    CHECK(std::get<Refusal>(parse("camera-alert", R"({"camera":"c","kind":"k","alert_id":")" + std::string(none) + R"("})")).field == "alert_id");
  }
  CHECK(std::get<Parsed>(parse("citizen-report", R"({"text":"nước tràn","report_id":"00"})")).event.object.str() == "00");
}

TEST_CASE("values: a text under another common name is read where `text` is missing") {
  for (const char* name : {"description", "detail", "content", "message", "noi_dung", "body"}) {
    INFO(name);
    const auto report = std::get<Parsed>(parse("citizen-report", R"({"title":"Phản ánh","report_id":"a",")" + std::string(name) + R"(":"Cháy nhà có người mắc kẹt"})"));
    CHECK(std::get<CitizenReport>(report.event.body).text == "Cháy nhà có người mắc kẹt");
  }
  const auto both = std::get<Parsed>(parse("citizen-report", R"({"text":"đèn hỏng","detail":"khác"})"));
  CHECK(std::get<CitizenReport>(both.event.body).text == "đèn hỏng");
}

TEST_CASE("values: a text that was cut within a character is taken, and bytes of another encoding are not guessed at") {
  const auto cut = std::get<Parsed>(parse("citizen-report", "{\"text\":\"Cháy nhà \xF0\x9F\x94\"}"));
  CHECK(std::get<CitizenReport>(cut.event.body).text.starts_with("Cháy nhà"));
  CHECK(std::find(cut.event.flags.begin(), cut.event.flags.end(), EventFlag::TextRepaired) != cut.event.flags.end());
  for (const char* latin : {"{\"text\":\"Ch\xE1y nh\xE0\"}", "{\"text\":\"\xE1\xE0\xE9\xE8\xF3\xF2\"}"}) {
    CHECK(std::get<Refusal>(parse("citizen-report", latin)).reason == "not_utf8");
  }
}
