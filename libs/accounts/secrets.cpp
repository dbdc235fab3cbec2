#include "libs/accounts/secrets.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "libs/base/assert.h"

namespace ioc::accounts {
namespace {

constexpr std::size_t kHashBytes = 32;

std::string base32(std::span<const unsigned char> bytes) {
  static constexpr char kAlphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
  std::string text;
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const unsigned char byte : bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += kAlphabet[(held >> bits) & 31U];
    }
    held &= (1U << bits) - 1U;
  }
  if (bits > 0) text += kAlphabet[(held << (5 - bits)) & 31U];
  return text;
}

template <std::size_t kBytes>
std::string random_base32() {
  std::array<unsigned char, kBytes> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  std::string text = base32(bytes);
  sodium_memzero(bytes.data(), bytes.size());
  return text;
}

}  // namespace

void start_secrets() { IOC_ASSERT(sodium_init() >= 0); }

std::string new_token(std::string_view name) { return "ioc_" + std::string(name) + "_" + random_base32<32>(); }

std::string new_password() {
  const std::string text = random_base32<13>();
  return text.substr(0, 5) + "-" + text.substr(5, 5) + "-" + text.substr(10, 5) + "-" + text.substr(15, 5);
}

std::string token_hash(std::string_view token) {
  std::array<unsigned char, kHashBytes> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(token.data()), token.size(),
                     nullptr, 0);
  std::string hex(2 * kHashBytes + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), hash.data(), hash.size());
  hex.pop_back();
  return hex;
}

bool same_hash(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string password_hash(std::string_view password) {
  std::array<char, crypto_pwhash_STRBYTES> text{};
  const int made = crypto_pwhash_str(text.data(), password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                     crypto_pwhash_MEMLIMIT_INTERACTIVE);
  IOC_ASSERT(made == 0);  // only when 64 MiB cannot be had
  return text.data();
}

bool password_fits(std::string_view hash, std::string_view password) {
  std::array<char, crypto_pwhash_STRBYTES> text{};
  if (hash.size() >= text.size()) return false;
  std::copy(hash.begin(), hash.end(), text.begin());
  return crypto_pwhash_str_verify(text.data(), password.data(), password.size()) == 0;
}

bool is_password_hash(std::string_view text) {
  return text.starts_with("$argon2id$") && text.size() < crypto_pwhash_STRBYTES;
}

bool is_token_hash(std::string_view text) {
  return text.size() == 2 * kHashBytes && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
}

}  // namespace ioc::accounts
