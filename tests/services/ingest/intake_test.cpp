#include <catch2/catch.hpp>
#include <future>

#include "libs/domain/topics.h"
#include "libs/domain/wire.h"
#include "tests/services/ingest/samples.h"
#include "tests/services/ingest/world.h"

using namespace ioc;
using namespace ioc::ingest;

namespace {

struct Fixture {
  TemporaryFolder folder;
  metrics::Registry registry;
  Metrics metrics{registry};
  Config config;
  config::Deployment deployment;
  MemoryLog log;
  std::unique_ptr<ProtectedStore> store;
  std::unique_ptr<Intake> intake;
  explicit Fixture(Config config_in = {}) : config(std::move(config_in)) {
    store = std::move(*ProtectedStore::open(folder.path, {}, metrics));
    intake = std::make_unique<Intake>(config, deployment, std::string(32, 'k'), log, *store, metrics, shipped_danger());
  }
  Prepared prepare(const std::string& format, std::string_view bytes, std::int64_t now_ms = kNow, std::string_view token = "app") const {
    const Format* const found = format_named(format);
    return intake->prepare(*found, intake->sender(token, found->feed), bytes, WallTime::from_ms(now_ms));
  }
  Event event(const std::string& format, std::string_view bytes, std::int64_t now_ms = kNow, std::string_view token = "app") const {
    const Prepared prepared = prepare(format, bytes, now_ms, token);
    if (prepared.refusal) FAIL(prepared.refusal->reason << " " << prepared.refusal->field);
    return std::get<Event>(*wire::decode_record(prepared.output.message.value));
  }
  Intake::Outcomes store_all(std::vector<Prepared> messages) {
    std::promise<Intake::Outcomes> promise;
    intake->store(std::move(messages), [&promise](Intake::Outcomes outcomes) { promise.set_value(std::move(outcomes)); });
    return promise.get_future().get();
  }
  static constexpr std::int64_t kNow = 1792290000000;  // 2026-10-18T09:20:00+07:00
};

bool has(const Event& event, EventFlag flag) { return std::find(event.flags.begin(), event.flags.end(), flag) != event.flags.end(); }

}  // namespace

TEST_CASE("intake: the same report again has the same id, whenever it is received or sent and in whatever order its keys come") {
  const Fixture fixture;
  const auto first = fixture.event("citizen-report", samples::kReport);
  CHECK(first.id.str().starts_with("20261018-074000-r-"));
  CHECK(fixture.event("citizen-report", samples::kReport, Fixture::kNow + 3'600'000).id == first.id);
  const auto one = fixture.event("citizen-report", R"({"text":"Mất điện","occurred_at":"2026-10-18T08:00:00+07:00","sent_at":"2026-10-18T08:01:00+07:00","trace":1})");
  const auto again = fixture.event("citizen-report", R"({"trace":2, "sent_at":"2026-10-18T09:01:00+07:00","occurred_at":"2026-10-18T01:00:00Z","text":"Mất điện"})");
  CHECK(again.id == one.id);
  CHECK(again.object == one.object);
}

TEST_CASE("intake: without report_id the content is the object; another text, time or reporter is another") {
  const Fixture fixture;
  const auto base = fixture.event("citizen-report", R"({"text":"Mất điện","reporter":{"phone":"0912345678"}})");
  CHECK(base.id.str().starts_with("00000000-000000-r-"));
  for (const char* other : {R"({"text":"Mất nước","reporter":{"phone":"0912345678"}})", R"({"text":"Mất điện","reporter":{"phone":"0912345679"}})",
                            R"({"text":"Mất điện"})", R"({"text":"Mất điện","reporter":{"name":"0912345678"}})",
                            R"({"title":"Mất điện","reporter":{"phone":"0912345678"}})",
                            R"({"text":"Mất điện","occurred_at":"2026-10-18T08:00:00+07:00","reporter":{"phone":"0912345678"}})"}) {
    const auto event = fixture.event("citizen-report", other);
    CHECK(event.id != base.id);
    CHECK(event.object != base.object);
  }
}

TEST_CASE("intake: texts that differ only in a masked number are different reports") {
  const Fixture fixture;
  const auto one = fixture.event("citizen-report", R"({"text":"gọi 0912345678"})"), two = fixture.event("citizen-report", R"({"text":"gọi 0912345679"})");
  CHECK(std::get<CitizenReport>(one.body).text == std::get<CitizenReport>(two.body).text);
  CHECK(one.id != two.id);
}

