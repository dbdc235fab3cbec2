// What `ioc model train` learns from: labelled texts, and folders of the project's own corpus (libs/text/corpus.h).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "libs/base/result.h"
#include "libs/text/category_trainer.h"
#include "libs/text/corpus.h"
#include "services/ioc/commands/labelled_texts.h"

namespace ioc::commands {

// Of a corpus folder; the shipped model is made with these.
inline constexpr std::uint64_t kCorpusSeed = 1;
inline constexpr std::size_t kCorpusPerCategory = 18000;

// Every *.txt of the folder, by name. Permanent: there is none; Corrupt: one does not parse.
[[nodiscard]] Result<text::Corpus> read_corpus(const std::string& folder);

// The whole texts that lie beside them: the folder's *.csv, by name.
[[nodiscard]] std::vector<std::string> whole_texts_of(const std::string& folder);

[[nodiscard]] LabelledText labelled(text::CorpusText&& made);

struct TrainingTexts {
  std::vector<std::string> classes;
  std::vector<text::CategoryExample> all;
};

class GatheredTexts {
 public:
  static constexpr std::size_t kTextsMax = 2'000'000;
  // Corrupt, with the column: a row that cannot be trained with, or one too many.
  [[nodiscard]] Result<void> add(LabelledText&& row);
  // Classes by name, whatever order the texts came in.
  [[nodiscard]] TrainingTexts take();

 private:
  std::uint32_t index(const std::string& name);
  std::map<std::string, std::uint32_t> x_indexes;
  std::vector<text::CategoryExample> x_examples;
};

}  // namespace ioc::commands
