// What a Batch holds until a store writes it: RocksDB's own batch needs the handles of an open store to name a family,
// ours is made before it meets one. Inside libs/store only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libs/store/store.h"

namespace ioc::store {

struct Operations {
  enum class Kind : std::uint8_t { Put, Erase, EraseRange };
  struct Operation {
    Kind kind;
    Family family;
    std::size_t first_size;   // key, or start of the range
    std::size_t second_size;  // value, or end of the range
  };
  void add(Kind kind, Family family, std::string_view first, std::string_view second) {
    list.push_back({kind, family, first.size(), second.size()});
    bytes.append(first).append(second);
  }
  std::vector<Operation> list;
  std::string bytes;  // of all operations, in order
};

struct Batch::Impl : Operations {};

}  // namespace ioc::store
