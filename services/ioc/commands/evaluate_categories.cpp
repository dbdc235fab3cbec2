#include "services/ioc/commands/evaluate_categories.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>

#include "libs/config/deployment.h"
#include "libs/domain/command.h"
#include "libs/process/exit_code.h"
#include "libs/triage/bundle.h"
#include "libs/triage/stages/classify_text.h"
#include "services/ioc/commands/category_figures.h"
#include "services/ioc/commands/labelled_texts.h"
#include "services/ioc/commands/training_texts.h"
#include "services/simulator/csv.h"
#include "services/simulator/progress.h"

namespace ioc::commands {
namespace {

constexpr std::size_t kAskedPerFold = 400;  // texts of each category
constexpr std::uint64_t kAskedSeed = 7;     // not the one that training texts are made with

struct Options {
  std::string file, model, decisions;
  std::string bundle = config::shared_path("config/bundle"), units = config::shared_path("config/units");
  std::size_t folds = 0;
  bool json = false;
};

using BundleFiles = std::vector<triage::BundleFile>;
using BundlePtr = std::shared_ptr<const triage::Bundle>;

constexpr std::string_view kModelName = "category_model.txt";

struct Model {
  std::string path, content;
};

// The bundle's files, with `model` in place of their own if one is named. nullptr after telling why.
BundlePtr compiled(BundleFiles files, const std::optional<Model>& model) {
  if (model) {
    std::erase_if(files, [](const triage::BundleFile& file) { return file.name == kModelName; });
    files.push_back({std::string(kModelName), model->content});
  }
  triage::BundleProblems problems;
  const std::string hash = triage::pack(files).hash;
  auto bundle = triage::compile(hash, std::move(files), problems);
  for (const std::string& problem : problems.problems) {
    const bool of_model = model && problem.starts_with(kModelName);
    fmt::print(stderr, "{}\n", of_model ? model->path + problem.substr(kModelName.size()) : problem);
  }
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

// Rows in the order of the texts. To standard output it goes through the same buffer as the figures.
class DecisionsFile {
 public:
  explicit DecisionsFile(const std::string& path) : x_file(nullptr, &std::fclose) {
    if (path.empty()) return;
    if (path == "-" || path == "/dev/stdout") x_out = stdout;
    else if (x_file.reset(std::fopen(path.c_str(), "wb")); !x_file) x_good = false;
    else x_out = x_file.get();
    write("id,category,further_categories,severity,emergency,score\n");
  }

  void add(const LabelledText& row, const triage::Class& cls) {
    if (!x_out) return;
    std::string further;
    for (const CategoryCode& code : cls.further) further += (further.empty() ? "" : ";") + code.str();
    write(fmt::format("{},{},{},{},{},{}\n", simulator::csv_field(row.id), cls.category->code.str(), further, name_of(cls.severity),
                      cls.emergency, cls.score_permille));
  }

  // False: something could not be written.
  bool flush() { return x_good && (!x_out || std::fflush(x_out) == 0); }

 private:
  void write(const std::string& line) {
    if (x_out && std::fwrite(line.data(), 1, line.size(), x_out) != line.size()) x_good = false;
  }
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> x_file;
  std::FILE* x_out = nullptr;
  bool x_good = true;
};

class Measuring {
 public:
  explicit Measuring(const Options& options) : x_decisions(options.decisions) {}

  Result<void> take(const triage::Bundle& bundle, const LabelledText& row) {
    if (auto good = known(bundle, "category", row.category); !good) return good;
    for (const std::string& also : row.also_right) {
      if (auto good = known(bundle, "also_right", also); !good) return good;
    }
    for (const std::string& sub_kind : row.sub_kinds) {
      if (auto good = known_sub_kind(bundle, row.category, sub_kind); !good) return good;
    }
    const triage::Class cls = classified(bundle, row.text);
    figures.add(row, cls);
    x_decisions.add(row, cls);
    return {};
  }

  bool flush() { return x_decisions.flush(); }

  CategoryFigures figures;

 private:
  static Result<void> known(const triage::Bundle& bundle, const char* column, const std::string& code) {
    if (code.empty() || bundle.category(code).code.str() == code) return {};
    return corrupt(fmt::format("column {}: there is no category `{}` in the bundle; its categories are {}", column, code, triage::codes_of(bundle.categories)));
  }

  static Result<void> known_sub_kind(const triage::Bundle& bundle, const std::string& named, const std::string& code) {
    const triage::Category& category = bundle.category(named);
    const bool is_there = category.code.str() == named;
    if (code == kNoSubKind || (is_there && category.sub_kind(code))) return {};
    const std::string codes = is_there ? triage::codes_of(category.sub_kinds) : "";
    return corrupt(fmt::format("column sub_kind: the category `{}` has no sub-kind `{}` in the bundle; it takes {}{}{} (- means rightly none)", named, code,
                               kNoSubKind, codes.empty() ? "" : ", ", codes));
  }

  DecisionsFile x_decisions;
};

int failed(const Error& error) {
  fmt::print(stderr, "{}\n", error.message);
  return error.kind == ErrorKind::Corrupt ? process::kFoundWrong : process::kMissing;
}

int on_file(const Options& options, BundleFiles files, const std::optional<Model>& model, Measuring& measuring) {
  if (std::filesystem::is_directory(options.file)) {
    return failed(permanent(options.file + ": is a folder; name a CSV file, or ask a corpus folder with --folds 5"));
  }
  const BundlePtr bundle = compiled(std::move(files), model);
  if (!bundle) return process::kFoundWrong;
  if (!bundle->category_model) fmt::print(stderr, "the bundle has no category_model.txt: words alone decide\n");
  const auto read = read_labelled_texts(options.file, [&](LabelledText&& row) { return measuring.take(*bundle, row); });
  return read ? process::kDone : failed(read.error());
}

// Every part of the corpus asked by a model that was trained on the others: on wordings and sentences that it never saw.
int on_folds(const Options& options, const BundleFiles& files, Measuring& measuring) {
  const auto corpus = read_corpus(options.file);
  if (!corpus) return failed(corpus.error());
  simulator::Progress bar("training and asking " + options.file);
  for (std::size_t fold = 0; fold < options.folds; ++fold) {
    const text::Corpus seen = corpus->without_part(fold, options.folds), asked = corpus->part(fold, options.folds);
    if (!seen.check() || !asked.check()) return failed(permanent(options.file + ": has too few sentences for so many folds; give fewer"));
    GatheredTexts gathered;
    for (text::CorpusText& one : seen.write(kCorpusSeed, kCorpusPerCategory)) {
      if (auto added = gathered.add(labelled(std::move(one))); !added) return failed(added.error());
    }
    const TrainingTexts texts = gathered.take();
    bar.show(static_cast<double>(fold) / static_cast<double>(options.folds), fmt::format("model {} of {}", fold + 1, options.folds));
    const BundlePtr bundle = compiled(files, Model{std::string(kModelName), text::train_categories(texts.classes, texts.all, {})});
    if (!bundle) return process::kFoundWrong;
    for (text::CorpusText& one : asked.write(kAskedSeed, kAskedPerFold)) {
      if (auto taken = measuring.take(*bundle, labelled(std::move(one))); !taken) return failed(taken.error());
    }
  }
  bar.finish(fmt::format("{} models", options.folds));
  return process::kDone;
}

int evaluate(const Options& options) {
  auto files = triage::read_bundle(options.bundle, options.units);
  if (!files) return failed(files.error());
  std::optional<Model> model;
  if (!options.model.empty()) {
    std::ifstream in(options.model, std::ios::binary);
    std::ostringstream content;
    if (!in || !(content << in.rdbuf())) return failed(permanent(options.model + ": cannot be read; make it with `ioc model train`"));
    model = Model{options.model, content.str()};
  }
  Measuring measuring(options);
  const int ended = options.folds > 0 ? on_folds(options, *files, measuring) : on_file(options, std::move(*files), model, measuring);
  if (ended != process::kDone) return ended;
  if (!measuring.flush()) return failed(permanent(options.decisions + ": cannot be written; check folder and disk"));
  measuring.figures.print();
  if (options.json) fmt::print("{}\n", boost::json::serialize(measuring.figures.to_json()));
  return process::kDone;
}

}  // namespace

void add_evaluate_categories(CLI::App& group, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = group.add_subcommand("categories", "Texts through the stage that classifies: accuracy, macro-F1, confusion");
  command->add_option("FILE", options->file, "CSV in UTF-8, plain or .gz: id,text and optionally category (a code of the bundle), also_right (further codes that are right too, separated by ;), "
                      "emergency (true or false), register (any name: figures are given for each), sub_kind (those that are right, separated by ;, - for rightly none)")->required();
  auto* model = command->add_option("--model", options->model, "Another category model than the bundle's, made by `ioc model train`");
  command->add_option("--bundle", options->bundle, "Folder of rules")->capture_default_str();
  command->add_option("--units", options->units, "Folder of administrative units")->capture_default_str();
  command->add_option("--decisions", options->decisions, "CSV to write, - for standard output, a row a text: id,category,further_categories,severity,emergency,score");
  command->add_option("--folds", options->folds, "FILE is a corpus folder: train on all parts of it but one, measure on that one, for each of so many")
      ->check(CLI::Range(2, 20))->excludes(model);
  command->add_flag("--json", options->json, "One JSON object on the last line");
  command->callback([options, &exit_code] { exit_code = evaluate(*options); });
}

}  // namespace ioc::commands
