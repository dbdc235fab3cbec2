#include "services/triage/state_store.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <random>

#include "tests/services/triage/memory_world.h"

using namespace ioc;
using namespace ioc::triage_service;
using triage::StateWrite;
using triage::Table;

namespace {

using Rows = std::map<std::string, std::string>;

Rows rows_of(const PartitionState& state, Table table, std::string_view from = "", std::string_view until = "") {
  Rows rows;
  state.scan(table, from, until, [&](std::string_view key, std::string_view value) {
    return rows.emplace(key, value).second;
  });
  return rows;
}

}  // namespace

// The model: a plain map that takes every delta at once.
TEST_CASE("state: a partition sees its unwritten deltas as if they were stored, whatever was written when") {
  std::mt19937 random(5);
  for (int run = 0; run < 200; ++run) {
    testing::MemoryStore store;
    PartitionState state(PartitionId(3), store);
    Rows model;
    for (int i = 0; i < 40; ++i) {
      if (random() % 3 == 0 && state.held() > 0) {
        REQUIRE(state.write_oldest().has_value());
      } else {
        std::vector<StateWrite> delta;
        const std::string key(1, static_cast<char>('a' + random() % 8));
        if (random() % 4 == 0) {
          delta.push_back({Table::Objects, key, std::nullopt});
          model.erase(key);
        } else {
          delta.push_back({Table::Objects, key, std::to_string(i)});
          model[key] = std::to_string(i);
        }
        state.hold(std::move(delta));
      }
      REQUIRE(rows_of(state, Table::Objects) == model);
      const Rows part(model.lower_bound("c"), model.lower_bound("f"));
      REQUIRE(rows_of(state, Table::Objects, "c", "f") == part);
      for (char c = 'a'; c < 'i'; ++c) {
        const auto found = state.get(Table::Objects, std::string(1, c));
        const auto expected = model.find(std::string(1, c));
        REQUIRE(found.has_value() == (expected != model.end()));
        if (found) REQUIRE(*found == expected->second);
      }
    }
  }
}

TEST_CASE("state: a scan ends when its visitor says so") {
  testing::MemoryStore store;
  PartitionState state(PartitionId(0), store);
  state.hold({{Table::Other, "a", "1"}, {Table::Other, "c", "3"}});
  REQUIRE(state.write_oldest().has_value());
  state.hold({{Table::Other, "b", "2"}, {Table::Other, "d", "4"}});
  std::string seen;
  state.scan(Table::Other, "", "", [&](std::string_view key, std::string_view) {
    seen += key;
    return seen.size() < 3;
  });
  CHECK(seen == "abc");
}

TEST_CASE("state: partitions in one RocksDB do not see each other, and it survives reopening") {
  const auto folder = std::filesystem::temp_directory_path() / ("ioc-state-" + std::to_string(::getpid()));
  std::filesystem::remove_all(folder);
  {
    auto store = open_state_store(folder, 8 << 20);
    REQUIRE(store.has_value());
    REQUIRE((*store)->write(PartitionId(1), {{Table::Meta, "k", "one"}, {Table::Meta, std::string("\xff\xff", 2), "end"}}).has_value());
    REQUIRE((*store)->write(PartitionId(2), {{Table::Meta, "k", "two"}}).has_value());
  }
  {
    auto store = open_state_store(folder, 8 << 20);
    REQUIRE(store.has_value());
    PartitionState one(PartitionId(1), **store);
    CHECK(one.get(Table::Meta, "k") == "one");
    CHECK(rows_of(one, Table::Meta).size() == 2);
    PartitionState three(PartitionId(3), **store);
    CHECK(rows_of(three, Table::Meta).empty());
  }
  std::filesystem::remove_all(folder);
}
