// Single values: texts made fit to be kept, numbers and times in the writings that they come in.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "libs/text/fold.h"
#include "libs/text/unicode.h"
#include "libs/text/utf8.h"
#include "services/ingest/formats/fields.h"

namespace ioc::ingest {
namespace json = boost::json;
namespace {

bool is_removed(char32_t c) {
  const bool control = (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c < 0xA0);
  const bool direction = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);  // they reorder what is read
  return control || direction || c == 0xFEFF;
}

// Invisible within a word or behind it: it hides the word from search and parts it. Behind an emoji it belongs to it.
bool hides_in_word(char32_t c, char32_t before) {
  return text::unicode::is_ignorable(c) && text::unicode::word_break(before) != text::unicode::WordBreak::None;
}

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "2026120120300000": 16 digits that are a day and what follows it, rather than microseconds of 2033 and later.
bool may_be_date(std::string_view digits) {
  const std::string_view year = digits.substr(0, 2), month = digits.substr(4, 2), day = digits.substr(6, 2);
  return (year == "19" || year == "20") && month >= "01" && month <= "12" && day >= "01" && day <= "31";
}

// "1792284000", "1792284000.5", "1792284000000": seconds, milli-, micro- or nanoseconds. Digits of another length are more often
// a date without marks.
bool is_epoch_text(std::string_view text) {
  constexpr std::size_t kSecondsDigits = 10, kMillisDigits = 13, kMicrosDigits = 16, kNanosDigits = 19;
  const std::size_t point = std::min(text.find('.'), text.size());
  const bool has_fraction = point < text.size();
  if (!all_digits(text.substr(0, point)) || (has_fraction && !all_digits(text.substr(point + 1)))) return false;
  if (point == kSecondsDigits) return true;
  const bool finer = point == kMillisDigits || point == kNanosDigits || (point == kMicrosDigits && !may_be_date(text));
  return finer && !has_fraction;
}

}  // namespace

std::string_view kind_of(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null: return "null";
    case json::kind::bool_: return "true or false";
    case json::kind::int64:
    case json::kind::uint64:
    case json::kind::double_: return "number";
    case json::kind::string: return "text";
    case json::kind::array: return "list";
    case json::kind::object: return "object";
  }
  return "value";
}

std::string clean_text(std::string_view text, bool& repaired) {
  const bool plain = std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x7F || (byte < 0x20 && c != '\n' && c != '\t');
  });
  if (plain) return std::string(text);
  std::string out;
  out.reserve(text.size());
  char32_t before = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const auto decoded = text::decode_next(text, at);
    if (text.substr(begin, at - begin) == "\r" && at < text.size() && text[at] == '\n') continue;  // a plain line end
    if (!decoded.ok || is_removed(decoded.code_point) || hides_in_word(decoded.code_point, before)) {
      repaired = true;
      continue;
    }
    before = decoded.code_point;
    out.append(text.substr(begin, at - begin));
  }
  return text::nfc(out);
}

bool is_blank(const json::value& value) {
  return value.is_string() && std::string_view(value.get_string()).find_first_not_of(" \t\n") == std::string_view::npos;
}

std::string trimmed(std::string text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n'; };
  const auto begin = std::find_if_not(text.begin(), text.end(), blank);
  const auto end = std::find_if_not(text.rbegin(), std::make_reverse_iterator(begin), blank).base();
  std::string out(begin, end);
  for (char& c : out)
    if (c == '\n' || c == '\t') c = ' ';
  return out;
}

std::string_view cut_at(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

std::optional<double> to_number(std::string_view given) {
  constexpr std::size_t kNumberBytesMax = 40;
  if (given.size() > kNumberBytesMax) return std::nullopt;
  std::string text = trimmed(std::string(given));
  std::replace(text.begin(), text.end(), ',', '.');
  if (text.starts_with('+')) text.erase(0, 1);
  double out = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, out, std::chars_format::fixed);
  if (parsed.ec != std::errc{} || parsed.ptr != end || !std::isfinite(out)) return std::nullopt;
  return out;
}

std::optional<double> to_number(const json::value& value) {
  if (value.is_int64()) return static_cast<double>(value.get_int64());
  if (value.is_uint64()) return static_cast<double>(value.get_uint64());
  if (value.is_double()) return std::isfinite(value.get_double()) ? std::optional(value.get_double()) : std::nullopt;
  if (!value.is_string()) return std::nullopt;
  return to_number(std::string_view(value.get_string()));
}

