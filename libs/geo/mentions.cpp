// Reads mentions of places: a place word, then a number or a name.
#include <algorithm>
#include <array>

#include "libs/geo/address.h"
#include "libs/geo/place_words.h"
#include "libs/geo/street_names.h"

namespace ioc::geo {
namespace {

constexpr std::size_t kNameWordsMax = 5;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_number(std::string_view word) { return is_digit(word.front()); }

// Before "số": then it counts something else.
constexpr std::string_view kOtherNumbers[] = {"bien", "buyt", "ca", "cong", "cot", "dien", "dinh", "doi", "hoc", "khu",
                                              "lop", "luat", "ma", "mot", "nghi", "ngo", "phong", "tang", "thoai", "to",
                                              "tong", "tru", "truong", "tuyen", "van", "xe"};

// Before a landmark: it is not there.
constexpr std::string_view kElsewhere[] = {"gan", "cach", "tu", "den", "toi", "huong", "qua", "quanh"};

class Reader {
 public:
  Reader(const Sighted& text, Form form) : x_text(text), x_words(text.words), x_form(form), x_small(form == Form::Text && without_capitals(text.words)) {}

  std::vector<Mention> read() {
    for (std::size_t at = 0; at < x_words.size() && x_out.size() < kMentionsMax;) {
      const std::size_t taken = take(at);
      at += std::max<std::size_t>(taken, 1);
    }
    return std::move(x_out);
  }

 private:
  // How many words a mention that begins at `at` has; 0: none does.
  std::size_t take(std::size_t at) {
    if (is_number(x_words[at].folded)) return bare_house(at);
    const PlaceWordAt found = place_word_at(x_text, at);
    if (found.word == nullptr) return 0;
    const std::size_t next = at + found.count;
    if (next >= x_words.size() || x_words[next].gap == ',') return 0;
    switch (found.word->makes) {
      case Makes::House: return house(at, next);
      case Makes::Number: return counts_other(at) ? 0 : house(at, next);
      case Makes::Alley: return alley(at, next, *found.word);
      case Makes::Group: return numbered(MentionKind::Group, at, next, found.word->key, false);
      case Makes::Village: return numbered(MentionKind::Group, at, next, found.word->key, true);
      case Makes::Street: return street(at, next, *found.word);
      case Makes::Road: return road(at, next, *found.word);
      case Makes::Km: return kilometre(at, next);
      case Makes::Zone: return named(MentionKind::Zone, at, next, found.word->key);
      case Makes::Landmark: return named(MentionKind::Landmark, at, next, found.word->key);
      case Makes::Point: return point(at, next, found.word->key);
      case Makes::Crossing: return crossing(at, next, found.word->key);
      case Makes::Post: return post(at, next, found.word->key);
      case Makes::Leaf: return named(MentionKind::Unit, at, next, {});
      case Makes::Province: return whole(at, next, 1);
      case Makes::Whole: return whole(at, next, 0);
    }
    return 0;
  }

  std::size_t add(MentionKind kind, std::size_t at, std::size_t end, std::string key) {
    Mention mention;
    mention.kind = kind;
    mention.from = x_words[at].from;
    mention.to = x_words[end - 1].to;
    mention.key = std::move(key);
    mention.first_word = static_cast<std::uint32_t>(at);
    mention.words = static_cast<std::uint32_t>(end - at);
    x_out.push_back(std::move(mention));
    return end - at;
  }

  // "12", "12a", "5/3/12": behind it; `at`: it is no number.
  std::size_t path_end(std::size_t at) const {
    if (at >= x_words.size() || !is_number(x_words[at].folded)) return at;
    std::size_t end = at + 1;
    while (end < x_words.size() && x_words[end].gap == '/' && is_number(x_words[end].folded)) ++end;
    return end;
  }

  std::string path(std::size_t at, std::size_t end) const {
    std::string out;
    for (std::size_t i = at; i < end; ++i) {
      std::string_view word = x_words[i].folded;
      while (word.size() > 1 && word[0] == '0' && is_digit(word[1])) word.remove_prefix(1);
      out.append(out.empty() ? "" : "/").append(word);
    }
    return out;
  }

