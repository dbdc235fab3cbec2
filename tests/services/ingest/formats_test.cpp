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
                                                   {R"("ngã tư")", EventFlag::PositionMalformed},
                                                   {"[21.5]", EventFlag::PositionMalformed},
                                                   {R"(["a","b"])", EventFlag::PositionMalformed},
                                                   {"[42.1,71.2]", EventFlag::PositionMalformed},
                                                   {R"({"type":"Point"})", EventFlag::PositionMalformed},
                                                   {"true", EventFlag::PositionMalformed}};
  for (const auto& [text, flag] : bad) {
    INFO(text);
    CHECK_FALSE(with(text).position.has_value());
    CHECK(with(text).flags == Flags{flag});
  }
}

TEST_CASE("position: other writings of a position are read, in whatever order their numbers come") {
  const World world;
  const auto with = [&world](const std::string& position) {
    return world.good("citizen-report", R"({"text":"a","position":)" + position + "}").event;
  };
  const Position here{215942000, 1058482000, 0};
  for (const char* writing : {R"({"lat":21.5942,"lng":105.8482})", R"({"lat":21.5942,"long":105.8482})", R"({"latitude":"21,5942","longitude":"105,8482"})",
                              R"({"type":"Point","coordinates":[105.8482,21.5942]})", R"({"type":"Point","coordinates":[21.5942,105.8482]})",
                              R"({"type":"Point","coordinates":[105.8482,21.5942,31.5]})", "[21.5942,105.8482]", "[105.8482,21.5942]",
                              R"("21.5942, 105.8482")", R"("21.5942,105.8482")", R"("105.8482 21.5942")", R"("21,5942; 105,8482")", R"(["21.5942","105.8482"])"}) {
    INFO(writing);
    CHECK(with(writing).position == here);
    CHECK(with(writing).flags.empty());
    CHECK(with(writing).value_flags.empty());
  }
  CHECK(with(R"({"lat":21.5942,"lng":105.8482,"accuracy":12.2})").position->accuracy_m == 13);
}

TEST_CASE("position: brackets, hemispheres, degrees with minutes, Well-Known Text, other capitals and a Feature are read") {
  const World world;
  const auto with = [&world](const std::string& position) {
    return world.good("citizen-report", R"~({"text":"a","position":)~" + position + "}").event;
  };
  const Position here{215942000, 1058482000, 0};
  for (const char* writing : {R"~("(21.5942, 105.8482)")~", R"~("[105.8482, 21.5942]")~", R"~("21.5942N, 105.8482E")~", R"~("21.5942°N 105.8482°E")~", R"~("105.8482 E; 21.5942 N")~",
                              R"~("N21.5942 E105.8482")~", R"~("N 21,5942, E 105,8482")~", R"~("21.5942B, 105.8482Đ")~", R"~("POINT(105.8482 21.5942)")~", R"~("SRID=4326;POINT(105.8482 21.5942)")~",
                              R"~("point z (105.8482 21.5942 31.5)")~", R"~("21.5942N105.8482E")~", R"~({"Lat":21.5942,"Lng":105.8482})~", R"~({"LATITUDE":"21.5942","Longitude":"105.8482"})~",
                              R"~({"type":"Feature","geometry":{"type":"Point","coordinates":[105.8482,21.5942]},"properties":{"a":1}})~",
                              R"~({"coords":{"latitude":21.5942,"longitude":105.8482}})~", R"~({"lat":"21.5942N","lon":"105.8482E"})~", R"~({"Coordinates":[105.8482,21.5942]})~",
                              R"~({"vi_do":21.5942,"kinh_do":105.8482})~"}) {
    INFO(writing);
    CHECK(with(writing).position == here);
    CHECK(with(writing).flags.empty());
    CHECK(with(writing).value_flags.empty());
  }
  for (const char* writing : {R"~("21°35'39\"N 105°50'53\"E")~", R"~("21° 35′ 39″ N, 105° 50′ 53″ E")~", R"~("105°50'53\"Đ, 21°35'39\"B")~", R"~("21°35’39”N 105°50’53”E")~", R"~("21°35'39''N 105°50'53''E")~",
                              R"~({"lat":"21°35'39\"","lng":"105°50'53\""})~", R"~("21°35'39\" 105°50'53\"")~"}) {
    INFO(writing);
    REQUIRE(with(writing).position.has_value());
    CHECK(with(writing).position->lat_e7 == 215941667);
    CHECK(with(writing).position->lon_e7 == 1058480556);
    CHECK(with(writing).value_flags.empty());
  }
  CHECK(with(R"~({"coords":{"latitude":21.5942,"longitude":105.8482,"accuracy":12.2}})~").position->accuracy_m == 13);
  CHECK(with(R"~("105.8482N, 21.5942E")~").flags == Flags{EventFlag::PositionSwapped});
}

