// Which record a thread steps: said when the process ends in it, so that an operator knows what to skip.
#pragma once

#include "libs/domain/ids.h"

namespace ioc::triage_service {

class CurrentRecord {
 public:
  CurrentRecord(PartitionId partition, Offset offset);
  ~CurrentRecord();
  CurrentRecord(const CurrentRecord&) = delete;
  CurrentRecord& operator=(const CurrentRecord&) = delete;
};

// For signals that end the process, where nobody handles them yet: one line on standard error, then the signal's own way.
void name_record_when_crashing();

}  // namespace ioc::triage_service
