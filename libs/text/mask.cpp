#include "libs/text/mask.h"

#include <algorithm>
#include <vector>

#include "libs/text/fold.h"
#include "libs/text/mask_parts.h"

namespace ioc::text {
namespace {

constexpr std::size_t kDigitsMin = 6;  // of a plate or an account
constexpr std::size_t kAnnouncedBytes = 32;

bool may_hold_any(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto digits = std::count_if(text.begin(), text.end(), is_digit);
  constexpr std::string_view kFullWidthDigits = "\xEF\xBC\x90";  // the first two bytes of each
  return digits >= static_cast<std::ptrdiff_t>(kDigitsMin) || text.find('@') != std::string_view::npos ||
         text.find(kFullWidthDigits.substr(0, 2)) != std::string_view::npos;
}

bool in_word(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// Where whole words end in the text that was folded.
void find_words(std::string_view folded, const std::vector<std::uint32_t>& raw_at, std::string_view words, std::vector<std::size_t>& ends) {
  for (auto at = folded.find(words); at != std::string_view::npos; at = folded.find(words, at + 1)) {
    const std::size_t end = at + words.size();
    const bool begins = at == 0 || !in_word(folded[at - 1]);
    const bool letter_follows = end < folded.size() && in_word(folded[end]) && !(folded[end] >= '0' && folded[end] <= '9');
    if (begins && !letter_follows) ends.push_back(raw_at[end]);
  }
}

}  // namespace

Announced Announced::in(std::string_view text) {
  std::string folded;
  std::vector<std::uint32_t> raw_at;
  fold(text, folded, raw_at);
  Announced out;
  for (const auto words : {"stk", "tai khoan", "so tk", "account"}) find_words(folded, raw_at, words, out.accounts);
  for (const auto words : {"bien so", "bien kiem soat", "bks", "bsx", "bien xe"}) find_words(folded, raw_at, words, out.plates);
  std::sort(out.accounts.begin(), out.accounts.end());
  std::sort(out.plates.begin(), out.plates.end());
  return out;
}

bool announces(const std::vector<std::size_t>& ends, std::size_t& next, std::size_t at) {
  while (next < ends.size() && ends[next] <= at) ++next;
  return next > 0 && at - ends[next - 1] <= kAnnouncedBytes;
}

Masked mask_personal(std::string_view text) {
  Masked out;
  if (!may_hold_any(text)) {
    out.text = text;
    return out;
  }
  const Announced announced = Announced::in(text);
  std::vector<Span> found;
  find_numbers(text, announced, found);
  find_plates(text, announced, found);
  find_addresses(text, found);
  std::stable_sort(found.begin(), found.end(), [](const Span& a, const Span& b) { return a.begin < b.begin; });
  std::size_t copied = 0;
  for (const Span& span : found) {
    if (span.begin < copied) {  // overlaps a span that is hidden already
      copied = std::max(copied, span.end);
      continue;
    }
    out.text += text.substr(copied, span.begin - copied);
    out.text += kMask;
    copied = span.end;
    ++out.numbers;
  }
  out.text += text.substr(copied);
  return out;
}

}  // namespace ioc::text
