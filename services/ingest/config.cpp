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

// A word too many costs one line in an answer, a word too few may cost a life.
std::vector<std::string> default_danger_phrases() {
  return {"cháy nhà", "đang cháy", "bốc cháy", "cháy lớn", "cháy rừng", "hỏa hoạn", "hoả hoạn", "phát nổ", "nổ bình", "nổ khí",
          "rò rỉ gas", "rò rỉ khí", "đuối nước", "chết đuối", "bị thương", "tử vong", "chết người", "tai nạn", "sập nhà",
          "sập tường", "sập cầu", "sạt lở", "mắc kẹt", "bất tỉnh", "ngất xỉu", "khó thở", "co giật", "cầm dao", "dùng dao",
          "nổ súng", "có súng", "đâm chém", "chém nhau", "tự tử", "cướp", "bắt cóc", "điện giật", "cấp cứu", "cứu với",
          "nguy hiểm tính mạng", "nguy hiểm đến tính mạng", "nước cuốn", "lũ cuốn"};
}

}  // namespace ioc::ingest
