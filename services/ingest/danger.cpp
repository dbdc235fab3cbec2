#include "services/ingest/danger.h"

#include <algorithm>

#include "libs/text/emphasis.h"
#include "libs/text/fold.h"
#include "libs/text/tokens.h"

namespace ioc::ingest {
namespace {

bool in_word(char c) { return text::is_word_byte(c) || static_cast<unsigned char>(c) >= 0x80; }

// As whole words: "nổ" is not in "nổi".
std::size_t find_words(std::string_view text, std::string_view words, std::size_t from = 0) {
  for (auto at = text.find(words, from); at != std::string_view::npos; at = text.find(words, at + 1)) {
    const std::size_t end = at + words.size();
    if ((at == 0 || !in_word(text[at - 1])) && (end == text.size() || !in_word(text[end]))) return at;
  }
  return std::string_view::npos;
}

// What takes the danger out of words that follow. Only what says so beyond doubt: a courtesy at the end of a cry for help does
// not, nor "sợ quá", "hôm qua", "không ai biết bơi".
struct Harmless {
  const char* before;
  const char* danger = "";   // these words alone; empty: any
  bool directly = false;     // nothing stands between; otherwise anything but a comma or the end of a sentence
};
constexpr Harmless kHarmless[] = {
    {"cảm ơn"}, {"cám ơn"}, {"tri ân"}, {"biểu dương"}, {"khen"}, {"diễn tập"}, {"tập huấn"}, {"tuyên truyền"}, {"phòng chống"},
    {"phòng tránh"}, {"nguy cơ"}, {"năm ngoái"}, {"năm trước"}, {"tháng trước"}, {"tuần trước"}, {"bụi", "khó thở"},
    {"đốt rác", "khó thở"}, {"đốt rơm", "khó thở"}, {"mùi hôi", "khó thở"}, {"hôi thối", "khó thở"}, {"mèo", "mắc kẹt"},
    {"diều", "mắc kẹt"}, {"rác", "mắc kẹt", true}, {"không ai", "", true}, {"không có ai", "", true}, {"không có người", "", true},
    {"chưa ai", "", true}, {"chưa có ai", "", true}, {"không", "bị thương", true}, {"suýt", "", true}, {"suýt bị", "", true},
    {"phòng", "cấp cứu", true}, {"khoa", "cấp cứu", true}, {"bảo hiểm", "tai nạn", true}, {"đèn", "đang cháy", true}};

// Bounded, so that a text of nothing but dangers that are none costs no more for each of them than another text.
constexpr std::size_t kSaidBeforeBytes = 300;

// What stands before `at` without a pause, in whole words.
std::string_view said_before(std::string_view text, std::size_t at) {
  const std::size_t reach = at - std::min(at, kSaidBeforeBytes);
  const std::size_t begin = reach == 0 ? 0 : std::min(at, text.find(' ', reach));
  const std::string_view near = text.substr(begin, at - begin);
  const std::size_t stop = near.find_last_of(".!?;,\n");
  return stop == std::string_view::npos ? near : near.substr(stop + 1);
}

bool ends_with_words(std::string_view text, std::string_view words) {
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text.ends_with(words) && (text.size() == words.size() || !in_word(text[text.size() - words.size() - 1]));
}

}  // namespace

Danger::Danger(const std::vector<std::string>& phrases) {
  for (const auto& phrase : phrases) {
    if (phrase.empty()) continue;
    x_marked.words.push_back(text::fold_keep_marks(phrase));
    x_folded.words.push_back(text::fold(phrase));
  }
  for (const Harmless& one : kHarmless) {
    x_marked.contexts.push_back({text::fold_keep_marks(one.before), text::fold_keep_marks(one.danger), one.directly});
    x_folded.contexts.push_back({text::fold(one.before), text::fold(one.danger), one.directly});
  }
}

bool Danger::Vocabulary::in(std::string_view text) const {
  const auto meant = [&](const std::string& danger, std::size_t at) {
    const std::string_view before = said_before(text, at);
    return std::none_of(contexts.begin(), contexts.end(), [&](const Context& one) {
      if (!one.danger.empty() && one.danger != danger) return false;
      return one.directly ? ends_with_words(before, one.before) : find_words(before, one.before) != std::string_view::npos;
    });
  };
  return std::any_of(words.begin(), words.end(), [&](const std::string& danger) {
    for (auto at = find_words(text, danger); at != std::string_view::npos; at = find_words(text, danger, at + 1)) {
      if (meant(danger, at)) return true;
    }
    return false;
  });
}

bool Danger::speaks_of_danger(std::string_view title, std::string_view text) const {
  const std::string whole = std::string(title) + "\n" + std::string(text);
  const std::string marked = text::as_meant(whole).marked;
  if (x_marked.in(marked)) return true;
  const bool without_marks = std::none_of(marked.begin(), marked.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  return without_marks && x_folded.in(marked);
}

}  // namespace ioc::ingest
