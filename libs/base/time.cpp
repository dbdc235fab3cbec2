#include "libs/base/time.h"


namespace ioc {
namespace {

// Days since 1970-01-01 of a proleptic Gregorian date.
std::int64_t days_of(int year, unsigned month, unsigned day) {
  using namespace std::chrono;
  return sys_days(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day)).time_since_epoch().count();
}

class Cursor {
 public:
  explicit Cursor(std::string_view text) : x_rest(text) {}
  [[nodiscard]] bool done() const { return x_rest.empty(); }
  [[nodiscard]] char peek() const { return x_rest.empty() ? '\0' : x_rest.front(); }
  bool take(char c) {
    if (peek() != c || x_rest.empty()) return false;
    x_rest.remove_prefix(1);
    return true;
  }
  std::optional<int> digits(std::size_t count) {
    if (x_rest.size() < count) return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const char c = x_rest[i];
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + (c - '0');
    }
    x_rest.remove_prefix(count);
    return value;
  }
  // Fraction digits after the point, as milliseconds; more digits are cut, not rounded.
  std::optional<int> fraction_ms() {
    int value = 0;
    std::size_t count = 0;
    while (peek() >= '0' && peek() <= '9') {
      if (count < 3) value = value * 10 + (peek() - '0');
      if (++count > 9) return std::nullopt;
      x_rest.remove_prefix(1);
    }
    if (count == 0) return std::nullopt;
    for (; count < 3; ++count) value *= 10;
    return value;
  }

 private:
  std::string_view x_rest;
};

struct Fields {
  int year, month, day, hour, minute, second, ms;
};

Fields fields_in_vietnam(std::int64_t ms_since_epoch) {
  using namespace std::chrono;
  const sys_time<Millis> at{Millis(ms_since_epoch) + kVietnamOffset};
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss<Millis> clock{at - day};
  return {static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day())), static_cast<int>(clock.hours().count()),
          static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()),
          static_cast<int>(clock.subseconds().count())};
}

// As "%0<count>d" writes it, which is slow where triage says when a clock falls due.
void append_digits(std::string& text, int value, int count) {
  const std::string digits = std::to_string(value < 0 ? -std::int64_t{value} : value);
  if (value < 0) text += '-';
  for (auto missing = count - (value < 0 ? 1 : 0) - static_cast<int>(digits.size()); missing > 0; --missing) text += '0';
  text += digits;
}

}  // namespace

WallTime wall_now() {
  using namespace std::chrono;
  return WallTime(duration_cast<Millis>(system_clock::now().time_since_epoch()));
}

std::optional<ParsedTime> parse_time(std::string_view text) {
  Cursor in(text);
  const auto year = in.digits(4);
  if (!year || !in.take('-')) return std::nullopt;
  const auto month = in.digits(2);
  if (!month || !in.take('-')) return std::nullopt;
  const auto day = in.digits(2);
  if (!day || !(in.take('T') || in.take('t') || in.take(' '))) return std::nullopt;
  const auto hour = in.digits(2);
  if (!hour || !in.take(':')) return std::nullopt;
  const auto minute = in.digits(2);
  if (!minute) return std::nullopt;
  int second = 0;
  int ms = 0;
  if (in.take(':')) {
    const auto read = in.digits(2);
    if (!read) return std::nullopt;
    second = *read;
    if (in.take('.') || in.take(',')) {
      const auto fraction = in.fraction_ms();
      if (!fraction) return std::nullopt;
      ms = *fraction;
    }
  }
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  // 23:59:60 is a leap second; it is read as the next minute's start.
  if (*year < 1970 || *year > 2199 || !date.ok() || *hour > 23 || *minute > 59 || second > 60) return std::nullopt;

  ParsedTime parsed;
  std::int64_t offset_ms = kVietnamOffset.count();
  if (in.done()) {
    parsed.had_zone = false;
  } else if (in.take('Z') || in.take('z')) {
    offset_ms = 0;
  } else {
    const int sign = in.peek() == '-' ? -1 : 1;
    if (!in.take('+') && !in.take('-')) return std::nullopt;
    const auto hours = in.digits(2);
    if (!hours) return std::nullopt;
    in.take(':');
    const auto minutes = in.digits(2);
    if (!minutes || *hours > 18 || *minutes > 59) return std::nullopt;
    offset_ms = sign * (*hours * 60LL + *minutes) * 60'000LL;
  }
  if (!in.done()) return std::nullopt;
  const std::int64_t seconds =
      days_of(*year, static_cast<unsigned>(*month), static_cast<unsigned>(*day)) * 86'400LL + *hour * 3600LL +
      *minute * 60LL + second;
  parsed.ms = seconds * 1000 + ms - offset_ms;
  return parsed;
}

std::string format_time(std::int64_t ms_since_epoch) {
  const Fields f = fields_in_vietnam(ms_since_epoch);
  std::string text;
  text.reserve(32);
  append_digits(text, f.year, 4);
  append_digits(text += '-', f.month, 2);
  append_digits(text += '-', f.day, 2);
  append_digits(text += 'T', f.hour, 2);
  append_digits(text += ':', f.minute, 2);
  append_digits(text += ':', f.second, 2);
  append_digits(text += '.', f.ms, 3);
  return text += "+07:00";
}

std::string format_compact(std::int64_t ms_since_epoch) {
  const Fields f = fields_in_vietnam(ms_since_epoch);
  std::string text;
  append_digits(text, f.year, 4);
  append_digits(text, f.month, 2);
  append_digits(text, f.day, 2);
  append_digits(text += '-', f.hour, 2);
  append_digits(text, f.minute, 2);
  append_digits(text, f.second, 2);
  return text;
}

}  // namespace ioc
