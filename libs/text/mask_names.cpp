// Names of people behind the words that call them: "ông Nguyễn Văn A", "gặp anh Nam", "cán bộ địa chính Trần Thị B", "họ tên: Lê Lan".
#include <algorithm>
#include <array>
#include <string>

#include "libs/text/fold.h"
#include "libs/text/mask_parts.h"
#include "libs/text/syllable.h"

namespace ioc::text {
namespace {

constexpr std::size_t kNameWordsMax = 4, kTitleWordsMax = 3, kOfficeWordsMax = 3;

// Behind these a name follows at once.
constexpr std::array<std::string_view, 27> kPronouns{"ông", "bà", "anh", "chị", "cô", "chú", "bác", "cháu", "em", "cụ", "thầy", "dì", "mợ", "thím", "bạn", "đồng chí", "bé", "thiếu tá", "trung tá",
                                                     "đại tá", "đại úy", "thượng úy", "trung úy", "thiếu úy", "vợ chồng", "nạn nhân", "đối tượng"};
// Behind these also after what the office is: "cán bộ địa chính …".
constexpr std::array<std::string_view, 26> kOffices{"cán bộ", "công chức", "nhân viên", "chủ tịch", "phó chủ tịch", "bí thư", "phó bí thư", "tổ trưởng", "trưởng thôn", "trưởng xóm", "trưởng phòng", "phó phòng", "hiệu trưởng", "giám đốc",
                                                    "giáo viên", "cô giáo", "thầy giáo", "bác sĩ", "bác sỹ", "y tá", "y sĩ", "điều dưỡng", "lái xe", "tài xế", "công an viên", "chủ hộ"};
// Without their marks these are hardly other words; behind the other pronouns surname and name must follow with capitals.
constexpr std::array<std::string_view, 4> kPlainPronouns{"ong", "anh", "chi", "dong chi"};
// A sign may follow: "họ tên: …".
constexpr std::array<std::string_view, 9> kAsked{"họ tên", "họ và tên", "tên là", "tôi tên", "tôi là", "em là", "người gửi", "người báo", "người phản ánh"};

constexpr std::array<std::string_view, 42> kSurnames{"nguyễn", "trần", "lê", "phạm", "hoàng", "huỳnh", "phan", "vũ", "võ", "đặng", "bùi", "đỗ", "hồ", "ngô", "dương", "lý", "đào", "đoàn", "vương", "trịnh", "trương",
                                                     "đinh", "lâm", "phùng", "mai", "tô", "hà", "tạ", "lương", "chu", "lưu", "nông", "triệu", "ma", "vi", "hứa", "cao", "quách", "thái", "tống", "khổng", "lục"};
// Syllables behind a surname that a given name follows.
constexpr std::array<std::string_view, 25> kMiddles{"văn", "thị", "đức", "hữu", "ngọc", "minh", "thanh", "quang", "xuân", "hồng", "thu", "kim", "đình", "công", "tiến", "trọng", "quốc", "mạnh", "việt", "thùy", "bích", "bá", "duy", "hoài", "khánh"};
// Given names that are hardly another word behind a title, for who writes no capitals; the second list also without marks.
constexpr std::array<std::string_view, 29> kGiven{"nam", "lan", "tuấn", "tú", "hùng", "dũng", "cường", "thảo", "trang", "hương", "huyền", "nga", "hằng", "loan", "phượng", "yến", "oanh", "thắng", "hiếu",
                                                  "kiên", "tùng", "vinh", "nhung", "huệ", "liên", "tâm", "quân", "hải", "quyên"};
constexpr std::array<std::string_view, 8> kGivenPlain{"tuan", "cuong", "loan", "nhung", "kien", "hieu", "vinh", "quyen"};
// Written with a capital, and no name.
constexpr std::array<std::string_view, 53> kNoNames{"chủ", "phó", "trưởng", "bí", "công", "phường", "xã", "tổ", "xóm", "thôn", "khu", "phố", "đường", "ngõ", "số", "quận", "huyện", "tỉnh", "ban", "sở", "phòng", "trường", "bệnh", "bác",
                                                    "cục", "ở", "nữ", "giới", "điện", "sinh", "ngoan", "kho", "chi", "trai", "nội", "ngoại", "khoa", "sản", "nhi", "chuyên", "đội", "hội", "ơi", "ạ", "giám", "đảng", "uỷ", "ủy", "hôm", "sáng", "chiều", "tối", "nhà"};
// Words in front of places that are called after people: "đường Bà Triệu", "Hai Bà Trưng".
constexpr std::array<std::string_view, 14> kPlaces{"đường", "phố", "ngõ", "ngách", "trường", "cầu", "chợ", "đền", "chùa", "hẻm", "phường", "xã", "hai", "núi"};

template <std::size_t N>
std::array<std::string, N> folded_of(const std::array<std::string_view, N>& words) {
  std::array<std::string, N> out;
  std::transform(words.begin(), words.end(), out.begin(), [](std::string_view word) { return fold(word); });
  return out;
}

template <std::size_t N>
class WordList {
 public:
  explicit WordList(const std::array<std::string_view, N>& marked) : x_marked(marked), x_folded(folded_of(marked)) {}
  // `word` has its marks, unless the whole text has none.
  [[nodiscard]] bool has(std::string_view word, bool marks) const {
    if (marks) return std::find(x_marked.begin(), x_marked.end(), word) != x_marked.end();
    return std::find(x_folded.begin(), x_folded.end(), word) != x_folded.end();
  }

