#include "services/desk/view/outcome.h"

#include <array>

#include "libs/base/assert.h"

namespace ioc::desk::view {

std::string_view name_of(OutcomeKind kind) {
  static constexpr std::array<std::string_view, 5> kNames{"pending", "incident", "counted", "dead_letter", "transferred"};
  const auto index = static_cast<std::size_t>(kind);
  IOC_ASSERT(index < kNames.size());
  return kNames[index];
}

std::string encode(const Outcome& outcome) {
  std::string bytes(1, static_cast<char>(outcome.kind));
  bytes += outcome.incident.str();
  bytes += '\0';
  bytes += outcome.reason;
  return bytes;
}

std::optional<Outcome> decode_outcome(std::string_view bytes) {
  const auto end = bytes.find('\0', 1);
  if (bytes.empty() || bytes[0] < 0 || bytes[0] > 4 || end == std::string_view::npos) return std::nullopt;
  return Outcome{static_cast<OutcomeKind>(bytes[0]), IncidentId(bytes.substr(1, end - 1)),
                 std::string(bytes.substr(end + 1))};
}

}  // namespace ioc::desk::view
