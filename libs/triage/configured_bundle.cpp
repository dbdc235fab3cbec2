#include "libs/triage/configured_bundle.h"

namespace ioc::triage {

Result<ConfiguredBundle> configured_bundle(const std::string& bundle_folder, const std::string& units_folder) {
  auto files = read_bundle(bundle_folder, units_folder);
  if (files.has_error()) return files.error();
  ConfiguredBundle out;
  out.packed = pack(*files);
  BundleProblems problems;
  out.compiled = compile(out.packed.hash, *std::move(files), problems);
  if (out.compiled) return out;
  std::string message = "the bundle in " + bundle_folder + " does not compile:";
  for (const std::string& problem : problems.problems) message += "\n  " + problem;
  return permanent(message);
}

}  // namespace ioc::triage
