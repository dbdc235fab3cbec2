#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <functional>
#include <set>

#include "services/ingest/formats/format.h"
#include "tests/services/ingest/samples.h"

using namespace ioc;
using namespace ioc::ingest;

namespace {

struct World {
  Identity identity{std::string(32, 'k')};
  Config config;
  ParseResult parse(std::string_view format, std::string_view bytes) const {
    return parse_bytes(*format_named(format), bytes, {identity, config.limits, config.frigate_kinds});
  }
  Parsed good(std::string_view format, std::string_view bytes) const {
    auto result = parse(format, bytes);
    if (const auto* refusal = std::get_if<Refusal>(&result)) FAIL(refusal->reason << " " << refusal->field << " " << refusal->detail);
    return std::get<Parsed>(std::move(result));
  }
  Refusal bad(std::string_view format, std::string_view bytes) const {
    auto result = parse(format, bytes);
    INFO(bytes);
    REQUIRE(std::holds_alternative<Refusal>(result));
    return std::get<Refusal>(std::move(result));
  }
};

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string out(text);
  const auto at = out.find(from);
  REQUIRE(at != std::string::npos);
  return out.replace(at, from.size(), to);
}

using Flags = std::vector<EventFlag>;

}  // namespace

TEST_CASE("formats: each has a path and a name of its own, and each feed a default") {
  for (const auto& format : formats()) {
    CHECK(format_named(format.name) == &format);
    CHECK(format_at(format.path) == &format);
  }
  for (const Feed feed : kFeeds) {
    REQUIRE(default_format(feed) != nullptr);
    CHECK(default_format(feed)->feed == feed);
  }
  CHECK(formats().size() == samples::all().size());
}

TEST_CASE("citizen report: fields, identity and reporter") {
  const auto parsed = World().good("citizen-report", samples::kReport);
  const auto& report = std::get<CitizenReport>(parsed.event.body);
  CHECK(parsed.event.object.str() == "CTN-2026-000123");
  CHECK(report.title == "Nắp cống mất");
  CHECK(report.category == "ha-tang");
  CHECK(report.urgency == Urgency::Urgent);
  CHECK(report.media == std::vector<Media>{{"https://media.example/1.jpg", "photo", "ab"}});
  CHECK(parsed.event.position == Position{215942000, 1058482000, 15});
  CHECK(format_time(parsed.own_time_ms.value()) == "2026-10-18T07:40:00.000+07:00");
  CHECK(parsed.reporter.find("Trần Thị B") != std::string::npos);
  CHECK(parsed.event.flags.empty());
}

TEST_CASE("citizen report: needs a text or a title, and nothing else") {
  const World world;
  CHECK(std::get<CitizenReport>(world.good("citizen-report", R"({"title":"a"})").event.body).title == "a");
  CHECK(std::get<CitizenReport>(world.good("citizen-report", R"({"text":"b","category":null,"colour":7})").event.body).text == "b");
  for (const char* none : {R"({})", R"({"text":""})", R"({"text":" \n"})", R"({"text":null,"title":null})"}) {
    const auto refusal = world.bad("citizen-report", none);
    CHECK(refusal.reason == "missing");
    CHECK(refusal.field == "text");
    CHECK(status_of(refusal.kind) == 422);
  }
}

TEST_CASE("citizen report: wrong types and sizes are refused naming field, limit and what came") {
  World world;
  world.config.limits.text_bytes_max = 10;
  const auto too_long = world.bad("citizen-report", R"({"text":"12345678901"})");
  CHECK(too_long.field == "text");
  CHECK(too_long.limit == "10 bytes");
  CHECK(too_long.received == "11 bytes");
  CHECK(world.bad("citizen-report", R"({"text":"a","media":"x"})").field == "media");
  CHECK(world.bad("citizen-report", R"({"text":"a","media":[{"url":1.5}]})").field == "media[0].url");
  CHECK(world.bad("citizen-report", R"({"text":"a","media":[7]})").field == "media[0]");
  CHECK(world.bad("citizen-report", R"({"text":["a"]})").received == "list");
  CHECK(world.bad("citizen-report", R"({"text":"a","urgency":"asap"})").limit == "low, normal, urgent, nhẹ, khẩn");
  CHECK(world.bad("citizen-report", R"({"text":"a","anonymous":"yes"})").field == "anonymous");
  std::string many = R"({"text":"a","media":[)";
  for (int i = 0; i < 65; ++i) many += std::string(i > 0 ? "," : "") + "{}";
  CHECK(world.bad("citizen-report", many + "]}").reason == "too_many");
}