  // Behind a name that begins at `at`; `at`: none does.
  std::size_t name_end(std::size_t at) const {
    return at >= x_words.size() || x_words[at].gap == ',' || x_words[at].gap == '-' ? at : name_end_after_gap(at);
  }

  // The same where it does not count what stands before: "Bắc Kạn - Bến Oánh".
  std::size_t name_end_after_gap(std::size_t at) const {
    const auto begins = [this](std::size_t i) {
      return !ends_name(x_words[i].folded) && place_word_at(x_text, i).word == nullptr;
    };
    const bool capital = x_words[at].capital || x_words[at].spelled_out;
    if ((!capital && x_form == Form::Text) || is_number(x_words[at].folded) || (!capital && !begins(at))) return at;
    std::size_t end = at + 1;
    while (end < x_words.size() && end - at < kNameWordsMax && x_words[end].gap == ' ') {
      const text::Word& word = x_words[end];
      const bool of_abbreviation = word.spelled_out && word.from == x_words[at].from;
      if (!of_abbreviation && (is_number(word.folded) || (capital ? !word.capital || starts_place(end) : !begins(end)))) break;
      ++end;
    }
    return end;
  }

  // The same for a street: in a text without capitals its words alone must tell.
  std::size_t street_name_end(std::size_t at) const {
    const std::size_t end = name_end(at);
    return end == at && x_small ? at + small_street_name(x_text, at) : end;
  }

  // "Đường Hùng Vương Phường Quang Trung": a place word with a capital that is followed by a name.
  bool starts_place(std::size_t at) const {
    const PlaceWordAt found = place_word_at(x_text, at);
    return found.word != nullptr && at + found.count < x_words.size() && x_words[at + found.count].gap != ',' &&
           (x_words[at + found.count].capital || is_number(x_words[at + found.count].folded)) &&
           (found.count > 1 || found.word->makes == Makes::Leaf || found.word->makes == Makes::Group || found.word->makes == Makes::Street);
  }

  bool counts_other(std::size_t at) const {
    return at > 0 && x_words[at].gap != ',' &&
           std::find(std::begin(kOtherNumbers), std::end(kOtherNumbers), x_words[at - 1].folded) != std::end(kOtherNumbers);
  }

  std::size_t house(std::size_t at, std::size_t next) {
    const std::size_t end = path_end(next);
    if (end == next) return 0;
    const std::size_t taken = add(MentionKind::House, at, end, path(next, end));
    x_out.back().bare = at == next;
    bare_street(end);
    return taken + x_bare_words;
  }

  // "Số 12 Bến Oánh": what follows a house is its street.
  void bare_street(std::size_t at) {
    x_bare_words = 0;
    if (at >= x_words.size() || x_words[at].gap != ' ' || place_word_at(x_text, at).word != nullptr) return;
    const std::size_t end = name_end(at);
    if (end == at || (x_form == Form::Text && end - at < 2)) return;
    x_bare_words = add(MentionKind::Street, at, end, x_words.joined(at, end - at));
    x_out.back().bare = true;
  }

  // A number without a word before it is a house at the start of an address, or before an alley or a street.
  std::size_t bare_house(std::size_t at) {
    const std::size_t end = path_end(at);
    if (x_form == Form::Address && at == 0) return house(at, at);
    if (end >= x_words.size() || x_words[end].gap != ' ' || (at > 0 && x_words[at].gap != ',' && !ends_name(x_words[at - 1].folded))) return 0;
    const PlaceWordAt found = place_word_at(x_text, end);
    if (found.word == nullptr || (found.word->makes != Makes::Alley && found.word->makes != Makes::Street)) return 0;
    const std::size_t name = end + found.count;
    if (name >= x_words.size() || !(x_words[name].capital || is_number(x_words[name].folded) || street_name_end(name) != name)) return 0;
    add(MentionKind::House, at, end, path(at, end));
    x_out.back().bare = true;
    return end - at;
  }

  // "ngõ số 5": the word may stand between.
  std::size_t skip_number_word(std::size_t next) const {
    return next + 1 < x_words.size() && x_words[next].folded == "so" && is_number(x_words[next + 1].folded) ? next + 1 : next;
  }

