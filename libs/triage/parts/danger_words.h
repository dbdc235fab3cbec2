// danger.yaml: words that are a cry when they stand alone ("Cháy!"), and words that say that a word of danger beside them tells of no
// present danger ("nguy cơ cháy", "cháy vé", "lĩnh 6 năm tù").
#pragma once

#include <span>
#include <string>
#include <vector>

#include "libs/text/marked_words.h"
#include "libs/triage/parts/lexicon.h"

namespace ioc::config {
class Fields;
}

namespace ioc::triage {

class DangerWords {
 public:
  void declare(config::Fields& fields);
  // Appends what is wrong to `problems`.
  void compile(std::vector<std::string>& problems);

  // The words of a text that are muted.
  struct Found {
    std::vector<bool> muted;           // of each word: it says nothing of danger. Empty: no word is muted
    std::vector<std::string> because;  // the terms that muted them, each once, in the order of the text
  };
  [[nodiscard]] Found find(const text::MarkedWords& words) const;

  // The cry that all of `words`, a whole sentence, consist of; empty: they say more, or something else.
  [[nodiscard]] std::string cry(std::span<const text::MarkedWord> words) const;

 private:
  std::vector<std::string> x_cries, x_itself, x_behind, x_sentence;  // as written
  Lexicon x_cry_terms, x_terms;
};

}  // namespace ioc::triage
