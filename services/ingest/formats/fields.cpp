#include "services/ingest/formats/fields.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "libs/text/encoding.h"
#include "libs/text/fold.h"
#include "libs/text/utf8.h"

namespace ioc::ingest {
namespace json = boost::json;
namespace {

constexpr std::size_t kReceivedBytes = 64;

// Not shown to the sender in full: enough to find it.
std::string shortened(std::string_view text) {
  if (text.size() <= kReceivedBytes) return std::string(text);
  std::size_t end = kReceivedBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return std::string(text.substr(0, end)) + "…";
}

bool is_removed(char32_t c) {
  const bool control = (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c < 0xA0);
  const bool direction = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);  // they reorder what is read
  return control || direction || c == 0xFEFF;
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

std::string shown(double value) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return {buffer, end};
}

}  // namespace

void Notes::flag(EventFlag flag) {
  if (std::find(flags.begin(), flags.end(), flag) == flags.end()) flags.push_back(flag);
}

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
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const auto decoded = text::decode_next(text, at);
    if (text.substr(begin, at - begin) == "\r" && at < text.size() && text[at] == '\n') continue;  // a plain line end
    if (!decoded.ok || is_removed(decoded.code_point)) {
      repaired = true;
      continue;
    }
    out.append(text.substr(begin, at - begin));
  }
  return text::nfc(out);
}

std::string meant_text(std::string_view text, Notes& notes) {
  text::Recovered recovered = text::recover_encoding(text);
  if (recovered.text != text) notes.flag(EventFlag::TextConverted);
  if (!recovered.sure) notes.flag(EventFlag::TextGarbled);
  return std::move(recovered.text);
}

std::optional<double> to_number(const json::value& value) {
  if (value.is_int64()) return static_cast<double>(value.get_int64());
  if (value.is_uint64()) return static_cast<double>(value.get_uint64());
  if (value.is_double()) return std::isfinite(value.get_double()) ? std::optional(value.get_double()) : std::nullopt;
  if (!value.is_string() || value.get_string().size() > 40) return std::nullopt;
  std::string text = trimmed(std::string(value.get_string()));
  std::replace(text.begin(), text.end(), ',', '.');
  double out = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, out, std::chars_format::fixed);
  if (parsed.ec != std::errc{} || parsed.ptr != end || !std::isfinite(out)) return std::nullopt;
  return out;
}

Fields::Fields(const json::object& object, Notes& notes, const Limits& limits, std::string prefix)
    : x_object(object), x_notes(notes), x_limits(limits), x_prefix(std::move(prefix)) {}

