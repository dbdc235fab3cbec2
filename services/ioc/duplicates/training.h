// Learns the bundle's duplicates.yaml from marked reports. Every report is judged by the real stage, so that what "situation"
// and "evidence" mean has one owner; here it is only counted how often staff marked what looked so.
//
// Share of a type in a situation = (marked + s x expected) / (rows + s), of reports without evidence: expected is the
// situation's share for a type that repeats as often as this one does, a sum of log-odds (situation + type + evidence) fitted
// with a pull towards 0; s is chosen for each situation so that each report is told best by the others. The join threshold
// is the one with the best mean of the files' expected F1 (the optimum is half the F1 that it reaches: Lipton, Elkan,
// Naryanaswamy, "Optimal Thresholding of Classifiers to Maximize F1 Measure", 2014), each report judged without itself.
#pragma once

#include <string>
#include <vector>

#include "services/ioc/duplicates/labelled_reports.h"
#include "services/ioc/duplicates/play.h"
#include "services/ioc/duplicates/related_types.h"

namespace ioc::duplicates {

// How one report looked to the stage, and what staff said.
struct Observation {
  std::string type;
  std::string situation;
  std::vector<std::string> evidence;
  bool marked = false;
};

// The reports of one place; each has the same weight when the threshold is chosen.
struct Place {
  std::vector<Observation> reports;
  TypePairs related;
};

// Plays the file with every report apart.
Place observe(const LabelledFile& file, const Report& progress);

struct Learned {
  std::string yaml;               // a duplicates.yaml
  std::uint64_t rows = 0, marked = 0, types = 0;
  std::uint64_t join_permille = 0;
  double mean_f1 = 0;             // expected at the threshold, were all marked that should be
};
// The same bytes for the same places in the same order.
Learned learn(const std::vector<Place>& places);

}  // namespace ioc::duplicates
