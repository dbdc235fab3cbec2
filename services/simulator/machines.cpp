// What cameras, checkpoints and counting systems send.
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "services/simulator/json_text.h"
#include "services/simulator/slice.h"

namespace ioc::simulator {
namespace {

constexpr int kRoadRhythm[24] = {3, 2, 1, 1, 2, 5, 12, 18, 13, 9, 9, 11, 9, 8, 9, 10, 14, 19, 15, 10, 8, 7, 5, 4};
constexpr int kSteadyRhythm[24] = {4, 3, 3, 3, 4, 6, 8, 9, 10, 10, 10, 9, 9, 9, 10, 10, 10, 10, 9, 9, 8, 7, 6, 5};

struct KindsOf {
  std::string_view camera;
  std::span<const std::string_view> kinds;
  std::span<const int> weights;
  std::string_view label;
};
constexpr std::string_view kTrafficKinds[] = {"illegal_stop", "congestion", "wrong_way", "camera_lost"};
constexpr int kTrafficWeights[] = {78, 18, 2, 2};
constexpr std::string_view kOrderKinds[] = {"crowd", "gathering", "fight", "camera_lost"};
constexpr int kOrderWeights[] = {76, 20, 2, 2};
constexpr std::string_view kQuarantineKinds[] = {"no_mask", "gathering", "fence_crossing", "camera_lost"};
constexpr int kQuarantineWeights[] = {80, 15, 2, 3};
constexpr KindsOf kKinds[] = {{"traffic", kTrafficKinds, kTrafficWeights, "car"},
                              {"public_order", kOrderKinds, kOrderWeights, "person"},
                              {"quarantine", kQuarantineKinds, kQuarantineWeights, "person"}};

const KindsOf& kinds_of(const Camera& camera) {
  return *std::find_if(std::begin(kKinds), std::end(kKinds), [&](const KindsOf& one) { return one.camera == camera.kind; });
}

constexpr std::string_view kVehicles[] = {"motorbike", "car", "truck", "bus", "bicycle", "foot"};
constexpr int kVehicleWeights[] = {45, 30, 17, 3, 3, 2};
constexpr std::string_view kPlatePrefixes[] = {"20A", "20C", "20B1", "29A", "30F", "98C", "99A", "88A", "97B1", "22C"};
constexpr std::string_view kProvinces[] = {"19", "19", "19", "01", "24", "27", "26", "08", "20"};
constexpr std::string_view kOfficerUnits[] = {"cong-an", "y-te", "quan-su"};
constexpr std::string_view kMentionTopics[] = {"giao-thong", "moi-truong", "ngap-ung", "y-te", "hanh-chinh", "an-ninh"};
constexpr std::string_view kTrends[] = {"falling", "steady", "steady", "rising"};

struct IndicatorOf {
  std::string_view code, measure;
  int base_tenths, swing_tenths, target_tenths;
};
constexpr IndicatorOf kIndicators[] = {{"files_online_share", "%", 812, 60, 900},
                                       {"files_on_time_share", "%", 955, 30, 980},
                                       {"cashless_payment_share", "%", 634, 80, 700},
                                       {"reports_answered_on_time_share", "%", 874, 70, 950},
                                       {"citizen_satisfaction_share", "%", 906, 40, 920},
                                       {"households_digital_address_share", "%", 721, 50, 800}};

constexpr std::int64_t kMinuteMs = 60'000;

std::string tenths(std::int64_t value) { return fmt::format("{}.{}", value / 10, value % 10); }

std::string draw_plate(Random& random) {
  const std::string_view prefix = random.pick(kPlatePrefixes);
  return fmt::format("{}{:05}", prefix, random.below(100'000));
}

}  // namespace

void Slice::camera_alerts() {
  for (std::int64_t n = times(32 * static_cast<std::int64_t>(x_sources.cameras.size()), kRoadRhythm); n > 0; --n) {
    const Camera& camera = x_random.pick(x_sources.cameras);
    const KindsOf& of = kinds_of(camera);
    const std::string_view kind = of.kinds[x_random.weighted(of.weights)];
    const std::int64_t begins = moment();
    alert(camera, kind, begins, static_cast<int>(x_random.between(0, 4)));
  }
}

void Slice::alert(const Camera& camera, std::string_view kind, std::int64_t begins_ms, int updates) {
  const std::string id = fmt::format("{}-{}-{}", camera.id, x_stamp, ++x_serial);
  const KindsOf& of = kinds_of(camera);
  const std::string plate = of.label == "car" ? draw_plate(x_random) : std::string();
  std::int64_t at = begins_ms;
  for (int revision = 1; revision <= updates + 2; ++revision) {
    JsonText body;
    body.text("alert_id", id).text("camera", camera.id).text("kind", kind);
    body.text("state", revision == 1 ? "start" : revision == updates + 2 ? "end" : "update").number("sequence", revision);
    body.text("started_at", format_time(begins_ms)).text("at", format_time(at));
    body.raw("confidence", fmt::format("0.{:02}", x_random.between(62, 98)));
    if (kind == "illegal_stop") body.text("zone", "no_stop");
    JsonText object;
    object.text("label", of.label);
    if (!plate.empty()) object.text("plate", plate);
    body.raw("objects", fmt::format("[{}]", object.take()));
    body.text("snapshot", fmt::format("snap/{}-{}.jpg", id, revision)).text("detector", "model");
    add(at + x_random.between(50, 900), MessageKind::CameraAlert, body.take());
    at += x_random.between(8'000, 45'000);
  }
}

// One camera a day has a loose cable for twelve minutes.
void Slice::chatter() {
  if (x_sources.cameras.empty() || !is_drawn("chatter", 6, 23)) return;
  Random random(x_config.seed, "chattering camera", x_local_day);
  const Camera& camera = random.pick(x_sources.cameras);
  for (std::int64_t at = x_begin_ms; at < x_begin_ms + 12 * kMinuteMs; at += x_random.between(7'000, 16'000)) {
    alert(camera, kinds_of(camera).kinds[0], at, 0);
  }
}

void Slice::checkpoints() {
  constexpr std::int64_t kSlicesAnHour = kSlicesADay / 24, kStatusEvery = 5 * 60'000 / kSliceMs;
  const auto all = static_cast<std::int64_t>(x_sources.checkpoints.size());
  if (all == 0) return;
  // Once a day one checkpoint is cut off for fifty minutes and another has a long queue for forty.
  Random of_day(x_config.seed, "checkpoints", x_local_day);
  const std::int64_t silent = of_day.below(all), silent_from = of_day.between(7 * kSlicesAnHour, 21 * kSlicesAnHour);
  const std::int64_t queued = (silent + of_day.between(1, std::max<std::int64_t>(all - 1, 1))) % all;
  const std::int64_t queued_from = of_day.between(6 * kSlicesAnHour, 17 * kSlicesAnHour);
  const auto within = [&](std::int64_t from, std::int64_t minutes) {
    return x_of_day >= from && x_of_day < from + minutes * 60'000 / kSliceMs;
  };
  const bool silence = within(silent_from, 50), queue = within(queued_from, 40);

  for (std::int64_t n = times(420 * all, kRoadRhythm); n > 0; --n) {
    const std::int64_t at = x_random.below(all);
    if (!(silence && at == silent)) passage(x_sources.checkpoints[static_cast<std::size_t>(at)]);
  }
  for (std::int64_t at = 0; at < all; ++at) {
    if (x_of_day % kStatusEvery != at * 3 % kStatusEvery || (silence && at == silent)) continue;
    const Checkpoint& checkpoint = x_sources.checkpoints[static_cast<std::size_t>(at)];
    const std::int64_t usual = std::min<std::int64_t>(kRoadRhythm[x_hour], checkpoint.queue_long * 2 / 3);
    const std::int64_t waiting = queue && at == queued ? checkpoint.queue_long + x_random.between(8, 30) : x_random.between(0, usual);
    const std::int64_t sent = moment();
    JsonText body;
    body.text("checkpoint", checkpoint.id).text("at", format_time(sent)).text("state", "open");
    body.number("queue_vehicles", waiting).number("staff", x_random.between(3, 6));
    add(sent + x_random.between(100, 2'000), MessageKind::CheckpointStatus, body.take());
  }
}

void Slice::passage(const Checkpoint& checkpoint) {
  constexpr std::string_view kResults[] = {"pass", "turned_back", "quarantine", "evaded"};
  constexpr int kResultWeights[] = {9'860, 90, 35, 15};
  const std::int64_t at = moment();
  const std::string_view vehicle = kVehicles[x_random.weighted(kVehicleWeights)];
  const std::string_view result = kResults[x_random.weighted(kResultWeights)];
  const bool in = x_random.chance(550);
  const std::string_view other = x_random.pick(kProvinces);
  JsonText body;
  body.text("passage_id", fmt::format("{}-{}-{}", checkpoint.id, x_stamp, ++x_serial)).text("checkpoint", checkpoint.id);
  body.text("direction", in ? "in" : "out").text("vehicle", vehicle);
  if (vehicle != "bicycle" && vehicle != "foot") body.text("plate", draw_plate(x_random));
  body.number("people", vehicle == "bus" ? x_random.between(8, 40) : x_random.between(1, 4));
  body.text("from_unit", in ? other : "19").text("to_unit", in ? "19" : other);
  body.flag("symptoms", result == "quarantine" || x_random.chance(2)).flag("contact", x_random.chance(3));
  body.text("result", result).text("occurred_at", format_time(at)).text("officer_unit", x_random.pick(kOfficerUnits));
  // A tenth is written on a tablet without network and arrives later, in no order.
  const std::int64_t delay = x_random.chance(100) ? x_random.between(kMinuteMs, 90 * kMinuteMs) : x_random.between(200, 5'000);
  add(at + delay, MessageKind::Passage, body.take());
}

void Slice::mentions() {
  for (std::int64_t n = times(45, kSteadyRhythm); n > 0; --n) {
    const std::string_view about = x_random.pick(kMentionTopics);
    const Place& place = draw_place(x_random);
    const std::int64_t at = moment();
    mention(about, place, at, x_random.pick(kTrends));
  }
}

void Slice::mention(std::string_view topic, const Place& place, std::int64_t at_ms, std::string_view trend) {
  const std::string id = fmt::format("m-{}-{}", x_stamp, ++x_serial);
  JsonText body;
  body.text("mention_id", id).text("topic", topic).raw("places", fmt::format("[\"{}\"]", place.unit));
  body.number("volume", trend == "rising" ? x_random.between(25, 160) : x_random.between(2, 30)).number("period_minutes", 60);
  body.text("trend", trend).raw("sentiment", fmt::format("-0.{}", x_random.between(0, 8)));
  body.text("link", "https://news.example/" + id).text("at", format_time(at_ms));
  add(at_ms + x_random.between(1'000, 30'000), MessageKind::Mention, body.take());
}

// Every hour, for the province.
void Slice::indicators() {
  constexpr std::int64_t kSlicesAnHour = kSlicesADay / 24;
  if (x_of_day % kSlicesAnHour != 0) return;
  const std::string date = format_time(x_begin_ms).substr(0, 10);
  for (const IndicatorOf& of : kIndicators) {
    const std::int64_t value = of.base_tenths + x_random.between(-of.swing_tenths, of.swing_tenths);
    JsonText body;
    body.text("code", of.code).text("unit", "19").text("period", date.substr(0, 7)).raw("value", tenths(std::min<std::int64_t>(value, 1000)));
    body.raw("target", tenths(of.target_tenths)).text("measure", of.measure).text("as_of", date);
    add(moment(), MessageKind::Indicator, body.take());
  }
}

}  // namespace ioc::simulator
