// Pages of incidents, newest first: by time, or by the words of a query, both in the order of kByOpened.
#include <charconv>

#include "services/desk/view/tables.h"
#include "services/desk/view/words.h"

namespace ioc::desk::view {
namespace {

// Keys (newest first) that hold any of a word's terms.
class WordKeys {
 public:
  WordKeys(const store::Store& stored, const std::vector<std::string>& terms) {
    for (const std::string& term : terms) x_postings.push_back({prefix_of(term), stored.iterate(kWords)});
  }

  // The first key >= `from`; nullopt: no more.
  std::optional<std::string> seek(const std::string& from) {
    std::optional<std::string> best;
    for (Posting& posting : x_postings) {
      posting.at->seek(posting.prefix + from);
      if (!posting.at->valid() || !posting.at->key().starts_with(posting.prefix)) continue;
      const std::string_view key = posting.at->key().substr(posting.prefix.size());
      if (!best || key < *best) best = std::string(key);
    }
    return best;
  }

 private:
  struct Posting {
    std::string prefix;
    std::unique_ptr<store::Iterator> at;
  };
  std::vector<Posting> x_postings;
};

// Keys that hold all words: each word in turn is moved to the furthest key so far until all agree.
class QueryKeys {
 public:
  QueryKeys(const store::Store& stored, const std::vector<std::vector<std::string>>& words) {
    for (const auto& terms : words) x_words.emplace_back(stored, terms);
  }

  std::optional<std::string> seek(std::string from) {
    for (std::size_t agreed = 0, at = 0; agreed < x_words.size(); at = (at + 1) % x_words.size()) {
      auto key = x_words[at].seek(from);
      if (!key) return std::nullopt;
      agreed = *key == from ? agreed + 1 : 1;
      from = std::move(*key);
    }
    return from;
  }

 private:
  std::vector<WordKeys> x_words;
};

bool has(const std::string& wanted, const std::string& value) { return wanted.empty() || wanted == value; }

bool has_assignee(const std::string& wanted, const std::string& value) { return wanted == kNobody ? value.empty() : has(wanted, value); }

bool fits(const Filter& filter, EventTime opened_at, const Row& row) {
  return (filter.states.empty() || filter.states.contains(row.state)) &&
         (filter.severities.empty() || filter.severities.contains(row.severity)) && has(filter.queue, row.queue) &&
         has(filter.area, row.area) && has(filter.category, row.category) && has_assignee(filter.assignee, row.assignee) &&
         (filter.units.empty() || filter.units.contains(row.unit)) && (!filter.until || opened_at < *filter.until);
}

std::string cursor_of(std::string_view key) {
  const auto place = newest_first_of(key);
  return std::to_string(place->at.ms()) + "~" + std::string(place->id);
}

std::optional<std::string> key_of(std::string_view cursor) {
  std::int64_t ms = 0;
  const auto [end, error] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), ms);
  if (error != std::errc() || end == cursor.data() + cursor.size() || *end != '~') return std::nullopt;
  const auto id = cursor.substr(static_cast<std::size_t>(end - cursor.data()) + 1);
  return newest_first(EventTime::from_ms(ms), id) + '\0';  // right behind it
}

}  // namespace

Result<Page> Tables::page(const Filter& filter, std::string_view cursor, std::size_t limit) const {
  std::string from;
  if (!cursor.empty()) {
    const auto key = key_of(cursor);
    if (!key) return permanent("the cursor is none that a page gave; start again without it");
    from = *key;
  } else if (filter.until) {
    from = newest_first(*filter.until, {});
  }
  const auto words = query_terms(filter.query);
  Page page;
  if (!filter.query.empty() && words.empty()) return page;
  QueryKeys found(x_stored, words);
  const auto rows = x_stored.iterate(kByOpened);
  std::string last;
  rows->seek(from);
  for (std::size_t scanned = 0;; ++scanned) {
    if (!words.empty()) {
      const auto key = found.seek(from);
      if (!key) return page;
      from = *key;
      rows->seek(from);
    }
    if (!rows->valid()) return page;
    const std::string key(rows->key());
    const auto place = newest_first_of(key);
    const auto row = decode_row(rows->value());
    if (!place || (filter.since && place->at < *filter.since)) return page;
    auto shown = row && (words.empty() || key == from) && fits(filter, place->at, *row)
                     ? incident(IncidentId(place->id)) : nullptr;
    if ((shown && page.incidents.size() >= limit) || scanned >= x_scan_rows_max) {
      page.next = cursor_of(last);
      return page;
    }
    if (shown) page.incidents.push_back(std::move(shown));
    last = key;
    from = key + '\0';
    if (words.empty()) rows->next();
  }
}

}  // namespace ioc::desk::view
