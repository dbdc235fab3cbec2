#include "services/ioc/commands/evaluate_categories.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>

#include "libs/config/deployment.h"
#include "libs/process/exit_code.h"
#include "libs/triage/bundle.h"
#include "libs/triage/stages/classify_text.h"
#include "services/ioc/commands/labelled_texts.h"
#include "services/simulator/csv.h"

namespace ioc::commands {
namespace {

namespace json = boost::json;

struct Options {
  std::string file, model, decisions;
  std::string bundle = config::shared_path("config/bundle"), units = config::shared_path("config/units");
  bool json = false;
};

struct Counts {
  std::uint64_t texts = 0, right = 0;
  void add(bool was_right) {
    ++texts;
    right += was_right ? 1 : 0;
  }
};

struct Danger {
  std::uint64_t texts = 0, flagged = 0, ordinary = 0, ordinary_flagged = 0;
};

struct Found {
  std::uint64_t texts = 0;
  Counts all;
  std::map<std::string, Counts> by_category, by_register;
  std::map<std::string, std::map<std::string, std::uint64_t>> confusion;  // what it is -> what it was taken for
  Danger danger;
};

double share(std::uint64_t part, std::uint64_t whole) { return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole); }

// Mean over the categories that are in the file. What may also be right counts as what it was taken for.
double macro_f1(const Found& found) {
  double sum = 0;
  for (const auto& [category, taken_for] : found.confusion) {
    std::uint64_t is = 0, said = 0, both = 0;
    for (const auto& [truth, row] : found.confusion) {
      for (const auto& [name, count] : row) {
        is += truth == category ? count : 0;
        said += name == category ? count : 0;
        both += truth == category && name == category ? count : 0;
      }
    }
    sum += share(2 * both, is + said);
  }
  return found.confusion.empty() ? 0 : sum / static_cast<double>(found.confusion.size());
}

// The bundle, with another model in it when one is named. nullptr after telling why.
std::shared_ptr<const triage::Bundle> bundle_of(const Options& options, int& exit_code) {
  exit_code = process::kMissing;
  auto files = triage::read_bundle(options.bundle, options.units);
  if (!files) return fmt::print(stderr, "{}\n", files.error().message), nullptr;
  if (!options.model.empty()) {
    std::ifstream in(options.model, std::ios::binary);
    std::ostringstream content;
    if (!in || !(content << in.rdbuf())) return fmt::print(stderr, "{}: cannot be read; make it with `ioc model train`\n", options.model), nullptr;
    std::erase_if(*files, [](const triage::BundleFile& file) { return file.name == "category_model.txt"; });
    files->push_back({"category_model.txt", content.str()});
  }
  triage::BundleProblems problems;
  const std::string hash = triage::pack(*files).hash;
  auto bundle = triage::compile(hash, std::move(*files), problems);
  for (const std::string& problem : problems.problems) fmt::print(stderr, "{}\n", problem);
  if (!bundle) exit_code = process::kFoundWrong;
  return bundle;
}

triage::Class classified(const triage::Bundle& bundle, const std::string& text) {
  Event event;
  event.feed = Feed::CitizenReports;
  CitizenReport report;
  report.text = text;
  triage::Class cls;
  triage::classify_text(bundle, report, cls);
  triage::apply_severity(bundle, event, {}, Urgency::Unspecified, false, cls);
  return cls;
}

class Measuring {
 public:
  Measuring(const triage::Bundle& bundle, std::ofstream* decisions) : x_bundle(bundle), x_decisions(decisions) {
    if (x_decisions) *x_decisions << "id,category,further_categories,severity,emergency,score\n";
  }

  Result<void> take(LabelledText&& row) {
    if (auto good = known("category", row.category); !good) return good;
    for (const std::string& also : row.also_right) {
      if (auto good = known("also_right", also); !good) return good;
    }
    const triage::Class cls = classified(x_bundle, row.text);
    ++found.texts;
    count(row, cls);
    if (x_decisions) write(row, cls);
    return {};
  }

  Found found;

 private:
  [[nodiscard]] Result<void> known(const char* column, const std::string& code) const {
    const auto& all = x_bundle.categories;
    if (code.empty() || std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.code.str() == code; })) return {};
    return corrupt(fmt::format("column {}: there is no category `{}` in the bundle", column, code));
  }

  void count(const LabelledText& row, const triage::Class& cls) {
    const std::string& said = cls.category->code.str();
    if (!row.category.empty()) {
      const bool also = std::find(row.also_right.begin(), row.also_right.end(), said) != row.also_right.end();
      const bool right = said == row.category || also;
      found.all.add(right);
      found.by_category[row.category].add(right);
      if (!row.written_as.empty()) found.by_register[row.written_as].add(right);
      ++found.confusion[also ? said : row.category][said];
    }
    if (!row.emergency) return;
    Danger& danger = found.danger;
    ++(*row.emergency ? danger.texts : danger.ordinary);
    if (cls.emergency) ++(*row.emergency ? danger.flagged : danger.ordinary_flagged);
  }

  void write(const LabelledText& row, const triage::Class& cls) {
    std::string further;
    for (const CategoryCode& code : cls.further) further += (further.empty() ? "" : ";") + code.str();
    *x_decisions << fmt::format("{},{},{},{},{},{}\n", simulator::csv_field(row.id), cls.category->code.str(), further, name_of(cls.severity), cls.emergency, cls.score_permille);
  }

  const triage::Bundle& x_bundle;
  std::ofstream* x_decisions;
};

