// Whether a word could be Vietnamese: told from how its syllables are built, since many are typed without marks.
#pragma once

#include <string_view>

namespace ioc::text {

// Of one folded word: an initial and a rime of Vietnamese (Đoàn Thiện Thuật, "Ngữ âm tiếng Việt"), marks aside: "quyen",
// "nghieng"; not "main", "st", "5a".
[[nodiscard]] bool is_vietnamese_syllable(std::string_view folded);

}  // namespace ioc::text
