#include "services/desk/view/words.h"

#include <algorithm>

#include "libs/text/fold.h"
#include "libs/text/tokens.h"

namespace ioc::desk::view {
namespace {

constexpr std::size_t kWordBytesMax = 48;

bool separates(char c) { return static_cast<unsigned char>(c) < 0x80 && !text::is_word_byte(c); }

struct Word {
  std::string folded, marked;  // marked is empty when the word has no marks
};

// A stretch between ASCII separators is a word, with its marks, when it folds to exactly one token; a stretch that
// holds other separators (dashes, quotes) gives its tokens without marks.
template <class Take>
void words_of(std::string_view utf8, Take&& take) {
  const std::string lower = text::fold_keep_marks(utf8);
  for (std::size_t at = 0; at < lower.size();) {
    if (separates(lower[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < lower.size() && !separates(lower[end])) ++end;
    const std::string stretch = lower.substr(at, end - at);
    at = end;
    const std::string folded = text::fold(stretch);
    const auto tokens = text::tokens(folded);
    const bool whole = tokens.size() == 1 && tokens[0].size() == folded.size();
    for (const std::string_view token : tokens) {
      Word word{std::string(token.substr(0, kWordBytesMax)), {}};
      if (whole && stretch != folded && stretch.size() <= kWordBytesMax) word.marked = stretch;
      take(std::move(word));
    }
  }
}

}  // namespace

std::vector<std::string> terms_of(const Incident& incident) {
  std::vector<std::string> terms;
  std::size_t words = 0;
  // Of the id only what is its own: partition and date would be found in every other incident.
  const std::string own_id = incident.id.str().substr(incident.id.str().rfind('-') + 1);
  for (const std::string* text : {&own_id, &incident.title, &incident.unit_name, &incident.address,
                                  &incident.sender_category, &incident.summary}) {
    words_of(*text, [&](Word word) {
      if (++words > kWordsMax) return;
      // "f:" finds without marks, "m:" as it was written.
      terms.push_back("m:" + (word.marked.empty() ? word.folded : word.marked));
      terms.push_back("f:" + std::move(word.folded));
    });
  }
  std::sort(terms.begin(), terms.end());
  terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
  return terms;
}

std::vector<std::vector<std::string>> query_terms(std::string_view query) {
  std::vector<std::vector<std::string>> all;
  words_of(query, [&](const Word& word) {
    if (all.size() >= kQueryWordsMax) return;
    if (word.marked.empty()) {
      all.push_back({"f:" + word.folded});
    } else {
      all.push_back({"m:" + word.marked, "m:" + word.folded});
    }
  });
  return all;
}

}  // namespace ioc::desk::view
