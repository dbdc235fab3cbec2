// Two forms to compare Vietnamese text in. Both give the same bytes for NFC and NFD input, and for upper and lower
// case. Ill-formed UTF-8 becomes U+FFFD. No locale, no ICU: the result is part of what triage decides (DESIGN D1).
#pragma once

#include <string>
#include <string_view>

namespace ioc::text {

// Lower case without diacritics: "Đường Lương Ngọc Quyến" -> "duong luong ngoc quyen". Full-width ASCII and all kinds
// of space become ASCII, zero-width characters vanish; other scripts are lower-cased and lose their marks. A hint only
// where meaning hangs on the marks: "cháy" and "chạy" are one.
[[nodiscard]] std::string fold(std::string_view utf8);
void fold(std::string_view utf8, std::string& into);  // the same; `into` keeps its memory

// Where in `utf8` the piece begins that became the byte at `folded_at` of fold(utf8); utf8.size() behind its end. Walks
// from the start; marks that vanished belong to the letter before them.
[[nodiscard]] std::size_t unfolded_at(std::string_view utf8, std::size_t folded_at);

// Lower case in NFC: marked words match exactly, whatever keyboard wrote them.
[[nodiscard]] std::string fold_keep_marks(std::string_view utf8);

// Unicode's full case folding, as ICU's foldCase: "ẞ" and "SS" become "ss". Not normalised.
[[nodiscard]] std::string case_fold(std::string_view utf8);

// Unicode normalisation forms D and C.
[[nodiscard]] std::string nfd(std::string_view utf8);
[[nodiscard]] std::string nfc(std::string_view utf8);

}  // namespace ioc::text
