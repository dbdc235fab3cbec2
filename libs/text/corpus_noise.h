// How people type: what a corpus's clean sentences become in each register.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ioc::text {

// splitmix64, the same everywhere.
struct Draw {
  std::uint64_t state;
  std::uint64_t next() {
    std::uint64_t value = state += 0x9E3779B97F4A7C15ULL;
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9ULL;
    value = (value ^ value >> 27) * 0x94D049BB133111EBULL;
    return value ^ value >> 31;
  }
  std::size_t below(std::size_t end) { return static_cast<std::size_t>(next() % end); }
  bool chance(std::size_t permille) { return below(1000) < permille; }
};

// Abbreviations and teencode, slips of the finger, words run together, marks dropped or typed as Telex keys, capitals and
// stops left out: a little on the hotline, much in chat, nothing but rare slips in formal texts; `folded` has no marks at all.
std::string roughened(std::string_view text, std::string_view written_as, Draw& draw);

// "đường" as Telex keys: "dduwowngf".
std::string telex_keys(std::string_view word);

// The first letter as a capital.
std::string capitalised(std::string_view text);

}  // namespace ioc::text
