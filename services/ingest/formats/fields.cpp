#include "services/ingest/formats/fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <cmath>

#include "libs/base/hash.h"
#include "libs/text/encoding.h"
#include "libs/text/fold.h"

namespace ioc::ingest {
namespace json = boost::json;
namespace {

constexpr std::size_t kReceivedBytes = 64;

// Not shown to the sender in full: enough to find it.
std::string shortened(std::string_view text) {
  if (text.size() <= kReceivedBytes) return std::string(text);
  return std::string(cut_at(text, kReceivedBytes)) + "…";
}

// The digits that a number is written with; empty: they are not known any more.
std::string digits_of(const json::value& value) {
  if (value.is_int64()) return std::to_string(value.get_int64());
  if (value.is_uint64()) return std::to_string(value.get_uint64());
  constexpr double kExactMax = 9e15;  // beyond, two numbers as they were sent could have one writing here
  const double number = value.get_double();
  if (!std::isfinite(number) || std::abs(number) > kExactMax) return {};
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
  return {buffer, end};
}

// What databases and programs write where they have none. As an id it would make all such messages one.
bool is_no_id(std::string_view id) {
  constexpr std::array<std::string_view, 12> kNone{"null", "nil", "none", "undefined", "nan", "n/a", "na", "-", "--", "0", "unknown", "\\n"};
  const std::string lower = text::fold(id);
  return std::find(kNone.begin(), kNone.end(), lower) != kNone.end();
}

}  // namespace

std::string meant_text(std::string_view text, Notes& notes) {
  text::Recovered recovered = text::recover_encoding(text);
  if (recovered.text != text) notes.flag(EventFlag::TextConverted);
  if (!recovered.sure) notes.flag(EventFlag::TextGarbled);
  return std::move(recovered.text);
}

Fields::Fields(const json::object& object, Notes& notes, const Limits& limits, std::string prefix)
    : x_object(object), x_notes(notes), x_limits(limits), x_prefix(std::move(prefix)) {}

const json::value* Fields::find(std::string_view name) const {
  const auto* value = x_object.if_contains(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

const json::value* Fields::filled(std::string_view name) const {
  const auto* value = find(name);
  return value == nullptr || is_blank(*value) ? nullptr : value;
}

void Fields::refuse(std::string_view reason, std::string_view field, std::string limit, std::string received,
                    std::string detail) {
  if (refused()) return;
  bool ignored = false;
  x_notes.refusal = Refusal{RefusalKind::Invalid, std::string(reason), x_prefix + std::string(field), std::move(limit),
                            shortened(clean_text(received, ignored)), std::move(detail)};
}

void Fields::drop(std::string_view field, ValueReason reason) {
  if (const auto* value = find(field)) drop(field, reason, *value);
}

void Fields::drop(std::string_view field, ValueReason reason, const json::value& value) {
  note(field, reason);
  x_notes.dropped.push_back(fmt::format("{}{}={}", x_prefix, field, json::serialize(value)));
}

bool Fields::same_word(std::string_view a, std::string_view b) { return text::fold(a) == text::fold(b); }

std::string Fields::text(std::string_view field, bool is_free) {
  const auto* value = find(field);
  if (value == nullptr) return {};
  if (value->is_number()) {
    std::string digits = digits_of(*value);
    if (digits.empty()) {
      drop(field, ValueReason::WrongType);
    } else {
      converted(field);
    }
    return digits;
  }
  if (!value->is_string()) {
    drop(field, ValueReason::WrongType);
    return {};
  }
  bool repaired = false;
  const std::string_view given = value->get_string();
  // Before control characters go: mojibake has some of them where letters were.
  std::string out = is_free ? clean_text(meant_text(given, x_notes), repaired) : clean_text(given, repaired);
  if (repaired) x_notes.flag(EventFlag::TextRepaired);
  return out;
}

std::string Fields::cut(std::string_view field, std::string whole, std::uint64_t bytes_max) {
  if (whole.size() <= bytes_max) return whole;
  drop(field, ValueReason::TooLong);
  return std::string(cut_at(whole, bytes_max));
}

std::string Fields::free_text(std::string_view field) { return cut(field, text(field, true), x_limits.text_bytes_max); }

std::string Fields::name(std::string_view field) { return cut(field, trimmed(text(field)), x_limits.name_bytes_max); }

std::string Fields::id(std::string_view field) {
  const std::string whole = trimmed(text(field));
  if (is_no_id(whole)) {
    drop(field, ValueReason::UnknownValue);
    return {};
  }
  if (whole.size() <= x_limits.name_bytes_max) return whole;
  const Hash128 hash = hash128(whole);
  const std::string end = fmt::format("~{:016x}{:016x}", hash.high, hash.low);
  return cut(field, whole, x_limits.name_bytes_max - end.size()) + end;
}

std::string Fields::link(std::string_view field) {
  std::string whole = trimmed(text(field));
  if (whole.size() <= x_limits.link_bytes_max) return whole;
  drop(field, ValueReason::TooLong);
  return {};
}

std::string Fields::needed(std::string_view field, std::string read) {
  if (!read.empty()) return read;
  const auto* value = find(field);
  const bool another_type = value != nullptr && !value->is_string();
  if (another_type) {
    refuse("wrong_type", field, "text", std::string(kind_of(*value)), "the field is needed and must be text");
  } else {
    refuse("missing", field, "", "", "the field is needed");
  }
  return read;
}

std::string Fields::required_name(std::string_view field) { return needed(field, name(field)); }

std::string Fields::required_id(std::string_view field) { return needed(field, id(field)); }

const json::array* Fields::list(std::string_view field) {
  const auto* value = filled(field);
  if (value == nullptr) return nullptr;
  if (value->is_array()) return &value->get_array();
  drop(field, ValueReason::WrongType);
  return nullptr;
}

std::span<const json::value> Fields::items(std::string_view field) {
  const auto* value = filled(field);
  if (value == nullptr) return {};
  if (value->is_string() || value->is_object()) {
    converted(field);
    return {value, 1};
  }
  const auto* all = list(field);
  if (all == nullptr) return {};
  const auto max = static_cast<std::size_t>(x_limits.list_items_max);
  if (all->size() > max) drop(field, ValueReason::TooMany);
  return {all->data(), std::min(all->size(), max)};
}

std::vector<std::string> Fields::names(std::string_view field) {
  std::vector<std::string> out;
  const auto all = items(field);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string path = fmt::format("{}[{}]", field, i);
    if (!all[i].is_string()) {
      drop(path, ValueReason::WrongType, all[i]);
      continue;
    }
    bool repaired = false;
    std::string text = trimmed(clean_text(std::string_view(all[i].get_string()), repaired));
    if (repaired) x_notes.flag(EventFlag::TextRepaired);
    if (text.size() > x_limits.name_bytes_max) {
      drop(path, ValueReason::TooLong, all[i]);
      text = cut_at(text, x_limits.name_bytes_max);
    }
    out.push_back(std::move(text));
  }
  return out;
}

const json::object* Fields::object(std::string_view field) {
  const auto* value = filled(field);
  if (value == nullptr) return nullptr;
  if (value->is_object()) return &value->get_object();
  drop(field, ValueReason::WrongType);
  return nullptr;
}

ParseResult finish(Parsed parsed, Notes& notes) {
  if (notes.refusal) return std::move(*notes.refusal);
  parsed.event.flags = std::move(notes.event.flags);
  parsed.event.value_flags = std::move(notes.event.value_flags);
  parsed.event.value_flags_more = notes.event.value_flags_more;
  parsed.unreadable_time = std::move(notes.unreadable_time);
  for (auto& dropped : notes.dropped) parsed.further_content.push_back(std::move(dropped));
  return parsed;
}

}  // namespace ioc::ingest
