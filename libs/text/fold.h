// Two forms to compare Vietnamese text in. Both give the same bytes for NFC and NFD input, and for upper and lower
// case. Ill-formed UTF-8 becomes U+FFFD. No locale, no ICU: the result is part of what triage decides (DESIGN D1).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ioc::text {

// Lower case without diacritics: "Đường Lương Ngọc Quyến" -> "duong luong ngoc quyen". Full-width ASCII and all kinds
// of space become ASCII, zero-width characters vanish; other scripts are lower-cased and lose their marks. A hint only
// where meaning hangs on the marks: "cháy" and "chạy" are one.
[[nodiscard]] std::string fold(std::string_view utf8);
void fold(std::string_view utf8, std::string& into);  // the same; `into` keeps its memory

// And where each byte came from: `raw_at[i]` is where in `utf8` what became byte i begins; one more at the end. Marks that
// vanish belong to the letter before them.
void fold(std::string_view utf8, std::string& into, std::vector<std::uint32_t>& raw_at);

// Whether the first letter is a capital, as Unicode says.
[[nodiscard]] bool begins_with_capital(std::string_view utf8);

// Lower case in NFC: marked words match exactly, whatever keyboard wrote them. Invisible characters and marks that belong to no
// letter vanish, full-width and other styled ASCII becomes plain, and tones stand where tone_place.h puts them ("hoà" -> "hòa").
[[nodiscard]] std::string fold_keep_marks(std::string_view utf8);

// A text in both forms, for whoever asks more than once.
struct FoldedText {
  std::string marked, plain;  // fold_keep_marks(), fold()
  [[nodiscard]] static FoldedText of(std::string_view utf8) { return {fold_keep_marks(utf8), fold(utf8)}; }
};

// Unicode's full case folding, as ICU's foldCase: "ẞ" and "SS" become "ss". Not normalised.
[[nodiscard]] std::string case_fold(std::string_view utf8);

// Unicode normalisation forms D and C.
[[nodiscard]] std::string nfd(std::string_view utf8);
[[nodiscard]] std::string nfc(std::string_view utf8);

}  // namespace ioc::text
