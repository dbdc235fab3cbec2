// What is shown once and what is stored instead of it.
#pragma once

#include <string>
#include <string_view>

namespace ioc::accounts {

// Once per process, before anything else here. Exits through an always-on assert when the system has no randomness.
void start_secrets();

// "ioc_<name>_<52 base32>": 256 random bits.
std::string new_token(std::string_view name);
// Four groups of five base32 characters: 100 random bits.
std::string new_password();

// BLAKE2b-256, hex. A token has full entropy, so a fast hash is enough.
std::string token_hash(std::string_view token);
bool same_hash(std::string_view a, std::string_view b);  // constant time

// argon2id with a random salt, in libsodium's text form.
std::string password_hash(std::string_view password);
bool password_fits(std::string_view hash, std::string_view password);
bool is_password_hash(std::string_view text);
bool is_token_hash(std::string_view text);

}  // namespace ioc::accounts