TEST_CASE("intake: a corrected report is a new event of the same object; a camera's sequence counts, not its content") {
  const Fixture fixture;
  const auto first = fixture.event("citizen-report", R"({"report_id":"R1","text":"a"})"), second = fixture.event("citizen-report", R"({"report_id":"R1","text":"b"})");
  CHECK(first.object == second.object);
  CHECK(first.id != second.id);
  const auto alert = [&fixture](const char* rest) {
    return fixture.event("camera-alert", R"({"alert_id":"a","camera":"c","kind":"k","at":"2026-10-18T09:00:00+07:00",)" + std::string(rest) + "}");
  };
  CHECK(alert(R"("sequence":1,"confidence":0.5)").id == alert(R"("sequence":1,"confidence":0.6)").id);
  CHECK(alert(R"("sequence":1)").id != alert(R"("sequence":2)").id);
  CHECK(alert(R"("state":"start")").id != alert(R"("state":"end")").id);
}

TEST_CASE("intake: a sequence of another time is another event, and the same message sent again is the same") {
  const Fixture fixture;
  const auto alert = [&](std::string_view at, std::string_view more = "") {
    return fixture.event("camera-alert", R"({"alert_id":"nvr-1","camera":"c","kind":"fire","sequence":1,"at":)" + std::string(at) + std::string(more) + "}").id;
  };
  const auto first = alert(R"("2026-10-17T10:00:00+07:00")");
  CHECK(alert(R"("2026-10-17T10:00:00+07:00")", R"(,"confidence":0.5)") == first);
  CHECK(alert(R"("2026-10-17T03:00:00Z")") == first);
  CHECK(alert(R"("2026-10-18T09:00:00+07:00")") != first);
  CHECK(alert(R"("2026-10-17T10:00:00.250+07:00")").str().substr(0, 18) == first.str().substr(0, 18));
  CHECK(alert(R"("2026-10-17T10:00:00.250+07:00")") != first);
  // Nothing of when it was received: a message without a time is the same for ever.
  const std::string timeless = R"({"alert_id":"nvr-1","camera":"c","kind":"fire","sequence":1})";
  CHECK(fixture.event("camera-alert", timeless).id == fixture.event("camera-alert", timeless, Fixture::kNow + 3'600'000).id);
}

TEST_CASE("intake: cameras of one recorder that number their alerts alike have alerts of their own") {
  Fixture fixture;
  const auto object = [&fixture](std::string_view camera) {
    return fixture.event("camera-alert", R"({"alert_id":"7","kind":"fire","sequence":1,"at":"2026-10-18T09:00:00+07:00","camera":")" + std::string(camera) + "\"}");
  };
  CHECK(object("gate").object != object("yard").object);
  CHECK(object("gate").id != object("yard").id);
  CHECK(object("gate").object == object("gate").object);
  const std::string longest(256, 'x');
  CHECK(fixture.event("camera-alert", R"({"kind":"fire","alert_id":")" + longest + R"(","camera":")" + longest + "\"}").object.str().size() == 513);
}

TEST_CASE("intake: Frigate's ids are said to be of one object for ever, and the event's id does not hang on it") {
  const Fixture fixture;
  for (const char* format : {"frigate-event", "frigate-review"}) {
    INFO(format);
    const Event event = fixture.event(format, std::string_view(format) == "frigate-event" ? samples::kFrigateEvent : samples::kFrigateReview);
    CHECK(std::get<CameraAlert>(event.body).unique_id);
  }
  CHECK_FALSE(std::get<CameraAlert>(fixture.event("camera-alert", samples::kAlert).body).unique_id);
}

TEST_CASE("intake: personal data stays in the protected store") {
  const Fixture fixture;
  const auto prepared = fixture.prepare("citizen-report", samples::kReport);
  const auto event = std::get<Event>(*wire::decode_record(prepared.output.message.value));
  CHECK(has(event, EventFlag::TextMasked));
  CHECK(std::get<CitizenReport>(event.body).text.ends_with("gọi tôi ***."));
  for (const char* secret : {"0987654321", "Trần Thị B", "0912 345 678", "0912345678"})
    CHECK(prepared.output.message.value.find(secret) == std::string::npos);
  CHECK(prepared.item.record.payload == samples::kReport);
  CHECK(prepared.item.record.reporter.find("0987654321") != std::string::npos);
  CHECK(prepared.item.ref.find("CTN") == std::string::npos);
  for (const char* format : {"camera-alert", "checkpoint-passage", "frigate-event"}) {
    for (const auto& [name, sample] : samples::all()) {
      if (name != format) continue;
      const auto with_plate = fixture.prepare(name, sample);
      REQUIRE(with_plate.item.record.plates.size() == 1);
      CHECK(with_plate.output.message.value.find(with_plate.item.record.plates[0]) == std::string::npos);
    }
  }
}

