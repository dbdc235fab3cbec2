#include "services/ingest/formats/position_text.h"

#include <algorithm>
#include <array>
#include <string>

#include "services/ingest/formats/fields.h"

namespace ioc::ingest {
namespace {

constexpr std::size_t kCoordinatesMax = 3;  // the third is a height

bool is_digit(char c) { return c >= '0' && c <= '9'; }
char capital(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

class Cursor {
 public:
  explicit Cursor(std::string_view text) : x_rest(text) {}
  [[nodiscard]] bool done() const { return x_rest.empty(); }
  [[nodiscard]] char peek(std::size_t ahead = 0) const { return ahead < x_rest.size() ? x_rest[ahead] : '\0'; }
  void skip(std::size_t bytes) { x_rest.remove_prefix(bytes); }

  std::size_t skip_blanks() {
    const std::size_t blanks = std::min(x_rest.find_first_not_of(" \t"), x_rest.size());
    skip(blanks);
    return blanks;
  }

  // Words in capitals; the text may have them in small letters.
  bool take(std::string_view word) {
    if (x_rest.size() < word.size()) return false;
    const bool same = std::equal(word.begin(), word.end(), x_rest.begin(), [](char wanted, char given) { return wanted == capital(given); });
    if (same) skip(word.size());
    return same;
  }

  template <std::size_t N>
  bool take_one(const std::array<std::string_view, N>& words) {
    return std::any_of(words.begin(), words.end(), [this](std::string_view word) { return take(word); });
  }

  // "21", "-21.59", "21,59"
  std::optional<double> number() {
    std::size_t end = peek() == '-' || peek() == '+' ? 1 : 0;
    const std::size_t begin = end;
    while (is_digit(peek(end))) ++end;
    if (end == begin) return std::nullopt;
    if ((peek(end) == '.' || peek(end) == ',') && is_digit(peek(end + 1))) {
      ++end;
      while (is_digit(peek(end))) ++end;
    }
    const auto out = to_number(x_rest.substr(0, end));
    skip(end);
    return out;
  }

 private:
  std::string_view x_rest;
};

constexpr std::array<std::string_view, 3> kDegreeMarks = {"°", "º", "˚"};
constexpr std::array<std::string_view, 5> kSecondMarks = {"\"", "″", "”", "“", "''"};
constexpr std::array<std::string_view, 5> kMinuteMarks = {"'", "′", "’", "‘", "´"};

struct Hemisphere {
  Axis axis = Axis::Unknown;
  bool negative = false;
};

// Also Vietnamese bắc and đông. Its nam and tây are read as English north, or not at all: so they are left out.
std::optional<Hemisphere> take_hemisphere(Cursor& in) {
  if (in.take("N") || in.take("B")) return Hemisphere{Axis::Latitude, false};
  if (in.take("S")) return Hemisphere{Axis::Latitude, true};
  if (in.take("E") || in.take("Đ") || in.take("đ")) return Hemisphere{Axis::Longitude, false};
  if (in.take("W")) return Hemisphere{Axis::Longitude, true};
  return std::nullopt;
}

// Minutes or seconds with their mark; 0 where there are none, nullopt where they are wrong.
template <std::size_t N>
std::optional<double> take_sixtieths(Cursor& in, const std::array<std::string_view, N>& marks) {
  constexpr double kMax = 60;
  Cursor ahead = in;
  ahead.skip_blanks();
  if (!is_digit(ahead.peek())) return 0;
  const auto value = ahead.number();
  ahead.skip_blanks();
  if (!value || !ahead.take_one(marks)) return 0;  // the next coordinate
  in = ahead;
  return *value < kMax ? value : std::nullopt;
}

std::optional<double> take_degrees(Cursor& in) {
  const bool negative = in.peek() == '-';
  const auto whole = in.number();
  if (!whole || !in.take_one(kDegreeMarks)) return whole;
  const auto minutes = take_sixtieths(in, kMinuteMarks);
  const auto seconds = minutes ? take_sixtieths(in, kSecondMarks) : std::nullopt;
  if (!minutes || !seconds) return std::nullopt;
  const double part = *minutes / 60 + *seconds / 3600;
  return negative ? *whole - part : *whole + part;
}

std::optional<Coordinate> take_coordinate(Cursor& in) {
  auto hemisphere = take_hemisphere(in);
  if (hemisphere) in.skip_blanks();
  const auto degrees = take_degrees(in);
  if (!degrees) return std::nullopt;
  if (!hemisphere) {
    Cursor ahead = in;
    const bool blank = ahead.skip_blanks() > 0;
    hemisphere = take_hemisphere(ahead);
    const bool of_next = blank && is_digit(ahead.peek());  // "21.59 E105.84"
    if (hemisphere && !of_next) in = ahead;
    if (of_next) hemisphere.reset();
  }
  if (!hemisphere) return Coordinate{*degrees, Axis::Unknown};
  if (*degrees < 0) return std::nullopt;
  return Coordinate{hemisphere->negative ? -*degrees : *degrees, hemisphere->axis};
}

// "SRID=4326;POINT Z (" of Well-Known Text, or a bracket. What closes it; '\0': nothing has to; nullopt: another system or shape.
std::optional<char> take_opening(Cursor& in) {
  if (in.take("SRID=") && !in.take("4326;")) return std::nullopt;
  if (in.take("POINT")) {
    in.skip_blanks();
    if (in.take("ZM") || in.take("Z") || in.take("M")) in.skip_blanks();
    return in.take("(") ? std::optional(')') : std::nullopt;
  }
  if (in.take("(")) return ')';
  if (in.take("[")) return ']';
  return '\0';
}

}  // namespace

std::optional<std::vector<Coordinate>> read_coordinates(std::string_view text) {
  if (text.size() > kPositionTextMax) return std::nullopt;
  Cursor in(text);
  in.skip_blanks();
  const auto closing = take_opening(in);
  if (!closing) return std::nullopt;
  std::vector<Coordinate> out;
  while (out.size() < kCoordinatesMax) {
    in.skip_blanks();
    const auto one = take_coordinate(in);
    if (!one) return std::nullopt;
    out.push_back(*one);
    const std::size_t blanks = in.skip_blanks();
    if (in.done() || in.peek() == *closing) break;
    const bool parted = in.take(",") || in.take(";") || blanks > 0 || one->axis != Axis::Unknown;
    if (!parted) return std::nullopt;
  }
  const bool closed = *closing == '\0' || in.take(std::string_view(&*closing, 1));
  in.skip_blanks();
  return closed && in.done() ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace ioc::ingest
