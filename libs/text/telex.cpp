#include "libs/text/telex.h"

#include <algorithm>
#include <vector>

#include "libs/text/fold.h"
#include "libs/text/letters.h"
#include "libs/text/syllable.h"
#include "libs/text/tokens.h"

namespace ioc::text {
namespace {

constexpr std::size_t kKeysMax = 12, kReadMin = 2, kReadShare = 3;  // at least kReadMin, and one in kReadShare

// True for what folded Vietnamese words seldom have: an f, j or w, a doubled letter, or an s, r or x that does not begin the word.
bool may_be_keys(std::string_view word) {
  if (word.size() > kKeysMax) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const char c = word[i], before = i > 0 ? word[i - 1] : '\0';
    if (c == 'f' || c == 'j' || c == 'w' || c == before) return true;
    const bool begins = i == 0 || (i == 1 && before == 't' && c == 'r');
    if ((c == 's' || c == 'r' || c == 'x') && !begins) return true;
  }
  return false;
}

// The mark that Unicode writes behind a letter; empty: the key is none of a tone.
std::string_view tone_of(char key) {
  switch (key) {
    case 's': return "\u0301";
    case 'f': return "\u0300";
    case 'r': return "\u0309";
    case 'x': return "\u0303";
    case 'j': return "\u0323";
    default: return {};
  }
}

// A word on its way from keys to letters.
class Keys {
 public:
  // Empty: the keys are none of a Vietnamese word.
  std::string read(std::string_view keys) {
    for (const char key : keys) take(key);
    if (!x_changed) return {};
    const std::string word = written();
    return is_vietnamese_syllable(fold(word)) ? word : std::string();
  }

 private:
  struct Letter {
    char base;
    std::string_view mark;  // circumflex, breve, horn, or the stroke of đ
  };

  void take(char key) {
    const bool behind_vowel = std::any_of(x_letters.begin(), x_letters.end(), [](const Letter& one) { return is_folded_vowel(one.base); });
    if (behind_vowel && !tone_of(key).empty()) {
      x_tone = tone_of(key);
      x_changed = true;
    } else if (!(key == 'w' ? add_horn() : add_double(key))) {
      x_letters.push_back({key, {}});
    }
  }

  bool add_double(char key) {
    if (key == 'd') return mark(x_letters.begin(), key, "\u0111");
    if (key != 'a' && key != 'e' && key != 'o') return false;
    return !x_letters.empty() && mark(x_letters.end() - 1, key, "\u0302");
  }

  bool mark(std::vector<Letter>::iterator letter, char base, std::string_view with) {
    if (letter == x_letters.end() || letter->base != base || !letter->mark.empty()) return false;
    letter->mark = with;
    x_changed = true;
    return true;
  }

  // The last of a, o, u, also behind the consonants that end the word ("nuocw"), and the u in front of an o.
  bool add_horn() {
    const auto last = std::find_if(x_letters.rbegin(), x_letters.rend(), [](const Letter& one) { return one.base == 'a' || one.base == 'o' || one.base == 'u'; });
    if (last == x_letters.rend()) return false;
    const auto letter = last.base() - 1;
    letter->mark = letter->base == 'a' ? "\u0306" : "\u031B";
    if (letter->base == 'o' && letter != x_letters.begin() && (letter - 1)->base == 'u') (letter - 1)->mark = "\u031B";
    x_changed = true;
    return true;
  }

  // The tone stands at the first vowel; fold_keep_marks() puts it where it belongs.
  [[nodiscard]] std::string written() const {
    std::string out;
    bool toned = x_tone.empty();
    for (const Letter& letter : x_letters) {
      if (letter.base == 'd' && !letter.mark.empty()) {
        out += letter.mark;
        continue;
      }
      out += letter.base;
      out += letter.mark;
      if (toned || !is_folded_vowel(letter.base)) continue;
      out += x_tone;
      toned = true;
    }
    return fold_keep_marks(out);
  }

  std::vector<Letter> x_letters;
  std::string_view x_tone;
  bool x_changed = false;
};

}  // namespace

std::optional<std::string> read_telex(std::string_view plain) {
  std::string out;
  std::size_t copied = 0, words = 0, read = 0;
  for (std::size_t at = 0; at < plain.size();) {
    std::size_t end = at;
    while (end < plain.size() && is_folded_letter(plain[end])) ++end;
    const bool whole = end > at && (at == 0 || word_bytes(plain, at - 1) == 0) && word_bytes(plain, end) == 0;
    if (end == at) ++end;
    const std::string_view word = plain.substr(at, end - at);
    at = end;
    if (whole) ++words;
    const bool strange = whole && may_be_keys(word) && !is_vietnamese_syllable(word);
    const std::string meant = strange ? Keys().read(word) : std::string();
    if (!meant.empty()) ++read;
    if (meant.empty()) continue;
    out.append(plain, copied, word.data() - plain.data() - copied);
    out.append(meant);
    copied = at;
  }
  if (read < kReadMin || read * kReadShare < words) return std::nullopt;
  out.append(plain, copied);
  return out;
}

}  // namespace ioc::text
