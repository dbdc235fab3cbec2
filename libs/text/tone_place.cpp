#include "libs/text/tone_place.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "libs/text/utf8.h"

namespace ioc::text {
namespace {

constexpr std::size_t kTones = 6, kGroupMax = 3;

// A vowel without a tone, then with each of the five.
constexpr std::array<std::array<char32_t, kTones>, 12> kVowels{{
    {U'a', U'à', U'á', U'ả', U'ã', U'ạ'},
    {U'e', U'è', U'é', U'ẻ', U'ẽ', U'ẹ'},
    {U'i', U'ì', U'í', U'ỉ', U'ĩ', U'ị'},
    {U'o', U'ò', U'ó', U'ỏ', U'õ', U'ọ'},
    {U'u', U'ù', U'ú', U'ủ', U'ũ', U'ụ'},
    {U'y', U'ỳ', U'ý', U'ỷ', U'ỹ', U'ỵ'},
    {U'ă', U'ằ', U'ắ', U'ẳ', U'ẵ', U'ặ'},
    {U'â', U'ầ', U'ấ', U'ẩ', U'ẫ', U'ậ'},
    {U'ê', U'ề', U'ế', U'ể', U'ễ', U'ệ'},
    {U'ô', U'ồ', U'ố', U'ổ', U'ỗ', U'ộ'},
    {U'ơ', U'ờ', U'ớ', U'ở', U'ỡ', U'ợ'},
    {U'ư', U'ừ', U'ứ', U'ử', U'ữ', U'ự'},
}};
constexpr std::size_t kI = 2, kU = 4, kFirstWithMark = 6;  // rows of kVowels

// A letter's row and column in kVowels, each counted from 1; 0: no vowel.
struct Vowel {
  std::uint8_t row = 0, column = 0;
  [[nodiscard]] bool has_tone() const { return column > 1; }
  [[nodiscard]] std::size_t index() const { return row - 1U; }
};

constexpr char32_t kLowEnd = 0x1B1, kHigh = 0x1EA0, kHighEnd = 0x1EFA;  // the vowels' code points are in [0, kLowEnd) and [kHigh, kHighEnd)

constexpr auto kVowelOf = [] {
  std::array<Vowel, kLowEnd + kHighEnd - kHigh> all{};
  for (std::size_t row = 0; row < kVowels.size(); ++row) {
    for (std::size_t column = 0; column < kTones; ++column) {
      const char32_t c = kVowels[row][column];
      all[c < kLowEnd ? c : kLowEnd + c - kHigh] = {static_cast<std::uint8_t>(row + 1), static_cast<std::uint8_t>(column + 1)};
    }
  }
  return all;
}();

inline Vowel vowel_of(char32_t c) {
  if (c < kLowEnd) return kVowelOf[c];
  return c >= kHigh && c < kHighEnd ? kVowelOf[kLowEnd + c - kHigh] : Vowel{};
}

// Of the letter at `at`, which moves behind it. Folded text is well-formed, and all vowels have at most three bytes.
inline Vowel next_vowel(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned char lead = byte(0);
  const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (at + size > text.size()) {
    at = text.size();
    return {};
  }
  char32_t c = lead;
  if (size == 2) c = (lead & 0x1FU) << 6 | (byte(1) & 0x3FU);
  if (size == 3) c = (lead & 0x0FU) << 12 | (byte(1) & 0x3FU) << 6 | (byte(2) & 0x3FU);
  at += size;
  return size == 4 ? Vowel{} : vowel_of(c);
}

// Whether a vowel may begin at `at`; a character beyond ASCII may be one.
bool may_be_vowel(std::string_view text, std::size_t at) {
  if (at == text.size()) return false;
  const auto byte = static_cast<unsigned char>(text[at]);
  return byte >= 0x80 || kVowelOf[byte].row != 0;
}

// Neighbouring vowels; of more than kGroupMax only the number is known.
struct Group {
  std::array<Vowel, kGroupMax> vowels{};
  std::size_t size = 0, tones = 0;
  std::size_t end = 0;  // in bytes
};

Group group_at(std::string_view text, std::size_t at) {
  Group group;
  group.end = at;
  while (at < text.size()) {
    const Vowel vowel = next_vowel(text, at);
    if (vowel.row == 0) break;
    if (group.size < kGroupMax) group.vowels[group.size] = vowel;
    ++group.size;
    if (vowel.has_tone()) ++group.tones;
    group.end = at;
  }
  return group;
}

// Which vowel of the group bears the tone. `before`: the byte in front of it, 0: none; `closed`: a letter follows.
std::size_t bearer(const Group& group, char before, bool closed) {
  const std::size_t first_row = group.vowels[0].index();
  const bool glides = group.size > 1 && ((before == 'q' && first_row == kU) || (before == 'g' && first_row == kI));
  const std::size_t first = glides ? 1 : 0, size = group.size - first;
  for (std::size_t i = group.size; i-- > first;) {
    if (group.vowels[i].index() >= kFirstWithMark) return i;
  }
  if (size == 3 || (size == 2 && closed)) return first + 1;
  return first;
}

bool is_ascii_letter(char c) { return c >= 'a' && c <= 'z'; }

// The group with its tone where it belongs; the same size in vowels.
void append_placed(const Group& group, std::size_t at, std::string& out) {
  std::size_t tone = 0;
  for (std::size_t i = 0; i < group.size; ++i) tone = std::max<std::size_t>(tone, group.vowels[i].column - 1U);
  for (std::size_t i = 0; i < group.size; ++i) append_utf8(out, kVowels[group.vowels[i].index()][i == at ? tone : 0]);
}

}  // namespace

void place_tones(std::string& marked) {
  std::string placed;
  std::size_t copied = 0;
  for (std::size_t at = 0; at < marked.size();) {
    const std::size_t from = at;
    if (!may_be_vowel(marked, at)) {
      ++at;
      continue;
    }
    const bool vowel = next_vowel(marked, at).row != 0;
    if (!vowel || !may_be_vowel(marked, at)) continue;
    const Group group = group_at(marked, from);
    at = group.end;
    if (group.size < 2 || group.size > kGroupMax || group.tones != 1) continue;
    const bool closed = at < marked.size() && is_ascii_letter(marked[at]);
    const std::size_t right = bearer(group, from == 0 ? '\0' : marked[from - 1], closed);
    if (group.vowels[right].has_tone()) continue;
    placed.append(marked, copied, from - copied);
    append_placed(group, right, placed);
    copied = at;
  }
  if (copied == 0) return;
  placed.append(marked, copied);
  marked = std::move(placed);
}

}  // namespace ioc::text
