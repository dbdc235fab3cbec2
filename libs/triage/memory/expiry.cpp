#include "libs/triage/memory/expiry.h"

#include <algorithm>

#include "libs/triage/codec.h"

namespace ioc::triage {
namespace {

const std::string kPrefix = "expire/";
constexpr std::int64_t kHourMs = 3'600'000;

}  // namespace

void Expiry::at(LogTime when, char kind, std::string_view key) {
  const std::int64_t hour = when.ms() / kHourMs + 1;
  std::string entry = kPrefix + big_endian(static_cast<std::uint64_t>(hour));
  x_state.put(Table::Other, entry.append(1, kind).append(key), "");
}

std::vector<Expiry::Due> Expiry::take(LogTime now, std::size_t most) {
  const std::int64_t hour = now.ms() / kHourMs;
  std::vector<Due> due;
  if (hour <= x_done_hour) return due;
  std::vector<std::string> entries;
  bool more = false;
  x_state.scan(Table::Other, kPrefix, [&](std::string_view key, std::string_view) {
    if (static_cast<std::int64_t>(from_big_endian(key.substr(kPrefix.size()))) > hour) return false;
    more = entries.size() == most;
    if (!more) entries.emplace_back(key);
    return !more;
  });
  if (!more) x_done_hour = hour;
  for (const std::string& entry : entries) {
    x_state.erase(Table::Other, entry);
    const std::size_t from = kPrefix.size() + 8;
    due.push_back({entry[from], entry.substr(from + 1)});
  }
  return due;
}

}  // namespace ioc::triage
