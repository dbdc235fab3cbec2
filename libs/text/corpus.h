// The project's own corpus of citizens' texts: situations and sentences written by us, put together at random from a
// seed. A corpus is text, UTF-8:
//
//   corpus  = *( blank / "#" comment LF / section )
//   section = "==" SP kind SP name *( SP mark ) LF *( line LF )
//   kind    = "situations"   name: a category; marks: "+category" a further one, "!" danger to life.
//                            A line is one situation: its wordings, with "|" between them
//           / "frames"       name: formal, hotline, chat. A line is a sentence with {s} for the situation, {s2} for one of another
//                            category, {name} for a line of that list
//           / "list"         name: what frames and situations call it
//
// Everywhere "(a/b/c)" is one of a, b, c (they may be empty). Example:
//   == situations chieu-sang-dien
//   đèn đường (không sáng/bị tắt) | cả ngõ (tối om/không có đèn)
//   == frames hotline
//   Người dân báo {s} tại {place}.
//   == list place
//   ngõ 5 đường Bắc Kạn
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"

namespace ioc::text {

struct CorpusSituation {
  std::string category;
  std::vector<std::string> further;
  bool emergency = false;
  std::vector<std::string> wordings;
};

struct CorpusText {
  std::string id, text, category, written_as;  // written_as: the register
  std::vector<std::string> further;
  bool emergency = false;
};

inline constexpr std::string_view kRegisters[] = {"formal", "hotline", "chat", "folded"};

class Corpus {
 public:
  // Adds a file's sections. Corrupt, with file and line: not the grammar above.
  [[nodiscard]] Result<void> add(std::string_view name, std::string_view content);
  // Everything is there to write texts: every register has frames, every list that is called.
  [[nodiscard]] Result<void> check() const;

  // `per_category` texts of each category, the registers in turn. The same for the same seed on every machine.
  [[nodiscard]] std::vector<CorpusText> write(std::uint64_t seed, std::size_t per_category) const;

  // For measuring on words that training has not seen: wordings and frames are dealt out to `folds` parts in turn. The part
  // number `fold` alone, or all the others; lists are in both.
  [[nodiscard]] Corpus part(std::size_t fold, std::size_t folds) const;
  [[nodiscard]] Corpus without_part(std::size_t fold, std::size_t folds) const;

  [[nodiscard]] const std::map<std::string, std::vector<CorpusSituation>, std::less<>>& situations() const { return x_situations; }
  [[nodiscard]] const std::map<std::string, std::vector<std::string>, std::less<>>& frames() const { return x_frames; }

 private:
  class Writer;
  template <class Keep>
  [[nodiscard]] Corpus kept(Keep&& keep) const;
  std::map<std::string, std::vector<CorpusSituation>, std::less<>> x_situations;  // by category
  std::map<std::string, std::vector<std::string>, std::less<>> x_frames;          // by register
  std::map<std::string, std::vector<std::string>, std::less<>> x_lists;
};

// Every way to read "(a/b)c", at most `most` of them, in order.
std::vector<std::string> expanded(std::string_view phrase, std::size_t most);

}  // namespace ioc::text
