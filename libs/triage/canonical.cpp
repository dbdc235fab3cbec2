#include "libs/triage/canonical.h"

#include "libs/triage/codec.h"

namespace ioc::triage {
namespace {

constexpr std::size_t kHourBytes = 8, kIdBytes = 16;
// Larger than any entry; a stream that claims more is damaged.
constexpr std::size_t kEntryBytesMax = 16 << 20;

// A varint at `at`, moving it. False: not all of it is here.
bool number_at(std::string_view bytes, std::size_t& at, std::uint64_t& value) {
  value = 0;
  for (unsigned shift = 0; shift < 64 && at < bytes.size(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes[at++]);
    value |= std::uint64_t(byte & 0x7fU) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

bool text_at(std::string_view bytes, std::size_t& at, std::string_view& text, bool& damaged) {
  std::uint64_t size = 0;
  if (!number_at(bytes, at, size)) return false;
  damaged = size > kEntryBytesMax;
  if (damaged || size > bytes.size() - at) return false;
  text = bytes.substr(at, size);
  at += size;
  return true;
}

}  // namespace

void CanonicalReader::put(Table table, std::string_view key, std::string_view value, std::string& into) {
  Writer out;
  out.number(static_cast<std::uint64_t>(table));
  out.text(key);
  out.text(value);
  into += out.take();
  ++x_entries;
}

void CanonicalReader::flush_ids(std::string& into, bool all) {
  std::size_t at = 0;
  while (x_ids.size() - at >= kIdsPerEntry * kIdBytes || (all && at < x_ids.size())) {
    const auto piece = std::string_view(x_ids).substr(at, kIdsPerEntry * kIdBytes);
    put(Table::Seen, x_hour + big_endian(x_piece++), piece, into);
    at += piece.size();
  }
  x_ids.erase(0, at);
}

bool CanonicalReader::read(std::string& into, std::size_t bytes) {
  const std::size_t until = into.size() + bytes;
  while (into.size() < until) {
    if (x_table == std::size(kTables)) return false;
    const Table table = kTables[x_table];
    bool more = false;
    x_view.scan(table, x_from, "", [&](std::string_view key, std::string_view value) {
      x_from.assign(key);
      x_from.push_back('\0');
      if (table == Table::Seen) {
        if (key.substr(0, kHourBytes) != x_hour) {
          flush_ids(into, true);
          x_hour.assign(key.substr(0, kHourBytes));
          x_piece = 0;
        }
        x_ids += value;
        flush_ids(into, false);
      } else {
        put(table, key, value, into);
      }
      more = into.size() >= until;
      return !more;
    });
    if (more) return true;
    if (table == Table::Seen) {
      flush_ids(into, true);
      x_hour.clear();
    }
    ++x_table;
    x_from.clear();
  }
  return true;
}

Result<void> CanonicalParser::add(std::string_view bytes) {
  x_rest += bytes;
  std::size_t done = 0;
  while (done < x_rest.size()) {
    std::size_t at = done;
    std::uint64_t table = 0;
    std::string_view key, value;
    bool damaged = false;
    const bool whole = number_at(x_rest, at, table) && text_at(x_rest, at, key, damaged) && text_at(x_rest, at, value, damaged);
    if (damaged || (at > done && table >= std::size(kTables))) return corrupt("the bytes of a state are damaged");
    if (!whole) break;
    if (auto visited = x_visit({static_cast<Table>(table), std::string(key), std::string(value)}); visited.has_error()) {
      return visited.error();
    }
    ++x_entries;
    done = at;
  }
  x_rest.erase(0, done);
  return {};
}

}  // namespace ioc::triage
