// Words that are not written as they are meant: stretched or spelled out, to be louder or to pass a filter ("cháyyyy nhàaa",
// "c.h.á.y"), or typed as Telex keys (telex.h).
#pragma once

#include "libs/text/fold.h"

namespace ioc::text {

// The text folded, with such words written as they are meant: of three or more equal vowels, or consonants that end a word, one
// stays, with the marks that any of them has ("nhàaa" -> "nhà", "khônggg" -> "không"), and of two that no word ends in ("cháyy",
// "nhàa"); three or more single letters with the same one of . - _ * between them become a word ("c.h.á.y" -> "cháy"). A word of
// one letter alone ("iii"), "cccd", "xoong" and "shopee" stay. What stands before or behind is not looked at: "khu viii" becomes
// "khu vi".
[[nodiscard]] FoldedText as_meant(std::string_view utf8);

}  // namespace ioc::text
