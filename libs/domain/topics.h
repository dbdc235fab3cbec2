// Topic names (DESIGN 3). The only place where they are written.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace ioc::topics {

inline constexpr std::string_view kEvents = "ioc.events.v1";
inline constexpr std::string_view kIncidents = "ioc.incidents.v1";
inline constexpr std::string_view kDecisions = "ioc.decisions.v1";
inline constexpr std::string_view kReportStatus = "ioc.report-status.v1";
inline constexpr std::string_view kDeadLetters = "ioc.dead-letters.v1";
inline constexpr std::string_view kBundles = "ioc.bundles.v1";
inline constexpr std::string_view kCheckpoints = "ioc.checkpoints.v1";
inline constexpr std::string_view kControl = "ioc.control.v1";

inline std::string raw(std::string_view feed) { return "ioc.raw." + std::string(feed) + ".v1"; }
inline std::string subscriber(std::string_view id) { return "ioc.subscriber." + std::string(id) + ".v1"; }

}  // namespace ioc::topics