TEST_CASE("intake: no field of any format lets a phone, a plate or an address out, and the event says that something is hidden") {
  const Fixture fixture;
  const std::string report = R"("text":"Mất nước")", at = R"("at":"2026-10-18T09:00:00+07:00")";
  for (const std::string secret : {"0912345678", "0912 345 678", "20A-123.45", "a.b@gmail.com"}) {
    const std::string value = "\"" + secret + "\"";
    const std::vector<std::pair<std::string, std::string>> messages = {
        {"citizen-report", "{" + report + R"(,"report_id":)" + value + "}"},
        {"citizen-report", "{" + report + R"(,"follows":)" + value + "}"},
        {"citizen-report", "{" + report + R"(,"channel":)" + value + "}"},
        {"citizen-report", "{" + report + R"(,"category":)" + value + "}"},
        {"citizen-report", "{" + report + R"(,"media":[{"url":"https://x/1","kind":)" + value + "}]}"},
        {"citizen-report", "{" + report + R"(,"media":[{"url":)" + value + "}]}"},
        {"citizen-report", "{" + report + R"(,"media":[{"url":"https://x/1","sha256":)" + value + "}]}"},
        {"camera-alert", "{" + at + R"(,"alert_id":"a","kind":"k","camera":)" + value + "}"},
        {"camera-alert", "{" + at + R"(,"camera":"c","kind":"k","alert_id":)" + value + "}"},
        {"camera-alert", "{" + at + R"(,"camera":"c","alert_id":"a","kind":)" + value + "}"},
        {"camera-alert", "{" + at + R"(,"camera":"c","alert_id":"a","kind":"k","zone":)" + value + "}"},
        {"camera-alert", "{" + at + R"(,"camera":"c","alert_id":"a","kind":"k","snapshot":)" + value + "}"},
        {"camera-alert", "{" + at + R"(,"camera":"c","alert_id":"a","kind":"k","objects":[{"label":)" + value + "}]}"},
        {"checkpoint-passage", R"({"checkpoint":"c","passage_id":)" + value + "}"},
        {"checkpoint-passage", R"({"checkpoint":"c","passage_id":"p","officer_unit":)" + value + "}"},
        {"checkpoint-passage", R"({"checkpoint":"c","passage_id":"p","from_unit":)" + value + "}"},
        {"checkpoint-status", "{" + at + R"(,"checkpoint":)" + value + "}"},
        {"online-mention", "{" + at + R"(,"topic":"t","mention_id":)" + value + "}"},
        {"online-mention", "{" + at + R"(,"topic":"t","link":)" + value + "}"},
        {"indicator", R"({"code":"c","value":1,"measure":)" + value + "}"},
        {"indicator", R"({"value":1,"code":)" + value + "}"}};
    for (const auto& [format, message] : messages) {
      INFO(format << " " << message);
      const auto prepared = fixture.prepare(format, message);
      REQUIRE_FALSE(prepared.refusal.has_value());
      CHECK(prepared.output.message.value.find(secret) == std::string::npos);
      CHECK(has(std::get<Event>(*wire::decode_record(prepared.output.message.value)), EventFlag::TextMasked));
      CHECK(prepared.item.record.payload == message);
    }
  }
}

TEST_CASE("intake: an identifier that is hidden stays one: equal ones are equal, and a report is found by the one that follows it") {
  const Fixture fixture;
  const auto of = [&fixture](std::string_view id, std::string_view rest = "") {
    return fixture.event("citizen-report", R"({"text":"Mất nước","report_id":")" + std::string(id) + "\"" + std::string(rest) + "}");
  };
  const Event first = of("0912345678-1"), second = of("0912345678-2"), third = of("0987654321-1");
  CHECK(first.object.str().starts_with("h-"));
  CHECK(first.object == of("0912345678-1", R"(,"title":"khác")").object);
  CHECK(first.object != second.object);
  CHECK(first.object != third.object);
  CHECK(std::get<CitizenReport>(of("R2", R"(,"follows":"0912345678-1")").body).follows == first.object.str());
  CHECK(of("CTN-2026-000123").object.str() == "CTN-2026-000123");
  const Event status = fixture.event("checkpoint-status", R"({"checkpoint":"chốt 0912345678","at":"2026-10-18T09:00:00+07:00"})");
  CHECK(status.object.str() == std::get<CheckpointStatus>(status.body).checkpoint);
}

TEST_CASE("intake: the path of a dead letter loses what is personal in it, and the protected store keeps the path") {
  const Fixture fixture;
  const Refusal refusal{RefusalKind::UnknownFeed, "unknown_feed", "path", "", "", ""};
  const auto refuse = [&](std::string_view path) {
    return fixture.intake->refuse(refusal, "unknown", path, fixture.intake->sender("app", Feed::CitizenReports), "{}", WallTime::from_ms(Fixture::kNow));
  };
  for (const char* path : {"/v1/0912345678", "/v1/0912 345 678", "/v1/20A–123.45", "/v1/a.b@gmail.com"}) {
    INFO(path);
    const auto prepared = refuse(path);
    CHECK(wire::decode_dead_letter(prepared.output.message.value)->path == "/v1/***");
    CHECK(prepared.item.record.format == path);
  }
  CHECK(refuse("/v1/0912345678").dead_letter != refuse("/v1/0987654321").dead_letter);
  CHECK(wire::decode_dead_letter(refuse("/v1/drones").output.message.value)->path == "/v1/drones");
}

TEST_CASE("intake: a dead letter names what was wrong and holds nothing of the payload") {
  const Fixture fixture;
  const auto prepared = fixture.prepare("citizen-report", R"({"title":["gọi 0912345678"],"urgency":"Nguyễn Văn A"})");
  REQUIRE(prepared.refusal.has_value());
  CHECK(prepared.output.topic == topics::kDeadLetters);
  const auto letter = wire::decode_dead_letter(prepared.output.message.value);
  REQUIRE(letter.has_value());
  CHECK(letter->reason == "missing");
  CHECK(letter->field == "text");
  CHECK(letter->stage == "ingest");
  CHECK(letter->feed == "citizen-reports");
  CHECK(letter->payload_ref == prepared.item.ref);
  for (const char* secret : {"0912345678", "Nguyễn"}) CHECK(prepared.output.message.value.find(secret) == std::string::npos);
}

TEST_CASE("intake: times are bounded and flagged; a valid past time is never moved") {
  const Fixture fixture;
  const auto at = [&fixture](const std::string& rest, std::string_view token = "app") {
    return fixture.event("citizen-report", R"({"text":"a")" + rest + "}", Fixture::kNow, token);
  };
  CHECK(at("").occurred_at.ms() == Fixture::kNow);
  CHECK(has(at(""), EventFlag::TimeMissing));
  const auto sent = at(R"(,"sent_at":"2026-10-18T09:00:00+07:00")");
  CHECK(format_time(sent.occurred_at) == "2026-10-18T09:00:00.000+07:00");
  CHECK_FALSE(has(sent, EventFlag::TimeMissing));
  const auto future = at(R"(,"occurred_at":"2027-10-18T09:00:00+07:00")");
  CHECK(future.occurred_at.ms() == Fixture::kNow);
  CHECK(has(future, EventFlag::TimeFuture));
  const auto skew = at(R"(,"occurred_at":"2026-10-18T09:21:00+07:00")");
  CHECK(skew.occurred_at.ms() == Fixture::kNow + 60'000);
  CHECK(skew.flags.empty());
  const auto old = at(R"(,"occurred_at":"2026-09-18T09:00:00+07:00")");
  CHECK(format_time(old.occurred_at) == "2026-09-18T09:00:00.000+07:00");
  CHECK(old.flags == std::vector<EventFlag>{EventFlag::TimeOld});
  const auto too_old = fixture.prepare("citizen-report", R"({"text":"a","occurred_at":"2011-07-01T09:00:00+07:00","channel":"replay"})");
  REQUIRE(too_old.refusal.has_value());
  CHECK(too_old.refusal->reason == "too_old");
  CHECK(too_old.refusal->limit == "365 days");
  CHECK(format_time(at(R"(,"occurred_at":"2011-07-01T09:00:00+07:00")", "replay").occurred_at) == "2011-07-01T09:00:00.000+07:00");
}

TEST_CASE("intake: a live report or alert is never refused for its clock: it has the receive time, and the field is named") {
  const Fixture fixture;
  for (const char* clock : {R"("1970-01-01T00:00:00Z")", "0", R"("2000-01-01T00:00:12+07:00")", R"("1970-01-01T00:00:00+07:00")", "315532800"}) {
    INFO(clock);
    const auto event = fixture.event("citizen-report", R"({"report_id":"D1","text":"Nhà cháy","occurred_at":)" + std::string(clock) + "}");
    CHECK(event.occurred_at.ms() == Fixture::kNow);
    CHECK(event.value_flags == std::vector<ValueFlag>{{"occurred_at", ValueReason::TooOld}});
    CHECK_FALSE(has(event, EventFlag::TimeMissing));
    const auto sent = fixture.event("citizen-report", R"({"text":"Nhà cháy","sent_at":)" + std::string(clock) + "}");
    CHECK(sent.occurred_at.ms() == Fixture::kNow);
    CHECK(sent.value_flags == std::vector<ValueFlag>{{"sent_at", ValueReason::TooOld}});
    const auto alert = fixture.event("camera-alert", R"({"alert_id":"a","camera":"c","kind":"fire","at":)" + std::string(clock) + R"(,"started_at":)" + clock + "}");
    CHECK(alert.occurred_at.ms() == Fixture::kNow);
    CHECK(std::get<CameraAlert>(alert.body).started_at.ms() == Fixture::kNow);
    CHECK(alert.value_flags == std::vector<ValueFlag>{{"at", ValueReason::TooOld}, {"started_at", ValueReason::TooOld}});
  }
}

TEST_CASE("intake: every format is taken from a device whose clock stands in the past, with the receive time") {
  const Fixture fixture;
  for (const auto& [name, sample] : samples::all()) {
    INFO(name);
    std::string old(sample);
    for (const auto& [now, then] : {std::pair{"2026-", "1999-"}, {"179228", "17922"}}) {
      for (auto at = old.find(now); at != std::string::npos; at = old.find(now, at)) old.replace(at, std::string_view(now).size(), then);
    }
    const auto event = fixture.event(name, old);
    CHECK(event.occurred_at.ms() == Fixture::kNow);
    CHECK_FALSE(event.value_flags.empty());
    CHECK_FALSE(has(event, EventFlag::TimeMissing));
  }
}

TEST_CASE("intake: where one time is not believed or not readable, the best other one of the message counts") {
  const Fixture fixture;
  const std::string sent = R"("sent_at":"2026-10-18T09:00:00+07:00")";
  for (const char* clock : {"0", R"("2031-01-01T00:00:00Z")", R"("garbage")"}) {
    INFO(clock);
    const auto event = fixture.event("citizen-report", R"({"text":"a",)" + sent + R"(,"occurred_at":)" + clock + "}");
    CHECK(format_time(event.occurred_at) == "2026-10-18T09:00:00.000+07:00");
    REQUIRE(event.value_flags.size() == 1);
    CHECK(event.value_flags[0].field == "occurred_at");
  }
  const auto alert = fixture.event("camera-alert", R"({"alert_id":"a","camera":"c","kind":"k","at":0,"started_at":"2026-10-18T09:00:00+07:00"})");
  CHECK(format_time(alert.occurred_at) == "2026-10-18T09:00:00.000+07:00");
}

TEST_CASE("intake: a checkpoint or indicator whose clock is not believed is ordered by the time that was taken") {
  const Fixture fixture;
  const auto status = fixture.event("checkpoint-status", R"({"checkpoint":"CK03","state":"open","at":"1970-01-01T00:05:00Z"})");
  CHECK(status.revision == static_cast<std::uint64_t>(Fixture::kNow));
  const auto ahead = fixture.event("checkpoint-status", R"({"checkpoint":"CK03","state":"open","at":"2150-01-01T00:05:00Z"})");
  CHECK(ahead.revision == static_cast<std::uint64_t>(Fixture::kNow));
}

TEST_CASE("intake: history keeps its own times, and is refused rather than dated today") {
  const Fixture fixture;
  const auto replayed = fixture.event("citizen-report", R"({"text":"a","occurred_at":"1971-07-01T09:00:00+07:00"})", Fixture::kNow, "replay");
  CHECK(format_time(replayed.occurred_at) == "1971-07-01T09:00:00.000+07:00");
  CHECK(replayed.value_flags.empty());
  for (const char* clock : {R"("garbage")", R"("1970-01-01T00:00:00+07:00")", "-5"}) {
    INFO(clock);
    const auto refused = fixture.prepare("citizen-report", R"({"text":"a","occurred_at":)" + std::string(clock) + "}", Fixture::kNow, "replay");
    REQUIRE(refused.refusal.has_value());
    CHECK(refused.refusal->reason == "unusable_time");
    CHECK(refused.refusal->field == "occurred_at");
  }
  const auto unreadable = fixture.prepare("citizen-report", R"({"text":"a","channel":"replay","occurred_at":"garbage"})");
  REQUIRE(unreadable.refusal.has_value());
  CHECK(unreadable.refusal->reason == "unusable_time");
}

TEST_CASE("intake: what was dropped or cut tells two messages apart, flags do not, and the same bytes are one event") {
  const Fixture fixture;
  const auto id = [&fixture](const std::string& rest, std::int64_t now = Fixture::kNow) {
    return fixture.event("citizen-report", R"({"report_id":"R1","text":"a")" + rest + "}", now).id;
  };
  CHECK(id(R"(,"urgency":"asap")") == id(R"(,"urgency":"asap")", Fixture::kNow + 86'400'000));
  CHECK(id(R"(,"urgency":"asap")") != id(R"(,"urgency":"soon")"));
  CHECK(id(R"(,"urgency":"asap")") != id(""));
  CHECK(id(R"(,"urgency":"KHẨN")") == id(R"(,"urgency":"khẩn")"));  // understood: nothing is lost
  CHECK(id(R"(,"position":"ngã tư A")") != id(R"(,"position":"ngã tư B")"));
  CHECK(id(R"(,"occurred_at":0)") == id(R"(,"occurred_at":0)", Fixture::kNow + 86'400'000));
  const std::string whole(20'000, 'x');
  const auto one = fixture.event("citizen-report", R"({"text":")" + whole + "1\"}"), two = fixture.event("citizen-report", R"({"text":")" + whole + "2\"}");
  CHECK(std::get<CitizenReport>(one.body).text == std::get<CitizenReport>(two.body).text);
  CHECK(one.id != two.id);
}

TEST_CASE("intake: value flags hold no word of the message") {
  const Fixture fixture;
  const auto prepared = fixture.prepare("citizen-report", R"({"text":"a","Nguyễn Văn A":1,"urgency":"Nguyễn Văn A","media":[{"url":["0912345678"]}],"reporter":"Nguyễn Văn A"})");
  REQUIRE_FALSE(prepared.refusal.has_value());
  for (const char* secret : {"Nguyễn", "0912345678"}) CHECK(prepared.output.message.value.find(secret) == std::string::npos);
  CHECK(prepared.item.record.reporter == "\"Nguyễn Văn A\"");
  CHECK(prepared.value_flags.size() == 3);
}

TEST_CASE("intake: what is refused is judged for danger as far as it can be read") {
  const Fixture fixture;
  for (const char* danger : {R"({"text":["Nhà tôi đang cháy lớn"]})", "Nhà tôi đang cháy lớn", R"({"title":{"a":"Nh\u00e0 \u0111ang ch\u00e1y l\u1edbn"}})",
                             "text=Nh%C3%A0+%C4%91ang+ch%C3%A1y+l%E1%BB%9Bn", R"({"text":"đang cháy lớn)"}) {
    INFO(danger);
    const auto prepared = fixture.prepare("citizen-report", danger);
    REQUIRE(prepared.refusal.has_value());
    CHECK(prepared.danger);
  }
  CHECK_FALSE(fixture.prepare("citizen-report", R"({"text":["Đèn hỏng"]})").danger);
  const auto cut = fixture.prepare("citizen-report", R"({"text":")" + std::string(21'000, 'x') + R"( đang cháy lớn"})");
  CHECK_FALSE(cut.refusal.has_value());
  CHECK(cut.danger);
}

TEST_CASE("intake: source and partition are the sender's, by the first rule that fits") {
  Config config;
  config.sources = {{"hik", "camera-alerts", "hikvision-1", "north", false}, {"", "camera-alerts", "cameras", "", true}};
  Fixture fixture(config);
  fixture.deployment.areas = {{"south", 0}, {"north", 3}};
  fixture.intake = std::make_unique<Intake>(fixture.config, fixture.deployment, std::string(32, 'k'), fixture.log, *fixture.store, fixture.metrics, shipped_danger());
  const auto hik = fixture.intake->sender("hik", Feed::CameraAlerts);
  CHECK(hik.source.str() == "hikvision-1");
  CHECK(hik.partition.value() == 3);
  CHECK_FALSE(hik.replay);
  const auto other = fixture.intake->sender("x", Feed::CameraAlerts);
  CHECK(other.source.str() == "cameras");
  CHECK(other.partition.value() == 0);
  CHECK(other.replay);
  CHECK(fixture.intake->sender("hik", Feed::CitizenReports).source.str() == "citizen-reports/hik");
  CHECK(fixture.prepare("camera-alert", samples::kAlert, Fixture::kNow, "hik").output.partition.value() == 3);
}

TEST_CASE("intake: a token is a source of its own, so that two that number their reports alike do not meet") {
  const Fixture fixture;
  const auto a = fixture.event("citizen-report", R"({"report_id":"1","text":"Cháy nhà"})", Fixture::kNow, "app-a");
  const auto b = fixture.event("citizen-report", R"({"report_id":"1","text":"Cháy nhà"})", Fixture::kNow, "app-b");
  CHECK(a.source.str() == "citizen-reports/app-a");
  CHECK(b.source.str() == "citizen-reports/app-b");
  CHECK(a.id != b.id);
  CHECK(fixture.intake->sender("app-a", Feed::CameraAlerts).source != a.source);  // its alerts are numbered apart from its reports
  CHECK(fixture.intake->sender("", Feed::CitizenReports).source.str() == "citizen-reports");
}

TEST_CASE("intake: tokens and the raw topic that are configured as one source give one event one id") {
  Config config;
  config.sources = {{"app-a", "", "app", "", false}, {"app-b", "", "app", "", false}, {"", "citizen-reports", "app", "", false}};
  const Fixture fixture(config);
  const auto of = [&fixture](std::string_view token) { return fixture.event("citizen-report", R"({"report_id":"1","text":"Cháy nhà"})", Fixture::kNow, token); };
  CHECK(of("app-a").id == of("app-b").id);
  CHECK(of("app-a").id == of("").id);
}

TEST_CASE("intake: a rule without a source leaves each token its own") {
  Config config;
  config.sources = {{"", "citizen-reports", "", "", true}};
  const Fixture fixture(config);
  CHECK(fixture.intake->sender("app-a", Feed::CitizenReports).source.str() == "citizen-reports/app-a");
  CHECK(fixture.intake->sender("app-a", Feed::CitizenReports).replay);
}

TEST_CASE("intake: a report has one id in whatever encoding it was sent, and its payload stays as it came") {
  const Fixture fixture;
  constexpr std::string_view kMeant = R"({"report_id":"R1","text":"Nhà số 5 đang cháy lớn"})", kTcvn3 = R"({"report_id":"R1","text":"Nhµ sè 5 ®ang ch¸y lín"})";
  CHECK(fixture.event("citizen-report", kTcvn3).id == fixture.event("citizen-report", kMeant).id);
  const auto prepared = fixture.prepare("citizen-report", kTcvn3);
  CHECK(prepared.danger);
  CHECK(prepared.item.record.payload == kTcvn3);
}

TEST_CASE("intake: Frigate's review has one id in whatever order its lists come") {
  const Fixture fixture;
  const auto with = [&fixture](const char* objects) {
    return fixture.event("frigate-review", R"({"type":"update","after":{"id":"1792289410.2-aa","camera":"c","start_time":1792289410.2,"severity":"alert","data":{"detections":["a","b"],"objects":)" +
                                               std::string(objects) + R"(,"zones":["no_stop"]}}})");
  };
  CHECK(with(R"(["car","person"])").id == with(R"(["person","car"])").id);
  CHECK(with(R"(["car"])").id != with(R"(["person"])").id);
}

TEST_CASE("intake: the protected store has the payload before the log hears of the event") {
  Fixture fixture;
  std::size_t seen = 0, missing = 0;
  std::vector<std::string> refs;
  fixture.log.on_append = [&](std::string_view, const log::Message&) {
    const auto found = fixture.store->get(refs.at(seen++));
    if (found.has_error() || found->empty()) ++missing;
  };
  std::vector<Prepared> messages;
  messages.push_back(fixture.prepare("citizen-report", samples::kReport));
  messages.push_back(fixture.prepare("citizen-report", "{}"));
  messages.push_back(fixture.prepare("camera-alert", samples::kAlert));
  for (const auto& message : messages) refs.push_back(message.item.ref);
  for (const auto& outcome : fixture.store_all(std::move(messages))) CHECK(outcome.has_value());
  CHECK(seen == 3);
  CHECK(missing == 0);
}

TEST_CASE("intake: what the log did not take is not durable") {
  Fixture fixture;
  fixture.log.set_fault(Fault::Transient);
  std::vector<Prepared> messages;
  messages.push_back(fixture.prepare("citizen-report", samples::kReport));
  const auto outcomes = fixture.store_all(std::move(messages));
  REQUIRE(outcomes.size() == 1);
  CHECK(outcomes[0].has_error());
  CHECK(fixture.store_all({}).empty());
}

TEST_CASE("danger: phrases are found with marks, and without only where the text has none") {
  const Danger& danger = shipped_danger();
  CHECK(danger.speaks_of_danger(PartitionId(0), "", "Có đám CHÁY NHÀ ở tổ 5"));
  CHECK(danger.speaks_of_danger(PartitionId(0), "Đuối nước", ""));
  CHECK(danger.speaks_of_danger(PartitionId(0), "", "co chay nha o to 5"));
  CHECK(danger.speaks_of_danger(PartitionId(0), "", "CHÁYYYY NHÀAAA mọi người ơi"));
  CHECK(danger.speaks_of_danger(PartitionId(0), "", "c.h.á.y nhà rồi"));
  CHECK_FALSE(danger.speaks_of_danger(PartitionId(0), "", "xe chạy nhà bên đường"));
  CHECK_FALSE(danger.speaks_of_danger(PartitionId(0), "Đèn đường hỏng", "cả tuần nay không sáng"));
  CHECK_FALSE(danger.speaks_of_danger(PartitionId(0), "", ""));
}

TEST_CASE("danger: thanks, drills, risks and what is past are none, unless a danger stands beside them") {
  const Danger& danger = shipped_danger();
  for (const char* ordinary : {
           "Xin cảm ơn lính cứu hỏa đã dập tắt vụ cháy nhà tôi", "cam on cac chu da cuu chau be duoi nuoc", "Sáng nay phường diễn tập cứu nạn đuối nước",
           "Kho chứa đầy mút xốp, nguy cơ hỏa hoạn rất cao", "Xe chở đất bụi mù mịt, bụi bay vào nhà làm mẹ tôi khó thở",
           "đốt rơm cả cánh đồng khói vào nhà khó thở lắm", "Cây đổ trúng mái, không ai bị thương", "Hai xe quẹt nhau nhưng không có người bị thương.",
           "Tháng trước chỗ này có vụ tai nạn chưa ai dọn mảnh kính", "con mèo mắc kẹt trên cây", "Phòng cấp cứu bắt chờ ba tiếng", "đèn đang cháy cả ngày",
           "Em suýt bị tai nạn vì ổ gà", "hoi muc boi thuong bao hiem tai nan"}) {
    INFO(ordinary);
    CHECK_FALSE(danger.speaks_of_danger(PartitionId(0), "", ordinary));
  }
  for (const char* urgent : {
           "Cháy nhà rồi, cứu với, xin cảm ơn", "Xin cảm ơn! Có người đuối nước", "không ai biết bơi, cháu bé đuối nước rồi",
           "diễn tập gì nữa, đang cháy thật", "Bố em khó thở tím môi", "khói dày, cụ bà khó thở", "Không có ai ở đây, một người bị thương nặng",
           "hai người mắc kẹt trong xe", "tháng trước nó dọa, nay nó cầm dao vào nhà", "chua ai den, co nguoi bi dien giat"}) {
    INFO(urgent);
    CHECK(danger.speaks_of_danger(PartitionId(0), "", urgent));
  }
  std::string long_ago = "xin cảm ơn";
  while (long_ago.size() < 400) long_ago += " các cô chú";
  CHECK(danger.speaks_of_danger(PartitionId(0), "", long_ago + " cháy nhà"));
}
