// How values lie in the state's tables: varints and length-prefixed texts, in order, no field names. A reader of
// damaged bytes goes on with zeros and says so at the end.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <string>
#include <string_view>

namespace ioc::triage {

class Writer {
 public:
  Writer() { x_bytes.reserve(120); }
  void number(std::uint64_t value) {
    while (value >= 0x80) {
      x_bytes.push_back(static_cast<char>(value | 0x80));
      value >>= 7;
    }
    x_bytes.push_back(static_cast<char>(value));
  }
  void signed_number(std::int64_t value) {
    number((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
  }
  // Eight bytes, little-endian: for times, which a varint makes no shorter worth the work.
  void fixed(std::int64_t value) {
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    if constexpr (std::endian::native == std::endian::big) std::reverse(std::begin(bytes), std::end(bytes));
    x_bytes.append(bytes, sizeof bytes);
  }
  void text(std::string_view value) {
    number(value.size());
    x_bytes.append(value);
  }
  [[nodiscard]] std::string take() { return std::move(x_bytes); }

 private:
  std::string x_bytes;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : x_rest(bytes) {}
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (x_rest.empty()) return fail();
      const auto byte = static_cast<unsigned char>(x_rest.front());
      x_rest.remove_prefix(1);
      value |= std::uint64_t(byte & 0x7fU) << shift;
      if (byte < 0x80) return value;
    }
    return fail();
  }
  std::int64_t signed_number() {
    const std::uint64_t value = number();
    return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
  }
  std::int64_t fixed() {
    if (x_rest.size() < 8) return static_cast<std::int64_t>(fail());
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 8; ++i) value |= std::uint64_t(static_cast<unsigned char>(x_rest[i])) << (8 * i);
    x_rest.remove_prefix(8);
    return static_cast<std::int64_t>(value);
  }
  std::string_view text() {
    const std::uint64_t size = number();
    if (size > x_rest.size()) {
      fail();
      return {};
    }
    const std::string_view value = x_rest.substr(0, size);
    x_rest.remove_prefix(size);
    return value;
  }
  // For loops over counts: at most as many items as bytes are left, so that damage cannot ask for the memory.
  std::uint64_t count() {
    const std::uint64_t value = number();
    return value > x_rest.size() ? fail() : value;
  }
  [[nodiscard]] bool more() const { return !x_rest.empty(); }
  // Everything was there and nothing is left.
  [[nodiscard]] bool complete() const { return x_ok && x_rest.empty(); }

 private:
  std::uint64_t fail() {
    x_ok = false;
    x_rest = {};
    return 0;
  }
  std::string_view x_rest;
  bool x_ok = true;
};

// Eight bytes that sort like the number.
inline std::string big_endian(std::uint64_t value) {
  std::string bytes(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>(value >> (56 - 8 * i));
  return bytes;
}
inline std::uint64_t from_big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8 && i < bytes.size(); ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

}  // namespace ioc::triage
