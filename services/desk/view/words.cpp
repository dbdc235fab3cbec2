#include "services/desk/view/words.h"

#include <algorithm>

#include "libs/text/fold.h"
#include "libs/text/tokens.h"

namespace ioc::desk::view {
namespace {

constexpr std::size_t kWordBytesMax = 48;

// At most kWordBytesMax bytes, and no part of a character.
std::string cut_to_characters(std::string_view folded) {
  std::size_t end = std::min(folded.size(), kWordBytesMax);
  while (end < folded.size() && end > 0 && (folded[end] & 0xC0) == 0x80) --end;
  return std::string(folded.substr(0, end));
}

struct Word {
  std::string folded, marked;  // marked is empty when the word has no marks, or is too long to be kept with them
};

template <class Take>
void words_of(std::string_view utf8, Take&& take) {
  const std::string marked = text::fold_keep_marks(utf8);
  text::for_each_token(marked, [&take](std::string_view token) {
    const std::string folded = text::fold(token);
    Word word{cut_to_characters(folded), {}};
    if (token != folded && token.size() <= kWordBytesMax) word.marked = token;
    take(std::move(word));
  });
}

}  // namespace

std::vector<std::string> terms_of(const Incident& incident) {
  std::vector<std::string> terms;
  std::size_t words = 0;
  // Of the id only what is its own: partition and date would be found in every other incident.
  const std::string own_id = incident.id.str().substr(incident.id.str().rfind('-') + 1);
  for (const std::string* text : {&own_id, &incident.title, &incident.unit_name, &incident.address,
                                  &incident.sender_category, &incident.assignee, &incident.summary}) {
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
