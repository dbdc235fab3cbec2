// Plays a file of reports through the real Machine, strictly online: the stage sees reports as a city's portal sends them,
// and a closing when its time has passed; never a label.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "libs/triage/bundle.h"
#include "services/ioc/duplicates/labelled_reports.h"

namespace ioc::duplicates {

enum class Verdict : std::uint8_t { Join, Suggest, New };
std::string_view name_of(Verdict verdict);  // "join"

// What was decided of one report.
struct Played {
  Verdict verdict = Verdict::New;
  std::string incident;                 // that it is in
  std::optional<std::size_t> matched;   // row of the earlier report that it was matched with
  std::int32_t score_permille = 0;      // of the best candidate
  std::string situation = "none";       // of the best candidate
  std::vector<std::string> evidence;    // of the best candidate
};

// Every report is `khac` with the sender's category as its type, as it stands; `model` is the text of a duplicates.yaml,
// empty: the careful prior. nullptr and all problems when the model does not compile.
std::shared_ptr<const triage::Bundle> bundle_for(const std::string& model, triage::BundleProblems& problems);

using Report = std::function<void(std::size_t done, std::size_t all)>;
std::vector<Played> play(const LabelledFile& file, const std::shared_ptr<const triage::Bundle>& bundle, const Report& progress);

}  // namespace ioc::duplicates
