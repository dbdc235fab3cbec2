// Event ids (DESIGN D5): keyed, deterministic, the same over every transport. Changing anything here changes every
// id and with it deduplication: tests hold golden values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "libs/domain/event.h"
#include "libs/domain/ids.h"

namespace ioc::ingest {

class Identity {
 public:
  explicit Identity(std::string key);  // 32 bytes

  // "s<sequence>@<own time>": a sequence alone comes again when the source counts anew. Without an own time, "s<sequence>".
  [[nodiscard]] static std::string sequence_revision(std::uint64_t sequence, std::optional<std::int64_t> own_time_ms);
  // "20211018-074000-r-<20 base32>". `revision`: sequence_revision(), or "h" and content_hash().
  [[nodiscard]] EventId event_id(Feed feed, const SourceId& source, const ObjectId& object, std::string_view revision,
                                 std::optional<std::int64_t> own_time_ms) const;
  // For what has no id of its own. 20 base32.
  [[nodiscard]] ObjectId object_from(std::string_view content) const;
  [[nodiscard]] std::string content_hash(std::string_view content) const;
  // Empty for a plate without letters and digits; else the same for every spelling ("20A-123.45" = "20a12345").
  [[nodiscard]] std::string plate_hash(std::string_view plate) const;
  // "h-<20 base32>", in place of an identifier that holds what is a person's.
  [[nodiscard]] std::string name_hash(std::string_view name) const;
  // Opaque name in the protected store of the payload behind an event or dead letter.
  [[nodiscard]] std::string payload_ref(std::string_view id) const;
  // "d-<20 base32>": the same payload refused again at the same path is the same dead letter.
  [[nodiscard]] std::string dead_letter_id(std::string_view path, std::string_view sender, std::string_view payload) const;

 private:
  [[nodiscard]] std::string keyed(std::string_view purpose, std::initializer_list<std::string_view> parts) const;
  std::string x_key;
};

}  // namespace ioc::ingest
