#include "libs/config/config.h"

#include <catch2/catch.hpp>

using namespace ioc;

namespace {

struct Inner {
  std::string id;
  std::uint64_t weight = 1;
  void declare(config::Fields& fields) {
    fields.text("id", id, "name");
    fields.number("weight", weight, 1, 10, "weight");
  }
};

struct Outer {
  bool on = false;
  std::uint64_t count = 5;
  Millis pause{100};
  std::string mode = "a";
  std::vector<std::string> names;
  Inner inner;
  std::vector<Inner> items;
  void declare(config::Fields& fields) {
    fields.flag("on", on, "switch");
    fields.number("count", count, 1, 100, "how many");
    fields.duration("pause", pause, Millis(1), Millis(10'000), "how long");
    fields.choice("mode", mode, {"a", "b"}, "which");
    fields.texts("names", names, "who");
    fields.section("inner", inner, "one");
    fields.list("items", items, "many");
    fields.reserved("other");
  }
};

config::Mistakes read(std::string_view yaml, Outer& into) {
  return config::read_text(yaml, "f.yaml", [&](config::Fields& fields) { into.declare(fields); });
}

}  // namespace

TEST_CASE("config: what is written is read, what is not keeps its default") {
  Outer outer;
  REQUIRE(read("on: true\ncount: 7\npause: 2s\nnames: [x, y]\ninner: {id: q}\nitems:\n  - {id: r, weight: 3}\nother: {any: thing}\n",
               outer)
              .empty());
  CHECK(outer.on);
  CHECK(outer.count == 7);
  CHECK(outer.pause == Millis(2000));
  CHECK(outer.mode == "a");
  CHECK(outer.names == std::vector<std::string>{"x", "y"});
  CHECK(outer.inner.id == "q");
  REQUIRE(outer.items.size() == 1);
  CHECK(outer.items[0].weight == 3);
}

TEST_CASE("config: an empty file is all defaults") {
  Outer outer;
  CHECK(read("", outer).empty());
  CHECK(outer.count == 5);
}

TEST_CASE("config: all mistakes are listed at once, each with its line, bound and what to write") {
  Outer outer;
  const auto mistakes =
      read("on: maybe\ncount: 1000\npause: soon\nmode: c\nnames: z\ninner: {weight: 0, colour: red}\nunknown: 1\ncount: 2\n", outer);
  REQUIRE(mistakes.size() == 9);
  const auto has = [&](const std::string& text) {
    return std::any_of(mistakes.begin(), mistakes.end(), [&](const std::string& one) { return one.find(text) != std::string::npos; });
  };
  CHECK(has("f.yaml:1: on is \"maybe\"; write true or false"));
  CHECK(has("count is 1000; it must be from 1 to 100"));
  CHECK(has("pause is \"soon\"; write a duration such as"));
  CHECK(has("mode is \"c\"; it must be one of: a, b"));
  CHECK(has("names is not a list"));
  CHECK(has("inner.weight is 0; it must be from 1 to 10"));
  CHECK(has("inner.colour is not a setting; known here: id, weight"));
  CHECK(has("f.yaml:7: unknown is not a setting"));
  CHECK(has("count stands here twice"));
}

TEST_CASE("config: a second document, which nobody reads, is a mistake with its line") {
  Outer outer;
  const auto two = read("---\ncount: 7\n---\ncount: 8\n", outer);
  REQUIRE(two.size() == 1);
  CHECK(two[0].starts_with("f.yaml:4: a second document begins here"));
  CHECK(outer.count == 7);
  for (const char* one : {"---\ncount: 7\n", "count: 7\n...\n", "count: 7\n---\n", "---\n---\n", "# nothing\n"}) CHECK(read(one, outer).empty());
}

TEST_CASE("config: hostile files give mistakes, not crashes") {
  for (const char* yaml : {"- a\n", "a", "{", "count: -1", "count: 99999999999999999999", "count: [1]", "items: {a: b}",
                           "items: [1, 2]", "pause: 99999999999999999999d", "inner: 3", "&a [*a]", "? [x]\n: 1\n"}) {
    Outer outer;
    CAPTURE(yaml);
    CHECK_FALSE(read(yaml, outer).empty());
  }
}

TEST_CASE("config: the description is a file that reads back to the defaults") {
  Outer defaults;
  const std::string text = config::describe([&](config::Fields& fields) { defaults.declare(fields); });
  CHECK(text.find("pause: 100ms  # how long (1ms to 10s)") != std::string::npos);
  Outer again;
  again.count = 77;
  CHECK(read(text, again).empty());
  CHECK(again.count == 5);
}

TEST_CASE("config: a duration that may be `never` is 0 then, and says so where it is neither") {
  const auto read_one = [](std::string_view yaml, Millis& value) {
    return config::read_text(yaml, "f.yaml", [&](config::Fields& fields) { fields.duration_or_never("pause", value, Millis(1000), Millis(60'000), "how long"); });
  };
  Millis value{5000};
  CHECK(read_one("pause: never", value).empty());
  CHECK(value == Millis(0));
  CHECK(read_one("pause: 7s", value).empty());
  CHECK(value == Millis(7000));
  CHECK(read_one("pause: 0s", value).at(0).find("it must be from 1s to 1m") != std::string::npos);
  CHECK(read_one("pause: soon", value).at(0).find("or never") != std::string::npos);
  Outer outer;
  CHECK(read("pause: never", outer).at(0).find("write a duration such as") != std::string::npos);
  Millis never{0};
  const std::string said = config::describe([&](config::Fields& fields) { fields.duration_or_never("pause", never, Millis(1000), Millis(60'000), "how long"); });
  CHECK(said == "pause: never  # how long (1s to 1m, or never)\n");
}

TEST_CASE("config: an address that no server can listen on is a mistake, with file, line and what to write") {
  struct Server {
    std::string listen = "127.0.0.1:8080";
    void declare(config::Fields& fields) { fields.address("listen", listen, "where"); }
  };
  const auto mistakes = [](const std::string& listen) {
    Server server;
    return config::read_text("listen: '" + listen + "'\n", "f.yaml", [&](config::Fields& fields) { server.declare(fields); });
  };
  for (const char* good : {"127.0.0.1:8080", "0.0.0.0:80", "[::1]:65535", "localhost:0"}) CHECK(mistakes(good).empty());
  for (const char* bad : {"127.0.0.1:99999", "0.0.0.0", "8080", ":8080", "ioc.example:80", "127.0.0.1:", "127.0.0.1:80x", "[::1]"}) {
    CAPTURE(bad);
    REQUIRE(mistakes(bad).size() == 1);
    CHECK(mistakes(bad).front() == "f.yaml:1: listen is \"" + std::string(bad) +
                                       "\"; write an address and a port up to 65535, such as 127.0.0.1:8080 or [::1]:8080");
  }
}
