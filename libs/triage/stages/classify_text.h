// What a citizen's text is about: the bundle's words and its model, added up. Integers alone; the same text and bundle
// give the same answer, in the stage and in `ioc evaluate categories`.
#pragma once

#include "libs/triage/stages/stage.h"

namespace ioc::triage {

// Of what a sender called it, so much is kept: two names that differ only behind it are one.
inline constexpr std::size_t kSenderCategoryBytes = 120;

// Fills category, sub-kind, further categories, emergency, sender's category and the evidence.
void classify_text(const Bundle& bundle, const CitizenReport& report, Class& cls);

// severity.yaml: the first rule that accepts. `sensor`: only rules that name a kind.
void apply_severity(const Bundle& bundle, const Event& event, const Place& place, Urgency urgency, bool sensor, Class& cls);

}  // namespace ioc::triage
