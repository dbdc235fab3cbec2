#include "tests/libs/text/mask_corpus.h"

#include <random>
#include <string_view>

namespace ioc::text {
namespace {

using Texts = std::vector<std::string>;

class Draw {
 public:
  explicit Draw(std::uint32_t seed) : x_random(seed) {}
  std::size_t below(std::size_t count) { return x_random() % count; }
  bool one_in(std::size_t count) { return below(count) == 0; }
  std::string of(const Texts& texts) { return texts[below(texts.size())]; }
  std::string number(std::size_t from, std::size_t to) { return std::to_string(from + below(to - from + 1)); }
  std::string two(std::size_t from, std::size_t to) {
    const std::string text = number(from, to);
    return text.size() == 1 ? "0" + text : text;
  }
  std::string digits(std::size_t count) {
    std::string out;
    while (out.size() < count) out += static_cast<char>('0' + below(10));
    return out;
  }

 private:
  std::mt19937 x_random;
};

const Texts kSeparators = {" ", ".", "-", "", "  ", "*", ":", ";", "~", "|", "•", "_", "…", " - ", " – ", "–", "—", "/", "...", " . ",
                           "\n", "\r\n", " * ", " : ", "·", "\xC2\xA0", "'", "--", " • ", ",", "!", "‑"};
const Texts kBefore = {"Xe đỗ sai đã 3 ngày, ", "Nhà tôi mất nước, ", "Rác đầy ngõ 12. ", "Đèn hỏng từ hôm qua\n", "", "Cháu bé đi lạc; ", "Tổ 5 ngập, "};
const Texts kAfter = {" nhé", ".", "", ", cảm ơn", " (giờ hành chính)", "\nXin cảm ơn", "!", " mong xử lý sớm", "; gấp ạ"};

std::string in_groups(std::string_view digits, const std::vector<std::size_t>& sizes, const std::string separator) {
  std::string out;
  std::size_t at = 0;
  for (const std::size_t size : sizes) {
    if (at > 0) out += separator;
    out += digits.substr(at, size);
    at += size;
  }
  return out;
}

std::string encoded(char32_t c) {
  std::string out;
  if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (c >> 18));
    out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
  }
  return out += static_cast<char>(0x80 | (c & 0x3F));
}

// The digits in another script, as keycaps, or with O for zero.
std::string styled(const std::string& number, Draw& draw) {
  const std::vector<char32_t> zeros = {0xFF10, 0x660, 0x6F0, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x966, 0xE50};
  const std::size_t way = draw.below(zeros.size() + 3);
  std::string out;
  for (const char c : number) {
    const bool digit = c >= '0' && c <= '9';
    if (digit && way < zeros.size()) {
      out += encoded(zeros[way] + static_cast<char32_t>(c - '0'));
    } else if (digit && way == zeros.size()) {
      out += std::string(1, c) + "\xEF\xB8\x8F\xE2\x83\xA3";  // keycap
    } else if (c == '0' && way > zeros.size()) {
      out += way == zeros.size() + 1 ? 'O' : 'o';
    } else {
      out += c;
    }
  }
  return out;
}

Secret framed(Draw& draw, const std::string& word, std::string secret) {
  return {draw.of(kBefore) + word, std::move(secret), draw.of(kAfter)};
}

template <class Make>
std::vector<Secret> made(std::uint32_t seed, std::size_t count, Make make) {
  Draw draw(seed);
  std::vector<Secret> out;
  while (out.size() < count) out.push_back(make(draw));
  return out;
}

}  // namespace

