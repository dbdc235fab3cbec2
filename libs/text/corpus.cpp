#include "libs/text/corpus.h"

#include <algorithm>
#include <optional>

#include "libs/text/corpus_noise.h"

namespace ioc::text {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t from = text.find_first_not_of(" \t\r");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\r") - from + 1);
}

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = std::min(text.find(at), text.size());
    if (const auto part = trimmed(text.substr(0, end)); !part.empty()) parts.emplace_back(part);
    if (end == text.size()) return parts;
    text.remove_prefix(end + 1);
  }
}

Error wrong(std::string_view file, std::size_t line, std::string_view what) {
  return corrupt(std::string(file) + ":" + std::to_string(line) + ": " + std::string(what));
}

// The brackets that close at `open`'s level; npos: they do not close.
std::size_t closing(std::string_view text, std::size_t open) {
  int depth = 0;
  for (std::size_t at = open; at < text.size(); ++at) {
    depth += text[at] == '(' ? 1 : text[at] == ')' ? -1 : 0;
    if (depth == 0) return at;
  }
  return std::string_view::npos;
}

std::vector<std::string_view> choices(std::string_view inside) {
  std::vector<std::string_view> all;
  int depth = 0;
  std::size_t from = 0;
  for (std::size_t at = 0; at <= inside.size(); ++at) {
    if (at == inside.size() || (inside[at] == '/' && depth == 0)) {
      all.push_back(inside.substr(from, at - from));
      from = at + 1;
    } else {
      depth += inside[at] == '(' ? 1 : inside[at] == ')' ? -1 : 0;
    }
  }
  return all;
}

bool brackets_close(std::string_view text) {
  for (std::size_t at = text.find('('); at != std::string_view::npos; at = text.find('(', at)) {
    at = closing(text, at);
    if (at == std::string_view::npos) return false;
  }
  return std::count(text.begin(), text.end(), '(') == std::count(text.begin(), text.end(), ')');
}

std::string chosen(std::string_view phrase, Draw& draw) {
  std::string out;
  for (std::size_t at = 0; at < phrase.size(); ++at) {
    if (phrase[at] != '(') {
      out += phrase[at];
      continue;
    }
    const std::size_t end = closing(phrase, at);
    const auto all = choices(phrase.substr(at + 1, end - at - 1));
    out += chosen(all[draw.below(all.size())], draw);
    at = end;
  }
  return out;
}

// Small words of an empty choice leave gaps.
std::string tidy_spaces(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool gap = out.empty() || out.back() == ' ';
    if (c == ' ' && gap) continue;
    if ((c == ',' || c == '.') && !out.empty() && out.back() == ' ') out.pop_back();
    out += c;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

}  // namespace

std::vector<std::string> expanded(std::string_view phrase, std::size_t most) {
  const std::size_t open = phrase.find('(');
  if (open == std::string_view::npos) return {tidy_spaces(phrase)};
  const std::size_t end = closing(phrase, open);
  std::vector<std::string> all;
  for (const std::string_view choice : choices(phrase.substr(open + 1, end - open - 1))) {
    const std::string with = std::string(phrase.substr(0, open)) + std::string(choice) + std::string(phrase.substr(end + 1));
    for (std::string& one : expanded(with, most)) {
      if (all.size() >= most) return all;
      all.push_back(std::move(one));
    }
  }
  return all;
}

Result<void> Corpus::add(std::string_view name, std::string_view content) {
  std::vector<std::string>* lines = nullptr;
  std::optional<CorpusSituation> heading;
  std::size_t number = 0;
  while (!content.empty()) {
    const std::size_t end = std::min(content.find('\n'), content.size());
    const std::string_view line = trimmed(content.substr(0, end));
    content.remove_prefix(std::min(end + 1, content.size()));
    ++number;
    if (line.empty() || line.front() == '#') continue;
    if (!brackets_close(line)) return wrong(name, number, "a bracket has no partner");
    if (!line.starts_with("== ")) {
      if (heading) {
        CorpusSituation situation = *heading;
        situation.wordings = split(line, '|');
        x_situations[situation.category].push_back(std::move(situation));
      } else if (lines) {
        lines->emplace_back(line);
      } else {
        return wrong(name, number, "stands in no section; begin one with `== situations CATEGORY`");
      }
      continue;
    }
    const auto words = split(line.substr(3), ' ');
    heading.reset();
    lines = nullptr;
    if (words.size() < 2) return wrong(name, number, "write `== situations|frames|list NAME`");
    if (words[0] == "situations") {
      heading.emplace().category = words[1];
      for (std::size_t i = 2; i < words.size(); ++i) {
        if (words[i] == "!") heading->emergency = true;
        else if (words[i].starts_with('+')) heading->further.push_back(words[i].substr(1));
        else return wrong(name, number, "behind the category stand only `+CATEGORY` and `!`");
      }
    } else if (words[0] == "frames" || words[0] == "list") {
      lines = words[0] == "list" ? &x_lists[words[1]] : &x_frames[words[1]];
    } else {
      return wrong(name, number, "a section is one of situations, frames, list");
    }
  }
  return {};
}

class Corpus::Writer {
 public:
  Writer(const Corpus& corpus, std::uint64_t seed) : x_corpus(corpus), x_draw{seed} {}

