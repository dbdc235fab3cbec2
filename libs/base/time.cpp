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
  bool take(std::string_view word) {
    if (!x_rest.starts_with(word)) return false;
    x_rest.remove_prefix(word.size());
    return true;
  }
  [[nodiscard]] std::string_view rest() const { return x_rest; }
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
  std::optional<int> one_or_two_digits() {
    const bool two = x_rest.size() > 1 && x_rest[1] >= '0' && x_rest[1] <= '9';
    return digits(two ? 2 : 1);
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

bool is_date_sign(char c) { return c == '-' || c == '/' || c == '.'; }

// 2021-10-18, 2021/10/18, 2021/1/8
bool take_year_first(Cursor& in, Fields& to) {
  const auto year = in.digits(4);
  const char sign = in.peek();
  if (!year || !is_date_sign(sign) || !in.take(sign)) return false;
  const auto part = [&] { return sign == '/' ? in.one_or_two_digits() : in.digits(2); };
  const auto month = part();
  if (!month || !in.take(sign)) return false;
  const auto day = part();
  if (!day) return false;
  to.year = *year;
  to.month = *month;
  to.day = *day;
  return true;
}

// 18/10/2021, 8/1/2021, 18-10-2021, 18.10.2021: the day is first everywhere in Vietnam.
bool take_day_first(Cursor& in, Fields& to) {
  const auto day = in.one_or_two_digits();
  const char sign = in.peek();
  if (!day || !is_date_sign(sign) || !in.take(sign)) return false;
  const auto month = in.one_or_two_digits();
  if (!month || !in.take(sign)) return false;
  const auto year = in.digits(4);
  if (!year) return false;
  to.year = *year;
  to.month = *month;
  to.day = *day;
  return true;
}

// 07:40, 07:40:00, 07:40:00.250; `loose`, as people write it: 7:40, 7h40
bool take_clock(Cursor& in, bool loose, Fields& to) {
  const auto hour = loose ? in.one_or_two_digits() : in.digits(2);
  if (!hour || !(in.take(':') || (loose && in.take('h')))) return false;
  const auto minute = in.digits(2);
  if (!minute) return false;
  to.hour = *hour;
  to.minute = *minute;
  if (!in.take(':')) return true;
  const auto second = in.digits(2);
  if (!second) return false;
  to.second = *second;
  if (!in.take('.') && !in.take(',')) return true;
  const auto fraction = in.fraction_ms();
  if (!fraction) return false;
  to.ms = *fraction;
  return true;
}

// The order of day and clock in a text, told by its first signs.
enum class Order { YearFirst, DayFirst, ClockFirst };

Order order_of(std::string_view text) {
  const auto at = [text](std::size_t i) { return i < text.size() ? text[i] : '\0'; };
  for (const std::size_t i : {1U, 2U}) {
    if (at(i) == ':' || at(i) == 'h') return Order::ClockFirst;
    if (is_date_sign(at(i))) return Order::DayFirst;
  }
  return Order::YearFirst;
}

bool take_day(Cursor& in, Fields& to) {
  return order_of(in.rest()) == Order::DayFirst ? take_day_first(in, to) : take_year_first(in, to);
}

// "20:30 01/12/2026", "20:30:00 ngày 01/12/2026"
bool take_clock_and_day(Cursor& in, Fields& to) {
  if (!take_clock(in, true, to)) return false;
  in.take(',');
  if (!in.take(' ')) return false;
  for (const std::string_view word : {"ngày ", "Ngày ", "nga\u0300y ", "ngay "}) {
    if (in.take(word)) break;
  }
  return take_day(in, to);
}

bool take_day_and_clock(Cursor& in, bool day_alone_may_be, Fields& to) {
  const bool day_first = order_of(in.rest()) == Order::DayFirst;
  if (!take_day(in, to)) return false;
  if (day_alone_may_be && in.done()) return true;
  const bool comma = in.take(',');
  const bool clock_follows = in.take(' ') || (!day_first && !comma && (in.take('T') || in.take('t')));
  return clock_follows && take_clock(in, day_first, to);
}

// Z, +07:00, +0700, +07, also behind a blank, where UTC may stand, too
std::optional<std::int64_t> take_offset_ms(Cursor& in) {
  if (in.take(' ') && (in.take("UTC") || in.take("GMT"))) return 0;
  if (in.take('Z') || in.take('z')) return 0;
  const int sign = in.peek() == '-' ? -1 : 1;
  if (!in.take('+') && !in.take('-')) return std::nullopt;
  const auto hours = in.digits(2);
  if (!hours || *hours > 18) return std::nullopt;
  if (in.done()) return sign * *hours * 3'600'000LL;
  in.take(':');
  const auto minutes = in.digits(2);
  if (!minutes || *minutes > 59) return std::nullopt;
  return sign * (*hours * 60LL + *minutes) * 60'000LL;
}

std::optional<ParsedTime> parse(std::string_view text, bool day_alone_may_be) {
  Cursor in(text);
  Fields read{};
  const bool clock_first = order_of(text) == Order::ClockFirst;
  const bool taken = clock_first ? take_clock_and_day(in, read) : take_day_and_clock(in, day_alone_may_be, read);
  if (!taken) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(read.year), std::chrono::month(static_cast<unsigned>(read.month)),
                                         std::chrono::day(static_cast<unsigned>(read.day))};
  if (read.year < 1970 || read.year > 2199 || !date.ok()) return std::nullopt;
  // 23:59:60 is a leap second; it is read as the next minute's start.
  if (read.hour > 23 || read.minute > 59 || read.second > 60) return std::nullopt;

  ParsedTime parsed;
  std::int64_t offset_ms = kVietnamOffset.count();
  parsed.had_zone = !in.done();
  if (parsed.had_zone) {
    const auto given = take_offset_ms(in);
    if (!given || !in.done()) return std::nullopt;
    offset_ms = *given;
  }
  const std::int64_t days = days_of(read.year, static_cast<unsigned>(read.month), static_cast<unsigned>(read.day));
  const std::int64_t seconds = days * 86'400LL + read.hour * 3600LL + read.minute * 60LL + read.second;
  parsed.ms = seconds * 1000 + read.ms - offset_ms;
  return parsed;
}

}  // namespace

std::optional<ParsedTime> parse_time(std::string_view text) { return parse(text, false); }

std::optional<ParsedTime> parse_time_or_day(std::string_view text) { return parse(text, true); }

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
