// Made-up sentences of reports with one secret each, and sentences full of numbers without any.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ioc::text {

struct Secret {
  std::string before, secret, after;
};

// The same for the same seed. `count` of each.
std::vector<Secret> phones(std::uint32_t seed, std::size_t count);
std::vector<Secret> identity_numbers(std::uint32_t seed, std::size_t count);
std::vector<Secret> plates(std::uint32_t seed, std::size_t count);
std::vector<Secret> accounts(std::uint32_t seed, std::size_t count);
std::vector<Secret> addresses(std::uint32_t seed, std::size_t count);
std::vector<Secret> names(std::uint32_t seed, std::size_t count);  // behind a pronoun or an office  // of e-mail
std::vector<std::string> plain_sentences(std::uint32_t seed, std::size_t count);

}  // namespace ioc::text
