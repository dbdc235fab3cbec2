// The address that a running text is about: not the one where its sender lives.
#include <algorithm>
#include <array>
#include <optional>

#include "libs/geo/address_parts.h"
#include "libs/geo/place_words.h"

namespace ioc::geo {
namespace {

constexpr std::uint32_t kWordsBetween = 2;  // "số 12 ở đường …": still one address
constexpr std::size_t kIntroductionWordsMax = 6;  // "tôi là Nguyễn Văn Nam ở"

bool tells_place(const AddressParts& parts) {
  const bool line = !parts.street.empty() || !parts.road.empty();
  if (!parts.km.empty()) return line;
  if (!parts.lane.empty()) return true;
  if (!parts.house.empty()) return line || !parts.group.empty() || !parts.unit.empty();
  return !parts.group.empty() && !parts.unit.empty();
}

template <std::size_t Size>
bool is_one_of(std::string_view word, const std::array<std::string_view, Size>& all) {
  return std::find(all.begin(), all.end(), word) != all.end();
}

constexpr std::array<std::string_view, 6> kSelves = {"chau", "em", "minh", "toi", "tui", "ten"};
constexpr std::array<std::string_view, 3> kIn = {"o", "tai", "ngu"};
constexpr std::array<std::string_view, 8> kLive = {"cu", "dang", "hien", "ngu", "nha", "song", "sinh", "tru"};
constexpr std::array<std::string_view, 2> kCalled = {"la", "ten"};
constexpr std::array<std::string_view, 3> kResident = {"cu", "tam", "thuong"};  // before "trú"

// "tôi ở", "nhà em đang ở", "cháu sống tại", "tôi là Nam ở", "trú tại", "thường trú" stand before the word at `at`.
bool says_where_sender_lives(const text::Words& words, std::size_t at) {
  std::size_t end = at;
  bool in = false, resides = false, resident = false;
  while (end > 0 && words[end].gap == ' ' && (is_one_of(words[end - 1].folded, kIn) || is_one_of(words[end - 1].folded, kLive))) {
    in = in || is_one_of(words[end - 1].folded, kIn);
    resides = resides || words[end - 1].folded == "tru";
    --end;
    resident = resident || (resides && end > 0 && is_one_of(words[end - 1].folded, kResident));
  }
  if (resides && (in || resident)) return true;
  if (!in || end == 0) return false;
  if (is_one_of(words[end - 1].folded, kSelves)) return true;
  for (std::size_t back = 2; back <= kIntroductionWordsMax && back < end; ++back) {
    if (is_one_of(words[end - back].folded, kCalled) && is_one_of(words[end - back - 1].folded, kSelves)) return true;
  }
  return false;
}

class Finder {
 public:
  Finder(const Sighted& text, std::span<const Mention> mentions) : x_text(text), x_mentions(mentions) {}

  FoundAddress run() const {
    std::optional<FoundAddress> home;
    bool elsewhere = false;  // the text tells a place behind the one where its sender lives
    for (std::size_t from = 0; from < x_mentions.size();) {
      const bool senders = says_where_sender_lives(x_text.words, x_mentions[from].first_word);
      const std::size_t to = end_of_group(from, senders);
      const std::span<const Mention> together = x_mentions.subspan(from, to - from);
      elsewhere = elsewhere || (home && !senders);
      if (const auto found = found_in(together)) {
        if (!senders) return *found;
        if (!home) home = found;
      }
      from = to;
    }
    return home && !elsewhere ? *home : FoundAddress{};
  }

 private:
  // Mentions of one address. Behind the sender's, "ở" begins another one: "tôi ở số 5 …, cháy ở số 9 …".
  [[nodiscard]] std::size_t end_of_group(std::size_t from, bool senders) const {
    std::size_t to = from + 1;
    for (; to < x_mentions.size(); ++to) {
      const std::size_t first = x_mentions[to].first_word, end = x_mentions[to - 1].first_word + x_mentions[to - 1].words;
      if (first > end + kWordsBetween || says_where_sender_lives(x_text.words, first)) break;
      if (senders && first > end && is_one_of(x_text.words[first - 1].folded, kIn)) break;
    }
    return to;
  }

  [[nodiscard]] std::optional<FoundAddress> found_in(std::span<const Mention> together) const {
    if (!tells_place(parts_of(together))) return std::nullopt;
    const Mention &first = together.front(), &last = together.back();
    FoundAddress found{first.from, last.to, address_key(x_text.raw.substr(first.from, last.to - first.from))};
    return found.key.empty() ? std::nullopt : std::optional(std::move(found));
  }

  const Sighted& x_text;
  std::span<const Mention> x_mentions;
};

}  // namespace

FoundAddress address_in(std::string_view text) { return address_in(Sighted(text)); }

FoundAddress address_in(const Sighted& text) {
  const auto mentions = mentions_in(text, Form::Text);
  return Finder(text, mentions).run();
}

}  // namespace ioc::geo