  CorpusText text(const CorpusSituation& situation, std::string_view written_as) {
    CorpusText made;
    made.category = situation.category;
    made.written_as = written_as;
    made.further = situation.further;
    made.emergency = situation.emergency;
    static constexpr std::string_view kSpoken[] = {"formal", "hotline", "chat", "chat"};
    const std::string_view frames = written_as == "folded" ? kSpoken[x_draw.below(4)] : written_as;
    const std::string& frame = pick(x_corpus.x_frames.find(frames)->second);
    const std::string text = filled(chosen(frame, x_draw), situation, made, true);
    made.text = roughened(tidy_spaces(text), written_as, x_draw);
    return made;
  }

  Draw& draw() { return x_draw; }

 private:
  template <class T>
  const T& pick(const std::vector<T>& all) { return all[x_draw.below(all.size())]; }

  // `sentence`: what begins a sentence gets a capital.
  std::string filled(std::string_view frame, const CorpusSituation& situation, CorpusText& made, bool sentence = false) {
    std::string out;
    for (std::size_t at = 0; at < frame.size(); ++at) {
      const std::size_t end = frame[at] == '{' ? frame.find('}', at) : std::string_view::npos;
      if (end == std::string_view::npos) {
        out += frame[at];
        continue;
      }
      const std::string_view name = frame.substr(at + 1, end - at - 1);
      const bool starts = sentence && (out.empty() || out.find_last_not_of(' ') == std::string::npos || ends_sentence(out));
      std::string value = name == "s" ? filled(chosen(pick(situation.wordings), x_draw), situation, made) : name == "s2" ? other(made)
                                      : listed(name, situation, made);
      out += starts ? capitalised(value) : value;
      at = end;
    }
    return out;
  }

  static bool ends_sentence(const std::string& text) {
    const std::size_t last = text.find_last_not_of(' ');
    return text[last] == '.' || text[last] == '!' || text[last] == '?';
  }

  std::string listed(std::string_view name, const CorpusSituation& situation, CorpusText& made) {
    const auto list = x_corpus.x_lists.find(name);
    return list == x_corpus.x_lists.end() ? std::string() : filled(chosen(pick(list->second), x_draw), situation, made);
  }

  // A second thing, of another category; nothing that is danger to life.
  std::string other(CorpusText& made) {
    for (int tries = 0; tries < 100; ++tries) {
      auto category = x_corpus.x_situations.begin();
      std::advance(category, static_cast<std::ptrdiff_t>(x_draw.below(x_corpus.x_situations.size())));
      const CorpusSituation& situation = pick(category->second);
      if (situation.emergency || situation.category == made.category || situation.category == "khac") continue;
      made.further.push_back(situation.category);
      return filled(chosen(pick(situation.wordings), x_draw), situation, made);
    }
    return {};
  }

  const Corpus& x_corpus;
  Draw x_draw;
};

Result<void> Corpus::check() const {
  for (const std::string_view one : kRegisters) {
    if (one != "folded" && !x_frames.contains(one)) return permanent("there are no frames for " + std::string(one));
  }
  if (x_situations.empty()) return permanent("there are no situations");
  const auto calls = [this](std::string_view line) -> Result<void> {
    for (std::size_t at = line.find('{'); at != std::string_view::npos; at = line.find('{', at + 1)) {
      const std::string_view name = line.substr(at + 1, line.find('}', at) - at - 1);
      if (name != "s" && name != "s2" && !x_lists.contains(name)) return permanent("there is no list `" + std::string(name) + "`");
    }
    return {};
  };
  for (const auto& [name, lines] : x_frames) {
    for (const std::string& line : lines) {
      if (auto good = calls(line); !good) return good;
    }
  }
  for (const auto& [name, lines] : x_lists) {
    for (const std::string& line : lines) {
      if (auto good = calls(line); !good) return good;
    }
  }
  return {};
}

std::vector<CorpusText> Corpus::write(std::uint64_t seed, std::size_t per_category) const {
  std::vector<CorpusText> all;
  Writer writer(*this, seed);
  for (const auto& [category, situations] : x_situations) {
    for (std::size_t i = 0; i < per_category; ++i) {
      // Every situation in every register before the next turn.
      const std::size_t turn = i / std::size(kRegisters);
      all.push_back(writer.text(situations[turn % situations.size()], kRegisters[i % std::size(kRegisters)]));
      all.back().id = "t" + std::to_string(all.size());
    }
  }
  return all;
}

// `keep` is asked about the number of each wording of a category, and of each frame of a register.
template <class Keep>
Corpus Corpus::kept(Keep&& keep) const {
  Corpus out;
  out.x_lists = x_lists;
  for (const auto& [category, situations] : x_situations) {
    std::size_t number = 0;
    for (const CorpusSituation& situation : situations) {
      CorpusSituation some = situation;
      std::erase_if(some.wordings, [&](const std::string&) { return !keep(number++); });
      if (!some.wordings.empty()) out.x_situations[category].push_back(std::move(some));
    }
  }
  for (const auto& [name, lines] : x_frames) {
    std::size_t number = 0;
    for (const std::string& line : lines) {
      if (keep(number++)) out.x_frames[name].push_back(line);
    }
  }
  return out;
}

Corpus Corpus::part(std::size_t fold, std::size_t folds) const {
  return kept([=](std::size_t number) { return number % folds == fold; });
}

Corpus Corpus::without_part(std::size_t fold, std::size_t folds) const {
  return kept([=](std::size_t number) { return number % folds != fold; });
}

}  // namespace ioc::text
