#include "libs/triage/parts/match.h"

#include <algorithm>

#include "libs/config/config.h"

namespace ioc::triage {
namespace {

template <class T>
bool holds(const std::vector<T>& allowed, const T& value) {
  return allowed.empty() || std::find(allowed.begin(), allowed.end(), value) != allowed.end();
}

bool holds_name(const std::vector<std::string>& allowed, std::string_view value) {
  return allowed.empty() || std::find(allowed.begin(), allowed.end(), value) != allowed.end();
}

std::optional<Urgency> urgency_named(std::string_view name) {
  if (name == "low") return Urgency::Low;
  if (name == "normal") return Urgency::Normal;
  if (name == "urgent") return Urgency::Urgent;
  if (name == "none") return Urgency::Unspecified;
  return std::nullopt;
}

}  // namespace

void Match::declare(config::Fields& fields) {
  fields.texts("feeds", feeds, "citizen-reports, camera-alerts, checkpoint-passages, online-mentions, indicators");
  fields.texts("categories", categories, "codes of categories.yaml");
  fields.texts("sub_kinds", sub_kinds, "codes of sub-kinds; with `categories`, of these alone");
  fields.texts("kinds", kinds, "kinds of kinds.yaml");
  fields.texts("units", units, "unit codes");
  fields.texts("severities", severities, "critical, high, medium, info");
  fields.texts("urgencies", urgencies, "the sender's: low, normal, urgent, none");
  fields.choice("emergency", emergency, {"any", "yes", "no"}, "danger to life was spoken of");
  fields.choice("place", place, {"any", "known", "unknown"}, "whether the unit is known");
}

void Match::compile(const std::string& where, std::vector<std::string>& problems) {
  for (const std::string& name : feeds) {
    if (const auto feed = feed_named(name)) x_feeds.push_back(*feed);
    else problems.push_back(where + ": feeds: there is no feed `" + name + "`");
  }
  for (const std::string& name : severities) {
    if (const auto severity = severity_named(name)) x_severities.push_back(*severity);
    else problems.push_back(where + ": severities: `" + name + "` is none of critical, high, medium, info");
  }
  for (const std::string& name : urgencies) {
    if (const auto urgency = urgency_named(name)) x_urgencies.push_back(*urgency);
    else problems.push_back(where + ": urgencies: `" + name + "` is none of low, normal, urgent, none");
  }
}

bool Match::accepts(const Subject& subject) const {
  return holds(x_feeds, subject.feed) && holds(x_severities, subject.severity) && holds(x_urgencies, subject.urgency) &&
         (emergency == "any" || (emergency == "yes") == subject.emergency) &&
         (place == "any" || (place == "known") == subject.place_known) && holds_name(categories, subject.category) &&
         holds_name(sub_kinds, subject.sub_kind) && holds_name(kinds, subject.kind) && holds_name(units, subject.unit);
}

bool Match::accepts_all() const {
  return feeds.empty() && categories.empty() && sub_kinds.empty() && kinds.empty() && units.empty() && severities.empty() &&
         urgencies.empty() && emergency == "any" && place == "any";
}

}  // namespace ioc::triage
