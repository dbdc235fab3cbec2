// How people type: what a corpus's clean sentences become in each register.
#pragma once

#include <string>
#include <string_view>

#include "libs/text/draw.h"

namespace ioc::text {

// Abbreviations and teencode, slips of the finger, words run together, marks dropped or typed as Telex keys, capitals and
// stops left out: a little on the hotline, much in chat, nothing but rare slips in formal texts; `folded` has no marks at all.
std::string roughened(std::string_view text, std::string_view written_as, Draw& draw);

// "đường" as Telex keys: "dduwowngf".
std::string telex_keys(std::string_view word);

// The first letter as a capital.
std::string capitalised(std::string_view text);

}  // namespace ioc::text
