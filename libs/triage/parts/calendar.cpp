#include "libs/triage/parts/calendar.h"

#include <algorithm>
#include <array>
#include <optional>

#include "libs/config/config.h"

namespace ioc::triage {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kDaysMax = 3660;

std::int64_t day_of(std::int64_t local_ms) {
  return local_ms >= 0 ? local_ms / kDayMs : -((-local_ms + kDayMs - 1) / kDayMs);
}

std::optional<std::int64_t> read_day(std::string_view text) {
  const auto parsed = parse_time(std::string(text) + "T00:00:00Z");
  if (!parsed || text.size() != 10) return std::nullopt;
  return parsed->ms / kDayMs;
}

std::optional<std::int64_t> read_minute(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const std::size_t at : {0U, 1U, 3U, 4U}) {
    if (text[at] < '0' || text[at] > '9') return std::nullopt;
  }
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  if (minute > 59 || hour > 24 || (hour == 24 && minute > 0)) return std::nullopt;
  return (hour * 60LL + minute) * 60'000LL;
}

void read_days(const std::vector<std::string>& texts, const char* key, boost::unordered_flat_set<std::int64_t>& into,
               std::vector<std::string>& problems) {
  for (const std::string& text : texts) {
    const std::size_t dots = text.find("..");
    const auto first = read_day(std::string_view(text).substr(0, std::min(dots, text.size())));
    const auto last = dots == std::string::npos ? first : read_day(std::string_view(text).substr(dots + 2));
    if (!first || !last || *last < *first || *last - *first > 366) {
      problems.push_back(std::string("calendar.yaml: ") + key + ": `" + text +
                         "` is no date: write 2021-09-02 or 2022-01-31..2022-02-04");
      continue;
    }
    for (std::int64_t day = *first; day <= *last; ++day) into.insert(day);
  }
}

}  // namespace

void Calendar::declare(config::Fields& fields) {
  fields.texts("working_hours", x_hours_text, "spans of a working day, in order: 07:30-11:30");
  fields.texts("working_days", x_week_text, "mon tue wed thu fri sat sun");
  fields.texts("holidays", x_holidays_text, "dates or spans of dates on which nobody works");
  fields.texts("compensatory_days", x_extra_text, "dates that are worked although the week says otherwise");
}

void Calendar::compile(std::vector<std::string>& problems) {
  constexpr std::array<std::string_view, 7> kDays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
  for (const std::string& day : x_week_text) {
    const auto at = std::find(kDays.begin(), kDays.end(), day);
    if (at == kDays.end()) problems.push_back("calendar.yaml: working_days: `" + day + "` is no day: write mon, tue, ...");
    else x_week[at - kDays.begin()] = true;
  }
  for (const std::string& text : x_hours_text) {
    const auto from = text.size() == 11 ? read_minute(std::string_view(text).substr(0, 5)) : std::nullopt;
    const auto until = text.size() == 11 ? read_minute(std::string_view(text).substr(6)) : std::nullopt;
    const bool in_order = from && until && *from < *until && (x_hours.empty() || x_hours.back().until_ms <= *from);
    if (in_order && text[5] == '-') x_hours.push_back({*from, *until});
    else problems.push_back("calendar.yaml: working_hours: `" + text + "` is no span behind the one before: write 07:30-11:30");
  }
  if (x_hours.empty()) problems.push_back("calendar.yaml: working_hours: give at least one span");
  if (x_week_text.empty()) problems.push_back("calendar.yaml: working_days: give at least one day");
  read_days(x_holidays_text, "holidays", x_holidays, problems);
  read_days(x_extra_text, "compensatory_days", x_extra, problems);
}

bool Calendar::working_day(std::int64_t day) const {
  if (x_extra.contains(day)) return true;
  if (x_holidays.contains(day)) return false;
  const std::int64_t since_monday = ((day + 3) % 7 + 7) % 7;  // 1970-01-01 was a Thursday
  return x_week[since_monday];
}

LogTime Calendar::after_working(LogTime from, Millis amount) const {
  const std::int64_t local = from.ms() + kVietnamOffset.count();
  const std::int64_t first_day = day_of(local);
  std::int64_t left = std::max<std::int64_t>(0, amount.count());
  for (std::int64_t day = first_day; day < first_day + kDaysMax; ++day) {
    if (!working_day(day)) continue;
    for (const Span& span : x_hours) {
      const std::int64_t start = std::max(day * kDayMs + span.from_ms, local);
      const std::int64_t end = day * kDayMs + span.until_ms;
      if (start >= end) continue;
      // A full span that is used up exactly ends there, not at the start of the next.
      if (left <= end - start) return LogTime::from_ms(start + left - kVietnamOffset.count());
      left -= end - start;
    }
  }
  return from + Millis(kDaysMax * kDayMs);
}

}  // namespace ioc::triage
