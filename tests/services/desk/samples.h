// Incidents, events and decisions as triage would write them.
#pragma once

#include <string>

#include "libs/domain/decision.h"
#include "libs/domain/incident.h"
#include "libs/domain/output.h"
#include "libs/domain/record.h"

namespace ioc::desk::test {

inline constexpr std::int64_t kMorning = 1634517600000;  // 2021-10-18T07:40:00+07:00

Event report(const std::string& number, std::int64_t at_ms, const std::string& text = "Nắp cống mất");
Incident incident(const std::string& id, std::int64_t opened_ms, const std::string& title = "Nắp cống mất",
                  std::uint64_t revision = 1);
Decision decision(DecisionKind kind, const std::string& incident_id, const std::string& event_id, std::uint64_t offset,
                  std::uint32_t index = 0);

// A folder that is removed when it goes out of scope.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const std::string& path() const { return x_path; }

 private:
  std::string x_path;
};

}  // namespace ioc::desk::test