TEST_CASE("position: a writing that could be several positions, or none, is said to be unreadable") {
  const World world;
  for (const char* none : {R"~("21.59N, 105.84N")~", R"~("21.59, 105.84, 3, 4")~", R"~("21°75'39\"N 105°50'53\"E")~", R"~("(21.59, 105.84")~", R"~("POINT(105.84)")~", R"~("LINESTRING(105.84 21.59, 105.85 21.6)")~",
                           R"~("SRID=3405;POINT(105.84 21.59)")~", R"~("SRID=4326;")~", R"~("-21.59S, 105.84E")~", R"~("21.59N, 105.84E, Thái Nguyên")~", R"~("42.1, 71.2")~", R"~("(21.59 N)")~",
                           R"~({"type":"Feature","geometry":{"type":"LineString","coordinates":[[105.84,21.59],[105.85,21.6]]}})~", R"~({"type":"Feature","geometry":null})~",
                           R"~({"lat":"21.59E","lon":"105.84N"})~", R"~({"geometry":{"geometry":{"coordinates":[105.84,21.59]}}})~"}) {
    INFO(none);
    const auto event = world.good("citizen-report", R"~({"text":"a","position":)~" + std::string(none) + "}").event;
    CHECK_FALSE(event.position.has_value());
    CHECK(event.flags == Flags{EventFlag::PositionMalformed});
    CHECK(event.value_flags == std::vector<ValueFlag>{{"position", ValueReason::Unreadable}});
  }
  CHECK_FALSE(world.good("citizen-report", R"~({"text":"a","position":"21.59, 105.84)~" + std::string(19'000, ' ') + "x\"}").event.position.has_value());
  for (const char* metres : {R"~("POINT(429500.2 2388000.1)")~", R"~("(2388000.1, 429500.2)")~"}) {
    const auto event = world.good("citizen-report", R"~({"text":"a","position":)~" + std::string(metres) + "}").event;
    CHECK(event.value_flags == std::vector<ValueFlag>{{"position", ValueReason::Vn2000}});
  }
}

TEST_CASE("position: metres of VN-2000 are said to be that, and are no position") {
  const World world;
  for (const char* metres : {R"({"lat":2388000.1,"lon":429500.2})", R"({"x":2388000.1,"y":429500.2})", R"({"northing":"2388000","easting":"429500"})",
                             "[429500.2,2388000.1]", R"("2388000.1, 429500.2")"}) {
    INFO(metres);
    const auto event = world.good("citizen-report", R"({"text":"a","position":)" + std::string(metres) + "}").event;
    CHECK_FALSE(event.position.has_value());
    CHECK(event.value_flags == std::vector<ValueFlag>{{"position", ValueReason::Vn2000}});
  }
}

