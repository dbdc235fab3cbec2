// Contract of libs/log/log.h: committed offsets, transactions, fencing.
#include <catch2/catch.hpp>

#include "tests/libs/log/contract/steps.h"

using namespace ioc;
using namespace ioc::log;
using namespace ioc::log::contract;

namespace {

struct Topics {
  std::string in, out, group;
};

Topics make_topics(LogFixture& fixture) {
  Topics topics{fixture.unique("in"), fixture.unique("out"), fixture.unique("group")};
  ensure(fixture.log(), topics.in, 1);
  ensure(fixture.log(), topics.out, 2);
  return topics;
}

Transaction transaction(std::vector<Output> outputs, std::uint64_t next, const std::string& metadata) {
  Transaction made;
  made.outputs = std::move(outputs);
  made.next = Offset(next);
  made.metadata = metadata;
  return made;
}

// A log of its own and the owner of the first partition of its input.
struct Owned {
  std::unique_ptr<LogFixture> fixture = make_fixture();
  Log& log = fixture->log();
  Topics topics = make_topics(*fixture);
  Member member = join(*fixture, log, topics.group, topics.in);
  std::unique_ptr<Owner> owner = member.membership->owner(kFirst);
  Owned() { REQUIRE(owner->acquire().has_value()); }
};

}  // namespace

TEST_CASE("contract: a group that never committed has no offset") {
  auto fixture = make_fixture();
  const auto topics = make_topics(*fixture);
  const auto member = join(*fixture, fixture->log(), topics.group, topics.in);
  auto owner = member.membership->owner(kFirst);
  const auto committed = owner->acquire();
  REQUIRE(committed.has_value());
  CHECK_FALSE(committed->next.has_value());
  CHECK(committed->metadata.empty());
}

TEST_CASE("contract: outputs and offset of a transaction appear together, and the offset is read back with metadata") {
  const Owned owned;
  const auto& [fixture, log, topics, member, owner] = owned;
  const std::string metadata = "hash=0123456789abcdef";
  const auto result = commit(*fixture, *owner,
                             transaction({output(topics.out, kFirst, "a", "1"), output(topics.out, kSecond, "b", "2"),
                                          output(topics.out, kFirst, "c", "3"), output(topics.in, kFirst, "t", "tick")},
                                         7, metadata));
  REQUIRE(result.outcome == CommitOutcome::Committed);
  const auto first = read_all(*fixture, log, topics.out, kFirst);
  REQUIRE(first.size() == 2);
  CHECK(first[0].key == "a");
  CHECK(first[1].key == "c");
  CHECK(read_all(*fixture, log, topics.out, kSecond).size() == 1);
  CHECK(read_all(*fixture, log, topics.in, kFirst).size() == 1);
  auto next = member.membership->owner(kFirst);
  const auto committed = next->acquire();
  REQUIRE(committed.has_value());
  CHECK(committed->next == Offset(7));
  CHECK(committed->metadata == metadata);
}

TEST_CASE("contract: a transaction without outputs commits its offset") {
  auto fixture = make_fixture();
  const auto topics = make_topics(*fixture);
  const auto member = join(*fixture, fixture->log(), topics.group, topics.in);
  auto owner = member.membership->owner(kFirst);
  REQUIRE(owner->acquire().has_value());
  for (std::uint64_t next = 1; next <= 5; ++next) {
    REQUIRE(commit(*fixture, *owner, transaction({}, next, "m" + std::to_string(next))).outcome ==
            CommitOutcome::Committed);
  }
  auto again = member.membership->owner(kFirst)->acquire();
  REQUIRE(again.has_value());
  CHECK(again->next == Offset(5));
  CHECK(again->metadata == "m5");
}

TEST_CASE("contract: committed offsets outlive the log's closing, group by group") {
  auto fixture = make_fixture();
  const auto topics = make_topics(*fixture);
  const auto other = fixture->unique("other-group");
  for (const auto& [group, next] : {std::pair(topics.group, 3), std::pair(other, 9)}) {
    const auto member = join(*fixture, fixture->log(), group, topics.in);
    auto owner = member.membership->owner(kFirst);
    REQUIRE(owner->acquire().has_value());
    REQUIRE(commit(*fixture, *owner, transaction({}, static_cast<std::uint64_t>(next), group)).outcome ==
            CommitOutcome::Committed);
  }
  fixture->reopen();
  for (const auto& [group, next] : {std::pair(topics.group, 3), std::pair(other, 9)}) {
    const auto member = join(*fixture, fixture->log(), group, topics.in);
    const auto committed = member.membership->owner(kFirst)->acquire();
    REQUIRE(committed.has_value());
    CHECK(committed->next == Offset(static_cast<std::uint64_t>(next)));
    CHECK(committed->metadata == group);
  }
}

