#include "services/ingest/formats/camera_alert/camera_alert.h"
#include "services/ingest/formats/checkpoint_passage/checkpoint_passage.h"
#include "services/ingest/formats/checkpoint_status/checkpoint_status.h"
#include "services/ingest/formats/citizen_report/citizen_report.h"
#include "services/ingest/formats/format.h"
#include "services/ingest/formats/frigate_event/frigate_event.h"
#include "services/ingest/formats/frigate_review/frigate_review.h"
#include "services/ingest/formats/indicator/indicator.h"
#include "services/ingest/formats/online_mention/online_mention.h"

namespace ioc::ingest {
namespace {

// The first of a feed is the default of its raw topic.
constexpr Format kFormats[] = {
    {"citizen-report", "/v1/reports", Feed::CitizenReports, parse_citizen_report},
    {"camera-alert", "/v1/camera-alerts", Feed::CameraAlerts, parse_camera_alert},
    {"frigate-event", "/v1/frigate/events", Feed::CameraAlerts, parse_frigate_event},
    {"frigate-review", "/v1/frigate/reviews", Feed::CameraAlerts, parse_frigate_review},
    {"checkpoint-passage", "/v1/checkpoints/passages", Feed::CheckpointPassages, parse_checkpoint_passage},
    {"checkpoint-status", "/v1/checkpoints/status", Feed::CheckpointPassages, parse_checkpoint_status},
    {"online-mention", "/v1/online-mentions", Feed::OnlineMentions, parse_online_mention},
    {"indicator", "/v1/indicators", Feed::Indicators, parse_indicator},
};

template <class Wanted>
const Format* first(Wanted&& wanted) {
  for (const auto& format : kFormats)
    if (wanted(format)) return &format;
  return nullptr;
}

}  // namespace

std::span<const Format> formats() { return kFormats; }
const Format* format_named(std::string_view name) {
  return first([name](const Format& format) { return format.name == name; });
}
const Format* format_at(std::string_view path) {
  return first([path](const Format& format) { return format.path == path; });
}
const Format* default_format(Feed feed) {
  return first([feed](const Format& format) { return format.feed == feed; });
}

}  // namespace ioc::ingest
