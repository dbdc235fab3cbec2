#include "services/ingest/config.h"

namespace ioc::ingest {

std::uint64_t Retention::days_of(Feed feed) const {
  switch (feed) {
    case Feed::CitizenReports: return citizen_reports_days;
    case Feed::CameraAlerts: return camera_alerts_days;
    case Feed::CheckpointPassages: return checkpoint_passages_days;
    case Feed::OnlineMentions: return online_mentions_days;
    case Feed::Indicators: return indicators_days;
  }
  return dead_letters_days;
}

}  // namespace ioc::ingest
