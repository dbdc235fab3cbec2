#include "libs/base/hash.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>

using namespace ioc;

// Golden values: they are in stored state, so they may never change.
TEST_CASE("hash: the definition is fixed") {
  CHECK(hash128("") == Hash128{0, 0});
  CHECK(hash128("hello") == Hash128{0xcbd8a7b341bd9b02ULL, 0x5b1e906a48ae1d19ULL});
  CHECK(hash128("hello, world") == Hash128{0x342fac623a5ebc8eULL, 0x4cdcbc079642414dULL});
}

TEST_CASE("hash: every length and seed differs") {
  std::set<Hash128> seen;
  std::string text;
  for (int length = 0; length < 100; ++length) {
    for (std::uint64_t seed = 1; seed < 4; ++seed) CHECK(seen.insert(hash128(text, seed)).second);
    text += 'a';
  }
}

TEST_CASE("hash: a chain depends on the order of its links") { CHECK(chain(chain(0, "a"), "b") != chain(chain(0, "b"), "a")); }