void print_counts(const char* what, const std::map<std::string, Counts>& by) {
  if (by.empty()) return;
  fmt::print("\n{:<20} {:>7} {:>7} {:>9}\n", what, "texts", "right", "accuracy");
  for (const auto& [name, counts] : by) fmt::print("{:<20} {:>7} {:>7} {:>9.3f}\n", name, counts.texts, counts.right, share(counts.right, counts.texts));
}

void print_confusion(const Found& found) {
  fmt::print("\nconfusion: what it is, and what it was taken for\n");
  for (const auto& [truth, row] : found.confusion) {
    fmt::print("{:<20}", truth);
    for (const auto& [said, count] : row) fmt::print(" {} {}", said, count);
    fmt::print("\n");
  }
}

void print(const Found& found) {
  fmt::print("{} texts, {} with a category\n", found.texts, found.all.texts);
  if (found.all.texts > 0) {
    fmt::print("accuracy {:.3f} ({} of {}), macro-F1 {:.3f}\n", share(found.all.right, found.all.texts), found.all.right, found.all.texts, macro_f1(found));
    print_counts("category", found.by_category);
    print_counts("register", found.by_register);
    print_confusion(found);
  }
  const Danger& danger = found.danger;
  if (danger.texts + danger.ordinary == 0) return;
  fmt::print("\nemergency: {} of {} flagged ({:.3f}); ordinary: {} of {} flagged ({:.3f})\n", danger.flagged, danger.texts,
             share(danger.flagged, danger.texts), danger.ordinary_flagged, danger.ordinary, share(danger.ordinary_flagged, danger.ordinary));
}

json::object counts_json(const std::map<std::string, Counts>& by) {
  json::object out;
  for (const auto& [name, counts] : by) out[name] = json::object{{"texts", counts.texts}, {"right", counts.right}};
  return out;
}

json::object to_json(const Found& found) {
  json::object confusion;
  for (const auto& [truth, row] : found.confusion) {
    json::object& said = confusion[truth].emplace_object();
    for (const auto& [name, count] : row) said[name] = count;
  }
  const Danger& danger = found.danger;
  return {{"texts", found.texts},
          {"labelled", found.all.texts},
          {"right", found.all.right},
          {"accuracy", share(found.all.right, found.all.texts)},
          {"macro_f1", macro_f1(found)},
          {"categories", counts_json(found.by_category)},
          {"registers", counts_json(found.by_register)},
          {"confusion", std::move(confusion)},
          {"emergency", json::object{{"texts", danger.texts}, {"flagged", danger.flagged}, {"ordinary", danger.ordinary},
                                     {"ordinary_flagged", danger.ordinary_flagged}}}};
}

int evaluate(const Options& options) {
  int exit_code = process::kDone;
  const auto bundle = bundle_of(options, exit_code);
  if (!bundle) return exit_code;
  if (!bundle->category_model) fmt::print(stderr, "the bundle has no category_model.txt: words alone decide\n");
  std::ofstream decisions;
  if (!options.decisions.empty()) decisions.open(options.decisions, std::ios::binary | std::ios::trunc);
  Measuring measuring(*bundle, options.decisions.empty() ? nullptr : &decisions);
  const auto read = read_labelled_texts(options.file, [&](LabelledText&& row) { return measuring.take(std::move(row)); });
  if (!read) {
    fmt::print(stderr, "{}\n", read.error().message);
    return read.error().kind == ErrorKind::Corrupt ? process::kFoundWrong : process::kMissing;
  }
  if (!options.decisions.empty() && !decisions.flush()) {
    fmt::print(stderr, "{}: cannot be written; check folder and disk\n", options.decisions);
    return process::kMissing;
  }
  print(measuring.found);
  if (options.json) fmt::print("{}\n", json::serialize(to_json(measuring.found)));
  return process::kDone;
}

}  // namespace

void add_evaluate_categories(CLI::App& group, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = group.add_subcommand("categories", "Texts through the stage that classifies: accuracy, macro-F1, confusion");
  command->add_option("FILE", options->file, "CSV, plain or .gz: id,text and optionally category,also_right,emergency,register")->required();
  command->add_option("--model", options->model, "Another category model than the bundle's");
  command->add_option("--bundle", options->bundle, "Folder of rules")->capture_default_str();
  command->add_option("--units", options->units, "Folder of administrative units")->capture_default_str();
  command->add_option("--decisions", options->decisions, "CSV to write, a row a text: id,category,further_categories,severity,emergency,score");
  command->add_flag("--json", options->json, "One JSON object on the last line");
  command->callback([options, &exit_code] { exit_code = evaluate(*options); });
}

}  // namespace ioc::commands