const json::value* Fields::find(std::string_view name) const {
  const auto* value = x_object.if_contains(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

void Fields::refuse(std::string_view reason, std::string_view field, std::string limit, std::string received,
                    std::string detail) {
  if (refused()) return;
  bool ignored = false;
  x_notes.refusal = Refusal{RefusalKind::Invalid, std::string(reason), x_prefix + std::string(field), std::move(limit),
                            shortened(clean_text(received, ignored)), std::move(detail)};
}

std::string Fields::text_within(std::string_view name, std::uint64_t bytes_max, bool is_free) {
  const auto* value = find(name);
  if (value == nullptr || refused()) return {};
  if (!value->is_string()) {
    refuse("wrong_type", name, "text", std::string(kind_of(*value)), "the field must be text");
    return {};
  }
  const std::string_view given = value->get_string();
  if (given.size() > bytes_max) {
    refuse("too_long", name, std::to_string(bytes_max) + " bytes", std::to_string(given.size()) + " bytes",
           "the text is too long");
    return {};
  }
  bool repaired = false;
  // Before control characters go: mojibake has some of them where letters were.
  std::string out = clean_text(is_free ? meant_text(given, x_notes) : std::string(given), repaired);
  if (repaired) x_notes.flag(EventFlag::TextRepaired);
  return out;
}

std::string Fields::free_text(std::string_view name) { return text_within(name, x_limits.text_bytes_max, true); }

std::string Fields::name(std::string_view name) { return trimmed(text_within(name, x_limits.name_bytes_max)); }

std::string Fields::required_name(std::string_view field) {
  std::string out = name(field);
  if (out.empty()) refuse("missing", field, "", "", "the field is needed");
  return out;
}

std::optional<double> Fields::number(std::string_view name, double min, double max) {
  const auto* value = find(name);
  if (value == nullptr || refused()) return std::nullopt;
  const auto out = value->is_number() ? to_number(*value) : std::nullopt;
  const std::string limit = shown(min) + " to " + shown(max);
  if (!out) {
    refuse("wrong_type", name, limit, std::string(kind_of(*value)), "the field must be a finite number");
  } else if (*out < min || *out > max) {
    refuse("out_of_range", name, limit, shown(*out), "the number is out of range");
    return std::nullopt;
  }
  return out;
}

std::uint64_t Fields::count(std::string_view field, std::uint64_t max) {
  const auto* value = find(field);
  if (value == nullptr || refused()) return 0;
  std::optional<std::uint64_t> out;
  if (value->is_int64() && value->get_int64() >= 0) out = static_cast<std::uint64_t>(value->get_int64());
  if (value->is_uint64()) out = value->get_uint64();
  if (!out && value->is_number()) {  // 3.0 is a count too
    const auto given = to_number(*value);
    if (given && *given >= 0 && *given <= 9e15 && std::floor(*given) == *given) out = static_cast<std::uint64_t>(*given);
  }
  const std::string limit = "0 to " + std::to_string(max);
  if (!out) refuse("wrong_type", field, limit, std::string(kind_of(*value)), "the field must be a whole number that is not negative");
  if (out && *out > max) {
    refuse("out_of_range", field, limit, std::to_string(*out), "the number is out of range");
    return 0;
  }
  return out.value_or(0);
}

bool Fields::yes(std::string_view field) {
  const auto* value = find(field);
  if (value == nullptr || refused()) return false;
  if (value->is_bool()) return value->get_bool();
  refuse("wrong_type", field, "true or false", std::string(kind_of(*value)), "the field must be true or false");
  return false;
}

std::optional<std::int64_t> Fields::time(std::string_view field) {
  const auto* value = find(field);
  if (value == nullptr || refused()) return std::nullopt;
  if (value->is_string()) {
    const auto parsed = parse_time(std::string_view(value->get_string()));
    if (!parsed) return std::nullopt;
    if (!parsed->had_zone) x_notes.flag(EventFlag::TimeNoZone);
    return parsed->ms;
  }
  constexpr double kYear2200Seconds = 7'258'118'400.0;
  constexpr double kMillisFrom = 1e11;  // a number above is milliseconds: as seconds it would be the year 5138
  constexpr double kYear1973Seconds = 1e8;
  const auto number = value->is_number() ? to_number(*value) : std::nullopt;
  const double seconds = number && *number >= kMillisFrom ? *number / 1000 : number.value_or(0);
  if (seconds < kYear1973Seconds || seconds >= kYear2200Seconds) {
    refuse("wrong_type", field, "RFC 3339 text", std::string(kind_of(*value)),
           "the field must be a time such as 2021-10-18T07:40:00+07:00 (or seconds or milliseconds since 1970)");
    return std::nullopt;
  }
  return std::llround(seconds * 1000);
}

const json::array* Fields::list(std::string_view field) {
  const auto* value = find(field);
  if (value == nullptr || refused()) return nullptr;
  if (!value->is_array()) {
    refuse("wrong_type", field, "list", std::string(kind_of(*value)), "the field must be a list");
    return nullptr;
  }
  if (value->get_array().size() > x_limits.list_items_max) {
    refuse("too_many", field, std::to_string(x_limits.list_items_max) + " items",
           std::to_string(value->get_array().size()) + " items", "the list is too long");
    return nullptr;
  }
  return &value->get_array();
}

const json::object* Fields::object(std::string_view field) {
  const auto* value = find(field);
  if (value == nullptr || refused()) return nullptr;
  if (value->is_object()) return &value->get_object();
  refuse("wrong_type", field, "object", std::string(kind_of(*value)), "the field must be an object");
  return nullptr;
}

ParseResult finish(Parsed parsed, Notes& notes) {
  if (notes.refusal) return std::move(*notes.refusal);
  parsed.event.flags = std::move(notes.flags);
  return parsed;
}

}  // namespace ioc::ingest
