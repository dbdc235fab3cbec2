#include "tests/faults/areas.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <vector>

#include "libs/base/time.h"
#include "libs/triage/bundle_parts.h"
#include "tests/faults/reference.h"
#include "tests/faults/run.h"
#include "tests/faults/workload.h"

namespace ioc::faults {
namespace {

std::set<std::string> units_of_workload(const triage::Bundle& bundle) {
  std::vector<Position> positions = all_positions();
  for (const std::string_view camera : all_cameras()) {
    const auto* source = bundle.source(camera);
    if (source != nullptr && source->position) positions.push_back(*source->position);
  }
  std::set<std::string> codes;
  for (const Position& position : positions) {
    if (const auto found = bundle.units->at(position, EventTime::from_ms(wall_now().ms()))) codes.insert(found->unit->code.str());
  }
  return codes;
}

}  // namespace

std::string make_areas(const std::string& bundle_folder, const std::string& units_folder, const std::string& folder, std::uint32_t areas) {
  std::filesystem::copy(bundle_folder, folder, std::filesystem::copy_options::recursive);
  const Rules rules = read_rules(bundle_folder, units_folder);
  std::vector<std::string> units(areas);
  std::size_t turn = 0;
  for (const std::string& code : units_of_workload(*rules.bundle)) {
    std::string& list = units[turn++ % areas];
    list += (list.empty() ? "\"" : ", \"") + code + "\"";
  }
  if (turn < areas) throw Broken(fmt::format("the workload lies in {} units: no more areas than that", turn));
  std::ofstream file(folder + "/areas.yaml");
  file << "areas:\n";
  std::string deployment;
  for (std::uint32_t i = 0; i < areas; ++i) {
    // The first one takes all the rest.
    const std::string list = i == 0 ? std::string() : ", units: [" + units[i] + "]";
    file << fmt::format("  - {{id: area-{}, partition: {}{}}}\n", i, i, list);
    deployment += fmt::format("    - {{id: area-{}, partition: {}}}\n", i, i);
  }
  return deployment;
}

}  // namespace ioc::faults
