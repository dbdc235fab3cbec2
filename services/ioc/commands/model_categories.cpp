#include "services/ioc/commands/model_categories.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <sstream>

#include "libs/process/exit_code.h"
#include "libs/text/category_trainer.h"
#include "libs/text/corpus.h"
#include "services/ioc/commands/labelled_texts.h"
#include "services/simulator/csv.h"

namespace ioc::commands {
namespace {

constexpr std::size_t kExamplesMax = 2'000'000, kHeldOut = 10;  // every tenth is held out
// Of the corpus in a folder; the shipped model is made with these.
constexpr std::uint64_t kSeed = 1;
constexpr std::size_t kPerCategory = 4000;

struct Options {
  std::vector<std::string> inputs;
  std::string out;
  std::uint64_t seed = kSeed;
  std::size_t per_category = kPerCategory;
  bool json = false;
};

struct Examples {
  std::vector<std::string> classes;
  std::vector<text::CategoryExample> all;
};

// Every *.txt of the folder, by name.
Result<std::vector<text::CorpusText>> write_corpus(const std::string& folder, const Options& options) {
  std::set<std::filesystem::path> paths;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".txt") paths.insert(entry.path());
  }
  if (error || paths.empty()) return permanent(fmt::format("{}: no corpus is there; name a folder with *.txt", folder));
  text::Corpus corpus;
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream content;
    if (!in || !(content << in.rdbuf())) return permanent(fmt::format("{}: cannot be read", path.string()));
    if (auto added = corpus.add(path.string(), content.str()); !added) return added.error();
  }
  if (auto good = corpus.check(); !good) return corrupt(fmt::format("{}: {}", folder, good.error().message));
  return corpus.write(options.seed, options.per_category);
}

class Gathering {
 public:
  Result<void> add(LabelledText&& row) {
    if (row.category.empty()) return corrupt("column category: is empty; every text to train with needs one");
    if (row.category == text::kEmergencyClass) return corrupt("column category: `emergency` is no category; use the column emergency");
    if (row.category.find_first_of(" \t\n") != std::string::npos) return corrupt("column category: holds a space");
    if (x_examples.size() >= kExamplesMax) return corrupt(fmt::format("are more than {} texts; give fewer", kExamplesMax));
    text::CategoryExample example;
    example.text = std::move(row.text);
    example.main = index(row.category);
    for (const std::string& name : row.further) {
      if (name != row.category) example.further.push_back(index(name));
    }
    example.emergency = row.emergency.value_or(false);
    x_examples.push_back(std::move(example));
    return {};
  }

  // Classes by name, whatever order the texts came in.
  Examples take() {
    Examples made;
    std::vector<std::uint32_t> moved(x_indexes.size());
    for (const auto& [name, at] : x_indexes) {
      moved[at] = static_cast<std::uint32_t>(made.classes.size());
      made.classes.push_back(name);
    }
    for (text::CategoryExample& one : x_examples) {
      one.main = moved[one.main];
      for (std::uint32_t& further : one.further) further = moved[further];
    }
    made.all = std::move(x_examples);
    return made;
  }

 private:
  std::uint32_t index(const std::string& name) { return x_indexes.emplace(name, static_cast<std::uint32_t>(x_indexes.size())).first->second; }
  std::map<std::string, std::uint32_t> x_indexes;
  std::vector<text::CategoryExample> x_examples;
};

LabelledText labelled(text::CorpusText&& made) {
  LabelledText row;
  row.id = std::move(made.id);
  row.text = std::move(made.text);
  row.category = std::move(made.category);
  row.further = std::move(made.further);
  row.written_as = std::move(made.written_as);
  row.emergency = made.emergency;
  return row;
}

Result<Examples> gather(const Options& options) {
  Gathering gathering;
  for (const std::string& input : options.inputs) {
    if (std::filesystem::is_directory(input)) {
      auto made = write_corpus(input, options);
      if (!made) return made.error();
      for (text::CorpusText& one : *made) {
        if (auto added = gathering.add(labelled(std::move(one))); !added) return corrupt(input + ": " + added.error().message);
      }
    } else if (auto read = read_labelled_texts(input, [&](LabelledText&& row) { return gathering.add(std::move(row)); }); !read) {
      return read.error();
    }
  }
  return gathering.take();
}

std::string join(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ";") + name;
  return out;
}

bool write_file(const std::string& path, const std::string& content) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << content << std::flush;
  if (out) return true;
  fmt::print(stderr, "{}: cannot be written; check folder and disk\n", path);
  return false;
}

