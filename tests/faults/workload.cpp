#include "tests/faults/workload.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace ioc::faults {
namespace {

constexpr std::string_view kObject = "f-";
constexpr std::array<std::string_view, 8> kCameras = {"tn_luongngocquyen_01", "tn_luongngocquyen_02", "tn_hoangvanthu_01",
                                                      "tn_cmt8_01", "tn_cmt8_02", "tn_bentuong_01", "sc_thangloi_01",
                                                      "py_bahang_01"};
constexpr std::array<std::string_view, 4> kKinds = {"illegal_stop", "line_crossing", "speeding", "congestion"};
constexpr std::array<std::string_view, 4> kTexts = {"Nắp cống mất", "Rác chất đống, bốc mùi", "Mặt đường có ổ gà",
                                                    "Đèn đường tắt cả tuần"};
constexpr std::uint64_t kPlaces = 40;  // in each direction; about 150 m apart

struct Drawn {
  std::string object, text, address;
  std::string_view camera, kind;
  Position position;
};

template <class List>
auto pick(const List& list, std::uint64_t drawn) {
  return list[drawn % list.size()];
}

Drawn drawn_of(std::uint64_t seed, std::uint64_t number) {
  const std::uint64_t d = draw(seed, number, 1);
  Drawn drawn;
  drawn.object = std::string(kObject) + std::to_string(number);
  drawn.camera = pick(kCameras, d);
  drawn.kind = pick(kKinds, d >> 8);
  drawn.text = fmt::format("{} lần {}", pick(kTexts, d >> 16), number);
  drawn.address = fmt::format("Số {}, đường Quang Trung", 1 + (d >> 24) % 240);
  drawn.position = {static_cast<std::int32_t>(215'600'000 + (d >> 32) % kPlaces * 14'000),
                    static_cast<std::int32_t>(1'058'100'000 + (d >> 48) % kPlaces * 14'000), 10};
  return drawn;
}

}  // namespace

// SplitMix64 over the three numbers.
std::uint64_t draw(std::uint64_t seed, std::uint64_t number, std::uint64_t salt) {
  std::uint64_t x = seed * 0x9E3779B97F4A7C15ULL + number * 0xD1B54A32D192ED03ULL + salt * 0x8CB92BA72F3D8DD7ULL;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

Sort sort_of(std::uint64_t drawn) {
  const std::uint64_t percent = drawn % 100;
  return percent < 40 ? Sort::Passage : percent < 85 ? Sort::Camera : Sort::Report;
}

Event make_event(std::uint64_t seed, std::uint64_t number, WallTime now) {
  const Drawn drawn = drawn_of(seed, number);
  Event event;
  event.id = EventId(fmt::format("{}-f-{:010}", format_compact(now.ms()), number));
  event.object = ObjectId(drawn.object);
  event.occurred_at = EventTime::from_ms(now.ms());
  event.received_at = now;
  switch (sort_of(draw(seed, number, 0))) {
    case Sort::Passage: {
      event.feed = Feed::CheckpointPassages;
      CheckpointPassage body;
      body.checkpoint = "CK03";
      body.result = PassageResult::Pass;
      event.body = body;
      break;
    }
    case Sort::Camera:
      event.feed = Feed::CameraAlerts;
      event.body = CameraAlert{std::string(drawn.camera), std::string(drawn.kind), AlertState::Start, event.occurred_at, 900, "", {}, "", "model"};
      break;
    case Sort::Report: {
      event.feed = Feed::CitizenReports;
      event.position = drawn.position;
      CitizenReport body;
      body.text = drawn.text;
      body.address = drawn.address;
      event.body = body;
    }
  }
  event.source = SourceId(name_of(event.feed));
  return event;
}

std::string_view path_of(Sort sort) {
  switch (sort) {
    case Sort::Passage: return "/v1/checkpoints/passages";
    case Sort::Camera: return "/v1/camera-alerts";
    case Sort::Report: return "/v1/reports";
  }
  return {};
}

std::string make_line(std::uint64_t seed, Sort sort, std::uint64_t number, WallTime now) {
  const Drawn drawn = drawn_of(seed, number);
  const std::string at = format_time(now);
  switch (sort) {
    case Sort::Passage:
      return fmt::format(R"({{"passage_id":"{}","checkpoint":"CK03","direction":"in","vehicle":"car","result":"pass","occurred_at":"{}"}})",
                         drawn.object, at);
    case Sort::Camera:
      return fmt::format(R"({{"alert_id":"{}","camera":"{}","kind":"{}","state":"start","started_at":"{}","at":"{}","confidence":0.9}})",
                         drawn.object, drawn.camera, drawn.kind, at, at);
    case Sort::Report: break;
  }
  return fmt::format(R"({{"report_id":"{}","text":"{}","address":"{}","position":{{"lat":{}.{:07},"lon":{}.{:07}}},"occurred_at":"{}"}})",
                     drawn.object, drawn.text, drawn.address, drawn.position.lat_e7 / 10'000'000, drawn.position.lat_e7 % 10'000'000,
                     drawn.position.lon_e7 / 10'000'000, drawn.position.lon_e7 % 10'000'000, at);
}

std::optional<std::uint64_t> number_of(const Event& event) {
  const std::string& object = event.object.str();
  if (!object.starts_with(kObject)) return std::nullopt;
  std::uint64_t number = 0;
  const char* end = object.data() + object.size();
  const auto parsed = std::from_chars(object.data() + kObject.size(), end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return number;
}

}  // namespace ioc::faults