std::vector<Secret> phones(std::uint32_t seed, std::size_t count) {
  const Texts words = {"sđt ", "gọi ", "", "ĐT: ", "liên hệ ", "Zalo ", "điện thoại ", "LH ", "số máy ", "SĐT"};
  const Texts mobile = {"03", "05", "07", "08", "09"};
  return made(seed, count, [&](Draw& draw) {
    const std::string separator = draw.of(kSeparators);
    if (draw.one_in(6)) {
      const std::string landline = "0208" + draw.of({"3", "6", "2"}) + draw.digits(6);
      return framed(draw, draw.of(words), in_groups(landline, draw.one_in(2) ? std::vector<std::size_t>{4, 4, 3} : std::vector<std::size_t>{4, 7}, separator));
    }
    if (draw.one_in(12)) {
      const std::string local = "3" + draw.digits(6);
      return framed(draw, draw.of({"sđt ", "máy bàn ", "điện thoại: "}), in_groups(local, {4, 3}, draw.of({" ", ".", "", "-"})));
    }
    std::string number = draw.of(mobile) + draw.digits(8);
    const std::vector<std::vector<std::size_t>> ways = {{4, 3, 3}, {3, 3, 4}, {10}, {2, 2, 2, 2, 2}, {5, 5}, {4, 2, 2, 2}, {3, 4, 3}};
    std::string written = in_groups(number, ways[draw.below(ways.size())], separator);
    if (draw.one_in(6)) written = draw.of({"+84", "+84 ", "0084", "84"}) + in_groups(number.substr(1), {3, 3, 3}, draw.of({" ", ".", "", "-"}));
    const bool is_styled = draw.one_in(4);
    const std::string word = is_styled ? "gọi " : draw.of(words);
    return framed(draw, word, is_styled ? styled(written, draw) : written);
  });
}

std::vector<Secret> identity_numbers(std::uint32_t seed, std::size_t count) {
  const Texts words = {"CCCD ", "số căn cước ", "CMND: ", "CMT ", "căn cước công dân số ", ""};
  return made(seed, count, [&](Draw& draw) {
    if (draw.one_in(6)) return framed(draw, draw.of({"hộ chiếu ", "passport ", "Hộ chiếu số "}), draw.of({"B", "C", "N", "P"}) + draw.digits(draw.one_in(2) ? 7 : 8));
    if (draw.one_in(3)) {
      const std::string old = "09" + draw.digits(7);
      const std::string word = draw.of(words);
      const std::string separator = word.empty() ? draw.of({" ", "", "-"}) : draw.of(kSeparators);
      return framed(draw, word, in_groups(old, {3, 3, 3}, separator));
    }
    const std::string number = "0" + draw.of({"19", "01", "20", "08", "24"}) + draw.of({"0", "1", "2", "3"}) + draw.digits(8);
    const std::vector<std::vector<std::size_t>> ways = {{12}, {3, 3, 3, 3}, {4, 4, 4}, {6, 6}, {3, 9}};
    std::string written = in_groups(number, ways[draw.below(ways.size())], draw.of({" ", ".", "-", "", "*", ":", "~", "|", "•", "_", "…", " - ", "–", "·"}));
    if (draw.one_in(8)) written = in_groups(number, {6, 6}, "\n");
    return framed(draw, draw.of(words), draw.one_in(6) ? styled(number, draw) : written);
  });
}

