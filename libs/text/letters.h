// Letters of folded text (fold.h): lower case, without marks.
#pragma once

namespace ioc::text {

constexpr bool is_folded_letter(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_folded_vowel(char c) { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y'; }

}  // namespace ioc::text
