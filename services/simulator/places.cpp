#include "services/simulator/places.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace ioc::simulator {
namespace {

constexpr std::string_view kStreets0[] = {"đường Bến Tượng", "đường Cách Mạng Tháng Tám", "đường Đội Cấn", "đường Nha Trang", "chợ Thái"};
constexpr std::string_view kStreets1[] = {"đường Hoàng Văn Thụ", "đường Lương Ngọc Quyến", "đường Bắc Kạn", "đường Minh Cầu", "ngõ 2 đường Phan Đình Phùng"};
constexpr std::string_view kStreets2[] = {"đường Phan Đình Phùng", "đường Lương Ngọc Quyến", "đường Minh Cầu", "đường Nguyễn Du", "đường Túc Duyên"};
constexpr std::string_view kStreets3[] = {"đường Quang Trung", "đường Lương Ngọc Quyến", "ngõ 185 đường Quang Trung", "ga Thái Nguyên", "cổng trường Đại học Sư phạm"};
constexpr std::string_view kStreets4[] = {"đường Hoàng Văn Thụ", "đường Thống Nhất", "đường Ga Thái Nguyên", "phố đi bộ Đồng Quang", "đường Việt Bắc"};
constexpr std::string_view kStreets5[] = {"đường Quang Trung", "đường Z115", "đường Lê Quý Đôn", "ngõ 10 đường Z115"};
constexpr std::string_view kStreets6[] = {"đường Túc Duyên", "đường Bến Oánh", "đường Xuân Hòa", "cầu treo Huống Thượng"};
constexpr std::string_view kStreets7[] = {"đường Dương Tự Minh", "đường Quang Vinh", "đường Mỏ Bạch"};
constexpr std::string_view kStreets8[] = {"đường Dương Tự Minh", "đường Quan Triều", "chợ Quán Triều"};
constexpr std::string_view kStreets9[] = {"đường Dương Tự Minh", "đường Tân Long", "Quốc lộ 3 cũ"};
constexpr std::string_view kStreets10[] = {"đường Quang Trung", "đường Thịnh Đán", "Quốc lộ 37", "cổng Bệnh viện A"};
constexpr std::string_view kStreets11[] = {"đường Cách Mạng Tháng Tám", "đường Gia Sàng", "đường Thanh Niên Xung Phong", "ngã ba Gia Sàng"};
constexpr std::string_view kStreets12[] = {"đường Thống Nhất", "đường Tân Lập", "bến xe trung tâm", "đường Ba Tháng Hai"};
constexpr std::string_view kStreets13[] = {"đường Ba Tháng Hai", "Quốc lộ 3", "đường Phú Xá"};
constexpr std::string_view kStreets14[] = {"đường Lưu Nhân Chú", "đường Cách Mạng Tháng Tám", "cổng khu Gang Thép"};
constexpr std::string_view kStreets15[] = {"đường Lưu Nhân Chú", "đường Hương Sơn", "đường Vó Ngựa"};
constexpr std::string_view kStreets16[] = {"đường Vó Ngựa", "đường Trung Thành", "chợ Dốc Hanh"};
constexpr std::string_view kStreets17[] = {"Quốc lộ 3", "đường Ba Tháng Hai", "đường Tích Lương", "cổng trường Đại học Kỹ thuật Công nghiệp"};
constexpr std::string_view kStreets18[] = {"đường Tố Hữu", "đường Quyết Thắng", "khu ký túc xá đại học"};
constexpr std::string_view kStreets19[] = {"đường Tân Cương", "xóm Hồng Thái", "Không gian văn hóa trà"};
constexpr std::string_view kStreets20[] = {"đường Tố Hữu", "xóm Cây Thị", "đường vào Hồ Núi Cốc"};
constexpr std::string_view kStreets21[] = {"Quốc lộ 1B", "đường Thanh Niên", "chợ Chùa Hang"};
constexpr std::string_view kStreets22[] = {"Quốc lộ 1B", "đường Đồng Bẩm", "đường Đông Bắc"};
constexpr std::string_view kStreets23[] = {"đường Cao Ngạn", "xóm Gốc Vối", "cầu Cao Ngạn"};
constexpr std::string_view kStreets24[] = {"đường tỉnh 269", "xóm Núi Hột", "đê sông Cầu"};
constexpr std::string_view kStreets25[] = {"Quốc lộ 3 cũ", "đường Sơn Cẩm", "cụm công nghiệp Sơn Cẩm"};
constexpr std::string_view kStreets26[] = {"đường Cách Mạng Tháng Mười", "đường Thắng Lợi", "quảng trường Sông Công"};
constexpr std::string_view kStreets27[] = {"đường Cách Mạng Tháng Tám", "ngã tư Mỏ Chè", "chợ Mỏ Chè"};
constexpr std::string_view kStreets28[] = {"đường Cách Mạng Tháng Tám", "đường Cải Đan", "đường Lý Thường Kiệt"};
constexpr std::string_view kStreets29[] = {"đường Phố Cò", "đường Trần Hưng Đạo", "chợ Phố Cò"};
constexpr std::string_view kStreets30[] = {"đường Trần Hưng Đạo", "cổng KCN Sông Công", "đường 30 Tháng Tư"};
constexpr std::string_view kStreets31[] = {"Quốc lộ 3", "đường Lương Sơn", "TDP Pha"};
constexpr std::string_view kStreets32[] = {"xóm Chúc", "xóm Ao Cang", "đường tỉnh 262"};
constexpr std::string_view kStreets33[] = {"đường Tôn Đức Thắng", "ngã tư Ba Hàng", "chợ Ba Hàng", "đường Lý Nam Đế"};
constexpr std::string_view kStreets34[] = {"đường Tôn Đức Thắng", "đường Bãi Bông", "TDP Đại Phong"};
constexpr std::string_view kStreets35[] = {"đường Phạm Văn Đồng", "cổng KCN Yên Bình", "TDP Thanh Xuân"};
constexpr std::string_view kStreets36[] = {"đường Phạm Văn Đồng", "KCN Yên Bình", "TDP Ấm"};
constexpr std::string_view kStreets37[] = {"Quốc lộ 3", "đường Nam Tiến", "TDP Trại"};
constexpr std::string_view kStreets38[] = {"đường tỉnh 261", "TDP Đấp", "cầu Đắc Sơn"};
constexpr std::string_view kStreets39[] = {"Quốc lộ 3", "cầu Đa Phúc", "TDP Phù Lôi"};
constexpr std::string_view kStreets40[] = {"Quốc lộ 3", "chợ Thanh Xuyên", "KCN Nam Phổ Yên"};
constexpr std::string_view kStreets41[] = {"đường tỉnh 261", "xóm Quân Xóm", "chợ Phúc Thuận"};
constexpr std::string_view kStreets42[] = {"đường tỉnh 266", "cổng KCN Điềm Thụy", "xóm Trung"};
constexpr std::string_view kStreets43[] = {"Quốc lộ 37", "chợ Úc Sơn", "TDP Đình Cả"};
constexpr std::string_view kStreets44[] = {"Quốc lộ 37", "chợ Đại Từ", "TDP Cầu Thành"};
constexpr std::string_view kStreets45[] = {"Quốc lộ 3", "chợ Đu", "TDP Thái An"};
constexpr std::string_view kStreets46[] = {"Quốc lộ 1B", "đường tỉnh 273", "xóm Sông Cầu"};
constexpr std::string_view kStreets47[] = {"đường tỉnh 269", "chợ Trại Cau", "tổ 5 Trại Cau"};
constexpr std::string_view kStreets48[] = {"Quốc lộ 1B", "chợ Đình Cả", "TDP Hùng Sơn"};
constexpr std::string_view kStreets49[] = {"đường tỉnh 268", "chợ Chu", "phố Hồ Sen"};

constexpr Place kPlaces[] = {
    {"phường Trưng Vương", "phường Phan Đình Phùng", {215970000, 1058430000}, 234, 9, kStreets0},
    {"phường Hoàng Văn Thụ", "phường Phan Đình Phùng", {215958000, 1058304000}, 408, 9, kStreets1},
    {"phường Phan Đình Phùng", "phường Phan Đình Phùng", {215861000, 1058405000}, 516, 9, kStreets2},
    {"phường Quang Trung", "phường Phan Đình Phùng", {215898000, 1058218000}, 384, 8, kStreets3},
    {"phường Đồng Quang", "phường Phan Đình Phùng", {215816000, 1058296000}, 336, 8, kStreets4},
    {"phường Tân Thịnh", "phường Phan Đình Phùng", {215740000, 1058246000}, 341, 6, kStreets5},
    {"phường Túc Duyên", "phường Phan Đình Phùng", {216003000, 1058521000}, 340, 5, kStreets6},
    {"phường Quang Vinh", "phường Quan Triều", {216073000, 1058301000}, 366, 4, kStreets7},
    {"phường Quán Triều", "phường Quan Triều", {216112000, 1058094000}, 416, 4, kStreets8},
    {"phường Tân Long", "phường Quan Triều", {216169000, 1057980000}, 390, 3, kStreets9},
    {"phường Thịnh Đán", "phường Quyết Thắng", {215676000, 1058097000}, 669, 6, kStreets10},
    {"phường Gia Sàng", "phường Gia Sàng", {215741000, 1058521000}, 557, 6, kStreets11},
    {"phường Tân Lập", "phường Tích Lương", {215552000, 1058297000}, 587, 6, kStreets12},
    {"phường Phú Xá", "phường Tích Lương", {215568000, 1058483000}, 590, 4, kStreets13},
    {"phường Cam Giá", "phường Gia Sàng", {215597000, 1058757000}, 900, 4, kStreets14},
    {"phường Hương Sơn", "phường Gia Sàng", {215423000, 1058844000}, 522, 4, kStreets15},
    {"phường Trung Thành", "phường Tích Lương", {215340000, 1058728000}, 474, 4, kStreets16},
    {"phường Tích Lương", "phường Tích Lương", {215386000, 1058417000}, 802, 4, kStreets17},
    {"xã Quyết Thắng", "phường Quyết Thắng", {215764000, 1057874000}, 831, 3, kStreets18},
    {"xã Tân Cương", "xã Tân Cương", {215376000, 1057665000}, 900, 2, kStreets19},
    {"xã Phúc Xuân", "xã Đại Phúc", {215899000, 1057303000}, 900, 2, kStreets20},
    {"phường Chùa Hang", "phường Linh Sơn", {216240000, 1058413000}, 323, 4, kStreets21},
    {"phường Đồng Bẩm", "phường Linh Sơn", {216120000, 1058486000}, 489, 3, kStreets22},
    {"xã Cao Ngạn", "phường Linh Sơn", {216247000, 1058193000}, 820, 2, kStreets23},
    {"xã Linh Sơn", "phường Linh Sơn", {216170000, 1058739000}, 900, 2, kStreets24},
    {"xã Sơn Cẩm", "phường Quan Triều", {216350000, 1057877000}, 900, 3, kStreets25},
    {"phường Thắng Lợi", "phường Sông Công", {214622000, 1058349000}, 657, 5, kStreets26},
    {"phường Mỏ Chè", "phường Bá Xuyên", {214741000, 1058381000}, 252, 4, kStreets27},
    {"phường Cải Đan", "phường Sông Công", {214605000, 1058627000}, 783, 3, kStreets28},
    {"phường Phố Cò", "phường Sông Công", {214508000, 1058474000}, 504, 3, kStreets29},
    {"phường Bách Quang", "phường Bách Quang", {214838000, 1058579000}, 900, 4, kStreets30},
    {"phường Lương Sơn", "phường Bách Quang", {215015000, 1058762000}, 900, 3, kStreets31},
    {"xã Bá Xuyên", "phường Bá Xuyên", {214953000, 1058302000}, 803, 2, kStreets32},
    {"phường Ba Hàng", "phường Phổ Yên", {214149000, 1058723000}, 386, 5, kStreets33},
    {"phường Bãi Bông", "phường Phổ Yên", {214359000, 1058854000}, 456, 3, kStreets34},
    {"phường Đồng Tiến", "phường Vạn Xuân", {214166000, 1058959000}, 795, 4, kStreets35},
    {"phường Hồng Tiến", "phường Phổ Yên", {214464000, 1058998000}, 698, 4, kStreets36},
    {"phường Nam Tiến", "phường Vạn Xuân", {213978000, 1058676000}, 780, 3, kStreets37},
    {"phường Đắc Sơn", "phường Phổ Yên", {214303000, 1058453000}, 900, 3, kStreets38},
    {"phường Thuận Thành", "phường Trung Thành", {213427000, 1058737000}, 686, 3, kStreets39},
    {"phường Trung Thành", "phường Trung Thành", {213626000, 1058673000}, 792, 3, kStreets40},
    {"xã Phúc Thuận", "phường Phúc Thuận", {214524000, 1057418000}, 900, 2, kStreets41},
    {"xã Điềm Thụy", "xã Điềm Thụy", {214684000, 1059113000}, 900, 4, kStreets42},
    {"thị trấn Hương Sơn", "xã Phú Bình", {214705000, 1059794000}, 858, 3, kStreets43},
    {"thị trấn Hùng Sơn", "xã Đại Phúc", {216455000, 1056488000}, 900, 3, kStreets44},
    {"thị trấn Đu", "xã Phú Lương", {217430000, 1057015000}, 307, 2, kStreets45},
    {"thị trấn Hóa Thượng", "xã Đồng Hỷ", {216574000, 1058203000}, 765, 2, kStreets46},
    {"thị trấn Trại Cau", "xã Trại Cau", {215905000, 1059497000}, 540, 1, kStreets47},
    {"thị trấn Đình Cả", "xã Võ Nhai", {217637000, 1060695000}, 873, 2, kStreets48},
    {"thị trấn Chợ Chu", "xã Định Hóa", {219108000, 1056446000}, 647, 2, kStreets49},
};

// A metre in 1e-7 degrees at 21.5° N: 1e7 / 111,320 north, 1e7 / (111,320 × cos 21.5°) east.
constexpr std::int64_t kLatE7PerKm = 89'831, kLonE7PerKm = 96'549;

std::int64_t square_root(std::int64_t value) {
  std::int64_t low = 0, high = 3'000'000'000;
  while (low < high) {
    const std::int64_t middle = low + (high - low + 1) / 2;
    if (middle * middle <= value) low = middle; else high = middle - 1;
  }
  return low;
}

std::int64_t squared_m(const Point& a, const Point& b) {
  const std::int64_t north = (a.lat_e7 - b.lat_e7) * 1000 / kLatE7PerKm, east = (a.lon_e7 - b.lon_e7) * 1000 / kLonE7PerKm;
  return north * north + east * east;
}

}  // namespace