 private:
  const std::array<std::string_view, N>& x_marked;
  std::array<std::string, N> x_folded;
};

// Made once: folding asks for tables.
struct Lists {
  WordList<kPronouns.size()> pronouns{kPronouns};
  WordList<kOffices.size()> offices{kOffices};
  WordList<kAsked.size()> asked{kAsked};
  WordList<kSurnames.size()> surnames{kSurnames};
  WordList<kMiddles.size()> middles{kMiddles};
  WordList<kNoNames.size()> no_names{kNoNames};
  WordList<kPlaces.size()> places{kPlaces};
};

const Lists& lists() {
  static const Lists all;
  return all;
}

struct Word {
  std::size_t begin = 0, end = 0;  // in the reading
  std::string text;                // lower case, with its marks
  bool capital = false;            // "Nam", and "A." for a name that is not told
  bool joined = false;             // to the word before, by blanks
  bool behind_sign = false;        // by a colon or a comma and blanks
};

class Names {
 public:
  Names(std::string_view text, const Reading& reading) : x_text(text), x_reading(reading) { read_words(); }

  void find(std::vector<Span>& found) const {
    for (std::size_t at = 0; at < x_words.size();) {
      const auto [first, last] = name_behind_title(at);
      if (first == last) {
        ++at;
        continue;
      }
      found.push_back({x_words[first].begin, x_words[last - 1].end});
      at = last;
    }
  }

 private:
  struct Range {
    std::size_t first = 0, last = 0;  // words [first, last); equal: no name
  };

  void read_words() {
    const std::string_view plain = x_reading.plain;
    for (std::size_t at = 0; at < plain.size();) {
      if (!is_letter(plain[at])) {
        ++at;
        continue;
      }
      Word word;
      word.begin = at;
      while (at < plain.size() && is_letter(plain[at])) ++at;
      word.end = at;
      const std::size_t raw = x_reading.raw_at[word.begin];
      word.text = fold_keep_marks(x_text.substr(raw, x_reading.raw_at[at] - raw));
      x_marks = x_marks || word.text != x_reading.lower.substr(word.begin, at - word.begin);
      word.capital = is_capital(plain[word.begin]) && (at - word.begin == 1 || !is_capital(plain[word.begin + 1]));
      set_gap(word);
      x_words.push_back(std::move(word));
    }
  }

  void set_gap(Word& word) const {
    const std::size_t from = x_words.empty() ? 0 : x_words.back().end;
    const std::string_view gap = std::string_view(x_reading.plain).substr(from, word.begin - from);
    const std::size_t signs = gap.size() - static_cast<std::size_t>(std::count(gap.begin(), gap.end(), ' '));
    word.joined = !x_words.empty() && !gap.empty() && signs == 0;
    word.behind_sign = signs == 1 && gap.find_first_of(":,") != std::string_view::npos;
  }

  // The words [at, at + count) with a blank between; empty: they are parted by more.
  [[nodiscard]] std::string phrase(std::size_t at, std::size_t count) const {
    if (at + count > x_words.size()) return {};
    std::string out = x_words[at].text;
    for (std::size_t i = at + 1; i < at + count; ++i) {
      if (!x_words[i].joined) return {};
      out += " " + x_words[i].text;
    }
    return out;
  }

