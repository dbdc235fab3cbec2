// A deployment of several areas in which the workload's events lie.
#pragma once

#include <cstdint>
#include <string>

namespace ioc::faults {

// Copies the bundle to `folder` with areas of its own: the units of the workload's places take turns. Gives the list
// for `deployment.areas`. One area: the units are not looked at.
std::string make_areas(const std::string& bundle_folder, const std::string& units_folder, const std::string& folder, std::uint32_t areas);

}  // namespace ioc::faults