int failed(const Error& error) {
  fmt::print(stderr, "{}\n", error.message);
  return error.kind == ErrorKind::Corrupt ? process::kFoundWrong : process::kMissing;
}

struct HeldOut {
  std::size_t texts = 0, right = 0;
};

// Trained without every tenth text, asked about those.
HeldOut hold_out(const Examples& examples) {
  std::vector<text::CategoryExample> seen;
  for (std::size_t i = 0; i < examples.all.size(); ++i) {
    if (i % kHeldOut != 0) seen.push_back(examples.all[i]);
  }
  HeldOut held;
  const auto model = text::CategoryModel::parse(text::train_categories(examples.classes, seen, {}));
  if (seen.empty() || !model) return held;
  text::CategoryFeatures features;
  std::vector<std::int32_t> scores(model->classes().size());
  for (std::size_t i = 0; i < examples.all.size(); i += kHeldOut) {
    features.read(examples.all[i].text);
    model->score(features, scores);
    const auto best = std::max_element(scores.begin(), scores.end() - 1) - scores.begin();
    ++held.texts;
    held.right += static_cast<std::uint32_t>(best) == examples.all[i].main ? 1 : 0;
  }
  return held;
}

int train(const Options& options) {
  const auto examples = gather(options);
  if (!examples) return failed(examples.error());
  if (examples->classes.size() < 2) {
    fmt::print(stderr, "there are texts of {} categories; at least 2 are needed to tell them apart\n", examples->classes.size());
    return process::kFoundWrong;
  }
  fmt::print(stderr, "{} texts of {} categories; holding out every {}th\n", examples->all.size(), examples->classes.size(), kHeldOut);
  const HeldOut held = hold_out(*examples);
  fmt::print(stderr, "held out: {} of {} right by the model alone; training on all\n", held.right, held.texts);
  const std::string file = text::train_categories(examples->classes, examples->all, {});
  if (!write_file(options.out, file)) return process::kMissing;
  fmt::print(stderr, "{}: {} bytes. To use it, put it into the bundle's folder as category_model.txt, look at `ioc evaluate categories FILE` and\n"
                     "`ioc bundle try`, then `ioc bundle activate`.\n", options.out, file.size());
  if (options.json) {
    const boost::json::object line{{"texts", examples->all.size()}, {"categories", examples->classes.size()}, {"held_out", held.texts},
                                   {"held_out_right", held.right}, {"bytes", file.size()}};
    fmt::print("{}\n", boost::json::serialize(line));
  }
  return process::kDone;
}

int corpus(const Options& options) {
  std::string csv = "id,text,category,also_right,further_categories,emergency,register\n";
  for (const std::string& input : options.inputs) {
    auto made = write_corpus(input, options);
    if (!made) return failed(made.error());
    for (const text::CorpusText& one : *made) {
      csv += fmt::format("{},{},{},{},{},{},{}\n", one.id, simulator::csv_quoted(one.text), one.category, join(one.further), join(one.further), one.emergency, one.written_as);
    }
  }
  return write_file(options.out, csv) ? process::kDone : process::kMissing;
}

void add_corpus_options(CLI::App* command, const std::shared_ptr<Options>& options) {
  command->add_option("--seed", options->seed, "Of a corpus folder: another seed, other texts")->capture_default_str();
  command->add_option("--per-category", options->per_category, "Of a corpus folder: texts of each category")
      ->check(CLI::Range(1, 100'000))->capture_default_str();
}

}  // namespace

void add_model_categories(CLI::App& group, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* trained = group.add_subcommand("train", "Train the category model; the same input gives the same file");
  trained->add_option("FILE", options->inputs, "CSV, plain or .gz (columns text,category; also further_categories,emergency), or a corpus folder")->required();
  trained->add_option("--out", options->out, "Model file to write")->required();
  add_corpus_options(trained, options);
  trained->add_flag("--json", options->json, "One JSON object on the last line");
  trained->callback([options, &exit_code] { exit_code = train(*options); });
  CLI::App* written = group.add_subcommand("corpus", "Write a corpus folder's texts as CSV");
  written->add_option("FOLDER", options->inputs, "Corpus folders")->required();
  written->add_option("--out", options->out, "CSV to write")->required();
  add_corpus_options(written, options);
  written->callback([options, &exit_code] { exit_code = corpus(*options); });
}

}  // namespace ioc::commands
