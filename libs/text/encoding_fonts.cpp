// TCVN3 ("ABC") and VNI-Windows: fonts that draw Vietnamese letters at other characters' places. Copied out of their document, their
// texts are Latin-1: "Nhµ sè 5 ®ang ch¸y", "Nhaø soá 5 ñang chaùy".
#include <algorithm>
#include <optional>

#include "libs/text/encoding_steps.h"
#include "libs/text/utf8.h"

namespace ioc::text {
namespace {

struct Drawn {
  char32_t code, letter;
};

// By code. Capitals with a tone have no place: a font of capitals draws the small ones so.
constexpr Drawn kTcvn3[] = {
    {0xA1, U'Ă'}, {0xA2, U'Â'}, {0xA3, U'Ê'}, {0xA4, U'Ô'}, {0xA5, U'Ơ'}, {0xA6, U'Ư'}, {0xA7, U'Đ'}, {0xA8, U'ă'}, {0xA9, U'â'}, {0xAA, U'ê'},
    {0xAB, U'ô'}, {0xAC, U'ơ'}, {0xAD, U'ư'}, {0xAE, U'đ'}, {0xB5, U'à'}, {0xB6, U'ả'}, {0xB7, U'ã'}, {0xB8, U'á'}, {0xB9, U'ạ'}, {0xBB, U'ằ'},
    {0xBC, U'ẳ'}, {0xBD, U'ẵ'}, {0xBE, U'ắ'}, {0xC6, U'ặ'}, {0xC7, U'ầ'}, {0xC8, U'ẩ'}, {0xC9, U'ẫ'}, {0xCA, U'ấ'}, {0xCB, U'ậ'}, {0xCC, U'è'},
    {0xCE, U'ẻ'}, {0xCF, U'ẽ'}, {0xD0, U'é'}, {0xD1, U'ẹ'}, {0xD2, U'ề'}, {0xD3, U'ể'}, {0xD4, U'ễ'}, {0xD5, U'ế'}, {0xD6, U'ệ'}, {0xD7, U'ì'},
    {0xD8, U'ỉ'}, {0xDC, U'ĩ'}, {0xDD, U'í'}, {0xDE, U'ị'}, {0xDF, U'ò'}, {0xE1, U'ỏ'}, {0xE2, U'õ'}, {0xE3, U'ó'}, {0xE4, U'ọ'}, {0xE5, U'ồ'},
    {0xE6, U'ổ'}, {0xE7, U'ỗ'}, {0xE8, U'ố'}, {0xE9, U'ộ'}, {0xEA, U'ờ'}, {0xEB, U'ở'}, {0xEC, U'ỡ'}, {0xED, U'ớ'}, {0xEE, U'ợ'}, {0xEF, U'ù'},
    {0xF1, U'ủ'}, {0xF2, U'ũ'}, {0xF3, U'ú'}, {0xF4, U'ụ'}, {0xF5, U'ừ'}, {0xF6, U'ử'}, {0xF7, U'ữ'}, {0xF8, U'ứ'}, {0xF9, U'ự'}, {0xFA, U'ỳ'},
    {0xFB, U'ỷ'}, {0xFC, U'ỹ'}, {0xFD, U'ý'}, {0xFE, U'ỵ'}};

// VNI: letters of their own, in small; then marks that stand behind a letter.
constexpr Drawn kVniLetters[] = {{U'æ', U'ỉ'}, {U'ì', U'ì'}, {U'í', U'í'}, {U'î', U'ỵ'}, {U'ñ', U'đ'}, {U'ò', U'ị'}, {U'ó', U'ĩ'}, {U'ô', U'ơ'}, {U'ö', U'ư'}};
struct Marked {
  char32_t letter;
  std::u32string_view marks, letters;  // letter + marks[i] is letters[i]
};
constexpr Marked kVniMarked[] = {{U'a', U"ùøûõïêéèúüëâáàåãä", U"áàảãạăắằẳẵặâấầẩẫậ"},
                                 {U'e', U"ùøûõïâáàåãä", U"éèẻẽẹêếềểễệ"},
                                 {U'o', U"ùøûõïâáàåãä", U"óòỏõọôốồổỗộ"},
                                 {U'u', U"ùøûõï", U"úùủũụ"},
                                 {U'y', U"ùøûõ", U"ýỳỷỹ"},
                                 {U'ô', U"ùøûõï", U"ớờởỡợ"},
                                 {U'ö', U"ùøûõï", U"ứừửữự"}};

bool is_ascii_letter(char32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_ascii_capital(char32_t c) { return c >= 'A' && c <= 'Z'; }
bool is_ascii_small(char32_t c) { return c >= 'a' && c <= 'z'; }
bool is_latin1_letter(char32_t c) { return c >= 0xC0 && c <= 0xFF && c != 0xD7 && c != 0xF7; }
bool is_latin1_capital(char32_t c) { return c >= 0xC0 && c <= 0xDE && c != 0xD7; }

char32_t small(char32_t c) { return is_ascii_capital(c) || is_latin1_capital(c) ? c + 0x20 : c; }

char32_t capital(char32_t letter) {
  if (letter < 0x100) return letter - 0x20;
  return letter == U'ư' ? U'Ư' : letter & ~char32_t{1};  // the even one of a pair is the capital, but for this
}

char32_t letter_in(const Drawn* first, const Drawn* last, char32_t code) {
  const Drawn* const at = std::find_if(first, last, [code](const Drawn& one) { return one.code == code; });
  return at == last ? 0 : at->letter;
}

std::string utf8_of(std::u32string_view text) {
  std::string out;
  for (const char32_t c : text) append_utf8(out, c);
  return out;
}

bool has_strange_letter(std::u32string_view word) {
  return std::any_of(word.begin(), word.end(), [](char32_t c) { return !is_ascii_letter(c) && !is_vietnamese_letter(c); });
}

struct Tcvn3 {
  static bool draws(char32_t c) { return c >= 0xA1 && letter_in(std::begin(kTcvn3), std::end(kTcvn3), c) != 0; }

  // Where the letters of ASCII are capitals, the font drew capitals. One alone may begin a name, but in a text of capitals.
  static std::optional<std::u32string> read(std::u32string_view word, bool in_capitals) {
    const auto plain = std::count_if(word.begin(), word.end(), is_ascii_letter);
    const bool capitals = in_capitals || (plain > 1 && std::count_if(word.begin(), word.end(), is_ascii_capital) == plain);
    std::u32string out;
    for (const char32_t c : word) {
      const char32_t letter = letter_in(std::begin(kTcvn3), std::end(kTcvn3), c);
      const bool raised = capitals && c >= 0xA8;
      out += letter == 0 ? c : raised ? capital(letter) : letter;
    }
    return out;
  }

  // Foreign words in Vietnamese spelling ("píc-níc") are syllables in this font, too.
  static bool proves(std::u32string_view word, std::u32string_view) { return has_strange_letter(word); }
};

struct Vni {
  static bool draws(char32_t c) {
    constexpr std::u32string_view kAll = U"ùøûõïêéèúüëâáàåãäæìíîñòóôö";
    return c >= 0xC0 && c != 0xDF && kAll.find(small(c)) != std::u32string_view::npos;
  }

  static std::optional<std::u32string> read(std::u32string_view word, bool) {
    std::u32string out;
    for (std::size_t at = 0; at < word.size(); ++at) {
      const char32_t c = small(word[at]), mark = at + 1 < word.size() ? small(word[at + 1]) : 0;
      char32_t letter = marked(c, mark);
      if (letter != 0) ++at;
      const std::size_t own = letter != 0 ? at - 1 : at;
      if (letter == 0) letter = is_ascii_letter(c) ? c : letter_in(std::begin(kVniLetters), std::end(kVniLetters), c);
      if (letter == 0) return std::nullopt;  // a mark that stands behind no letter
      const bool was_capital = word[own] != c;
      out += !was_capital ? letter : letter < 0x80 ? letter - 0x20 : capital(letter);
    }
    return out;
  }

  // A mark behind its letter mostly gives what no Vietnamese word is ("chaùy").
  static bool proves(std::u32string_view word, std::u32string_view read) {
    return has_strange_letter(word) || (word != read && !is_vietnamese_word(utf8_of(word)));
  }

 private:
  static char32_t marked(char32_t letter, char32_t mark) {
    for (const Marked& one : kVniMarked) {
      if (one.letter != letter || mark == 0) continue;
      const std::size_t at = one.marks.find(mark);
      return at == std::u32string_view::npos ? 0 : one.letters[at];
    }
    return 0;
  }
};

struct Reading {
  std::u32string text;
  std::size_t good = 0, bad = 0;  // words with characters of the font: those that become syllables, and those that do not
  std::size_t proof = 0;          // of the good ones, those that are no Vietnamese words as they stand ("ch¸y", "nhaø")
  bool foreign = false;           // a letter that the font does not draw

  [[nodiscard]] bool sure() const { return !foreign && (bad == 0 ? proof >= 2 : proof >= 3 && good >= 4 * bad); }
  [[nodiscard]] bool likely() const { return proof >= 3 || (proof > 0 && bad == 0 && !foreign); }
};

template <class Font>
void read_word(std::u32string_view word, bool in_capitals, Reading& to) {
  const bool drawn = std::any_of(word.begin(), word.end(), Font::draws);
  const auto read = drawn ? Font::read(word, in_capitals) : std::nullopt;
  to.text += read ? *read : word;
  if (!drawn) return;
  const bool good = read && is_vietnamese_word(utf8_of(*read));
  ++(good ? to.good : to.bad);
  const bool alone = std::none_of(word.begin(), word.end(), is_ascii_letter);  // "½", "®": may well be what they are
  if (good && !alone && Font::proves(word, *read)) ++to.proof;
}

template <class Font>
Reading read_as(std::u32string_view text) {
  Reading out;
  const bool in_capitals = std::any_of(text.begin(), text.end(), is_ascii_capital) && std::none_of(text.begin(), text.end(), is_ascii_small);
  const auto in_word = [](char32_t c) { return is_ascii_letter(c) || is_latin1_letter(c) || Font::draws(c); };
  for (std::size_t at = 0; at < text.size();) {
    const auto* const begin = text.data() + at;
    const auto* const end = std::find_if_not(begin, text.data() + text.size(), in_word);
    const std::u32string_view word(begin, static_cast<std::size_t>(end - begin));
    if (word.empty()) {
      out.text += text[at++];
      continue;
    }
    out.foreign = out.foreign || std::any_of(word.begin(), word.end(), [](char32_t c) { return is_latin1_letter(c) && !Font::draws(c); });
    read_word<Font>(word, in_capitals, out);
    at += word.size();
  }
  return out;
}

}  // namespace

// Who writes a letter of Vietnamese beyond Latin-1 does not use one of these fonts.
Recovered read_font(std::string_view utf8) {
  std::u32string text;
  bool latin1 = false;
  for (std::size_t at = 0; at < utf8.size();) {
    const char32_t c = decode_next(utf8, at).code_point;
    if (c > 0xFF && (c < 0x250 || is_vietnamese_letter(c) || (c >= 0x300 && c < 0x370))) return {};
    latin1 = latin1 || (c >= 0xA1 && c <= 0xFF);
    text += c;
  }
  if (!latin1) return {};
  const Reading tcvn3 = read_as<Tcvn3>(text), vni = read_as<Vni>(text);
  const bool as_vni = vni.sure() != tcvn3.sure() ? vni.sure() : vni.proof > tcvn3.proof;
  const Reading& best = as_vni ? vni : tcvn3;
  const Encoding kind = as_vni ? Encoding::Vni : Encoding::Tcvn3;
  if (best.sure()) return {utf8_of(best.text), kind, true};
  if (best.likely()) return {std::string(utf8), kind, false};
  return {};
}

}  // namespace ioc::text
