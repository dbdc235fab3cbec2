#include "services/desk/view/outcome.h"

#include <array>

#include "libs/base/assert.h"
#include "services/desk/view/keys.h"

namespace ioc::desk::view {
namespace {

constexpr std::size_t kMovedBytes = 8;  // hop and partition

}  // namespace

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
  if (outcome.hop > 0) {
    bytes += '\0';
    put_be32(bytes, outcome.hop);
    put_be32(bytes, outcome.partition.value());
  }
  return bytes;
}

std::optional<Outcome> decode_outcome(std::string_view bytes) {
  const auto end = bytes.find('\0', 1);
  if (bytes.empty() || bytes[0] < 0 || bytes[0] > 4 || end == std::string_view::npos) return std::nullopt;
  Outcome outcome{static_cast<OutcomeKind>(bytes[0]), IncidentId(bytes.substr(1, end - 1)), {}, 0, {}};
  std::string_view rest = bytes.substr(end + 1);
  if (const auto reason_end = rest.find('\0'); reason_end != std::string_view::npos && rest.size() == reason_end + 1 + kMovedBytes) {
    outcome.hop = be32(rest.substr(reason_end + 1));
    outcome.partition = PartitionId(be32(rest.substr(reason_end + 5)));
    rest = rest.substr(0, reason_end);
  }
  outcome.reason = rest;
  return outcome;
}

}  // namespace ioc::desk::view
