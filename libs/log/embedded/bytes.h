// Numbers as they stand in keys (big-endian, so that they sort) and in values (little-endian and varints).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ioc::log::embedded {

template <class Number>
void put_sorted(std::string& into, Number number) {
  for (int shift = static_cast<int>(sizeof(Number)) * 8 - 8; shift >= 0; shift -= 8) {
    into.push_back(static_cast<char>(number >> shift & 0xff));
  }
}

template <class Number>
void put_fixed(std::string& into, Number number) {
  for (std::size_t byte = 0; byte < sizeof(Number); ++byte) into.push_back(static_cast<char>(number >> 8 * byte & 0xff));
}

inline void put_varint(std::string& into, std::uint64_t number) {
  while (number >= 0x80) {
    into.push_back(static_cast<char>(number | 0x80));
    number >>= 7;
  }
  into.push_back(static_cast<char>(number));
}

inline void put_text(std::string& into, std::string_view text) {
  put_varint(into, text.size());
  into.append(text);
}

// Takes numbers off the front of bytes. After a failure everything reads as 0 and good() is false.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : x_bytes(bytes) {}
  [[nodiscard]] bool good() const { return x_good; }
  [[nodiscard]] bool at_end() const { return x_bytes.empty(); }
  [[nodiscard]] std::string_view rest() const { return x_bytes; }

  std::string_view text(std::size_t size) {
    if (!x_good || x_bytes.size() < size) {
      x_good = false;
      return {};
    }
    const auto taken = x_bytes.substr(0, size);
    x_bytes.remove_prefix(size);
    return taken;
  }
  std::string_view text() { return text(varint()); }

  template <class Number>
  Number sorted() {
    Number number = 0;
    for (const char each : text(sizeof(Number))) {
      number = static_cast<Number>(number << 8 | static_cast<unsigned char>(each));
    }
    return number;
  }
  template <class Number>
  Number fixed() {
    const auto taken = text(sizeof(Number));
    Number number = 0;
    for (std::size_t byte = 0; byte < taken.size(); ++byte) {
      number |= static_cast<Number>(static_cast<Number>(static_cast<unsigned char>(taken[byte])) << 8 * byte);
    }
    return number;
  }
  std::uint64_t varint() {
    std::uint64_t number = 0;
    for (unsigned shift = 0; x_good && shift < 64; shift += 7) {
      const auto byte = text(1);
      if (byte.empty()) return 0;
      number |= static_cast<std::uint64_t>(static_cast<unsigned char>(byte[0]) & 0x7f) << shift;
      if ((static_cast<unsigned char>(byte[0]) & 0x80) == 0) return number;
    }
    x_good = false;
    return 0;
  }

 private:
  std::string_view x_bytes;
  bool x_good = true;
};

}  // namespace ioc::log::embedded
