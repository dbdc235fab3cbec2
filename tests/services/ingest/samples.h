// One good message of every format (made up).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ioc::ingest::samples {

inline constexpr std::string_view kReport =
    R"({"report_id":"CTN-2026-000123","title":"Nắp cống mất","text":"Trước số nhà 12, tổ 5 mất nắp cống, gọi tôi 0912 345 678.",)"
    R"("category":"ha-tang","urgency":"urgent","address":"Số 12, tổ 5, phường Quang Trung",)"
    R"("position":{"lat":21.5942,"lon":105.8482,"accuracy_m":15},"occurred_at":"2026-10-18T07:40:00+07:00",)"
    R"("sent_at":"2026-10-18T08:02:11.250+07:00","media":[{"url":"https://media.example/1.jpg","kind":"photo","sha256":"ab"}],)"
    R"("channel":"app","anonymous":false,"reporter":{"name":"Trần Thị B","phone":"0987654321","email":null,"id_number":null},"follows":null})";
inline constexpr std::string_view kAlert =
    R"({"alert_id":"cam-17-8841","camera":"tn_luongngocquyen_01","kind":"illegal_stop","state":"update","sequence":3,)"
    R"("started_at":"2026-10-18T09:10:12.310+07:00","at":"2026-10-18T09:10:42.000+07:00","confidence":0.92,"zone":"no_stop",)"
    R"("objects":[{"label":"car","plate":"20A-123.45"}],"snapshot":"snap/8841-3.jpg","detector":"model"})";
inline constexpr std::string_view kFrigateEvent =
    R"({"type":"update","before":{"id":"1792289412.118204-k3v9qa","camera":"tn_luongngocquyen_01","frame_time":1792289418.402,)"
    R"("label":"car","top_score":0.91,"false_positive":false,"start_time":1792289412.118204,"end_time":null,"entered_zones":["lane_2"],)"
    R"("recognized_license_plate":"20A12345"},"after":{"id":"1792289412.118204-k3v9qa","camera":"tn_luongngocquyen_01",)"
    R"("frame_time":1792289419.402,"label":"car","top_score":0.91,"false_positive":false,"start_time":1792289412.118204,"end_time":null,)"
    R"("entered_zones":["lane_2","no_stop"],"stationary":true,"motionless_count":61}})";
inline constexpr std::string_view kFrigateReview =
    R"({"type":"update","before":{"id":"1792289410.2-p9w2aa","camera":"tn_luongngocquyen_01","start_time":1792289410.2,"end_time":null,)"
    R"("severity":"detection","data":{"detections":["a"],"objects":["car"],"zones":[]}},"after":{"id":"1792289410.2-p9w2aa",)"
    R"("camera":"tn_luongngocquyen_01","start_time":1792289410.2,"end_time":null,"severity":"alert","thumb_path":"/t.webp",)"
    R"("data":{"detections":["a","b"],"objects":["car","person"],"sub_labels":[],"zones":["no_stop"],"audio":[]}}})";
inline constexpr std::string_view kPassage =
    R"({"passage_id":"CK03-20261018-0412","checkpoint":"CK03","direction":"in","vehicle":"truck","plate":"98C01234","people":2,)"
    R"("from_unit":"24","to_unit":"19","symptoms":false,"contact":false,"result":"turned_back","occurred_at":"2026-10-18T09:12:00+07:00","officer_unit":"cong-an"})";
inline constexpr std::string_view kStatus =
    R"({"checkpoint":"CK03","at":"2026-10-18T09:15:00+07:00","state":"open","queue_vehicles":14,"staff":3})";
inline constexpr std::string_view kMention =
    R"({"mention_id":"m-551","topic":"ngap-ung","places":["phường Quang Trung"],"volume":42,"period_minutes":60,"trend":"rising",)"
    R"("sentiment":-0.4,"link":"https://news.example/551","at":"2026-10-18T09:00:00+07:00"})";
inline constexpr std::string_view kIndicator =
    R"({"code":"files_online_share","unit":"19","period":"2026-09","value":83.5,"target":90,"measure":"%","as_of":"2026-10-01"})";

inline const std::vector<std::pair<std::string, std::string_view>>& all() {  // format name -> sample
  static const std::vector<std::pair<std::string, std::string_view>> list = {
      {"citizen-report", kReport},   {"camera-alert", kAlert},        {"frigate-event", kFrigateEvent}, {"frigate-review", kFrigateReview},
      {"checkpoint-passage", kPassage}, {"checkpoint-status", kStatus}, {"online-mention", kMention},     {"indicator", kIndicator}};
  return list;
}

}  // namespace ioc::ingest::samples
