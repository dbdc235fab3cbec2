#include "services/ioc/commands/training_texts.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace ioc::commands {

namespace {

// By name; empty when the folder cannot be read.
std::set<std::filesystem::path> files_in(const std::string& folder, std::string_view extension) {
  std::set<std::filesystem::path> paths;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == extension) paths.insert(entry.path());
  }
  return paths;
}

}  // namespace

std::vector<std::string> whole_texts_of(const std::string& folder) {
  std::vector<std::string> paths;
  for (const auto& path : files_in(folder, ".csv")) paths.push_back(path.string());
  return paths;
}

Result<text::Corpus> read_corpus(const std::string& folder) {
  const auto paths = files_in(folder, ".txt");
  if (paths.empty()) return permanent(fmt::format("{}: no corpus is there; name a folder with *.txt", folder));
  text::Corpus corpus;
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream content;
    if (!in || !(content << in.rdbuf())) return permanent(fmt::format("{}: cannot be read", path.string()));
    if (auto added = corpus.add(path.string(), content.str()); !added) return added.error();
  }
  if (auto good = corpus.check(); !good) return corrupt(fmt::format("{}: {}", folder, good.error().message));
  return corpus;
}

LabelledText labelled(text::CorpusText&& made) {
  LabelledText row;
  row.id = std::move(made.id);
  row.text = std::move(made.text);
  row.category = std::move(made.category);
  row.also_right = made.further;
  row.further = std::move(made.further);
  row.written_as = std::move(made.written_as);
  row.emergency = made.emergency;
  return row;
}

Result<void> GatheredTexts::add(LabelledText&& row) {
  if (row.category.empty()) return corrupt("column category: is empty; every text to train with needs one");
  if (row.category == text::kEmergencyClass) return corrupt("column category: `emergency` is no category; use the column emergency");
  if (row.category.find_first_of(" \t\n") != std::string::npos) return corrupt("column category: holds a space");
  if (x_examples.size() >= kTextsMax) return corrupt(fmt::format("are more than {} texts; give fewer", kTextsMax));
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

TrainingTexts GatheredTexts::take() {
  TrainingTexts made;
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

std::uint32_t GatheredTexts::index(const std::string& name) {
  return x_indexes.emplace(name, static_cast<std::uint32_t>(x_indexes.size())).first->second;
}

}  // namespace ioc::commands