namespace {

namespace json = boost::json;

// Every field of the object in turn with values of every other JSON type.
void check_types(const World& world, std::string_view format, const json::object& whole, const std::function<json::object&(json::object&)>& at,
                 const std::string& prefix, const std::set<std::string>& unread) {
  json::object copy = whole;
  const json::object fields = at(copy);
  for (const auto& [key, good] : fields) {
    if (unread.contains(std::string(key))) continue;
    for (const json::value& wrong : {json::value(17), json::value("x"), json::value(true), json::value(json::array{}), json::value(json::object{})}) {
      const bool same = wrong.kind() == good.kind() || (wrong.is_number() && good.is_number());
      const bool may_be_text = good.is_null() && wrong.is_string();
      if (same || may_be_text) continue;
      json::object changed = whole;
      at(changed)[key] = wrong;
      const auto refusal = world.bad(format, json::serialize(changed));
      INFO(json::serialize(changed));
      CHECK(refusal.reason == "wrong_type");
      CHECK(refusal.field == prefix + std::string(key));
      CHECK_FALSE(refusal.limit.empty());
      CHECK(status_of(refusal.kind) == 422);
    }
  }
}

}  // namespace

TEST_CASE("formats: a wrong JSON type of any field that is read is refused, naming the field and what is expected") {
  const World world;
  const auto top = [](json::object& object) -> json::object& { return object; };
  for (const auto& [name, sample] : samples::all()) {
    if (name.starts_with("frigate")) continue;  // frigate_test.cpp
    INFO(name);
    json::object whole = json::parse(sample).as_object();
    check_types(world, name, whole, top, "", {"position"});
    if (name == "citizen-report") {
      check_types(world, name, whole, [](json::object& object) -> json::object& { return object.at("reporter").as_object(); }, "reporter.", {});
    }
  }
}

TEST_CASE("position: what is missing, null, text, swapped, zero or out of range is accepted and flagged") {
  const World world;
  const auto with = [&world](const std::string& position) {
    return world.good("citizen-report", R"({"text":"a","position":)" + position + "}").event;
  };
  const Position here{215942000, 1058482000, 0};
  CHECK(with(R"({"lat":21.5942,"lon":105.8482})").position == here);
  CHECK(with(R"({"lat":"21.5942","lon":"105,8482"})").position == here);
  CHECK(with(R"({"latitude":21.5942,"longitude":105.8482,"accuracy_m":-4})").position == here);
  const auto swapped = with(R"({"lat":105.8482,"lon":21.5942})");
  CHECK(swapped.position == here);
  CHECK(swapped.flags == Flags{EventFlag::PositionSwapped});
  for (const char* none : {"null", "{}", R"({"lat":null,"lon":null})"}) {
    CHECK_FALSE(with(none).position.has_value());
    CHECK(with(none).flags.empty());
  }
  const std::pair<const char*, EventFlag> bad[] = {{R"({"lat":0,"lon":0})", EventFlag::PositionZero},
                                                   {R"({"lat":0.0,"lon":-0.0})", EventFlag::PositionZero},
                                                   {R"({"lat":200,"lon":105})", EventFlag::PositionOutOfRange},
                                                   {R"({"lat":105,"lon":106})", EventFlag::PositionOutOfRange},
                                                   {R"({"lat":1e999,"lon":1})", EventFlag::PositionMalformed},
                                                   {R"({"lat":21.5})", EventFlag::PositionMalformed},
                                                   {R"({"lat":"north","lon":"east"})", EventFlag::PositionMalformed},
                                                   {R"({"lat":[21],"lon":{}})", EventFlag::PositionMalformed},
                                                   {R"("21.5,105.8")", EventFlag::PositionMalformed},
                                                   {"[105.8,21.5]", EventFlag::PositionMalformed},
                                                   {"true", EventFlag::PositionMalformed}};
  for (const auto& [text, flag] : bad) {
    INFO(text);
    CHECK_FALSE(with(text).position.has_value());
    CHECK(with(text).flags == Flags{flag});
  }
}

