#include "libs/text/emphasis.h"

#include <algorithm>
#include <string>
#include <vector>

#include "libs/text/letters.h"
#include "libs/text/telex.h"
#include "libs/text/tokens.h"
#include "libs/text/tone_place.h"
#include "libs/text/utf8.h"

namespace ioc::text {
namespace {

constexpr std::size_t kStretchedMin = 3, kSpelledMin = 3;

bool is_between(char c) { return c == '.' || c == '-' || c == '_' || c == '*'; }

// Whether undoing may find something: seldom, and seen in one pass.
bool may_be_emphasis(std::string_view plain) {
  for (std::size_t i = 2; i < plain.size(); ++i) {
    if (!is_folded_letter(plain[i]) || !is_folded_letter(plain[i - 2])) continue;
    if (is_between(plain[i - 1])) return true;
    if (plain[i] != plain[i - 1]) continue;
    const bool ends = i + 1 == plain.size() || !is_word_byte(plain[i + 1]);
    if (plain[i] == plain[i - 2] || (ends && is_folded_vowel(plain[i]))) return true;
  }
  return false;
}

// A character of the marked text, and the byte that its plain form is; 0: none, or more than one.
struct Character {
  char32_t code_point;
  char plain;
  bool horned;  // ư is another vowel than u: "cứuuu" is "cứu"
};

std::vector<Character> characters_of(std::string_view marked) {
  std::vector<Character> all;
  std::string plain;
  for (std::size_t at = 0; at < marked.size();) {
    const std::size_t from = at;
    const char32_t code_point = decode_next(marked, at).code_point;
    const std::string_view bytes = marked.substr(from, at - from);
    fold(bytes, plain);
    const char letter = plain.size() == 1 ? plain[0] : '\0';
    all.push_back({code_point, letter, letter == 'u' && nfd(bytes).find("\xCC\x9B") != std::string::npos});
  }
  return all;
}

bool is_word(const std::vector<Character>& all, std::size_t at) { return at < all.size() && is_word_byte(all[at].plain); }

// Takes the characters between out of each run of single letters.
std::vector<Character> put_together(const std::vector<Character>& all) {
  std::vector<Character> out;
  for (std::size_t at = 0; at < all.size();) {
    std::size_t end = at;  // of the run: letter, between, letter ...
    const bool begins = is_folded_letter(all[at].plain) && (at == 0 || !is_word_byte(all[at - 1].plain));
    while (begins && end + 2 < all.size() && is_between(all[end + 1].plain) && all[end + 1].plain == all[at + 1].plain && is_folded_letter(all[end + 2].plain)) end += 2;
    if (is_word(all, end + 1)) end = end > at ? end - 2 : end;  // the last one begins a word of its own
    const bool spelled = end >= at + 2 * (kSpelledMin - 1);
    for (std::size_t i = at; i <= end; i += spelled ? 2 : 1) out.push_back(all[i]);
    at = end + 1;
  }
  return out;
}

// The equal letters all[from, end).
struct Run {
  const std::vector<Character>& all;
  std::size_t from, end;

  [[nodiscard]] char letter() const { return all[from].plain; }
  [[nodiscard]] bool ends_word() const { return !is_word(all, end); }
  [[nodiscard]] bool is_whole_word() const { return ends_word() && (from == 0 || !is_word(all, from - 1)); }
  [[nodiscard]] bool behind_consonant() const { return from > 0 && is_folded_letter(all[from - 1].plain) && !is_folded_vowel(all[from - 1].plain); }
  // The first letter with marks, else the end.
  [[nodiscard]] std::size_t marked() const {
    std::size_t at = from;
    while (at < end && all[at].code_point < 0x80) ++at;
    return at;
  }
};

// No Vietnamese word ends in two of a, i, y, in two u behind a vowel, or in a vowel with marks and the same one again.
bool is_stretched(const Run& run) {
  const char letter = run.letter();
  if (!is_folded_letter(letter) || run.is_whole_word() || !(is_folded_vowel(letter) || run.ends_word())) return false;
  if (run.end - run.from >= kStretchedMin) return true;
  if (run.end - run.from < 2 || !is_folded_vowel(letter) || !run.ends_word()) return false;
  return letter == 'a' || letter == 'i' || letter == 'y' || (letter == 'u' && !run.behind_consonant()) || run.marked() < run.end;
}

// Of each stretched letter the one with marks, else the first; of a "u" without marks behind a consonant two, since "cuuu" is
// "cuu": "cứu".
std::vector<Character> drawn_in(const std::vector<Character>& all) {
  std::vector<Character> out;
  for (std::size_t at = 0; at < all.size();) {
    Run run{all, at, at + 1};
    while (run.end < all.size() && all[run.end].plain == run.letter() && all[run.end].horned == all[at].horned) ++run.end;
    const std::size_t marked = run.marked();
    std::size_t kept = is_stretched(run) ? 1 : run.end - at;
    if (kept == 1 && run.end - at > 1 && run.letter() == 'u' && marked == run.end && run.behind_consonant()) kept = 2;
    if (kept == 1) out.push_back(all[marked < run.end ? marked : at]);
    else out.insert(out.end(), all.begin() + static_cast<std::ptrdiff_t>(at), all.begin() + static_cast<std::ptrdiff_t>(at + kept));
    at = run.end;
  }
  return out;
}

}  // namespace

FoldedText as_meant(std::string_view utf8) {
  FoldedText text = FoldedText::of(utf8);
  const bool no_marks = text.plain == text.marked;
  if (const auto typed = no_marks ? read_telex(text.plain) : std::nullopt) text = FoldedText::of(*typed);
  if (!may_be_emphasis(text.plain)) return text;
  const std::vector<Character> calm = drawn_in(put_together(characters_of(text.marked)));
  text.marked.clear();
  for (const Character& one : calm) append_utf8(text.marked, one.code_point);
  place_tones(text.marked);
  fold(text.marked, text.plain);
  return text;
}

}  // namespace ioc::text
