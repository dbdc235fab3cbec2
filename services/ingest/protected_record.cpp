// version(1 byte = 1), received_at ms, keep_until ms (8 bytes each, little-endian), then id, sender, format, payload,
// reporter and plates, each 4 bytes little-endian length and bytes; plates to the end.
#include "services/ingest/protected_store.h"

namespace ioc::ingest {
namespace {

constexpr char kVersion = 1;

void put_number(std::string& out, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) out += static_cast<char>((value >> (8 * i)) & 0xFFU);
}

void put_text(std::string& out, std::string_view text) {
  put_number(out, text.size(), 4);
  out += text;
}

class Taker {
 public:
  explicit Taker(std::string_view bytes) : x_rest(bytes) {}
  std::uint64_t number(std::size_t bytes) {
    if (x_rest.size() < bytes) {
      x_ok = false;
      return 0;
    }
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < bytes; ++i) out |= static_cast<std::uint64_t>(static_cast<unsigned char>(x_rest[i])) << (8 * i);
    x_rest.remove_prefix(bytes);
    return out;
  }
  std::string text() {
    const auto size = static_cast<std::size_t>(number(4));
    if (!x_ok || x_rest.size() < size) {
      x_ok = false;
      return {};
    }
    std::string out(x_rest.substr(0, size));
    x_rest.remove_prefix(size);
    return out;
  }
  [[nodiscard]] bool ok() const { return x_ok; }
  [[nodiscard]] bool more() const { return x_ok && !x_rest.empty(); }

 private:
  std::string_view x_rest;
  bool x_ok = true;
};

}  // namespace

std::string encode(const ProtectedRecord& record) {
  std::string out;
  out.reserve(record.payload.size() + record.reporter.size() + 128);
  out += kVersion;
  put_number(out, static_cast<std::uint64_t>(record.received_at.ms()), 8);
  put_number(out, static_cast<std::uint64_t>(record.keep_until.ms()), 8);
  for (const auto* text : {&record.id, &record.sender, &record.format, &record.payload, &record.reporter}) put_text(out, *text);
  for (const auto& plate : record.plates) put_text(out, plate);
  return out;
}

Result<ProtectedRecord> decode_protected(std::string_view bytes) {
  if (bytes.empty() || bytes.front() != kVersion) return corrupt("a protected payload has an unknown version: it was written by a newer ioc");
  Taker taker(bytes.substr(1));
  ProtectedRecord out;
  out.received_at = WallTime::from_ms(static_cast<std::int64_t>(taker.number(8)));
  out.keep_until = WallTime::from_ms(static_cast<std::int64_t>(taker.number(8)));
  for (auto* text : {&out.id, &out.sender, &out.format, &out.payload, &out.reporter}) *text = taker.text();
  while (taker.more()) out.plates.push_back(taker.text());
  if (!taker.ok()) return corrupt("a protected payload is cut short");
  return out;
}

}  // namespace ioc::ingest
