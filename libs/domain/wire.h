// The only conversion between wire (proto/ioc/v1) and domain. Encoding is canonical: the same value gives the
// same bytes in every process (no maps, fields in order, unset fields absent).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "libs/domain/decision.h"
#include "libs/domain/incident.h"
#include "libs/domain/output.h"
#include "libs/domain/record.h"

namespace ioc::wire {

std::string encode(const Record& record);
std::string encode(const Event& event);
std::string encode(const Incident& incident);
std::string encode(const Decision& decision);
std::string encode(const FeedEntry& entry);
std::string encode(const ReportStatus& status);
std::string encode(const DeadLetter& letter);

// Corrupt: not Protobuf, or a required field is missing or unknown (named in the message).
[[nodiscard]] Result<Record> decode_record(std::string_view bytes);
[[nodiscard]] Result<Event> decode_event(std::string_view bytes);
[[nodiscard]] Result<Incident> decode_incident(std::string_view bytes);
[[nodiscard]] Result<Decision> decode_decision(std::string_view bytes);
[[nodiscard]] Result<FeedEntry> decode_feed_entry(std::string_view bytes);
[[nodiscard]] Result<ReportStatus> decode_report_status(std::string_view bytes);
[[nodiscard]] Result<DeadLetter> decode_dead_letter(std::string_view bytes);

// One chunk of a bundle on `ioc.bundles.v1` (DESIGN D1).
struct BundleChunk {
  std::string bundle;       // hash of the manifest, hex
  std::uint32_t index = 0;  // 0 = the manifest
  std::uint32_t count = 1;
  std::string part;         // empty for the manifest
  std::uint32_t part_index = 0;
  std::string content;      // at most 512 KiB
};
struct BundlePart {
  std::string name;
  std::string hash;  // BLAKE2b-256 of the bytes, hex
  std::uint64_t size_bytes = 0;
};
std::string encode(const BundleChunk& chunk);
std::string encode_manifest(const std::vector<BundlePart>& parts);
[[nodiscard]] Result<BundleChunk> decode_bundle_chunk(std::string_view bytes);
[[nodiscard]] Result<std::vector<BundlePart>> decode_manifest(std::string_view bytes);

}  // namespace ioc::wire
