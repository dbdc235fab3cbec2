#include "services/desk/stream/cursor.h"

#include <charconv>

namespace ioc::desk::stream {
namespace {

template <class Number>
bool take_number(std::string_view& text, Number& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

}  // namespace

std::string to_text(const Cursor& cursor) {
  std::string text = cursor.log_id;
  for (std::size_t partition = 0; partition < cursor.next.size(); ++partition) {
    text += '~' + std::to_string(partition) + '.' + std::to_string(cursor.next[partition].value());
  }
  return text;
}

std::optional<Cursor> cursor_of(std::string_view text, std::size_t partitions) {
  const auto end = text.find('~');
  if (end == std::string_view::npos) return std::nullopt;
  Cursor cursor{std::string(text.substr(0, end)), {}};
  text.remove_prefix(end);
  while (!text.empty()) {
    std::uint32_t partition = 0;
    std::uint64_t offset = 0;
    if (text.front() != '~') return std::nullopt;
    text.remove_prefix(1);
    if (!take_number(text, partition) || partition != cursor.next.size()) return std::nullopt;
    if (text.empty() || text.front() != '.') return std::nullopt;
    text.remove_prefix(1);
    if (!take_number(text, offset)) return std::nullopt;
    cursor.next.emplace_back(offset);
  }
  if (cursor.next.size() != partitions) return std::nullopt;
  return cursor;
}

}  // namespace ioc::desk::stream
