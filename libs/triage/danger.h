// The one judge of danger to life in a citizen's text. Triage raises the alarm by it, and ingest tells the sender to call 113, 114 or
// 115 by it: the same bundle and the same text give both the same answer.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "libs/domain/decision.h"
#include "libs/triage/text_reading.h"

namespace ioc::triage {

// A text is judged by runs of neighbouring clauses (marked_words.h), and one run that speaks of danger is enough: whatever stands beside
// it takes nothing back.
struct Danger {
  bool found = false;
  std::vector<bool> in_clause;   // of each clause: it is part of what speaks of danger
  std::vector<Detail> evidence;  // what the danger was read from; never empty when it was found
};

[[nodiscard]] Danger find_danger(const TextReading& reading);

[[nodiscard]] bool speaks_of_danger(const Bundle& bundle, std::string_view title, std::string_view text);

}  // namespace ioc::triage
