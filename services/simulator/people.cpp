// What citizens report: single things, things that several people see, accidents that a camera sees too, a fire, a flood.
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "libs/text/fold.h"
#include "services/simulator/json_text.h"
#include "services/simulator/slice.h"

namespace ioc::simulator {
namespace {

// Few at night, most in the morning and after work.
constexpr int kPeopleRhythm[24] = {2, 1, 1, 1, 1, 3, 8, 14, 18, 17, 15, 11, 9, 10, 13, 14, 15, 18, 17, 15, 13, 10, 6, 3};
constexpr int kRushRhythm[24] = {2, 1, 1, 1, 2, 4, 12, 20, 12, 8, 8, 10, 8, 7, 8, 9, 14, 22, 16, 10, 8, 7, 5, 3};

constexpr std::string_view kChannels[] = {"app", "app", "app", "web", "hotline", "zalo"};
constexpr std::string_view kFamilyNames[] = {"Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Dương", "Ma", "Nông", "Lý", "Đặng"};
constexpr std::string_view kMiddleNames[] = {"Văn", "Thị", "Đức", "Thu", "Minh", "Quang", "Ngọc"};
constexpr std::string_view kGivenNames[] = {"An", "Bình", "Chi", "Dũng", "Hà", "Hùng", "Lan", "Mai", "Nam", "Oanh", "Tuấn", "Yến"};

constexpr std::int64_t kMinuteMs = 60'000;

struct Person {
  std::string name, phone;
};

Person draw_person(Random& random) {
  // One draw a statement: the order of arguments is the compiler's choice.
  const std::string_view family = random.pick(kFamilyNames);
  const std::string_view middle = random.pick(kMiddleNames);
  const std::string_view given = random.pick(kGivenNames);
  return {fmt::format("{} {} {}", family, middle, given), fmt::format("0900000{:03}", random.below(1000))};
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

Register draw_register(Random& random) {
  constexpr int kWeights[] = {30, 20, 30, 20};
  return static_cast<Register>(random.weighted(kWeights));
}

std::span<const std::string_view> sentences(const Topic& topic, Register of) {
  switch (of) {
    case Register::Formal: return topic.formal;
    case Register::Hotline: return topic.hotline;
    default: return topic.chat;
  }
}

}  // namespace

void Slice::reports() {
  for (std::int64_t n = times(105, kPeopleRhythm); n > 0; --n) {
    static const std::vector<int> weights = [] {
      std::vector<int> all;
      for (const Topic& one : topics()) all.push_back(one.weight);
      return all;
    }();
    const Topic& about = topics()[x_random.weighted(weights)];
    const Place& place = draw_place(x_random);
    // Most things have one reporter.
    const int people = x_random.chance(800) ? 1 : static_cast<int>(x_random.between(1, about.crowd));
    const Point at = near(place.centre, place.radius_m, x_random);
    story(about, at, place, moment(), people, 40 * kMinuteMs);
  }
}

void Slice::story(const Topic& topic, const Point& at, const Place& place, std::int64_t begins_ms, int people,
                  std::int64_t within_ms) {
  for (int i = 0; i < people; ++i) {
    // The first at once; half of the others soon.
    const std::int64_t after = i == 0 ? 0 : x_random.chance(500) ? x_random.below(within_ms / 6) : x_random.below(within_ms);
    const std::int64_t noticed = begins_ms + after;
    report(topic, at, place, noticed, noticed + x_random.between(5'000, 90'000));
  }
}

void Slice::report(const Topic& topic, const Point& at, const Place& place, std::int64_t happened_ms, std::int64_t sent_ms) {
  const Register written = draw_register(x_random);
  const Person person = draw_person(x_random);
  // The same thing lies in the same street, whoever writes about it.
  const std::size_t thing = static_cast<std::size_t>(at.lat_e7 ^ at.lon_e7);
  const std::string_view street = place.streets[thing % place.streets.size()];
  const std::string_view ward = x_random.chance(250) ? place.unit_new : place.unit;
  const auto group = static_cast<int>(thing % 17 + 1), house = static_cast<int>(thing % 240 + 2);
  const std::int64_t local_hour = (happened_ms + kVietnamOffset.count()) / 3'600'000 % 24;

  std::string text(x_random.pick(sentences(topic, written)));
  replace_all(text, "{noi}", written == Register::Chat && x_random.chance(400) ? std::string(street) : fmt::format("{}, {}", street, ward));
  replace_all(text, "{duong}", street);
  replace_all(text, "{phuong}", ward);
  replace_all(text, "{to}", std::to_string(group));
  replace_all(text, "{so}", std::to_string(house));
  replace_all(text, "{gio}", std::to_string(local_hour));
  replace_all(text, "{ten}", person.name);
  replace_all(text, "{dt}", person.phone);
  if (written == Register::Folded) text = text::fold(text);

  JsonText body;
  body.text("report_id", fmt::format("CTN-{}-{}", x_stamp, ++x_serial));
  if (written == Register::Formal || x_random.chance(400)) body.text("title", topic.title);
  body.text("text", text).text("category", x_random.chance(850) ? topic.category : "khac");
  body.text("urgency", topic.urgent && x_random.chance(350) ? "urgent" : x_random.chance(80) ? "low" : "normal");
  if (written == Register::Formal) {
    body.text("address", fmt::format("Số {}, tổ {}, {}, {}", house, group, street, ward));
  } else if (x_random.chance(600)) {
    body.text("address", fmt::format("{}, {}", street, ward));
  }
  // Phones are a few metres off; some people share no position, some apps send 0,0.
  if (const std::int64_t drawn = x_random.below(1000); drawn < 900) {
    const Point seen = near(at, 12, x_random);
    body.raw("position", fmt::format(R"({{"lat":{},"lon":{},"accuracy_m":{}}})", degrees(seen.lat_e7),
                                     degrees(seen.lon_e7), x_random.between(4, 40)));
  } else if (drawn < 915) {
    body.raw("position", R"({"lat":0,"lon":0})");
  } else if (drawn < 925) {
    body.raw("position", fmt::format(R"({{"lat":{},"lon":{}}})", degrees(at.lon_e7), degrees(at.lat_e7)));
  }
  body.text("occurred_at", format_time(happened_ms - x_random.between(0, 4) * kMinuteMs)).text("sent_at", format_time(sent_ms));
  if (x_random.chance(350)) {
    body.raw("media", fmt::format(R"([{{"url":"https://media.example/{}-{}.jpg","kind":"photo"}}])", x_stamp, x_serial));
  }
  const bool anonymous = x_random.chance(200);
  body.text("channel", written == Register::Hotline ? "hotline" : x_random.pick(kChannels)).flag("anonymous", anonymous);
  if (!anonymous) body.raw("reporter", JsonText().text("name", person.name).text("phone", person.phone).take());
  add(sent_ms, MessageKind::Report, body.take());
}

// A camera and several people tell of one accident.
void Slice::accidents() {
  for (std::int64_t n = times(6, kRushRhythm); n > 0; --n) {
    std::vector<const Camera*> roads;
    for (const Camera& camera : x_sources.cameras) {
      if (camera.kind == "traffic") roads.push_back(&camera);
    }
    if (roads.empty()) return;
    const Camera& camera = *x_random.pick(roads);
    const std::int64_t begins = moment();
    alert(camera, "accident", begins, static_cast<int>(x_random.between(3, 12)));
    const Point at = near(camera.at, 25, x_random);
    const std::int64_t noticed = begins + x_random.between(30'000, 120'000);
    story(topic("tai-nan"), at, nearest_place(camera.at), noticed, static_cast<int>(x_random.between(1, 5)), 20 * kMinuteMs);
  }
}

// Once a day, in one of the wards near the centre.
void Slice::fire() {
  if (!is_drawn("fire", 9, 21)) return;
  const Place& place = draw_place(x_random);
  const Point at = near(place.centre, place.radius_m, x_random);
  const std::int64_t begins = moment();
  story(topic("chay"), at, place, begins, static_cast<int>(x_random.between(12, 22)), 25 * kMinuteMs);
  const Camera& camera = nearest_camera(at);
  if (distance_m(camera.at, at) < 400) alert(camera, "fire", begins + x_random.between(20'000, 90'000), 8);
  for (int i = 0; i < 4; ++i) mention("chay", place, begins + (i + 1) * 10 * kMinuteMs, "rising");
}

// Once a day a downpour: several streets under water within an hour and a half, many reports of each.
void Slice::flood() {
  if (!is_drawn("flood", 13, 19)) return;
  const std::int64_t begins = moment();
  for (int i = 0; i < 7; ++i) {
    const Place& place = draw_place(x_random);
    const std::int64_t starts = begins + x_random.between(0, 40 * kMinuteMs);
    const Point at = near(place.centre, place.radius_m, x_random);
    story(topic("ngap-ung"), at, place, starts, static_cast<int>(x_random.between(4, 12)), 60 * kMinuteMs);
    const Camera& camera = nearest_camera(place.centre);
    if (distance_m(camera.at, place.centre) < 900) alert(camera, "flooding", starts + 10 * kMinuteMs, 20);
    mention("ngap-ung", place, starts + 30 * kMinuteMs, "rising");
  }
  for (int i = 0; i < 3; ++i) {
    const Place& place = draw_place(x_random);
    const Point at = near(place.centre, place.radius_m, x_random);
    const std::int64_t starts = begins + x_random.between(0, 50 * kMinuteMs);
    story(topic("cay-do"), at, place, starts, static_cast<int>(x_random.between(1, 4)), 40 * kMinuteMs);
  }
}

}  // namespace ioc::simulator
