// What mask.h hides, by kind. Each finder walks the reading once and appends what it found, in order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace ioc::text {

struct Span {
  std::size_t begin = 0, end = 0;
};

// A text with one byte for each character, so that finders need not know how it was written: digits of any script are '0' to '9',
// letters are without their marks and in their case, every dash is '-', every blank ' '. What cannot be seen vanishes.
struct Reading {
  static constexpr char kLetter = '\x01';  // of another script
  static constexpr char kSign = '\x02';    // any sign that is not told apart
  static constexpr char kUnit = '%';       // a sign that belongs to a quantity: "°", "₫"

  std::string plain, lower;
  std::vector<std::uint32_t> raw_at;  // where in the text each begins; one more at the end

  [[nodiscard]] static Reading of(std::string_view text);
};

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_letter(char c) { return is_capital(c) || (c >= 'a' && c <= 'z') || c == Reading::kLetter; }
constexpr bool in_word(char c) { return is_digit(c) || is_letter(c); }

// Whether it begins with one of the words, as a whole word.
bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> words);

// Where words end that announce something, in order.
class Announced {
 public:
  void add(std::string_view lower, std::initializer_list<std::string_view> words);
  // Whether one of them ends at most `distance` before `at`. Places must be asked in order.
  [[nodiscard]] bool before(std::size_t at, std::size_t distance);

 private:
  std::vector<std::size_t> x_ends;
  std::size_t x_next = 0;
};

// Digits without a gap, and what stands before them.
struct Group {
  std::size_t begin = 0, end = 0;
  std::string_view digits;     // into Groups::digits
  bool joined = false;         // to the group before, by what numbers are written with
  bool dotted = false;         // by a sign that amounts, sizes and addresses are written with, too
  bool listed = false;         // as the parts of a list are: "113, 114"
  bool lettered = false;       // O stands for a zero
  bool behind_letter = false;  // "CK03"
  bool plus = false;           // "+84"
  std::size_t line_ends = 0;   // in the gap
  char gap = '\0';             // the one sign of it; ' ': blanks alone, '\0': several signs or none
  std::size_t gap_size = 0;
};

struct Groups {
  std::string digits;  // the reading, with letters that stand for digits as digits
  std::vector<Group> all;
  explicit Groups(const Reading& reading);
  Groups(const Groups&) = delete;
  Groups& operator=(const Groups&) = delete;
};

// How many groups from `first` on are a date, a time of day, degrees of a coordinate or hotlines; 0: none of these. A number behind a
// word that announces it may have its form by chance, so there only a date with its year and hotlines count (`surely`).
std::size_t groups_of_other_kind(const std::vector<Group>& groups, std::size_t first, bool surely);
// How many groups from `first` on are an amount of money or of something else, by how [first, first + count) are written or by the
// unit behind them; 0: they are none.
std::size_t amount_groups(const Reading& reading, const std::vector<Group>& groups, std::size_t first, std::size_t count);
bool is_timestamp(std::string_view digits);  // 20261201203000

bool is_phone(std::string_view digits, bool plus);
bool is_identity(std::string_view digits);         // of 12 digits
bool is_surely_identity(std::string_view digits);  // where a number may be anything

void find_numbers(const Reading& reading, std::vector<Span>& found);
void find_passports(const Reading& reading, std::vector<Span>& found);
void find_plates(const Reading& reading, bool in_name, std::vector<Span>& found);
void find_addresses(const Reading& reading, std::vector<Span>& found);  // of e-mail
void find_names(std::string_view text, const Reading& reading, std::vector<Span>& found);
void find_numbers_alone(const Reading& reading, std::vector<Span>& found);  // of mask_name()

}  // namespace ioc::text
