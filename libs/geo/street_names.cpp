#include "libs/geo/street_names.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "libs/text/fold.h"

namespace ioc::geo {
namespace {

constexpr std::size_t kFamilyNameWordsMax = 3;  // 4 with "thị": "Nguyễn Thị Minh Khai"

struct Known {
  std::string_view folded, marked;
  bool bare = true;  // also where the whole text has no marks; the others are ordinary words then ("dang" is "đang")
};
constexpr bool before(const Known& a, const Known& b) { return a.folded < b.folded; }

// Family names: streets are called after people.
constexpr Known kFamilies[] = {
    {"bui", "bùi", false}, {"chu", "chu"}, {"dang", "đặng", false},
    {"dinh", "đinh"}, {"doan", "đoàn", false}, {"duong", "dương"}, {"ha", "hà", false},
    {"ho", "hồ", false}, {"hoang", "hoàng"}, {"huynh", "huỳnh"}, {"le", "lê"}, {"luong", "lương"}, {"luu", "lưu"},
    {"ly", "lý"}, {"mac", "mạc", false}, {"ngo", "ngô", false}, {"nguyen", "nguyễn"},
    {"pham", "phạm"}, {"phan", "phan"}, {"phung", "phùng"}, {"ta", "tạ", false}, {"to", "tô", false}, {"ton", "tôn"},
    {"tran", "trần"}, {"trieu", "triệu", false}, {"trinh", "trịnh"}, {"truong", "trương", false}, {"vo", "võ", false},
    {"vu", "vũ", false},
};
static_assert(std::is_sorted(std::begin(kFamilies), std::end(kFamilies), before));

// And after what every town remembers.
constexpr Known kRemembered[] = {
    {"au co", "âu cơ"}, {"ba trieu", "bà triệu"}, {"bach dang", "bạch đằng"},
    {"cach mang thang tam", "cách mạng tháng tám"}, {"dien bien phu", "điện biên phủ"}, {"giai phong", "giải phóng"},
    {"hai ba trung", "hai bà trưng"}, {"hoa binh", "hòa bình"}, {"hoa binh", "hoà bình"}, {"hung vuong", "hùng vương"},
    {"kim dong", "kim đồng"}, {"lac long quan", "lạc long quân"}, {"quang trung", "quang trung"},
    {"thong nhat", "thống nhất"}, {"to huu", "tố hữu"}, {"truong chinh", "trường chinh"}, {"viet bac", "việt bắc"},
    {"vo nguyen giap", "võ nguyên giáp"}, {"xo viet nghe tinh", "xô viết nghệ tĩnh"},
};
static_assert(std::is_sorted(std::begin(kRemembered), std::end(kRemembered), before));

// Ordinary words that stand behind a street's name, with their marks.
constexpr Known kOrdinary[] = {
    {"a", "ạ"}, {"ad", "ad"}, {"ai", "ai"}, {"am", "ầm"}, {"anh", "anh"}, {"ba", "bà"}, {"ban", "bán"},
    {"ban", "bạn"}, {"ban", "bẩn"}, {"bao", "bao"}, {"bao", "báo"}, {"bao", "bảo"}, {"bat", "bật"}, {"bat", "bắt"},
    {"bay", "bây"}, {"bi", "bị"}, {"biet", "biết"}, {"bo", "bỏ"}, {"boc", "bốc"}, {"bong", "bóng"}, {"bua", "bừa"},
    {"bui", "bụi"}, {"bun", "bùn"}, {"buoi", "buổi"}, {"ca", "cả"}, {"cac", "các"}, {"cach", "cách"}, {"cai", "cái"},
    {"cam", "cảm"}, {"cam", "cấm"}, {"can", "cần"}, {"canh", "cạnh"}, {"cay", "cây"}, {"chan", "chán"},
    {"chan", "chắn"}, {"chan", "chặn"}, {"chang", "chẳng"}, {"chat", "chất"}, {"chat", "chật"}, {"chay", "cháy"},
    {"chay", "chạy"}, {"chet", "chết"}, {"chi", "chỉ"}, {"chi", "chị"}, {"chiem", "chiếm"}, {"chieu", "chiều"},
    {"cho", "cho"}, {"cho", "chỗ"}, {"cho", "chợ"}, {"chua", "chùa"}, {"chua", "chưa"}, {"chui", "chui"},
    {"co", "có"}, {"con", "con"}, {"con", "còn"}, {"cong", "công"}, {"cong", "cống"}, {"cong", "cổng"},
    {"cot", "cột"}, {"cu", "cũ"}, {"cu", "cứ"}, {"cua", "của"}, {"cung", "cùng"}, {"cung", "cũng"}, {"cuoi", "cuối"},
    {"cuong", "cuồng"}, {"cuong", "cường"}, {"cup", "cúp"}, {"da", "đã"}, {"dai", "dài"}, {"dan", "dân"},
    {"dang", "đang"}, {"dao", "đào"}, {"dau", "đầu"}, {"dau", "đậu"}, {"day", "đầy"}, {"dem", "đêm"}, {"den", "đèn"},
    {"den", "đến"}, {"deu", "đều"}, {"di", "đi"}, {"dien", "điện"}, {"do", "đó"}, {"do", "đồ"}, {"do", "đổ"},
    {"do", "đỗ"}, {"doan", "đoạn"}, {"doi", "đối"}, {"don", "đón"}, {"dong", "đông"}, {"dong", "đồng"},
    {"dung", "đứng"}, {"duoc", "được"}, {"duong", "đường"}, {"dut", "đứt"}, {"e", "e"}, {"e", "ê"}, {"em", "em"},
    {"gan", "gần"}, {"gap", "gấp"}, {"gap", "gặp"}, {"gay", "gây"}, {"gay", "gãy"}, {"ghe", "ghê"}, {"gi", "gì"},
    {"giao", "giao"}, {"gio", "giờ"}, {"giua", "giữa"}, {"giup", "giúp"}, {"hai", "hai"}, {"hang", "hàng"},
    {"hay", "hay"}, {"het", "hết"}, {"hien", "hiện"}, {"ho", "hố"}, {"hoai", "hoài"}, {"hoi", "hôi"}, {"hoi", "hỏi"},
    {"hom", "hôm"}, {"hon", "hơn"}, {"hong", "hỏng"}, {"hu", "hư"}, {"k", "k"}, {"ket", "kẹt"}, {"keu", "kêu"},
    {"khap", "khắp"}, {"khi", "khi"}, {"kho", "khó"}, {"khoi", "khói"}, {"khong", "không"}, {"khu", "khu"},
    {"kia", "kia"}, {"kia", "kìa"}, {"ko", "ko"}, {"lai", "lại"}, {"lam", "làm"}, {"lan", "lan"}, {"lan", "lấn"},
    {"lau", "lâu"}, {"lay", "lầy"}, {"len", "lên"}, {"lien", "liên"}, {"lo", "lỗ"}, {"lo", "lở"},
    {"lu", "lũ"}, {"luc", "lúc"}, {"lun", "lún"}, {"luon", "luôn"}, {"luong", "lượng"},
    {"lut", "lút"}, {"luu", "lưu"}, {"ma", "mà"}, {"mai", "mãi"}, {"mat", "mất"}, {"mat", "mặt"}, {"may", "máy"},
    {"may", "mấy"}, {"mn", "mn"}, {"mng", "mng"}, {"moi", "mọi"}, {"moi", "mỗi"}, {"moi", "mới"}, {"mong", "mong"},
    {"mua", "mùa"}, {"mua", "mưa"}, {"mui", "mùi"}, {"muong", "mương"}, {"nam", "nằm"}, {"nang", "nặng"},
    {"nao", "nào"}, {"nap", "nắp"}, {"nat", "nát"}, {"nay", "nay"}, {"nay", "này"}, {"nen", "nên"}, {"nen", "nền"},
    {"neu", "nếu"}, {"nga", "ngã"}, {"ngap", "ngập"}, {"ngay", "ngay"}, {"ngay", "ngày"}, {"nghen", "nghẽn"},
    {"nghieng", "nghiêng"}, {"ngo", "ngõ"}, {"ngoai", "ngoài"}, {"nguoi", "người"}, {"nguy", "nguy"}, {"nha", "nha"},
    {"nha", "nhà"}, {"nhat", "nhất"}, {"nhe", "nhé"}, {"nhieu", "nhiều"}, {"nho", "nhỏ"}, {"nho", "nhờ"},
    {"nhu", "như"}, {"nhung", "những"}, {"no", "nó"}, {"no", "nổ"}, {"noi", "nối"}, {"nua", "nữa"}, {"nuoc", "nước"},
    {"nut", "nứt"}, {"o", "ô"}, {"o", "ổ"}, {"o", "ở"}, {"oi", "oi"}, {"oi", "ơi"}, {"om", "om"}, {"on", "ồn"},
    {"ong", "ống"}, {"phai", "phải"}, {"phe", "phế"}, {"phia", "phía"}, {"pho", "phố"}, {"phoi", "phơi"},
    {"phun", "phun"}, {"phuong", "phường"}, {"qua", "qua"}, {"qua", "quá"}, {"quan", "quán"}, {"quanh", "quanh"},
    {"r", "r"}, {"ra", "ra"}, {"rac", "rác"}, {"ram", "rầm"}, {"ranh", "rãnh"}, {"rat", "rất"}, {"ray", "ray"},
    {"ro", "rò"}, {"roi", "rơi"}, {"roi", "rồi"}, {"rung", "rụng"}, {"sang", "sáng"}, {"sao", "sao"}, {"sap", "sắp"},
    {"sat", "sát"}, {"sat", "sạt"}, {"sau", "sau"}, {"se", "sẽ"}, {"sua", "sửa"}, {"suot", "suốt"}, {"sup", "sụp"},
    {"sut", "sụt"}, {"tac", "tắc"}, {"tai", "tại"}, {"tam", "tầm"}, {"tan", "tan"}, {"tan", "tàn"}, {"tap", "tạp"},
    {"tat", "tất"}, {"tat", "tắt"}, {"te", "tệ"}, {"thanh", "thành"}, {"thay", "thấy"}, {"the", "thế"},
    {"thi", "thì"}, {"thoi", "thôi"}, {"thong", "thông"}, {"thui", "thui"}, {"thuoc", "thuộc"}, {"thuong", "thường"},
    {"to", "to"}, {"to", "tổ"}, {"toan", "toàn"}, {"toi", "tôi"}, {"toi", "tối"}, {"tong", "tông"}, {"tran", "tràn"},
    {"tre", "trẻ"}, {"tren", "trên"}, {"troi", "trời"}, {"trom", "trộm"}, {"tron", "trơn"}, {"trong", "trong"},
    {"trua", "trưa"}, {"truoc", "trước"}, {"tu", "tụ"}, {"tu", "từ"}, {"un", "ùn"}, {"ung", "úng"}, {"va", "và"},
    {"van", "vẫn"}, {"vang", "vàng"}, {"vang", "vắng"}, {"vao", "vào"}, {"vay", "vậy"}, {"ve", "về"}, {"vi", "vì"},
    {"via", "vỉa"}, {"vo", "vô"}, {"vo", "vỡ"}, {"voi", "với"}, {"vu", "vụ"}, {"vua", "vừa"}, {"vung", "vũng"},
    {"vuot", "vượt"}, {"xa", "xã"}, {"xau", "xấu"}, {"xay", "xây"}, {"xe", "xe"}, {"xem", "xem"}, {"xin", "xin"},
    {"xoc", "xóc"}, {"xom", "xóm"}, {"xong", "xong"}, {"xuat", "xuất"}, {"xuong", "xuống"}, {"xuyen", "xuyên"},
    {"yen", "yên"}, {"yeu", "yếu"}, {"z", "z"},
};
static_assert(std::is_sorted(std::begin(kOrdinary), std::end(kOrdinary), before));

bool stands(const Sighted& text, std::size_t at, const Known& known) {
  return text.marked ? text::fold_keep_marks(text.written(at)) == known.marked : known.bare;
}

template <std::size_t Size>
bool is_one_of(const Sighted& text, std::size_t at, const Known (&all)[Size]) {
  const auto [from, to] = std::equal_range(std::begin(all), std::end(all), Known{text.words[at].folded, {}}, before);
  return std::any_of(from, to, [&](const Known& known) { return stands(text, at, known); });
}

bool is_number(std::string_view word) { return word.front() >= '0' && word.front() <= '9'; }

bool goes_on(const Sighted& text, std::size_t at) {
  return at < text.words.size() && text.words[at].gap == ' ' && !is_number(text.words[at].folded);
}

std::size_t remembered(const Sighted& text, std::size_t at) {
  for (const Known& name : kRemembered) {
    if (!name.folded.starts_with(text.words[at].folded)) continue;
    std::string_view left = text.marked ? name.marked : name.folded;
    std::size_t count = 0;
    while (!left.empty() && at + count < text.words.size() && (count == 0 || goes_on(text, at + count))) {
      const std::string_view word = left.substr(0, left.find(' '));
      if (text::fold_keep_marks(text.written(at + count)) != word) break;
      left.remove_prefix(std::min(left.size(), word.size() + 1));
      ++count;
    }
    if (left.empty()) return count;
  }
  return 0;
}

}  // namespace

bool without_capitals(const text::Words& words) {
  return std::none_of(words.all().begin(), words.all().end(), [](const text::Word& word) { return word.capital && word.gap != ','; });
}

std::size_t small_street_name(const Sighted& text, std::size_t at) {
  if (!goes_on(text, at)) return 0;
  if (const std::size_t count = remembered(text, at)) return count;
  if (!is_one_of(text, at, kFamilies)) return 0;
  std::size_t count = 1, most = kFamilyNameWordsMax;
  for (; count < most && goes_on(text, at + count); ++count) {
    const std::string_view word = text.words[at + count].folded;
    if (count == 1 && word == "thi") ++most;
    // "Dương Tự Minh" and "Lý Thái Tổ" without marks.
    const bool of_names = (word == "tu" && count == 1) || (word == "to" && count == 2 && !(at + 3 < text.words.size() && is_number(text.words[at + 3].folded)));
    if (!of_names && is_one_of(text, at + count, kOrdinary)) break;
  }
  return count >= 2 ? count : 0;
}

}  // namespace ioc::geo
