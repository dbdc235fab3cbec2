#include <boost/json/error.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "libs/text/utf8.h"
#include "services/ingest/formats/format.h"
#include "services/ingest/formats/json_repair.h"

namespace ioc::ingest {
namespace json = boost::json;
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

Refusal malformed(std::string reason, std::string detail) {
  return {RefusalKind::Malformed, std::move(reason), "", "", "", std::move(detail)};
}

Refusal too_large(std::size_t bytes, std::size_t limit) {
  return {RefusalKind::TooLarge, "too_large", "", std::to_string(limit) + " bytes", std::to_string(bytes) + " bytes",
          "the object is too large: leave out what is not needed, photos travel as links"};
}

void note(const RepairedJson& repaired, Event& event) {
  if (repaired.changed()) add_value_flag(event, "", ValueReason::JsonRepaired);
  if (repaired.characters) add_flag(event, EventFlag::TextRepaired);
}

constexpr std::string_view kReplaced = "\xEF\xBF\xBD";  // text::kReplacement

std::size_t count_replaced(std::string_view text) {
  std::size_t count = 0;
  for (auto at = text.find(kReplaced); at != std::string_view::npos; at = text.find(kReplaced, at + kReplaced.size())) ++count;
  return count;
}

bool has_wide_character(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = text::decode_next(text, at).code_point;
    if (c >= 0x80 && c != text::kReplacement) return true;
  }
  return false;
}

// A text that was cut leaves a few replacements beside whole characters; Latin-1 and its like leave one for each letter with marks.
bool is_nearly_utf8(std::string_view bytes, std::string_view mended) {
  constexpr std::size_t kCutMax = 4;
  return count_replaced(mended) - count_replaced(bytes) <= kCutMax && has_wide_character(mended);
}

}  // namespace

unsigned status_of(RefusalKind kind) {
  switch (kind) {
    case RefusalKind::Malformed: return 400;
    case RefusalKind::Invalid: return 422;
    case RefusalKind::TooLarge: return 413;
    case RefusalKind::UnsupportedType: return 415;
    case RefusalKind::UnknownFeed: return 404;
  }
  return 400;
}

// Boost.JSON: bounded depth, checked UTF-8 and a value that stays usable after any error. A key
// that comes twice counts with its last value. What is not quite JSON is parsed once more, repaired.
ParseResult parse_bytes(const Format& format, std::string_view bytes, const ParseContext& context) {
  const auto limit = static_cast<std::size_t>(context.limits.event_bytes_max);
  if (bytes.size() > limit) return too_large(bytes.size(), limit);
  if (bytes.starts_with(kByteOrderMark)) bytes.remove_prefix(kByteOrderMark.size());
  // A text that was cut within a character. Bytes of another encoding stay refused: what they mean is not sure.
  std::string mended;
  const bool cut_characters = !text::valid_utf8(bytes);
  if (cut_characters) {
    mended = text::repair_utf8(bytes);
    if (!is_nearly_utf8(bytes, mended)) return malformed("not_utf8", "the body is not UTF-8");
    bytes = mended;
  }
  json::parse_options options;
  options.max_depth = static_cast<std::size_t>(context.limits.json_depth_max);
  json::monotonic_resource memory;
  json::error_code error;
  json::value value = json::parse(bytes, error, &memory, options);
  RepairedJson repaired;
  if (error && error != json::error::too_deep) {
    const auto first = error;
    repaired = repair_json(bytes);
    if (repaired.changed()) value = json::parse(repaired.bytes, error, &memory, options);
    if (error && error != json::error::too_deep) error = first;  // of the body as it came
  }
  if (error == json::error::too_deep) {
    Refusal deep = malformed("too_deep", "the body is nested too deeply");
    deep.limit = std::to_string(context.limits.json_depth_max) + " levels";
    return deep;
  }
  if (error) return malformed("not_json", "the body is not JSON: " + error.message());
  if (!value.is_object()) return malformed("not_an_object", "the body is not a JSON object");
  ParseResult result = format.parse(value.get_object(), context);
  repaired.characters = repaired.characters || cut_characters;
  if (auto* parsed = std::get_if<Parsed>(&result)) note(repaired, parsed->event);
  return result;
}

}  // namespace ioc::ingest
