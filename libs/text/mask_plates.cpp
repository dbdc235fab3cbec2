// Number plates.
#include <algorithm>
#include <optional>

#include "libs/text/mask_parts.h"

namespace ioc::text {
namespace {

constexpr std::size_t kFar = 32, kNear = 20;
constexpr std::size_t kGapMax = 3, kDigitsMin = 4, kDigits = 5, kDigitsMax = 6;
constexpr std::size_t npos = std::string_view::npos;

// How sure it is that a plate follows: by nothing, by a vehicle, by the word for a plate.
enum class Expected { Nothing, Vehicle, Plate };

// Reads a plate:  province gap? letters gap? digits     province = 11 to 99, letters = A, AB, B1 or AB1
//   gap = a blank, a dash or a dot; before the digits up to three of them, or a line end     digits = 12345 / 123.45 / 1234
class PlateReader {
 public:
  PlateReader(const Reading& reading, std::size_t at, Expected expected, bool in_name)
      : x_text(reading.plain), x_at(at), x_expected(expected), x_in_name(in_name) {}

  // Where it ends; 0: no plate stands there.
  std::size_t end() {
    if (!province() || !letters() || !digits()) return 0;
    const char next = peek();
    const bool decimals = next == '.' && is_digit(peek(1));
    return in_word(next) || decimals || (x_in_name && is_uuid()) ? 0 : x_at;
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const { return x_at + ahead < x_text.size() ? x_text[x_at + ahead] : '\0'; }

  // What was passed over.
  std::string_view gap(std::size_t max) {
    constexpr std::string_view kSigns = " -.\n";
    const std::size_t from = x_at;
    while (x_at - from < max && peek() != '\0' && kSigns.find(peek()) != npos) ++x_at;
    return x_text.substr(from, x_at - from);
  }
  static bool is_blank(std::string_view gap) { return gap.find_first_not_of(" \n") == npos; }

  bool province() {
    if (!is_digit(peek()) || !is_digit(peek(1)) || peek() == '0') return false;
    if (peek() == '1' && peek(1) == '0') return false;
    x_at += 2;
    return true;
  }

  [[nodiscard]] bool may_be_letter(char c) const {
    constexpr std::string_view kNever = "IJOQWijoqw";  // on no plate
    if (c == '\0' || kNever.find(c) != npos) return false;
    return is_capital(c) || (!x_in_name && c >= 'a' && c <= 'z');
  }

  bool letters() {
    const std::size_t before = x_at;
    const std::string_view first = gap(kGapMax);
    x_dashed = first == "-" || first == " - ";
    if (!x_dashed && first.size() > 1) x_at = before + 1;  // "ngõ 12. ĐT 261"
    if (!may_be_letter(peek())) return false;
    x_small = !is_capital(peek());
    ++x_at;
    if (may_be_letter(peek())) ++x_at;
    if (is_digit(peek()) && !is_digit(peek(1))) ++x_at;  // B1
    return true;
  }

  bool digits() {
    const std::string_view before = gap(kGapMax);
    x_blank = !before.empty() && is_blank(before);
    const std::size_t count = run();
    const bool series_digit = count == 4 && before.empty();  // "B1234.56"
    const std::size_t behind_run = x_at;
    const std::string_view within = gap(kGapMax);
    const bool in_two = (count == 3 || series_digit) && !within.empty() && is_digit(peek()) && is_digit(peek(1)) && !is_digit(peek(2));
    if (in_two) {
      x_point = !is_blank(within);
      x_at += 2;
      return sure(kDigits);
    }
    x_at = behind_run;
    return count >= kDigitsMin && count <= kDigitsMax && sure(count);
  }

  // "10T 15000" is a weight and a price, "20m 1500" a length and people.
  [[nodiscard]] bool sure(std::size_t count) const {
    if (x_in_name) return count == kDigits && !x_blank;  // "26B-0012" is a number of a series
    if (x_expected == Expected::Plate || x_point) return true;
    if (unit_follows()) return false;
    if (x_expected == Expected::Vehicle && (count == kDigits || x_dashed)) return true;
    if (x_blank) return x_dashed && count == kDigits;
    return !x_small || count >= kDigits;
  }

  [[nodiscard]] bool unit_follows() const {
    const std::size_t at = peek() == ' ' ? x_at + 1 : x_at;
    const char unit = at < x_text.size() ? x_text[at] : '\0';
    if (unit == Reading::kUnit || unit == '$') return true;
    return starts_with_any(x_text.substr(std::min(at, x_text.size())), {"dong", "vnd", "VND", "d", "D", "k", "m", "m2"});
  }

  // "20A12345-1a2b-…"
  [[nodiscard]] bool is_uuid() const {
    if (peek() != '-') return false;
    std::size_t at = 1;
    while (at < 5 && in_word(peek(at))) ++at;
    return at == 5 && peek(at) == '-';
  }

  std::size_t run() {
    const std::size_t from = x_at;
    while (is_digit(peek())) ++x_at;
    return x_at - from;
  }

  std::string_view x_text;
  std::size_t x_at;
  Expected x_expected;
  bool x_in_name;
  bool x_dashed = false, x_blank = false, x_small = false, x_point = false;
};

// Words that say that a plate follows, or a vehicle.
class Vehicles {
 public:
  explicit Vehicles(std::string_view lower) {
    x_plates.add(lower, {"bien so", "bien kiem soat", "bks", "bsx", "bien xe", "bien"});
    x_vehicles.add(lower, {"xe", "xe may", "xe tai", "xe khach", "xe con", "o to", "oto", "taxi", "container", "mo to", "moto", "xe ben"});
  }

  // To be asked in order.
  Expected expected(std::size_t at) {
    const bool vehicle = x_vehicles.before(at, kNear);
    if (x_plates.before(at, kFar)) return Expected::Plate;
    return vehicle ? Expected::Vehicle : Expected::Nothing;
  }

 private:
  Announced x_plates, x_vehicles;
};

}  // namespace

void find_plates(const Reading& reading, bool in_name, std::vector<Span>& found) {
  std::optional<Vehicles> vehicles;  // most texts have nothing that could be a plate
  const std::string_view text = reading.plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool decimals = at > 1 && (text[at - 1] == '.' || text[at - 1] == ',') && is_digit(text[at - 2]);
    const bool begins = is_digit(text[at]) && (at == 0 || !in_word(text[at - 1])) && !decimals;
    if (!begins) continue;
    const bool may_be = PlateReader(reading, at, Expected::Plate, in_name).end() != 0;
    if (!may_be) continue;
    if (!vehicles) vehicles.emplace(reading.lower);
    const std::size_t end = PlateReader(reading, at, vehicles->expected(at), in_name).end();
    if (end == 0) continue;
    found.push_back({at, end});
    at = end - 1;
  }
}

}  // namespace ioc::text
