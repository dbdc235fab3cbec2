// Text that was typed in Telex while the keyboard's input method was off: "nhaf em ddang chays" is "nhà em đang cháy".
// Telex: a doubled a, e, o or d and a w behind a, o, u write the letter's mark; s f r x j behind the vowel write the tone.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ioc::text {

// `plain`: folded (fold.h). The text as it was meant; nullopt: it is none that was typed so. It is one when at least two of its words,
// and one in three, are no syllables as they stand and are some as Telex keys. Other words stay as they are ("xe", "20a", "main").
[[nodiscard]] std::optional<std::string> read_telex(std::string_view plain);

}  // namespace ioc::text
