#include "libs/triage/parts/situations.h"

#include <algorithm>

namespace ioc::triage {
namespace {

constexpr std::array<std::string_view, kSituations + 1> kSituationNames = {
    "same_type_same_address_30m", "same_type_same_address_3d", "same_type_spot_30m",          "same_type_other_feed_30m",
    "same_type_spot_3d",          "other_type_same_address_30m", "other_type_same_address_3d", "same_type_other_address_30m",
    "same_type_other_address_3d", "same_type_near_30m",          "same_type_near_3d",          "same_type_doubtful_place_3d", "same_type_older",
    "other_type_spot_3d",         "none"};
constexpr std::array<std::string_view, kEvidence> kEvidenceNames = {
    "several_open_2", "several_open_3", "others_open_1", "others_open_2", "text_same", "text_alike",
    "text_different", "text_none",      "related_type",  "same_photo",    "same_plate",
    "same_camera",    "same_street"};

constexpr std::array<std::string_view, kSituations + 1> kSituationWords = {
    "cùng loại, cùng địa chỉ, trong 30 phút",
    "cùng loại, cùng địa chỉ, trong 3 ngày",
    "cùng loại, cách không quá 20 m, trong 30 phút",
    "cùng loại, ở gần, nguồn khác (camera, chốt) cũng thấy, trong 30 phút",
    "cùng loại, cách không quá 20 m, trong 3 ngày",
    "khác loại, cùng địa chỉ, trong 30 phút",
    "khác loại, cùng địa chỉ, trong 3 ngày",
    "cùng loại, cách không quá 20 m nhưng khác địa chỉ, trong 30 phút",
    "cùng loại, cách không quá 20 m nhưng khác địa chỉ, trong 3 ngày",
    "cùng loại, ở gần (trên 20 m), trong 30 phút",
    "cùng loại, ở gần (trên 20 m), trong 3 ngày",
    "cùng loại, có thể cùng chỗ nhưng địa chỉ hoặc vị trí chưa chắc, trong 3 ngày",
    "cùng loại, cùng chỗ, quá 3 ngày",
    "khác loại, cách không quá 20 m, trong 3 ngày",
    "không có sự việc nào đang mở ở gần"};
constexpr std::array<std::string_view, kEvidence> kEvidenceWords = {
    "đang có 2 phản ánh cùng loại tại chỗ", "đang có từ 3 phản ánh cùng loại tại chỗ", "đang có 1 phản ánh loại khác tại chỗ",
    "đang có từ 2 phản ánh loại khác tại chỗ", "nội dung gần như giống hệt", "nội dung gần giống", "nội dung khác hẳn",
    "một bên không có lời kể riêng để so", "loại có liên quan", "cùng ảnh", "cùng biển số", "cùng camera", "cùng tên đường hoặc khu vực"};

template <class Enum, class Names>
std::optional<Enum> named(const Names& names, std::string_view name) {
  const auto at = std::find(names.begin(), names.end(), name);
  if (at == names.end()) return std::nullopt;
  return static_cast<Enum>(at - names.begin());
}

}  // namespace

std::string_view name_of(Situation situation) { return kSituationNames[static_cast<std::size_t>(situation)]; }
std::optional<Situation> situation_named(std::string_view name) { return named<Situation>(kSituationNames, name); }
std::string_view words_for(std::string_view name) {
  if (const auto situation = situation_named(name)) return kSituationWords[static_cast<std::size_t>(*situation)];
  if (const auto evidence = evidence_named(name)) return kEvidenceWords[static_cast<std::size_t>(*evidence)];
  return {};
}

std::string_view name_of(Evidence evidence) { return kEvidenceNames[static_cast<std::size_t>(evidence)]; }
std::optional<Evidence> evidence_named(std::string_view name) { return named<Evidence>(kEvidenceNames, name); }

}  // namespace ioc::triage