  std::size_t alley(std::size_t at, std::size_t next, const PlaceWord& word) {
    const std::size_t number = skip_number_word(next), end = path_end(number);
    const std::size_t name = end == number ? name_end(next) : end;
    if (name == next) return 0;
    const std::size_t taken = add(MentionKind::Alley, at, name, end > number ? path(number, end) : x_words.joined(next, name - next));
    x_out.back().level = static_cast<std::uint8_t>(word.key[0] - '0');
    return taken;
  }

  std::size_t numbered(MentionKind kind, std::size_t at, std::size_t next, std::string_view key, bool or_named) {
    const std::size_t number = skip_number_word(next), end = path_end(number);
    if (end > number) return add(kind, at, end, std::string(key) + " " + path(number, end));
    // A neighbourhood may have a name: "tổ dân phố Ao Sen".
    return or_named || next - at > 1 ? named(kind, at, next, key) : 0;
  }

  std::size_t street(std::size_t at, std::size_t next, const PlaceWord& word) {
    const std::size_t number = skip_number_word(next), end = path_end(number);
    std::string key = word.key.empty() ? "" : std::string(word.key) + " ";
    if (end > number) return add(MentionKind::Street, at, end, key + path(number, end));
    const std::size_t name = street_name_end(next);
    if (name == next) return 0;
    if (name < x_words.size() && x_words[name].folded == "giao") {
      if (const std::size_t crossed = crossing(at, next, {})) return crossed;
    }
    return add(MentionKind::Street, at, name, key + x_words.joined(next, name - next));
  }

  std::size_t road(std::size_t at, std::size_t next, const PlaceWord& word) {
    const std::size_t number = skip_number_word(next);
    if (!is_number(x_words[number].folded) || x_words[number].folded.size() > 5) return 0;
    return add(MentionKind::Road, at, number + 1, std::string(word.key) + std::string(x_words[number].folded));
  }

  // "Km12+300", "km 12 + 300", "Km 12": metres. "5 km 3" is a distance.
  std::size_t kilometre(std::size_t at, std::size_t next) {
    const bool distance = at > 0 && is_number(x_words[at - 1].folded) && (x_words[at].gap == ' ' || x_words[at].gap == 0) &&
                          (x_out.empty() || x_out.back().kind != MentionKind::Road);
    std::uint32_t metres = 0;
    if (distance || !number_of(next, 4, metres)) return 0;
    metres *= 1000;
    std::uint32_t more = 0;
    const bool plus = next + 1 < x_words.size() && x_words[next + 1].gap == '+' && number_of(next + 1, 3, more);
    return add(MentionKind::Km, at, next + (plus ? 2 : 1), std::to_string(metres + more));
  }

  bool number_of(std::size_t at, std::size_t digits_max, std::uint32_t& into) const {
    std::string_view word = x_words[at].folded;
    if (word.ends_with('m')) word.remove_suffix(1);
    if (word.empty() || word.size() > digits_max || !std::all_of(word.begin(), word.end(), is_digit)) return false;
    into = 0;
    for (const char c : word) into = into * 10 + static_cast<std::uint32_t>(c - '0');
    return true;
  }

  std::size_t named(MentionKind kind, std::size_t at, std::size_t next, std::string_view key) {
    std::size_t end = name_end(next);
    if (end == next) return 0;
    std::string name = x_words.joined(next, end - next);
    if (kind == MentionKind::Zone && end < x_words.size() && x_words[end].gap == ' ' && is_number(x_words[end].folded))
      name.append(" ").append(x_words[end++].folded);
    for (const auto& [roman, number] : {std::pair{" ii", " 2"}, std::pair{" i", " 1"}}) {
      if (kind == MentionKind::Zone && name.ends_with(roman)) name.replace(name.size() - std::string_view(roman).size(), std::string::npos, number);
    }
    return add(kind, at, end, key.empty() ? name : std::string(key) + " " + name);
  }

  std::size_t whole(std::size_t at, std::size_t next, std::uint8_t level) {
    const std::size_t taken = named(MentionKind::Whole, at, next, {});
    if (taken > 0) x_out.back().level = level;
    return taken;
  }

