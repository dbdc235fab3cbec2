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
constexpr std::string_view kIdMark = "-f-";
constexpr std::uint64_t kRevisedOf = 200;  // the last so many

struct Drawn {
  std::string object, text, address;
  std::string_view camera, kind;
  Position position;
};

Position position_at(std::uint64_t north, std::uint64_t east) {
  return {static_cast<std::int32_t>(215'600'000 + north * 14'000), static_cast<std::int32_t>(1'058'100'000 + east * 14'000), 10};
}

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
  drawn.position = position_at((d >> 32) % kPlaces, (d >> 48) % kPlaces);
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

std::uint64_t original_of(std::uint64_t seed, std::uint64_t number) {
  const auto is_revision = [seed](std::uint64_t one) { return draw(seed, one, 12) % 100 < 15; };
  if (number < kRevisedOf || !is_revision(number)) return number;
  const std::uint64_t original = number - 1 - draw(seed, number, 13) % kRevisedOf;
  const bool revisable = !is_revision(original) && sort_of(draw(seed, original, 0)) != Sort::Passage;
  return revisable ? original : number;
}

PartitionId home_of(std::uint64_t seed, std::uint64_t number, std::uint32_t areas) {
  return PartitionId(static_cast<std::uint32_t>(draw(seed, original_of(seed, number), 14) % areas));
}

std::vector<Position> all_positions() {
  std::vector<Position> all;
  for (std::uint64_t north = 0; north < kPlaces; ++north) {
    for (std::uint64_t east = 0; east < kPlaces; ++east) all.push_back(position_at(north, east));
  }
  return all;
}

std::span<const std::string_view> all_cameras() { return kCameras; }

Event make_event(std::uint64_t seed, std::uint64_t number, std::uint32_t areas, WallTime now) {
  const std::uint64_t original = original_of(seed, number);
  Drawn drawn = drawn_of(seed, number);
  if (original != number) {
    const Drawn first = drawn_of(seed, original);
    drawn.object = first.object;
    drawn.camera = first.camera;
    drawn.kind = first.kind;
  }
  Event event;
  event.id = EventId(fmt::format("{}{}{:010}", format_compact(now.ms()), kIdMark, number));
  event.object = ObjectId(drawn.object);
  event.revision = 1 + number - original;
  event.occurred_at = EventTime::from_ms(now.ms());
  event.received_at = now;
  switch (sort_of(draw(seed, original, 0))) {
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
      event.body = CameraAlert{std::string(drawn.camera), std::string(drawn.kind),
                               original == number ? AlertState::Start : AlertState::Update, event.occurred_at, 900, "", {}, "", "model"};
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
  event.source = SourceId(fmt::format("{}-{}", name_of(event.feed), home_of(seed, number, areas).value()));
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
  const std::string_view id = event.id.str(), whole = event.object.str();
  // Of an alert that ingest read, the camera stands in front.
  const std::string_view object = whole.substr(whole.rfind('/') + 1);
  if (!object.starts_with(kObject)) return std::nullopt;
  const std::size_t mark = id.find(kIdMark);
  const std::string_view digits = mark == std::string_view::npos ? object.substr(kObject.size()) : id.substr(mark + kIdMark.size());
  std::uint64_t number = 0;
  const char* end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return number;
}

}  // namespace ioc::faults
