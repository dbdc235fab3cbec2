// The topics of a deployment with their settings (DESIGN 3): made by triage, which everybody else waits for.
#pragma once

#include <string>
#include <vector>

#include "libs/log/log.h"
#include "services/triage/config.h"

namespace ioc::triage_service {

std::vector<log::TopicConfig> topics_of(std::uint32_t partitions, const std::vector<std::string>& subscribers,
                                        const Config& config);

}  // namespace ioc::triage_service
