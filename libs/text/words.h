// A text as words: folded, with abbreviations spelled out where what stands around them says so, each with its place in
// the text as it was written.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ioc::text {

struct Word {
  std::string_view folded;
  std::uint32_t from = 0, to = 0;  // bytes of the raw text; the words of one abbreviation share them
  char gap = ' ';                  // what parts it from the word before: nothing (0), a space, one of "./+-", else ','
  bool capital = false;            // as written; the first word of an abbreviation that was spelled out never is
  bool spelled_out = false;        // an abbreviation's, not the sender's
  bool marked = false;             // as written it has a letter beyond ASCII
};

class Words {
 public:
  static constexpr std::size_t kBytesMax = 8192;  // of a text; what follows does not count
  static constexpr std::size_t kWordsMax = 1024;

  Words() = default;
  explicit Words(std::string_view raw) { read(raw); }
  Words(const Words&) = delete;
  Words& operator=(const Words&) = delete;

  // Any bytes will do. `raw` need not outlive the call; memory is kept for the next one.
  void read(std::string_view raw);

  [[nodiscard]] std::span<const Word> all() const noexcept { return x_words; }
  [[nodiscard]] std::size_t size() const noexcept { return x_words.size(); }
  const Word& operator[](std::size_t i) const noexcept { return x_words[i]; }
  // Folded words with single spaces.
  [[nodiscard]] std::string joined(std::size_t from, std::size_t count) const;

 private:
  void cut_words(std::string_view raw);
  void spell_out();

  std::string x_folded;
  std::vector<std::uint32_t> x_raw_at;
  std::vector<Word> x_cut, x_words;
};

// The folded words of a text, abbreviations spelled out, with single spaces: "UBND P.Tân Long" -> "uy ban nhan dan
// phuong tan long". "ql 3" is a road; "ql" alone stays as it is.
[[nodiscard]] std::string spelled_out(std::string_view utf8);

}  // namespace ioc::text