  // "gần bệnh viện A" and "từ ngã tư A" are somewhere else.
  std::size_t point(std::size_t at, std::size_t next, std::string_view key) {
    const std::size_t taken = named(MentionKind::Landmark, at, next, key);
    const bool is_there = at == 0 || x_words[at].gap == ',' ||
                          std::find(std::begin(kElsewhere), std::end(kElsewhere), x_words[at - 1].folded) == std::end(kElsewhere);
    if (taken > 0) x_out.back().point = is_there;
    return taken;
  }

  struct StreetName {
    std::size_t from = 0, to = 0;  // equal: there is none
  };

  // "đường Bắc Kạn", "Bắc Kạn"; the gap before it does not count.
  StreetName street_of_crossing(std::size_t at) const {
    if (at >= x_words.size()) return {at, at};
    const PlaceWordAt found = place_word_at(x_text, at);
    if (found.word == nullptr) return {at, name_end_after_gap(at)};
    const std::size_t next = at + found.count;
    if (found.word->makes != Makes::Street || !found.word->key.empty()) return {at, at};
    return {next, street_name_end(next)};
  }

  // Behind "-", "&", "và", "với", "giao", "giao với", "cắt"; `at`: nothing of these stands there.
  std::size_t joined_by(std::size_t at) const {
    constexpr std::string_view kJoins[] = {"va", "voi", "giao", "cat", "x"};
    std::size_t behind = at;
    while (behind + 1 < x_words.size() && std::find(std::begin(kJoins), std::end(kJoins), x_words[behind].folded) != std::end(kJoins)) ++behind;
    return behind;
  }

  bool parted_by_sign(std::size_t at) const {
    const std::string_view between = x_text.raw.substr(x_words[at - 1].to, x_words[at].from - x_words[at - 1].to);
    return x_words[at].gap == '-' || x_words[at].gap == '/' || between.find('&') != std::string_view::npos || between.find("–") != std::string_view::npos;
  }

  // "ngã tư Đồng Quang"; of two streets, in any order: "ngã tư Bắc Kạn - Bến Oánh", "đường Bến Oánh giao đường Bắc Kạn".
  std::size_t crossing(std::size_t at, std::size_t next, std::string_view key) {
    const StreetName first = street_of_crossing(next);
    if (first.to < x_words.size() && first.to > first.from) {
      const std::size_t behind = joined_by(first.to);
      if (behind > first.to || parted_by_sign(first.to)) {
        const StreetName second = street_of_crossing(behind);
        if (second.to > second.from) return crossing_of(at, first, second);
      }
    }
    return key.empty() ? 0 : point(at, next, key);
  }

  std::size_t crossing_of(std::size_t at, StreetName first, StreetName second) {
    std::string one = x_words.joined(first.from, first.to - first.from), other = x_words.joined(second.from, second.to - second.from);
    if (other < one) one.swap(other);
    const std::size_t taken = add(MentionKind::Landmark, at, second.to, "giao " + one + " x " + other);
    x_out.back().point = true;
    return taken;
  }

  // "cột đèn số 12": as exact as a house. "cột điện 110 kV" has no number of its own.
  std::size_t post(std::size_t at, std::size_t next, std::string_view key) {
    const std::size_t number = skip_number_word(next), end = path_end(number);
    if (end == number || number == next) return 0;
    return add(MentionKind::House, at, end, std::string(key) + " " + path(number, end));
  }

  const Sighted& x_text;
  const text::Words& x_words;
  Form x_form;
  bool x_small;
  std::vector<Mention> x_out;
  std::size_t x_bare_words = 0;
};

}  // namespace

std::string_view name_of(MentionKind kind) {
  static constexpr std::array<std::string_view, 10> kNames{"house", "alley", "group", "street", "road", "km", "zone", "landmark", "unit", "whole"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::vector<Mention> mentions_in(const Sighted& text, Form form) { return Reader(text, form).read(); }

std::vector<Mention> mentions_in(std::string_view text, Form form) { return Reader(Sighted(text), form).read(); }

}  // namespace ioc::geo
