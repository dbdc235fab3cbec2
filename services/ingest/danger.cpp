#include "services/ingest/danger.h"

#include <algorithm>

#include "libs/text/fold.h"
#include "libs/text/tokens.h"

namespace ioc::ingest {
namespace {

bool in_word(char c) { return text::is_word_byte(c) || static_cast<unsigned char>(c) >= 0x80; }

// As whole words: "nổ" is not in "nổi".
bool has_phrase(std::string_view text, std::string_view phrase) {
  for (auto at = text.find(phrase); at != std::string_view::npos; at = text.find(phrase, at + 1)) {
    const std::size_t end = at + phrase.size();
    if ((at == 0 || !in_word(text[at - 1])) && (end == text.size() || !in_word(text[end]))) return true;
  }
  return false;
}

}  // namespace

Danger::Danger(const std::vector<std::string>& phrases) {
  for (const auto& phrase : phrases) {
    if (phrase.empty()) continue;
    x_marked.push_back(text::fold_keep_marks(phrase));
    x_folded.push_back(text::fold(phrase));
  }
}

bool Danger::speaks_of_danger(std::string_view title, std::string_view text) const {
  const std::string whole = std::string(title) + "\n" + std::string(text);
  const std::string marked = text::fold_keep_marks(whole);
  const auto found = [&marked](const std::string& phrase) { return has_phrase(marked, phrase); };
  if (std::any_of(x_marked.begin(), x_marked.end(), found)) return true;
  const bool without_marks = std::none_of(marked.begin(), marked.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  return without_marks && std::any_of(x_folded.begin(), x_folded.end(), found);
}

}  // namespace ioc::ingest