std::span<const Place> places() { return kPlaces; }

const Place& draw_place(Random& random) {
  static const std::vector<int> weights = [] {
    std::vector<int> all;
    for (const Place& place : kPlaces) all.push_back(place.weight);
    return all;
  }();
  return kPlaces[random.weighted(weights)];
}

Point near(const Point& centre, int radius_m, Random& random) {
  for (;;) {
    const std::int64_t north = random.between(-radius_m, radius_m), east = random.between(-radius_m, radius_m);
    if (north * north + east * east > static_cast<std::int64_t>(radius_m) * radius_m) continue;
    return {centre.lat_e7 + north * kLatE7PerKm / 1000, centre.lon_e7 + east * kLonE7PerKm / 1000};
  }
}

std::int64_t distance_m(const Point& a, const Point& b) { return square_root(squared_m(a, b)); }

const Place& nearest_place(const Point& point) {
  return *std::min_element(std::begin(kPlaces), std::end(kPlaces), [&](const Place& a, const Place& b) {
    return squared_m(a.centre, point) < squared_m(b.centre, point);
  });
}

std::string degrees(std::int64_t e7) {
  const std::int64_t size = e7 < 0 ? -e7 : e7;
  return fmt::format("{}{}.{:07}", e7 < 0 ? "-" : "", size / 10'000'000, size % 10'000'000);
}

}  // namespace ioc::simulator
