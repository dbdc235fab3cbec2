// The condition that rules of severity, route and deadlines share: every list that is given must hold the subject's
// value; a list that is not given holds all.
#pragma once

#include <string>
#include <vector>

#include "libs/domain/incident.h"

namespace ioc::config {
class Fields;
}

namespace ioc::triage {

struct Subject {
  Feed feed = Feed::CitizenReports;
  std::string_view category, sub_kind, kind, unit;
  Severity severity = Severity::Medium;
  Urgency urgency = Urgency::Unspecified;
  bool emergency = false;
  bool place_known = false;
};

struct Match {
  std::vector<std::string> feeds, categories, sub_kinds, kinds, units, severities, urgencies;  // as written
  std::string emergency = "any", place = "any";

  void declare(config::Fields& fields);
  // Reads the names; appends what is wrong to `problems`, each with `where` before it.
  void compile(const std::string& where, std::vector<std::string>& problems);
  [[nodiscard]] bool accepts(const Subject& subject) const;
  [[nodiscard]] bool accepts_all() const;

 private:
  std::vector<Feed> x_feeds;
  std::vector<Severity> x_severities;
  std::vector<Urgency> x_urgencies;
};

}  // namespace ioc::triage
