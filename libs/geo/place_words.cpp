#include "libs/geo/place_words.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "libs/text/fold.h"

namespace ioc::geo {
namespace {

constexpr PlaceWord kPlaceWords[] = {
#include "libs/geo/place_words.inc"
};
static_assert(std::is_sorted(std::begin(kPlaceWords), std::end(kPlaceWords),
                             [](const PlaceWord& a, const PlaceWord& b) { return a.folded < b.folded; }));

constexpr auto kFirstOf = [] {
  std::array<std::uint8_t, 27> out{};
  for (std::size_t letter = 0; letter < out.size(); ++letter) {
    for (const PlaceWord& one : kPlaceWords) {
      if (static_cast<std::size_t>(one.folded[0] - 'a') < letter) ++out[letter];
    }
  }
  return out;
}();

constexpr std::string_view kEnds[] = {"bi",   "cach", "canh", "cho",  "chua", "co",   "cong", "cua",  "dang", "dau",
                                      "den",  "do",   "doan", "doi",  "duoc", "gan",  "giua", "khong", "la",  "luc",
                                      "mat",  "ngap", "ngay", "nhieu", "o",   "phia", "rat",  "sau",  "tai",  "thuoc",
                                      "truoc", "tu",  "va",   "vao",  "voi"};
static_assert(std::is_sorted(std::begin(kEnds), std::end(kEnds)));

std::string_view first_word(std::string_view text) { return text.substr(0, text.find(' ')); }

void drop_word(std::string_view& text) { text.remove_prefix(std::min(text.size(), first_word(text).size() + 1)); }

// How many words; 0: they do not stand there.
std::size_t folded_match(const Sighted& text, std::size_t at, std::string_view folded) {
  std::size_t count = 0;
  for (; !folded.empty(); drop_word(folded), ++count) {
    if (at + count >= text.words.size()) return 0;
    const text::Word& word = text.words[at + count];
    if (word.folded != first_word(folded) || (count > 0 && word.gap != ' ')) return 0;
  }
  return count;
}

bool marks_match(const Sighted& text, std::size_t at, const PlaceWord& known) {
  std::string_view folded = known.folded, marked = known.written;
  for (; !folded.empty(); drop_word(folded), drop_word(marked), ++at) {
    const std::string_view want = first_word(marked);
    if (text.words[at].spelled_out || want == first_word(folded)) continue;
    if (!text.marked && !known.bare) return false;
    if (!text.marked) continue;
    const std::string_view written = text.written(at);
    if (written != want && text::fold_keep_marks(written) != want) return false;
  }
  return true;
}

}  // namespace

Sighted::Sighted(std::string_view text) : raw(text), words(text) {
  marked = std::any_of(words.all().begin(), words.all().end(), [](const text::Word& word) { return word.marked; });
}

std::string_view Sighted::written(std::size_t word) const {
  return raw.substr(words[word].from, words[word].to - words[word].from);
}

PlaceWordAt place_word_at(const Sighted& text, std::size_t at) {
  const std::string_view word = text.words[at].folded;
  if (word[0] < 'a' || word[0] > 'z' || word.size() < 2) return {};
  const auto letter = static_cast<std::size_t>(word[0] - 'a');
  PlaceWordAt best;
  for (std::size_t i = kFirstOf[letter]; i < kFirstOf[letter + 1]; ++i) {
    if (kPlaceWords[i].folded[1] != word[1] || !kPlaceWords[i].folded.starts_with(word)) continue;
    const std::size_t count = folded_match(text, at, kPlaceWords[i].folded);
    if (count > best.count && marks_match(text, at, kPlaceWords[i])) best = {&kPlaceWords[i], count};
  }
  return best;
}

bool ends_name(std::string_view folded) { return std::binary_search(std::begin(kEnds), std::end(kEnds), folded); }

}  // namespace ioc::geo
