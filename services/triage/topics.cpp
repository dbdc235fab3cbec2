#include "services/triage/topics.h"

#include "libs/domain/event.h"
#include "libs/domain/topics.h"

namespace ioc::triage_service {

std::vector<log::TopicConfig> topics_of(std::uint32_t partitions, const std::vector<std::string>& subscribers,
                                        const Config& config) {
  constexpr Millis kRawRetention{7LL * 24 * 3'600'000};  // personal data: short (DESIGN D9)
  std::vector<log::TopicConfig> topics;
  const auto kept = [&](std::string_view name) {
    topics.push_back({std::string(name), partitions, false, config.retention, config.retention_bytes});
  };
  const auto compacted = [&](std::string_view name) { topics.push_back({std::string(name), partitions, true, Millis(0), 0}); };
  kept(topics::kEvents);
  kept(topics::kDecisions);
  kept(topics::kDeadLetters);
  compacted(topics::kIncidents);
  compacted(topics::kReportStatus);
  compacted(topics::kCheckpoints);
  compacted(topics::kControl);
  topics.push_back({std::string(topics::kBundles), 1, true, Millis(0), 0});
  for (const std::string& id : subscribers) kept(topics::subscriber(id));
  for (const Feed feed : kFeeds) topics.push_back({topics::raw(name_of(feed)), 1, false, kRawRetention, 0});
  return topics;
}

}  // namespace ioc::triage_service