TEST_CASE("time: RFC 3339, without zone, and numbers since 1970; what is no time is missing") {
  const World world;
  const auto at = [&world](const std::string& time) {
    return world.good("citizen-report", R"({"text":"a","occurred_at":)" + time + "}");
  };
  const std::int64_t expected = 1792284000000;
  CHECK(at(R"("2026-10-18T00:00:00Z")").own_time_ms == 1792281600000);
  CHECK(at(R"("2026-10-18T07:40:00+07:00")").own_time_ms == expected);
  const auto without = at(R"("2026-10-18 07:40:00")");
  CHECK(without.own_time_ms == expected);
  CHECK(without.event.flags == Flags{EventFlag::TimeNoZone});
  CHECK(at("1792284000").own_time_ms == expected);
  CHECK(at("1792284000000").own_time_ms == expected);
  CHECK(at("1792284000.5").own_time_ms == expected + 500);
  for (const char* none : {"null", R"("hôm qua")", R"("0000-00-00T00:00:00Z")"}) {
    INFO(none);
    CHECK_FALSE(at(none).own_time_ms.has_value());
  }
  for (const char* wrong : {"-5", "17", "true", "1e300", "[]", "{}"}) {
    INFO(wrong);
    const auto refusal = world.bad("citizen-report", R"({"text":"a","occurred_at":)" + std::string(wrong) + "}");
    CHECK(refusal.field == "occurred_at");
    CHECK(refusal.limit == "RFC 3339 text");
  }
}

TEST_CASE("text: control characters are removed and flagged, the text is brought to NFC") {
  const World world;
  const auto repaired = world.good("citizen-report", R"({"text":"a\u0000b\u001bc\u202Ed\ne\u0085f"})").event;
  CHECK(std::get<CitizenReport>(repaired.body).text == "abcd\nef");
  CHECK(repaired.flags == Flags{EventFlag::TextRepaired});
  const auto lines = world.good("citizen-report", R"({"text":"a\r\nb"})").event;
  CHECK(std::get<CitizenReport>(lines.body).text == "a\nb");
  CHECK(lines.flags.empty());
  const auto composed = world.good("citizen-report", "{\"text\":\"Ho\xCC\x80" "a\"}").event;  // o + combining grave
  CHECK(std::get<CitizenReport>(composed.body).text == "H\xC3\xB2" "a");
}

TEST_CASE("text: what was sent in another encoding is read as it was meant, and what cannot be read for sure is flagged") {
  const World world;
  const auto report = [&world](const char* text) { return world.good("citizen-report", R"({"title":")" + std::string(text) + R"(","address":"Số 5"})").event; };
  const std::pair<const char*, Flags> forms[] = {{"Nhà số 5 đang cháy", {}},
                                                 {"Nhµ sè 5 ®ang ch¸y", {EventFlag::TextConverted}},
                                                 {"Nhaø soá 5 ñang chaùy", {EventFlag::TextConverted}},
                                                 {"Nh&agrave; s&#7889; 5 <b>đang</b> cháy", {EventFlag::TextConverted}},
                                                 {R"(NhÃ  sá» 5 Äang chÃ¡y)", {EventFlag::TextConverted}}};
  for (const auto& [form, flags] : forms) {
    INFO(form);
    CHECK(std::get<CitizenReport>(report(form).body).title == "Nhà số 5 đang cháy");
    CHECK(report(form).flags == flags);
  }
  const auto lost = report("Nh\xEF\xBF\xBD s\xEF\xBF\xBD 5");
  CHECK(std::get<CitizenReport>(lost.body).title == "Nh\xEF\xBF\xBD s\xEF\xBF\xBD 5");
  CHECK(lost.flags == Flags{EventFlag::TextGarbled});
}

TEST_CASE("camera alert: a sequence that no counter and no clock shows is never taken as one") {
  const World world;
  for (const char* absurd : {"4611686018427387904", "9223372036854775807", "18446744073709551615"}) {
    const auto result = world.parse("camera-alert", replaced(samples::kAlert, "\"sequence\":3", "\"sequence\":" + std::string(absurd)));
    const auto* parsed = std::get_if<Parsed>(&result);
    CHECK((parsed == nullptr || (parsed->event.revision == 0 && !parsed->revision_is_identity)));
  }
  CHECK(world.good("camera-alert", replaced(samples::kAlert, "\"sequence\":3", "\"sequence\":1792289442000000000")).event.revision == 1792289442000000000);
}

