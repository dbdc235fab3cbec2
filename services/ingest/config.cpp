#include "services/ingest/config.h"

#include <algorithm>

namespace ioc::ingest {
namespace {

bool covers(const std::string& earlier, const std::string& later) { return earlier.empty() || earlier == later; }

std::string entry(const char* list, std::size_t at) { return std::string("ingest.") + list + "[" + std::to_string(at) + "]"; }

// Entries that an earlier one leaves nothing to. `covers_entry(a, b)`: whatever fits b fits a.
template <class Entry, class Covers>
void add_unreached(const char* list, const std::vector<Entry>& entries, Covers&& covers_entry, config::Mistakes& to) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto earlier = std::find_if(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(i),
                                      [&](const Entry& one) { return covers_entry(one, entries[i]); });
    const auto at = static_cast<std::size_t>(earlier - entries.begin());
    if (at < i) to.push_back(entry(list, i) + " is never reached: " + entry(list, at) + " fits all that it fits; put the narrower entry first");
  }
}

struct KindId {
  std::string id;
  void declare(config::Fields& fields) { fields.text("id", id, ""); }
};

}  // namespace

std::vector<std::string> feed_choices() {
  std::vector<std::string> out;
  for (const Feed feed : kFeeds) out.emplace_back(name_of(feed));
  out.emplace_back();
  return out;
}

config::Mistakes contradictions(const Config& config, const config::Deployment& deployment) {
  config::Mistakes out;
  const auto areas = deployment.areas_or_default();
  for (std::size_t i = 0; i < config.sources.size(); ++i) {
    const std::string& area = config.sources[i].area;
    const bool known = std::any_of(areas.begin(), areas.end(), [&](const config::Area& one) { return one.id == area; });
    if (area.empty() || known) continue;
    std::string names;
    for (const auto& one : areas) names.append(names.empty() ? "" : ", ").append(one.id);
    out.push_back(entry("sources", i) + ".area is \"" + area + "\", which is none of deployment.areas; it must be one of: " + names);
  }
  add_unreached("sources", config.sources, [](const SourceRule& a, const SourceRule& b) { return covers(a.token, b.token) && covers(a.feed, b.feed); }, out);
  add_unreached("frigate_kinds", config.frigate_kinds,
                [](const FrigateKind& a, const FrigateKind& b) { return covers(a.zone, b.zone) && covers(a.label, b.label); }, out);
  return out;
}

config::Mistakes unknown_kinds(const Config& config, const config::Deployment& deployment) {
  config::Mistakes out;
  if (config.frigate_kinds.empty()) return out;
  const std::string path = deployment.bundle_path() + "/kinds.yaml";
  std::vector<KindId> kinds;
  (void)config::read_file(path, [&](config::Fields& fields) { fields.list("kinds", kinds, ""); });  // its mistakes are the bundle's
  if (kinds.empty()) return out;
  for (std::size_t i = 0; i < config.frigate_kinds.size(); ++i) {
    const std::string& kind = config.frigate_kinds[i].kind;
    if (std::any_of(kinds.begin(), kinds.end(), [&](const KindId& one) { return one.id == kind; })) continue;
    out.push_back(entry("frigate_kinds", i) + ".kind is \"" + kind + "\", which is no kind of " + path);
  }
  return out;
}

std::uint64_t Retention::days_of(Feed feed) const {
  switch (feed) {
    case Feed::CitizenReports: return citizen_reports_days;
    case Feed::CameraAlerts: return camera_alerts_days;
    case Feed::CheckpointPassages: return checkpoint_passages_days;
    case Feed::OnlineMentions: return online_mentions_days;
    case Feed::Indicators: return indicators_days;
  }
  return dead_letters_days;
}

}  // namespace ioc::ingest
