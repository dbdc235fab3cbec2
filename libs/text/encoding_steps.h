// The steps of recover_encoding(): each sees one kind of damage.
#pragma once

#include <string_view>

#include "libs/text/encoding.h"

namespace ioc::text {

// `kind` None: the step does not apply, and `text` is empty. Else `text` is the whole text with what the step is sure of.
[[nodiscard]] Recovered read_html(std::string_view utf8);
[[nodiscard]] Recovered read_mojibake(std::string_view utf8);
[[nodiscard]] Recovered read_font(std::string_view utf8);  // TCVN3 and VNI
[[nodiscard]] bool has_lost_letters(std::string_view utf8);

// Letters of Vietnamese with marks, composed.
[[nodiscard]] bool is_vietnamese_letter(char32_t code_point) noexcept;
// A syllable with at most one tone, in whatever case.
[[nodiscard]] bool is_vietnamese_word(std::string_view utf8);

}  // namespace ioc::text
