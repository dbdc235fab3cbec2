// A state's tables as one stream of bytes that is the same for the same offset, whatever the rhythm of take_delta() was
// (checkpoints and `ioc state verify`, DESIGN D3). All tables are already, but for the keys of Seen: here the ids of an
// hour stand in the order in which they came, in pieces of kIdsPerEntry.
//
//   stream = { table (varint) key (varint length, bytes) value (varint length, bytes) }   in table and key order
//
// Example, table Meta, key "number/pho-yen", value ac 02: 00 0e "number/pho-yen" 02 ac 02
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "libs/base/result.h"
#include "libs/triage/state.h"

namespace ioc::triage {

inline constexpr std::size_t kIdsPerEntry = 4096;

class CanonicalReader {
 public:
  // The view must outlive the reader and must not change.
  explicit CanonicalReader(const StateView& view) : x_view(view) {}
  // Appends at least `bytes` of the stream, or what is left of it. False: that was the end.
  bool read(std::string& into, std::size_t bytes);
  [[nodiscard]] std::uint64_t entries() const { return x_entries; }

 private:
  void put(Table table, std::string_view key, std::string_view value, std::string& into);
  void flush_ids(std::string& into, bool all);

  const StateView& x_view;
  std::size_t x_table = 0;
  std::string x_from;            // next key of the table
  std::uint64_t x_entries = 0;
  std::string x_hour, x_ids;     // of Seen, not yet in the stream
  std::uint64_t x_piece = 0;
};

class CanonicalParser {
 public:
  using Visit = std::function<Result<void>(StateWrite)>;
  explicit CanonicalParser(Visit visit) : x_visit(std::move(visit)) {}
  // Any pieces of the stream, in order. Corrupt: not such a stream. Else what `visit` says.
  [[nodiscard]] Result<void> add(std::string_view bytes);
  [[nodiscard]] bool complete() const { return x_rest.empty(); }
  [[nodiscard]] std::uint64_t entries() const { return x_entries; }

 private:
  Visit x_visit;
  std::string x_rest;  // an entry that is not all here
  std::uint64_t x_entries = 0;
};

}  // namespace ioc::triage
