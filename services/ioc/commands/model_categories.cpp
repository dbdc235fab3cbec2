#include "services/ioc/commands/model_categories.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <memory>

#include "libs/process/exit_code.h"
#include "libs/text/emphasis.h"
#include "services/ioc/commands/output_file.h"
#include "services/ioc/commands/training_texts.h"
#include "services/simulator/csv.h"

namespace ioc::commands {
namespace {

constexpr std::size_t kHeldOut = 10;  // every tenth is held out
constexpr std::size_t kTextsFew = 2'000;  // without a corpus: fewer are said to be few
// Beside a corpus written by the thousand, what people said would be lost: each of their texts counts up to so often, all of
// them together as a twentieth of the corpus.
constexpr std::size_t kTimesMax = 20, kShareOfCorpus = 20;
// A whole text of the corpus was written by hand, once; its situations are put together by the thousand.
// A word in one of them alone is no feature yet, and a word in one correction is.
constexpr std::uint32_t kWholeTextTimes = 8, kWholeTextStandsFor = 2;

struct Options {
  std::vector<std::string> inputs;
  std::string out;
  std::uint64_t seed = kCorpusSeed;
  std::size_t per_category = kCorpusPerCategory;
  bool json = false;
};

struct Gathered {
  TrainingTexts texts;
  std::vector<std::size_t> whole;  // whole texts of a corpus
  std::vector<std::size_t> given;  // those of files, beside a corpus
  std::size_t written = 0;         // those of a corpus

  [[nodiscard]] std::size_t times() const {
    return given.empty() || written == 0 ? 1 : std::clamp<std::size_t>(written / kShareOfCorpus / given.size(), 1, kTimesMax);
  }
};

Result<Gathered> gather(const Options& options) {
  GatheredTexts gathering;
  Gathered gathered;
  std::size_t all = 0;
  const auto read_file = [&](const std::string& path, std::vector<std::size_t>& into) {
    return read_labelled_texts(path, [&](LabelledText&& row) {
      into.push_back(all++);
      return gathering.add(std::move(row));
    });
  };
  for (const std::string& input : options.inputs) {
    if (!std::filesystem::is_directory(input)) {
      if (auto read = read_file(input, gathered.given); !read) return read.error();
      continue;
    }
    const auto corpus = read_corpus(input);
    if (!corpus) return corpus.error();
    for (text::CorpusText& one : corpus->write(options.seed, options.per_category)) {
      if (auto added = gathering.add(labelled(std::move(one))); !added) return corrupt(input + ": " + added.error().message);
      ++gathered.written, ++all;
    }
    for (const std::string& path : whole_texts_of(input)) {
      if (auto read = read_file(path, gathered.whole); !read) return read.error();
    }
  }
  gathered.texts = gathering.take();
  return gathered;
}

std::vector<text::CategoryExample> weighed(const Gathered& gathered) {
  std::vector<text::CategoryExample> all = gathered.texts.all;
  const auto weigh = [&all](const std::vector<std::size_t>& which, std::uint32_t times, std::uint32_t stands_for) {
    for (const std::size_t at : which) {
      all[at].times = times;
      all[at].stands_for = stands_for;
    }
  };
  const auto times = static_cast<std::uint32_t>(gathered.times());
  weigh(gathered.whole, kWholeTextTimes, kWholeTextStandsFor);
  weigh(gathered.given, times, times);
  return all;
}

std::string join(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ";") + name;
  return out;
}

bool write_file(const std::string& path, const std::string& content) {
  const auto written = write_whole(path, content);
  if (!written) fmt::print(stderr, "{}\n", written.error().message);
  return written.has_value();
}

int failed(const Error& error) {
  fmt::print(stderr, "{}\n", error.message);
  return error.kind == ErrorKind::Corrupt ? process::kFoundWrong : process::kMissing;
}

struct HeldOut {
  std::size_t texts = 0, right = 0;
};

// Trained without every tenth text, asked about those.
HeldOut hold_out(const TrainingTexts& examples) {
  std::vector<text::CategoryExample> seen;
  for (std::size_t i = 0; i < examples.all.size(); ++i) {
    if (i % kHeldOut != 0) seen.push_back(examples.all[i]);
  }
  HeldOut held;
  const auto model = text::CategoryModel::parse(text::train_categories(examples.classes, seen, {}));
  if (seen.empty() || !model) return held;
  text::MarkedWords words;
  text::CategoryFeatures features;
  std::vector<std::int32_t> scores(model->classes().size());
  for (std::size_t i = 0; i < examples.all.size(); i += kHeldOut) {
    const text::FoldedText text = text::as_meant(examples.all[i].text);
    words.read(text);
    features.read(words);
    model->score(features, scores);
    const auto best = std::max_element(scores.begin(), scores.end() - 1) - scores.begin();
    ++held.texts;
    held.right += static_cast<std::uint32_t>(best) == examples.all[i].main ? 1 : 0;
  }
  return held;
}

int train(const Options& options) {
  const auto gathered = gather(options);
  if (!gathered) return failed(gathered.error());
  const TrainingTexts* examples = &gathered->texts;
  if (examples->classes.size() < 2) {
    fmt::print(stderr, "there are texts of {} categories; at least 2 are needed to tell them apart\n", examples->classes.size());
    return process::kFoundWrong;
  }
  fmt::print(stderr, "{} texts of {} categories; holding out every {}th\n", examples->all.size(), examples->classes.size(), kHeldOut);
  const HeldOut held = hold_out(*examples);
  fmt::print(stderr, "held out: {} of {} right by the model alone; training on all\n", held.right, held.texts);
  if (gathered->times() > 1) fmt::print(stderr, "beside the corpus each of the {} given texts counts {} times\n", gathered->given.size(), gathered->times());
  const std::string file = text::train_categories(examples->classes, weighed(*gathered), {});
  if (!write_file(options.out, file)) return process::kMissing;
  if (gathered->written == 0 && examples->all.size() < kTextsFew) {
    fmt::print(stderr, "{} texts alone are few, and the model knows nothing but them: give the corpus folder (deploy/corpus/train) beside them\n", examples->all.size());
  }
  fmt::print(stderr, "{}: {} bytes. To use it, put it into the bundle's folder as category_model.txt, look at `ioc evaluate categories FILE` and\n"
                     "`ioc bundle try`, then `ioc bundle activate`.\n", options.out, file.size());
  if (options.json) {
    const boost::json::object line{{"texts", examples->all.size()}, {"categories", examples->classes.size()}, {"held_out", held.texts},
                                   {"held_out_right", held.right}, {"bytes", file.size()}, {"given", gathered->given.size()}, {"times", gathered->times()}};
    fmt::print("{}\n", boost::json::serialize(line));
  }
  return process::kDone;
}

int corpus(const Options& options) {
  std::string csv = "id,text,category,also_right,further_categories,emergency,register\n";
  for (const std::string& input : options.inputs) {
    const auto read = read_corpus(input);
    if (!read) return failed(read.error());
    for (const text::CorpusText& one : read->write(options.seed, options.per_category)) {
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
  trained->add_option("FILE", options->inputs, "CSV in UTF-8, plain or .gz (columns text,category; also further_categories, codes separated by ;, and emergency, true or false), or a corpus folder")->required();
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
