// What a report said of itself: kept for reports that joined, so that one taken out again shows its own words and place
// and not those of the incident it was in.
#pragma once

#include <string>
#include <string_view>

#include "libs/domain/incident.h"

namespace ioc::triage {

// Words, place, category and severity, with what an operator chose of them; nothing else.
void copy_face(const Incident& from, Incident& to);
std::string encode_face(const Incident& face);
// False: there is none.
bool apply_face(std::string_view bytes, Incident& to);

}  // namespace ioc::triage