TEST_CASE("camera alert: the plate leaves as a keyed hash only") {
  const World world;
  const auto parsed = world.good("camera-alert", samples::kAlert);
  const auto& alert = std::get<CameraAlert>(parsed.event.body);
  CHECK(alert.state == AlertState::Update);
  CHECK(parsed.event.revision == 3);
  CHECK(parsed.revision_is_identity);
  CHECK(alert.confidence_permille == 920);
  REQUIRE(alert.objects.size() == 1);
  CHECK(alert.objects[0].plate_hash == world.identity.plate_hash("20a12345"));
  CHECK(alert.objects[0].plate_hash.find("123") == std::string::npos);
  CHECK(parsed.plates == std::vector<std::string>{"20A-123.45"});
  CHECK(format_time(parsed.own_time_ms.value()) == "2026-10-18T09:10:42.000+07:00");
  CHECK(world.bad("camera-alert", replaced(samples::kAlert, "0.92", "92")).field == "confidence");
  CHECK(world.bad("camera-alert", replaced(samples::kAlert, "0.92", "NaN")).reason == "not_json");
  CHECK(world.bad("camera-alert", replaced(samples::kAlert, "\"sequence\":3", "\"sequence\":-3")).field == "sequence");
  CHECK(world.bad("camera-alert", replaced(samples::kAlert, "\"sequence\":3", "\"sequence\":1e30")).field == "sequence");
  CHECK(world.bad("camera-alert", replaced(samples::kAlert, "update", "paused")).field == "state");
  CHECK(world.bad("camera-alert", R"({"camera":"a","kind":"b"})").field == "alert_id");
}

TEST_CASE("checkpoint: passage and status") {
  const World world;
  const auto parsed = world.good("checkpoint-passage", samples::kPassage);
  const auto& passage = std::get<CheckpointPassage>(parsed.event.body);
  CHECK(passage.direction == Direction::In);
  CHECK(passage.vehicle == Vehicle::Truck);
  CHECK(passage.result == PassageResult::TurnedBack);
  CHECK(passage.people == 2);
  CHECK(passage.plate_hash == world.identity.plate_hash("98C-012.34"));
  CHECK(world.bad("checkpoint-passage", R"({"checkpoint":"CK03","direction":"in"})").field == "passage_id");
  CHECK(world.bad("checkpoint-passage", replaced(samples::kPassage, "\"people\":2", "\"people\":2.5")).field == "people");
  const auto status = world.good("checkpoint-status", samples::kStatus);
  CHECK(std::get<CheckpointStatus>(status.event.body).queue_vehicles == 14);
  CHECK(status.event.object.str() == "CK03");
  CHECK(world.bad("checkpoint-status", R"({"checkpoint":"CK03","state":"open"})").field == "at");
  CHECK(world.bad("checkpoint-status", replaced(samples::kStatus, "open", "ajar")).limit == "open, closed");
}

TEST_CASE("online mention and indicator: numbers become integers") {
  const World world;
  const auto mention = std::get<OnlineMention>(world.good("online-mention", samples::kMention).event.body);
  CHECK(mention.sentiment_permille == -400);
  CHECK(mention.trend == Trend::Rising);
  CHECK(mention.places == std::vector<std::string>{"phường Quang Trung"});
  const auto parsed = world.good("indicator", samples::kIndicator);
  const auto& indicator = std::get<Indicator>(parsed.event.body);
  CHECK(indicator.value_e6 == 83'500'000);
  CHECK(indicator.target_e6 == 90'000'000);
  CHECK(format_time(parsed.own_time_ms.value()) == "2026-10-01T00:00:00.000+07:00");
  CHECK(parsed.event.object.str() == "files_online_share/19/2026-09");
  CHECK_FALSE(std::get<Indicator>(world.good("indicator", R"({"code":"a","value":1.5})").event.body).target_e6.has_value());
  CHECK(world.bad("indicator", R"({"code":"a"})").field == "value");
  CHECK(world.bad("indicator", R"({"code":"a","value":1e300})").reason == "out_of_range");
  CHECK(world.bad("indicator", R"({"code":"a","value":1e999})").field == "value");
}
