#include "libs/base/hash.h"

#include <bit>
#include <cstddef>
#include <cstring>

namespace ioc {
namespace {

constexpr std::uint64_t kC1 = 0x87c37b91114253d5ULL;
constexpr std::uint64_t kC2 = 0x4cf5ad432745937fULL;

std::uint64_t read64(const char* at) {
  std::uint64_t value = 0;
  std::memcpy(&value, at, sizeof value);
  if constexpr (std::endian::native == std::endian::big) value = __builtin_bswap64(value);
  return value;
}

// The first `count` bytes, at most 8, little-endian.
std::uint64_t tail64(const char* at, std::size_t count) {
  if (count == 8) return read64(at);
  const auto byte = [at](std::size_t i) { return std::uint64_t(static_cast<unsigned char>(at[i])); };
  std::uint64_t value = 0;
  std::size_t done = 0;
  if ((count & 4) != 0) {
    value = byte(0) | byte(1) << 8 | byte(2) << 16 | byte(3) << 24;
    done = 4;
  }
  if ((count & 2) != 0) {
    value |= (byte(done) | byte(done + 1) << 8) << (8 * done);
    done += 2;
  }
  if ((count & 1) != 0) value |= byte(done) << (8 * done);
  return value;
}

std::uint64_t finish(std::uint64_t k) {
  k ^= k >> 33;
  k *= 0xff51afd7ed558ccdULL;
  k ^= k >> 33;
  k *= 0xc4ceb9fe1a85ec53ULL;
  k ^= k >> 33;
  return k;
}

std::uint64_t mix1(std::uint64_t k) { return std::rotl(k * kC1, 31) * kC2; }
std::uint64_t mix2(std::uint64_t k) { return std::rotl(k * kC2, 33) * kC1; }

}  // namespace

Hash128 hash128(std::string_view bytes, std::uint64_t seed) {
  std::uint64_t h1 = seed;
  std::uint64_t h2 = seed;
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 16; left -= 16, at += 16) {
    h1 = (std::rotl(h1 ^ mix1(read64(at)), 27) + h2) * 5 + 0x52dce729;
    h2 = (std::rotl(h2 ^ mix2(read64(at + 8)), 31) + h1) * 5 + 0x38495ab5;
  }
  if (left > 8) h2 ^= mix2(tail64(at + 8, left - 8));
  if (left > 0) h1 ^= mix1(tail64(at, left < 8 ? left : 8));
  h1 ^= bytes.size();
  h2 ^= bytes.size();
  h1 += h2;
  h2 += h1;
  h1 = finish(h1);
  h2 = finish(h2);
  h1 += h2;
  h2 += h1;
  return {h1, h2};
}

}  // namespace ioc
