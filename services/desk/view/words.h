// Words an incident is found by. Each word is indexed twice: folded ("duong") and, where it carries marks, as written
// ("đường"), so that a query without marks finds both and a query with marks finds what was meant: the marked
// word, and the same word of a sender who writes without marks.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libs/domain/incident.h"

namespace ioc::desk::view {

inline constexpr std::size_t kWordsMax = 256;  // per incident; what is behind them is not indexed
inline constexpr std::size_t kQueryWordsMax = 8;

// Index terms of an incident's title, summary, address, unit, sender's category, assignee and id; sorted, each once.
std::vector<std::string> terms_of(const Incident& incident);

// All words must be found; a word is found by any of its terms.
std::vector<std::vector<std::string>> query_terms(std::string_view query);

}  // namespace ioc::desk::view
