#include "libs/text/mask.h"

#include <algorithm>
#include <vector>

#include "libs/text/mask_parts.h"
#include "libs/text/tokens.h"

namespace ioc::text {
namespace {

constexpr std::size_t kDigitsMin = 5;  // of a plate or an account, one of them written as a letter

// Cheap and generous: any character beyond Vietnamese may be a digit.
bool may_hold_any(std::string_view text) {
  constexpr std::string_view kFullWidthAt = "\xEF\xBC\xA0", kSmallAt = "\xEF\xB9\xAB";
  std::size_t digits = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    if (rest.front() == '@' || rest.starts_with(kFullWidthAt) || rest.starts_with(kSmallAt)) return true;
    const ByteKind kind = kind_of_byte(text[at]);
    const std::size_t latin = kind == ByteKind::Wide ? latin_letter_bytes(text, at) : 0;
    if ((kind == ByteKind::Wide && latin == 0) || is_digit(text[at])) ++digits;
    if (digits >= kDigitsMin) return true;
    at += latin == 0 ? 1 : latin;
  }
  return false;
}

Masked masked(std::string_view text, const Reading& reading, std::vector<Span> found) {
  Masked out;
  std::stable_sort(found.begin(), found.end(), [](const Span& a, const Span& b) { return a.begin < b.begin; });
  std::size_t copied = 0;
  for (const Span& span : found) {
    const std::size_t begin = reading.raw_at[span.begin], end = reading.raw_at[span.end];
    if (begin < copied) {  // overlaps a span that is hidden already
      copied = std::max(copied, end);
      continue;
    }
    out.text += text.substr(copied, begin - copied);
    out.text += kMask;
    copied = end;
    ++out.hidden;
  }
  out.text += text.substr(copied);
  return out;
}

}  // namespace

Masked mask_personal(std::string_view text) {
  const bool numbers = may_hold_any(text), names = text.find(' ') != std::string_view::npos;
  if (!numbers && !names) return {std::string(text), 0};
  const Reading reading = Reading::of(text);
  std::vector<Span> found;
  if (numbers) {
    find_numbers(reading, found);
    find_passports(reading, found);
    find_plates(reading, false, found);
    find_addresses(reading, found);
  }
  if (names) find_names(text, reading, found);
  return masked(text, reading, std::move(found));
}

Masked mask_name(std::string_view name) {
  if (!may_hold_any(name)) return {std::string(name), 0};
  const Reading reading = Reading::of(name);
  std::vector<Span> found;
  find_numbers_alone(reading, found);
  find_plates(reading, true, found);
  find_addresses(reading, found);
  return masked(name, reading, std::move(found));
}

}  // namespace ioc::text
