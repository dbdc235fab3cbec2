#include "services/ingest/identity.h"

#include <sodium.h>

#include <array>

#include "libs/base/assert.h"
#include "libs/base/time.h"

namespace ioc::ingest {
namespace {

constexpr std::size_t kHashBytes = 16;
constexpr std::size_t kIdChars = 20;  // 100 bits: no two of 10^9 events meet, and short enough to be read out
constexpr char kAlphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";  // without i, l, o, u

std::string base32(const unsigned char* bytes, std::size_t chars) {
  std::string out;
  unsigned buffer = 0, bits = 0;
  for (std::size_t i = 0; out.size() < chars; ++i) {
    buffer = (buffer << 8U) | bytes[i];
    for (bits += 8; bits >= 5 && out.size() < chars; bits -= 5) out += kAlphabet[(buffer >> (bits - 5)) & 31U];
    buffer &= 0xFFU;
  }
  return out;
}

void absorb(crypto_generichash_state& state, std::string_view part) {
  std::array<unsigned char, 8> size{};
  for (std::size_t i = 0; i < size.size(); ++i) size[i] = static_cast<unsigned char>(part.size() >> (8 * i));
  crypto_generichash_update(&state, size.data(), size.size());
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(part.data()), part.size());
}

char letter_of(Feed feed) {
  switch (feed) {
    case Feed::CitizenReports: return 'r';
    case Feed::CameraAlerts: return 'a';
    case Feed::CheckpointPassages: return 'c';
    case Feed::OnlineMentions: return 'o';
    case Feed::Indicators: return 'i';
  }
  return 'x';
}

}  // namespace

Identity::Identity(std::string key) : x_key(std::move(key)) {
  IOC_ASSERT(x_key.size() == 32);
  IOC_ASSERT(sodium_init() >= 0);
}

// Every part is preceded by its length, so that ("ab","c") and ("a","bc") differ.
std::string Identity::keyed(std::string_view purpose, std::initializer_list<std::string_view> parts) const {
  crypto_generichash_state state;
  crypto_generichash_init(&state, reinterpret_cast<const unsigned char*>(x_key.data()), x_key.size(), kHashBytes);
  absorb(state, purpose);
  for (const auto part : parts) absorb(state, part);
  std::array<unsigned char, kHashBytes> hash{};
  crypto_generichash_final(&state, hash.data(), hash.size());
  return base32(hash.data(), kIdChars);
}

std::string Identity::sequence_revision(std::uint64_t sequence, std::optional<std::int64_t> own_time_ms) {
  const std::string revision = "s" + std::to_string(sequence);
  return own_time_ms ? revision + "@" + std::to_string(*own_time_ms) : revision;
}

EventId Identity::event_id(Feed feed, const SourceId& source, const ObjectId& object, std::string_view revision,
                           std::optional<std::int64_t> own_time_ms) const {
  const std::string prefix = own_time_ms ? format_compact(*own_time_ms) : "00000000-000000";
  const std::string_view feed_name = name_of(feed);
  return EventId(prefix + "-" + letter_of(feed) + "-" + keyed("event", {feed_name, source.str(), object.str(), revision}));
}

ObjectId Identity::object_from(std::string_view content) const { return ObjectId(keyed("object", {content})); }

std::string Identity::content_hash(std::string_view content) const { return keyed("content", {content}); }

std::string Identity::plate_hash(std::string_view plate) const {
  std::string plain;
  for (const char c : plate) {
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')) plain += c;
    if (c >= 'a' && c <= 'z') plain += static_cast<char>(c - 'a' + 'A');
  }
  return plain.empty() ? std::string{} : keyed("plate", {plain});
}

std::string Identity::name_hash(std::string_view name) const { return "h-" + keyed("name", {name}); }

std::string Identity::payload_ref(std::string_view id) const { return "p-" + keyed("payload", {id}); }

std::string Identity::dead_letter_id(std::string_view path, std::string_view sender, std::string_view payload) const {
  return "d-" + keyed("dead-letter", {path, sender, payload});
}

}  // namespace ioc::ingest
