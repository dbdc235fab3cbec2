// Reads the fields of one JSON object with bounds. The first thing wrong is kept as the refusal, and everything read
// after it is empty: a parser reads all its fields in a row and asks once at the end.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/ingest/formats/format.h"

namespace ioc::ingest {

// Shared by the readers of nested objects.
struct Notes {
  std::optional<Refusal> refusal;
  std::vector<EventFlag> flags;
  void flag(EventFlag flag);  // once
};

class Fields {
 public:
  Fields(const boost::json::object& object, Notes& notes, const Limits& limits, std::string prefix = {});

  [[nodiscard]] const boost::json::value* find(std::string_view name) const;  // nullptr: absent or null
  // Absent: "". What is of another JSON type is refused, everywhere but in positions. Control characters are removed (flag), the text is brought to NFC.
  std::string free_text(std::string_view name);  // up to text_bytes_max; garbled letters are read as they were meant (flag)
  std::string name(std::string_view name);       // up to name_bytes_max, trimmed, in one line
  std::string required_name(std::string_view name);
  std::uint64_t count(std::string_view name, std::uint64_t max);
  std::optional<double> number(std::string_view name, double min, double max);
  bool yes(std::string_view name);
  // RFC 3339 text, or seconds or milliseconds since 1970 (a number from 1973 to 2200). nullopt: absent, or a text that is
  // no time (not refused).
  std::optional<std::int64_t> time(std::string_view name);
  template <class Enum>
  Enum choice(std::string_view field, std::initializer_list<std::pair<std::string_view, Enum>> allowed) {
    const std::string given = name(field);
    if (given.empty()) return Enum::Unspecified;
    std::string names;
    for (const auto& [text, value] : allowed) {
      if (text == given) return value;
      names.append(names.empty() ? "" : ", ").append(text);
    }
    refuse("unknown_value", field, names, given, "the value is none of those that are known");
    return Enum::Unspecified;
  }
  // nullptr: absent. Refused when it is no list or has too many items.
  const boost::json::array* list(std::string_view name);
  const boost::json::object* object(std::string_view name);
  // Bad positions are flagged, never refused. Kept is what can be used.
  std::optional<Position> position(std::string_view name);

  void refuse(std::string_view reason, std::string_view field, std::string limit, std::string received,
              std::string detail);
  [[nodiscard]] bool refused() const { return x_notes.refusal.has_value(); }

 private:
  std::string text_within(std::string_view name, std::uint64_t bytes_max, bool is_free = false);
  const boost::json::object& x_object;
  Notes& x_notes;
  const Limits& x_limits;
  std::string x_prefix;
};

std::string_view kind_of(const boost::json::value& value);  // "number", "list", ...
std::string clean_text(std::string_view text, bool& repaired);
// What a person wrote, as it was meant; the flags say that letters were converted, or that they look garbled.
std::string meant_text(std::string_view text, Notes& notes);
// Finite number of a JSON number, or of a text such as "21.59" or "21,59".
std::optional<double> to_number(const boost::json::value& value);

// The end of every parser.
ParseResult finish(Parsed parsed, Notes& notes);

}  // namespace ioc::ingest