std::vector<Secret> plates(std::uint32_t seed, std::size_t count) {
  const Texts words = {"biển số ", "BKS: ", "xe ", "", "xe máy ", "Biển kiểm soát ", "xe tải "};
  const Texts gaps = {"-", " - ", "–", " – ", "", "—", "‑", "."}, loose = {" ", "  ", "\n"};
  return made(seed, count, [&](Draw& draw) {
    const std::string province = draw.of({"20", "29", "98", "99", "12", "22", "30", "88"});
    std::string series = draw.of({"A", "B", "C", "D", "F", "H", "K", "LD", "R", "E"});
    const bool bike = draw.one_in(2);
    if (bike) series = draw.of({"B1", "F1", "H1", "G2", "AA", "MĐ1", "MĐ", "E1", "L5"});
    const bool four = !bike && draw.one_in(8);
    std::string digits = four ? draw.digits(4) : draw.digits(5);
    const std::string word = draw.of(words);
    const bool said = word.starts_with("bi") || word.starts_with("B");
    const bool dotted = !four && draw.one_in(2);
    if (dotted) digits.insert(3, draw.of({".", ".", ".", " . "}));
    const bool is_loose = draw.one_in(3) && !four && (said || dotted || !word.empty());
    const std::string gap = is_loose ? draw.of(loose) : draw.of(gaps);
    if (draw.one_in(3) && (said || dotted || !four)) {  // in lower case
      series = series == "MĐ1" ? "mđ1" : series == "MĐ" ? "mđ" : series;
      for (char& c : series) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    const std::string inner = bike && draw.one_in(2) ? draw.of({"-", " ", ""}) : "";
    return framed(draw, word, province + inner + series + gap + digits);
  });
}

std::vector<Secret> accounts(std::uint32_t seed, std::size_t count) {
  const Texts words = {"stk ", "STK: ", "số tài khoản ", "Số tài khoản Vietcombank ", "tk ", "TK: ", "số tk "};
  return made(seed, count, [&](Draw& draw) {
    const std::string number = draw.of({"1", "19", "00", "10", "2"}) + draw.digits(6 + draw.below(8));
    const std::string separator = draw.of({"", "", " ", ".", "-"});
    const std::size_t rest = number.size() - 4;
    return framed(draw, draw.of(words), in_groups(number, {4, rest}, separator));
  });
}

std::vector<Secret> addresses(std::uint32_t seed, std::size_t count) {
  const Texts local = {"nguyenvana", "tran.b", "tên", "hoà_84", "le-van-c", "a", "Đức.anh+1"};
  const Texts at = {"@", "@", " @ ", "@ ", " @", "＠"};
  const Texts domain = {"gmail.com", "gmail . com", "mail.thainguyen.gov.vn", "yahoo.com.vn", "gmail. com", "Outlook.Com"};
  return made(seed, count, [&](Draw& draw) {
    return framed(draw, draw.of({"thư: ", "email ", "gửi "}), draw.of(local) + draw.of(at) + draw.of(domain));
  });
}

std::vector<Secret> names(std::uint32_t seed, std::size_t count) {
  const Texts surnames = {"Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô", "Dương", "Nông", "Ma", "Triệu", "Hà", "Lý"};
  const Texts middles = {"Văn", "Thị", "Đức", "Ngọc", "Minh", "Hữu", "Thanh", "Xuân"};
  const Texts given = {"Nam", "Lan", "Tuấn", "Hoa", "Bình", "Cường", "Hạnh", "Phúc", "Yến", "Sơn", "Thêu", "Bảy", "Hải", "Quyên", "Dũng", "Chiến"};
  const Texts pronouns = {"ông ", "bà ", "anh ", "chị ", "cô ", "chú ", "bác ", "Ông ", "cháu ", "cụ ", "thầy ", "đồng chí "};
  const Texts offices = {"cán bộ ", "cán bộ địa chính ", "công chức ", "bác sĩ ", "tổ trưởng ", "chủ tịch ", "nhân viên thu tiền ", "lái xe ", "trưởng xóm ", "cô giáo "};
  const Texts after = {" gây ồn", ".", ", nhà đối diện", " không cấp giấy", "; hẹn mãi không tới", " ở tổ 5", " thu tiền sai", "\nXin cảm ơn"};
  return made(seed, count, [&](Draw& draw) {
    std::string full = draw.of(surnames) + " " + draw.of(middles) + " " + draw.of(given);
    if (draw.one_in(4)) full = draw.of(surnames) + " " + draw.of(given);
    const std::string before = draw.of({"Đề nghị nhắc ", "Nhà ", "Tôi gặp ", "Người báo nói ", ""});
    if (draw.one_in(8)) return Secret{draw.of({"Họ tên: ", "tôi là ", "Người gửi: ", "Họ và tên "}), full, draw.of(after)};
    if (draw.one_in(3)) return Secret{before + draw.of(offices), draw.one_in(4) ? draw.of(given) : full, draw.of(after)};
    return Secret{before + draw.of(pronouns), draw.one_in(2) ? draw.of(given) : full, draw.of(after)};
  });
}

std::vector<std::string> plain_sentences(std::uint32_t seed, std::size_t count) {
  Draw draw(seed);
  const auto date = [&] { return draw.two(1, 28) + draw.of({"/", ".", "-", " - "}) + draw.two(1, 12); };
  const auto clock = [&] { return draw.two(0, 23) + draw.of({":", "h", ":"}) + draw.two(10, 59); };
  const auto money = [&] {
    const std::string dot = draw.of({".", ",", " ", ""});
    return draw.number(1, 999) + dot + draw.of({"000", "500", "250"}) + dot + "000";
  };
  const auto degrees = [&](const char* whole, std::size_t fraction) { return whole + std::string(".") + draw.digits(fraction); };
  std::vector<std::string> out;
  while (out.size() < count) {
    switch (draw.below(22)) {
      case 0: out.push_back("Lúc " + clock() + " ngày " + date() + "/" + draw.number(2019, 2027) + " mất điện"); break;
      case 1: out.push_back("Từ " + clock() + " - " + clock() + ", " + clock() + " ngày " + date()); break;
      case 2: out.push_back("Thiệt hại " + money() + draw.of({" đồng", "đ", " đ", " VNĐ", " vnd", "đồng"})); break;
      case 3: out.push_back("Số tiền " + money() + " chưa trả"); break;
      case 4: out.push_back("Giá " + draw.number(100'000'000, 999'999'999) + draw.of({" đồng", "đ", " đ"})); break;
      case 5: out.push_back("Tọa độ " + degrees("21", 4 + draw.below(6)) + draw.of({",", ", ", " ", "; "}) + degrees("105", 4 + draw.below(6))); break;
      case 6: out.push_back("POINT(" + degrees("105", 7) + " " + degrees("21", 7) + ")"); break;
      case 7: out.push_back("Số nhà " + draw.number(1, 999) + ", ngõ " + draw.number(1, 99) + "/" + draw.number(1, 99) + "/" + draw.number(1, 9) + ", tổ " + draw.number(1, 40)); break;
      case 8: out.push_back("Quốc lộ 3 Km" + draw.number(1, 140) + "+" + draw.digits(3) + " đến Km " + draw.number(1, 140) + "+" + draw.digits(3)); break;
      case 9: out.push_back("Quyết định số " + draw.number(1, 9999) + "/QĐ-UBND ngày " + date() + "/" + draw.number(2015, 2027)); break;
      case 10: out.push_back("Nghị định " + draw.two(1, 199) + "/" + draw.number(2010, 2027) + "/NĐ-CP, công văn " + draw.number(1, 9999) + "/UBND-VP"); break;
      case 11: out.push_back("Gọi 113, 114, 115 hoặc 1900 " + draw.digits(4) + " không được"); break;
      case 12: out.push_back("Xe tải " + draw.number(10, 30) + "T chở " + draw.number(10, 99) + " khối, rộng " + draw.number(11, 40) + "m " + draw.number(1000, 9999) + " hộ"); break;
      case 13: out.push_back("Hố sâu " + draw.number(10, 99) + " x " + draw.number(100, 999) + "*" + draw.number(100, 999) + " cm, " + draw.number(10, 99) + "." + draw.digits(2) + " m2"); break;
      case 14: out.push_back("Thửa " + draw.number(1, 999) + ", tờ bản đồ " + draw.number(1, 99) + ", diện tích " + draw.number(100, 9999) + "," + draw.digits(1) + " m2"); break;
      case 15: out.push_back("Từ " + draw.number(2015, 2020) + " " + draw.number(2015, 2020) + " - " + draw.number(2021, 2026) + " chưa sửa, khóa " + draw.number(2020, 2024) + "-" + draw.number(2025, 2029)); break;
      case 16: out.push_back("Lớp 12A" + draw.number(1, 9) + ", phòng " + draw.number(100, 999) + ", khu " + draw.number(1, 30) + "B, tầng " + draw.number(1, 20)); break;
      case 17: out.push_back("Chỉ số: " + draw.number(100, 999) + ", " + draw.number(100, 999) + ", " + draw.number(100, 999) + ", " + draw.number(100, 999)); break;
      case 18: out.push_back(draw.number(2024, 2026) + "-" + draw.two(1, 12) + "-" + draw.two(1, 28) + " " + draw.two(0, 23) + ":" + draw.two(0, 59) + ":" + draw.two(0, 59) + " camera_" + draw.two(1, 99)); break;
      case 19: out.push_back(draw.number(100, 999) + "\n" + draw.number(100, 999) + "\n" + draw.number(100, 999) + "\n" + draw.number(10, 99)); break;
      case 20: out.push_back("Tài khoản bị trừ " + money() + " đồng từ ngày " + date() + "/2026"); break;
      default: out.push_back("Đơn CK03-" + draw.number(2025, 2027) + draw.two(1, 12) + draw.two(1, 28) + "-" + draw.digits(4) + " quá hạn " + draw.number(1, 300) + " ngày"); break;
    }
  }
  return out;
}

}  // namespace ioc::text