  [[nodiscard]] Range name_behind_title(std::size_t at) const {
    const bool place = at > 0 && x_words[at].joined && lists().places.has(x_words[at - 1].text, x_marks);
    if (place) return {};
    for (std::size_t count = kTitleWordsMax; count > 0; --count) {
      const std::string title = phrase(at, count);
      if (title.empty()) continue;
      const std::size_t next = at + count;
      if (lists().asked.has(title, x_marks)) return name_at(next, true);
      if (lists().offices.has(title, x_marks)) return name_behind_office(next);
      if (lists().pronouns.has(title, x_marks)) return is_sure(title) || is_full_name(next) ? name_at(next, false) : Range{};
    }
    return {};
  }

  // Without marks "ba" is also three, "co" also "có".
  [[nodiscard]] bool is_sure(std::string_view pronoun) const {
    return x_marks || std::find(kPlainPronouns.begin(), kPlainPronouns.end(), pronoun) != kPlainPronouns.end();
  }

  // "Nguyen Thi Lan"; not "Ha Noi".
  [[nodiscard]] bool is_full_name(std::size_t at) const {
    const auto capital = [this](std::size_t i) { return i < x_words.size() && x_words[i].joined && x_words[i].capital; };
    return is_surname(at) && capital(at) && capital(at + 1) && capital(at + 2);
  }

  [[nodiscard]] bool is_surname(std::size_t at) const { return at < x_words.size() && lists().surnames.has(x_words[at].text, x_marks); }

  [[nodiscard]] Range name_behind_office(std::size_t at) const {
    const Range near = name_at(at, false);
    if (near.first != near.last) return near;
    for (std::size_t i = at; i < std::min(at + kOfficeWordsMax, x_words.size()); ++i) {
      const Word& word = x_words[i];
      if (!word.joined || word.capital || lists().places.has(word.text, x_marks)) return {};
      const bool begins = x_marks ? is_surname(i + 1) && x_words[i + 1].capital : is_full_name(i + 1);
      if (begins) return name_at(i + 1, false);
    }
    return {};
  }

  [[nodiscard]] Range name_at(std::size_t at, bool sign) const {
    if (at >= x_words.size() || !(x_words[at].joined || (sign && x_words[at].behind_sign))) return {};
    std::size_t last = at;
    while (last < x_words.size() && last - at < kNameWordsMax && (last == at || x_words[last].joined) && is_part(x_words[last])) ++last;
    return {at, last > at ? last : at + small_words(at)};
  }

  // One letter is a name that is not told: "anh A"; not of "C-ThaiNguyen".
  [[nodiscard]] bool is_part(const Word& word) const {
    const bool dashed = word.end < x_reading.plain.size() && x_reading.plain[word.end] == '-';
    const std::string_view lower = std::string_view(x_reading.lower).substr(word.begin, word.end - word.begin);
    const bool syllable = lower.size() == 1 || is_vietnamese_syllable(lower);  // not "tài xế Grab"
    return word.capital && syllable && !dashed && !lists().no_names.has(word.text, x_marks);
  }

  // How many words a name without capitals has; 0: it is none beyond doubt.
  [[nodiscard]] std::size_t small_words(std::size_t at) const {
    const auto joined = [&](std::size_t i) { return i < x_words.size() && x_words[i].joined; };
    if (is_surname(at) && joined(at + 1)) {
      const std::string& second = x_words[at + 1].text;
      if (lists().middles.has(second, x_marks)) return joined(at + 2) ? 3 : 2;
      if (is_given(second)) return 2;
    }
    return is_given(x_words[at].text) ? 1 : 0;
  }

  [[nodiscard]] bool is_given(std::string_view word) const {
    if (x_marks) return std::find(kGiven.begin(), kGiven.end(), word) != kGiven.end();
    return std::find(kGivenPlain.begin(), kGivenPlain.end(), word) != kGivenPlain.end();
  }

  std::string_view x_text;
  const Reading& x_reading;
  std::vector<Word> x_words;
  bool x_marks = false;  // the text is written with marks
};

}  // namespace

void find_names(std::string_view text, const Reading& reading, std::vector<Span>& found) { Names(text, reading).find(found); }

}  // namespace ioc::text
