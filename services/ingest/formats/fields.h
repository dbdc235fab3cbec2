// Reads the fields of one JSON object with bounds. A value that is wrong is repaired or left out, and the event says which
// and why; only a field without which there is no event refuses it. What each kind of field takes: formats/README.md.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/ingest/formats/format.h"

namespace ioc::ingest {

// Shared by the readers of nested objects.
struct Notes {
  std::optional<Refusal> refusal;  // the first
  Event event;                     // its flags and value flags alone
  std::vector<std::string> dropped;  // what is not in the event as it came: it tells two events apart all the same
  std::string unreadable_time;       // the first
  void flag(EventFlag flag) { add_flag(event, flag); }
};

class Fields {
 public:
  Fields(const boost::json::object& object, Notes& notes, const Limits& limits, std::string prefix = {});

  [[nodiscard]] const boost::json::value* find(std::string_view name) const;  // nullptr: absent or null
  // nullptr: a blank text, too, as forms send for a number, a list or a yes that was not filled in.
  [[nodiscard]] const boost::json::value* filled(std::string_view name) const;

  // Texts. Absent: "". Control characters are removed (flag), the text is brought to NFC. A number becomes its digits.
  std::string free_text(std::string_view field);      // cut to text_bytes_max; garbled letters are read as they were meant (flag)
  std::string name(std::string_view field);           // cut to name_bytes_max, trimmed, in one line
  std::string required_name(std::string_view field);  // refused without it
  std::string id(std::string_view field);             // a longer one ends in its hash, so that two long ones stay two
  std::string required_id(std::string_view field);
  std::string link(std::string_view field);           // up to link_bytes_max: a cut link leads nowhere

  // Numbers, also as texts. Absent, or dropped: nullopt, 0 or false.
  std::optional<std::uint64_t> whole(std::string_view field, std::uint64_t max);
  std::uint64_t count(std::string_view field, std::uint64_t max) { return whole(field, max).value_or(0); }
  std::optional<double> number(std::string_view field, double min, double max);
  double share(std::string_view field);  // 0 to 1; 2 to 100 are per cent
  // Also "true", "có", "1", 0. `unknown`: what a word that says neither stands for.
  bool yes(std::string_view field, bool unknown = false);

  // Milliseconds since 1970: what parse_time reads, or a number of seconds, milliseconds, micro- or nanoseconds.
  std::optional<std::int64_t> time(std::string_view field);

  // Words in whatever case and with or without marks; the first of two that fold to the same counts.
  template <class Enum>
  Enum choice(std::string_view field, std::initializer_list<std::pair<std::string_view, Enum>> allowed) {
    return chosen(field, name(field), allowed);
  }
  // true and false, too, which stand for the words "true" and "false".
  template <class Enum>
  Enum choice_or_yes(std::string_view field, std::initializer_list<std::pair<std::string_view, Enum>> allowed) {
    const auto* value = find(field);
    if (value == nullptr || !value->is_bool()) return choice(field, allowed);
    converted(field);
    return chosen(field, value->get_bool() ? "true" : "false", allowed);
  }

  // nullptr: absent, or no list. It may be longer than list_items_max.
  const boost::json::array* list(std::string_view field);
  // Its first list_items_max items. One text or object is a list of one.
  std::span<const boost::json::value> items(std::string_view field);
  std::vector<std::string> names(std::string_view field);  // the texts among the items
  const boost::json::object* object(std::string_view field);
  // What can be used of it (position.cpp).
  std::optional<Position> position(std::string_view field);

  // The field's value is not in the event as it came.
  void drop(std::string_view field, ValueReason reason);
  void drop(std::string_view field, ValueReason reason, const boost::json::value& value);  // an item of it
  // Understood, though written in another way.
  void converted(std::string_view field) { note(field, ValueReason::Converted); }

  void refuse(std::string_view reason, std::string_view field, std::string limit, std::string received,
              std::string detail);
  [[nodiscard]] bool refused() const { return x_notes.refusal.has_value(); }

 private:
  template <class Enum>
  Enum chosen(std::string_view field, std::string_view given, std::initializer_list<std::pair<std::string_view, Enum>> allowed) {
    if (given.empty()) return Enum::Unspecified;
    for (const auto& [text, value] : allowed) {
      if (text == given) return value;
    }
    for (const auto& [text, value] : allowed) {
      if (!same_word(text, given)) continue;
      converted(field);
      return value;
    }
    drop(field, ValueReason::UnknownValue);
    return Enum::Unspecified;
  }
  static bool same_word(std::string_view a, std::string_view b);
  void note(std::string_view field, ValueReason reason) { add_value_flag(x_notes.event, x_prefix + std::string(field), reason); }
  std::string text(std::string_view field, bool is_free = false);  // of any length
  std::string cut(std::string_view field, std::string whole, std::uint64_t bytes_max);
  std::string needed(std::string_view field, std::string read);
  std::optional<double> finite(std::string_view field);
  std::optional<std::int64_t> time_of_number(std::string_view field, double number);
  std::optional<std::int64_t> unreadable(std::string_view field, ValueReason reason);

  const boost::json::object& x_object;
  Notes& x_notes;
  const Limits& x_limits;
  std::string x_prefix;
};

std::string_view kind_of(const boost::json::value& value);  // "number", "list", ...
std::string clean_text(std::string_view text, bool& repaired);
// What a person wrote, as it was meant; the flags say that letters were converted, or that they look garbled.
std::string meant_text(std::string_view text, Notes& notes);
bool is_blank(const boost::json::value& value);  // a text without anything in it
std::string trimmed(std::string text);  // without blanks around it, in one line
// The longest start of it, in whole characters, that is at most so long.
std::string_view cut_at(std::string_view text, std::size_t bytes_max);
// Finite number of a JSON number, or of a text such as "21.59" or "21,59".
std::optional<double> to_number(const boost::json::value& value);
std::optional<double> to_number(std::string_view text);

// The end of every parser.
ParseResult finish(Parsed parsed, Notes& notes);

}  // namespace ioc::ingest