TEST_CASE("contract: an older owner's commit is fenced and leaves nothing, the newer goes on") {
  auto fixture = make_fixture();
  Log& log = fixture->log();
  const auto topics = make_topics(*fixture);
  const auto member = join(*fixture, log, topics.group, topics.in);
  auto older = member.membership->owner(kFirst);
  REQUIRE(older->acquire().has_value());
  REQUIRE(commit(*fixture, *older, transaction({output(topics.out, kFirst, "k", "older 1")}, 1, "a")).outcome ==
          CommitOutcome::Committed);
  auto newer = member.membership->owner(kFirst);
  const auto taken = newer->acquire();
  REQUIRE(taken.has_value());
  CHECK(taken->next == Offset(1));
  const auto fenced = commit(*fixture, *older, transaction({output(topics.out, kFirst, "k", "older 2")}, 2, "b"));
  CHECK(fenced.outcome == CommitOutcome::Fenced);
  REQUIRE(commit(*fixture, *newer, transaction({output(topics.out, kFirst, "k", "newer")}, 2, "c")).outcome ==
          CommitOutcome::Committed);
  CHECK(commit(*fixture, *older, transaction({output(topics.out, kFirst, "k", "older 3")}, 3, "d")).outcome ==
        CommitOutcome::Fenced);
  const auto seen = read_all(*fixture, log, topics.out, kFirst);
  REQUIRE(seen.size() == 2);
  CHECK(seen[0].value == "older 1");
  CHECK(seen[1].value == "newer");
  const auto committed = member.membership->owner(kFirst)->acquire();
  REQUIRE(committed.has_value());
  CHECK(committed->next == Offset(2));
  CHECK(committed->metadata == "c");
}

TEST_CASE("contract: a transaction with an output larger than the log takes is rejected whole, and the next one goes through") {
  const Owned owned;
  const auto& [fixture, log, topics, member, owner] = owned;
  const auto rejected = commit(*fixture, *owner,
                               transaction({output(topics.out, kFirst, "k", "small"),
                                            output(topics.out, kFirst, "k", std::string(16 << 20, 'x'))}, 1, "a"));
  CHECK(rejected.outcome == CommitOutcome::Rejected);
  CHECK(rejected.detail.find(topics.out) != std::string::npos);
  REQUIRE(commit(*fixture, *owner, transaction({output(topics.out, kFirst, "k", "next")}, 1, "b")).outcome == CommitOutcome::Committed);
  const auto seen = read_all(*fixture, log, topics.out, kFirst);
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].value == "next");
}

TEST_CASE("contract: a member that leaves gives back what it held") {
  auto fixture = make_fixture();
  const auto topics = make_topics(*fixture);
  auto member = join(*fixture, fixture->log(), topics.group, topics.in);
  CHECK(member.assigned->calls() == 1);
  CHECK(member.revoked->calls() == 0);
  member.membership.reset();
  CHECK(member.revoked->calls() == 1);
}

TEST_CASE("contract: transactions and plain appends share a partition, all in order of their offsets") {
  const Owned owned;
  const auto& [fixture, log, topics, member, owner] = owned;
  for (std::uint64_t i = 0; i < 10; ++i) {
    append(*fixture, log, topics.out, kFirst, text("plain", std::to_string(2 * i)));
    REQUIRE(commit(*fixture, *owner,
                   transaction({output(topics.out, kFirst, "transaction", std::to_string(2 * i + 1))}, i, ""))
                .outcome == CommitOutcome::Committed);
  }
  const auto seen = read_all(*fixture, log, topics.out, kFirst);
  REQUIRE(seen.size() == 20);
  for (std::size_t i = 0; i < seen.size(); ++i) CHECK(seen[i].value == std::to_string(i));
}

TEST_CASE("contract: a transaction of many outputs is seen by a follower whole and in order") {
  const Owned owned;
  const auto& [fixture, log, topics, member, owner] = owned;
  auto reader = log.read(topics.out, kFirst, Offset(0)).value();
  std::vector<Output> outputs;
  for (int i = 0; i < 5000; ++i) outputs.push_back(output(topics.out, kFirst, "k", std::to_string(i)));
  REQUIRE(commit(*fixture, *owner, transaction(std::move(outputs), 1, "")).outcome == CommitOutcome::Committed);
  const auto seen = read_count(*fixture, *reader, 5000);
  REQUIRE(seen.size() == 5000);
  bool ordered = true;
  for (std::size_t i = 0; i < seen.size(); ++i) ordered = ordered && seen[i].value == std::to_string(i);
  CHECK(ordered);
}
