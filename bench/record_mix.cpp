#include "bench/record_mix.h"

#include "libs/domain/record.h"
#include "libs/domain/wire.h"

namespace ioc::bench {

std::string RecordMix::next() {
  if (++x_number % kEventsPerMs == 0) ++ms;
  const auto pick = x_random() % 10;
  if (pick == 0) return text_report(x_random() % 3 == 0);
  return pick < 6 ? camera() : passage();
}

std::string RecordMix::of_a_day() {
  ++x_number;
  const auto pick = x_random() % 1'200;
  if (pick == 0) return text_report(x_random() % 3 == 0);
  return pick < 600 ? camera() : passage();
}

EventId RecordMix::id(const char* kind) {
  return EventId(format_compact(ms) + "-" + kind + "-" + std::to_string(1'000'000'000'000'000'000ULL + ++x_number));
}

Event RecordMix::event(Feed feed, const char* kind) {
  Event made;
  made.id = id(kind);
  made.feed = feed;
  made.source = SourceId(name_of(feed));
  made.object = ObjectId("o-" + std::to_string(x_number));
  made.occurred_at = EventTime::from_ms(ms);
  made.received_at = WallTime::from_ms(ms);
  return made;
}

std::string RecordMix::text_report(bool near_other) {
  static const char* const kTexts[] = {
      "Trước số nhà có nắp cống bị mất, trời tối rất nguy hiểm cho người đi đường, đề nghị sửa sớm.",
      "Đèn đường cả đoạn không sáng đã ba hôm, bà con đi lại khó khăn, kính mong cơ quan chức năng xử lý.",
      "Rác thải đổ bừa bãi cạnh mương, mùi hôi thối bốc lên nồng nặc, đã phản ánh nhiều lần chưa ai thu gom.",
      "Quán karaoke hát ồn ào đến nửa đêm, trẻ con không học được, người già mất ngủ.",
      "Xe tải đỗ trái phép chắn lối đi, giờ cao điểm ùn tắc kéo dài từ ngã tư đến chợ.",
      "mat duong nhieu o ga o voi, xe may di lai rat nguy hiem, de nghi sua chua som"};
  Event made = event(Feed::CitizenReports, "r");
  CitizenReport body;
  const auto which = x_random() % 6;
  body.text = kTexts[which];
  body.channel = "app";
  const auto lat = static_cast<std::int32_t>(213500000 + x_random() % 6000000);
  const auto lon = static_cast<std::int32_t>(1055500000 + x_random() % 6000000);
  if (near_other && !x_positions.empty()) {
    Position position = x_positions[x_random() % x_positions.size()];
    position.lat_e7 += static_cast<std::int32_t>(x_random() % 2000);
    made.position = position;
  } else {
    made.position = Position{lat, lon, 10};
    if (x_positions.size() < 5000) x_positions.push_back(*made.position);
  }
  body.address = "Số " + std::to_string(x_random() % 900) + ", tổ " + std::to_string(x_random() % 40) + ", đường " + std::to_string(x_random() % 300);
  made.body = std::move(body);
  return encoded(made);
}

std::string RecordMix::camera() {
  static const char* const kKinds[] = {"illegal_stop", "congestion", "crowd", "no_mask", "line_crossing"};
  if (x_alert_step == 4) x_alert_step = 0;
  if (x_alert_step == 0) {
    x_alert = event(Feed::CameraAlerts, "a");
    x_alert_body = CameraAlert{"cam_" + std::to_string(x_random() % 409), kKinds[x_random() % 5], AlertState::Start,
                               EventTime::from_ms(ms), 920, "zone_1", {{"car", ""}}, "snap/8841-3.jpg", "model"};
  }
  Event made = x_alert;
  ++x_number;
  made.id = id("a");
  made.revision = ++x_alert_step;
  made.occurred_at = EventTime::from_ms(ms);
  x_alert_body.state = x_alert_step == 1 ? AlertState::Start : x_alert_step == 4 ? AlertState::End : AlertState::Update;
  made.body = x_alert_body;
  return encoded(made);
}

std::string RecordMix::passage() {
  Event made = event(Feed::CheckpointPassages, "p");
  CheckpointPassage body;
  body.checkpoint = "CK0" + std::to_string(1 + x_random() % 8);
  body.direction = Direction::In;
  body.vehicle = Vehicle::Truck;
  body.plate_hash = "9f86d081884c7d659a2feaa0c55ad015";
  body.people = 2;
  body.from_unit = "24";
  body.to_unit = "19";
  body.result = x_random() % 200 == 0 ? PassageResult::TurnedBack : PassageResult::Pass;
  body.officer_unit = "cong-an";
  made.body = std::move(body);
  return encoded(made);
}

std::string RecordMix::encoded(const Event& event) {
  x_last_id = event.id;
  x_last_source = event.source;
  return wire::encode(Record(event));
}

}  // namespace ioc::bench