TEST_CASE("time: RFC 3339, PostgreSQL, day first, a day alone, and numbers since 1970 are read") {
  const World world;
  const auto at = [&world](const std::string& time) {
    return world.good("citizen-report", R"({"text":"a","occurred_at":)" + time + "}");
  };
  const std::int64_t expected = 1792284000000;
  CHECK(at(R"("2026-10-18T00:00:00Z")").own_time_ms == 1792281600000);
  for (const char* same : {R"("2026-10-18T07:40:00+07:00")", R"("2026-10-18 07:40:00+07")", R"("18/10/2026 07:40")", R"("18/10/2026 7:40:00")",
                           R"(" 2026-10-18T07:40:00+07:00 ")", "1792284000", "1792284000000", "1792284000000000", "1792284000000000000",
                           R"("1792284000")", R"("1792284000000")", R"("1792284000000000")", R"("1792284000000000000")",
                           R"("2026/10/18 07:40:00")", R"("18-10-2026 07:40")", R"("07:40 18/10/2026")", R"("07:40:00 ngày 18/10/2026")", R"("2026-10-18 07:40:00 +07:00")"}) {
    INFO(same);
    CHECK(at(same).own_time_ms == expected);
  }
  const auto without = at(R"("2026-10-18 07:40:00")");
  CHECK(without.own_time_ms == expected);
  CHECK(without.event.flags == Flags{EventFlag::TimeNoZone});
  CHECK(at(R"("18/10/2026")").own_time_ms == at(R"("2026-10-18")").own_time_ms);
  CHECK(at("1792284000.5").own_time_ms == expected + 500);
  CHECK(at("0").own_time_ms == 0);
}

TEST_CASE("time: what cannot be read is said with its field, and is not missing") {
  const World world;
  for (const char* none : {R"("hôm qua")", R"("0000-00-00T00:00:00Z")", R"("31/02/2026")", R"("10/18/2026 07:40 AM")", R"("18/10/26")", R"("2026101807400000")", R"("20261018074000")", "-5", "1e300", "true", "[]", "{}"}) {
    INFO(none);
    const auto parsed = world.good("citizen-report", R"({"text":"a","occurred_at":)" + std::string(none) + "}");
    CHECK_FALSE(parsed.own_time_ms.has_value());
    CHECK(parsed.unreadable_time == "occurred_at");
    REQUIRE(parsed.event.value_flags.size() == 1);
    CHECK(parsed.event.value_flags[0].field == "occurred_at");
  }
  for (const char* absent : {"null", R"("")", R"(" ")"}) {
    const auto parsed = world.good("citizen-report", R"({"text":"a","occurred_at":)" + std::string(absent) + "}");
    CHECK(parsed.unreadable_time.empty());
    CHECK(parsed.event.value_flags.empty());
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
  for (const char* sequence : {"-3", "1e30", "{}", "\"third\""}) {
    const auto without = world.good("camera-alert", replaced(samples::kAlert, "\"sequence\":3", "\"sequence\":" + std::string(sequence)));
    CHECK_FALSE(without.revision_is_identity);
    CHECK(without.event.revision == 0);
  }
  for (const char* missing : {R"({"camera":"a","kind":"b"})", R"({"alert_id":{},"camera":"a","kind":"b"})", R"({"alert_id":" ","camera":"a","kind":"b"})"})
    CHECK(world.bad("camera-alert", missing).field == "alert_id");
  CHECK(world.bad("camera-alert", R"({"alert_id":"a","camera":[],"kind":"b"})").reason == "wrong_type");
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
  CHECK(world.bad("checkpoint-passage", R"({"checkpoint":"CK03","occurred_at":"garbage"})").field == "passage_id");
  const auto status = world.good("checkpoint-status", samples::kStatus);
  CHECK(std::get<CheckpointStatus>(status.event.body).queue_vehicles == 14);
  CHECK(status.event.object.str() == "CK03");
  CHECK(world.bad("checkpoint-status", R"({"checkpoint":"CK03","state":"open"})").field == "at");
  CHECK(world.bad("checkpoint-status", R"({"checkpoint":"CK03","state":"open","at":"garbage"})").field == "at");
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
  CHECK(std::get<Indicator>(world.good("indicator", R"({"code":"a","value":1,"as_of":"zzzz"})").event.body).as_of.empty());
  CHECK(world.bad("indicator", R"({"code":"a"})").field == "value");
  CHECK(world.bad("indicator", R"({"code":"a","value":1e300})").reason == "out_of_range");
  CHECK(world.bad("indicator", R"({"code":"a","value":1e999})").field == "value");
}
