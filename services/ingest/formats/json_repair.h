// Bytes that are not quite JSON but mean one thing only. Everything else stays as it is, for the parser to refuse.
#pragma once

#include <string>
#include <string_view>

namespace ioc::ingest {

struct RepairedJson {
  std::string bytes;        // at most twice as long as what came
  bool characters = false;  // half of a character's escape became U+FFFD
  bool numbers = false;     // NaN, Infinity, 0912, +84
  [[nodiscard]] bool changed() const { return characters || numbers; }
};

// One pass:
//   "\ud83d" without its other half (a text cut inside an emoji)        -> "\ufffd"
//   NaN, Infinity, -Infinity, nan, -inf, … outside texts                -> 1e999: a number that no field can have
//   0912345678, +84912345678, 007.5 outside texts                       -> the text "0912345678"
[[nodiscard]] RepairedJson repair_json(std::string_view bytes);

}  // namespace ioc::ingest
