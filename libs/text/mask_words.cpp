// Number plates and e-mail addresses.
#include <array>

#include "libs/text/mask_parts.h"

namespace ioc::text {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_letter(char c) { return is_upper(c) || is_lower(c); }
bool is_gap(char c) { return c == '-' || c == '.' || c == ' '; }

// Reads a plate:  province gap? letters gap? digits     province = 11 to 99, letters = A, AB or B1
//   digits = 12345 / 123.45 / 1234, and glued to the letters or behind a gap
class PlateReader {
 public:
  PlateReader(std::string_view text, std::size_t at, bool announced) : x_text(text), x_at(at), x_announced(announced) {}

  // Where it ends; 0: no plate stands there.
  std::size_t end() {
    if (!province() || !letters() || !digits()) return 0;
    const bool goes_on = x_at < x_text.size() && (is_digit(x_text[x_at]) || is_letter(x_text[x_at]));
    return goes_on ? 0 : x_at;
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const { return x_at + ahead < x_text.size() ? x_text[x_at + ahead] : '\0'; }
  bool gap() {
    if (!is_gap(peek())) return false;
    x_blank = x_blank || peek() == ' ';
    ++x_at;
    return true;
  }

  bool province() {
    if (!is_digit(peek()) || !is_digit(peek(1)) || peek() == '0') return false;
    if (peek() == '1' && peek(1) == '0') return false;
    x_at += 2;
    return true;
  }

  // Small letters after a number are units, too ("20m 1500"): a plate only where one is announced.
  bool letters() {
    gap();
    const auto may_be = [this](char c) { return is_upper(c) || (x_announced && is_lower(c)); };
    if (!may_be(peek())) return false;
    ++x_at;
    if (may_be(peek())) {
      ++x_at;
    } else if (is_digit(peek()) && is_gap(peek(1))) {  // B1
      ++x_at;
    }
    return true;
  }

  bool digits() {
    gap();
    std::array<std::size_t, 2> counts{};
    counts[0] = run();
    const bool in_two = counts[0] == 3 && is_gap(peek()) && is_digit(peek(1)) && is_digit(peek(2)) && !is_digit(peek(3));
    if (in_two) {
      x_dot = peek() == '.';
      gap();
      counts[1] = run();
    }
    const bool right = in_two ? counts[1] == 2 : counts[0] >= 4 && counts[0] <= 6;
    return right && (x_announced || x_dot || !x_blank);  // "10T 15000" is a weight and a price
  }

  std::size_t run() {
    const std::size_t from = x_at;
    while (is_digit(peek())) ++x_at;
    return x_at - from;
  }

  std::string_view x_text;
  std::size_t x_at;
  bool x_announced, x_blank = false, x_dot = false;
};

constexpr std::size_t kLocalBytesMax = 64, kDomainBytesMax = 253;

bool in_local(char c) { return is_letter(c) || is_digit(c) || c == '.' || c == '_' || c == '%' || c == '+' || c == '-'; }
bool in_domain(char c) { return is_letter(c) || is_digit(c) || c == '.' || c == '-'; }

}  // namespace

void find_plates(std::string_view text, const Announced& announced, std::vector<Span>& found) {
  std::size_t next = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool begins = is_digit(text[at]) && (at == 0 || !(is_digit(text[at - 1]) || is_letter(text[at - 1])));
    if (!begins) continue;
    const std::size_t end = PlateReader(text, at, announces(announced.plates, next, at)).end();
    if (end == 0) continue;
    found.push_back({at, end});
    at = end - 1;
  }
}

void find_addresses(std::string_view text, std::vector<Span>& found) {
  for (auto at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    std::size_t begin = at;
    while (begin > 0 && at - begin < kLocalBytesMax && in_local(text[begin - 1])) --begin;
    std::size_t end = at + 1;
    while (end < text.size() && end - at < kDomainBytesMax && in_domain(text[end])) ++end;
    while (end > at + 1 && !is_letter(text[end - 1]) && !is_digit(text[end - 1])) --end;  // the end of a sentence
    const bool has_dot = text.substr(at + 1, end - at - 1).find('.') != std::string_view::npos;
    if (begin < at && has_dot) found.push_back({begin, end});
  }
}

}  // namespace ioc::text