std::optional<double> Fields::finite(std::string_view field) {
  const auto* value = filled(field);
  if (value == nullptr) return std::nullopt;
  const auto out = to_number(*value);
  if (!out) {
    drop(field, ValueReason::WrongType);
  } else if (value->is_string()) {
    converted(field);
  }
  return out;
}

std::optional<double> Fields::number(std::string_view field, double min, double max) {
  const auto out = finite(field);
  if (!out || (*out >= min && *out <= max)) return out;
  drop(field, ValueReason::OutOfRange);
  return std::nullopt;
}

double Fields::share(std::string_view field) {
  constexpr double kRounding = 0.001, kPerCentFrom = 2, kPerCent = 100;
  const auto out = finite(field);
  if (!out) return 0;
  if (*out >= 0 && *out <= 1 + kRounding) return std::min(*out, 1.0);
  if (*out >= kPerCentFrom && *out <= kPerCent) {
    converted(field);
    return *out / kPerCent;
  }
  drop(field, ValueReason::OutOfRange);
  return 0;
}

std::optional<std::uint64_t> Fields::whole(std::string_view field, std::uint64_t max) {
  constexpr double kExactMax = 9e15;  // whole numbers up to here are themselves as doubles
  const auto* value = find(field);
  if (value == nullptr) return std::nullopt;
  std::optional<std::uint64_t> out;
  if (value->is_int64() && value->get_int64() >= 0) out = static_cast<std::uint64_t>(value->get_int64());
  if (value->is_uint64()) out = value->get_uint64();
  if (!out) {  // 3.0 and "3" are counts, too
    const auto given = finite(field);
    if (!given) return std::nullopt;
    if (*given >= 0 && *given <= kExactMax && std::floor(*given) == *given) out = static_cast<std::uint64_t>(*given);
  }
  if (out && *out <= max) return out;
  drop(field, ValueReason::OutOfRange);
  return std::nullopt;
}

bool Fields::yes(std::string_view field, bool unknown) {
  constexpr std::string_view kYes[] = {"true", "1", "yes", "co", "dung"}, kNo[] = {"false", "0", "no", "khong"};
  const auto* value = filled(field);
  if (value == nullptr) return false;
  if (value->is_bool()) return value->get_bool();
  std::string word;
  if (value->is_string()) word = text::fold(trimmed(std::string(value->get_string())));
  if (const auto number = value->is_number() ? to_number(*value) : std::nullopt) word = *number == 0 ? "0" : *number == 1 ? "1" : "?";
  const auto is_word = [&word](std::string_view one) { return one == word; };
  const bool readable = value->is_string() || value->is_number();
  const bool says_yes = readable && std::any_of(std::begin(kYes), std::end(kYes), is_word);
  const bool says_no = readable && std::any_of(std::begin(kNo), std::end(kNo), is_word);
  if (says_yes || says_no) {
    converted(field);
    return says_yes;
  }
  drop(field, readable ? ValueReason::UnknownValue : ValueReason::WrongType);
  return unknown;
}

std::optional<std::int64_t> Fields::unreadable(std::string_view field, ValueReason reason) {
  drop(field, reason);
  if (x_notes.unreadable_time.empty()) x_notes.unreadable_time = x_prefix + std::string(field);
  return std::nullopt;
}

std::optional<std::int64_t> Fields::time_of_number(std::string_view field, double number) {
  constexpr double kYear2200Seconds = 7'258'118'400.0;
  constexpr double kThousand = 1000;
  // The first that is before 2200: seconds as milliseconds would be 1970, milliseconds as seconds the year 5138.
  double seconds = number;
  for (int unit = 0; unit < 3 && seconds >= 1e11; ++unit) seconds /= kThousand;
  if (!(seconds >= 0) || seconds >= kYear2200Seconds) return unreadable(field, ValueReason::Unreadable);
  return std::llround(seconds * kThousand);
}

std::optional<std::int64_t> Fields::time(std::string_view field) {
  const auto* value = find(field);
  if (value == nullptr) return std::nullopt;
  if (value->is_number()) return time_of_number(field, to_number(*value).value_or(-1));
  if (!value->is_string()) return unreadable(field, ValueReason::WrongType);
  const std::string text = trimmed(std::string(value->get_string()));
  if (text.empty()) return std::nullopt;
  if (is_epoch_text(text)) {
    converted(field);
    return time_of_number(field, to_number(std::string_view(text)).value_or(-1));
  }
  const auto parsed = parse_time_or_day(text);
  if (!parsed) return unreadable(field, ValueReason::Unreadable);
  if (!parsed->had_zone) x_notes.flag(EventFlag::TimeNoZone);
  return parsed->ms;
}

}  // namespace ioc::ingest
