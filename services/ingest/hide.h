// Personal data is hidden in all texts of an event before it leaves ingest.
#pragma once

#include "libs/domain/event.h"
#include "services/ingest/identity.h"

namespace ioc::ingest {

// To be called once the event has its id, which comes from the values as they were sent.
//
// Texts and links lose what is personal in them (libs/text/mask.h). An identifier (the object, `follows`, a camera, a checkpoint, an
// indicator's code) with a phone or identity number, a plate or an address in it becomes its keyed hash as a whole: equal ones stay equal
// and different ones different, so that a report is still found by the one that follows it. The event is flagged text_masked.
void hide_personal(Event& event, const Identity& identity);

}  // namespace ioc::ingest
