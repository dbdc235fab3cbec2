#include "tests/libs/log/contract/steps.h"

#include <catch2/catch.hpp>

#include <chrono>

namespace ioc::log::contract {

void LogFixture::make_quickly_cleaned(const TopicConfig& topic) {
  const auto made = log().ensure_topics(std::span(&topic, 1));
  if (!made) FAIL(made.error().message);
}

void ensure(Log& log, const std::string& topic, std::uint32_t partitions) {
  TopicConfig config;
  config.name = topic;
  config.partitions = partitions;
  const auto made = log.ensure_topics(std::span(&config, 1));
  if (!made) FAIL(made.error().message);
}

Message text(const std::string& key, const std::string& value) {
  Message message;
  message.key = key;
  message.value = value;
  return message;
}

Output output(const std::string& topic, PartitionId partition, const std::string& key, const std::string& value) {
  return {topic, partition, text(key, value)};
}

Offset append(LogFixture& fixture, Log& log, const std::string& topic, PartitionId partition, Message message) {
  Answer<Result<Offset>> answer;
  log.append(topic, partition, std::move(message), [answer](Result<Offset> result) mutable { answer.set(result); });
  const auto result = answer.wait(fixture.patience());
  if (!result) FAIL("no answer to an append");
  if (!*result) FAIL(result->error().message);
  return **result;
}

CommitResult commit(LogFixture& fixture, Owner& owner, Transaction transaction) {
  Answer<CommitResult> answer;
  owner.commit(std::move(transaction), [answer](CommitResult result) mutable { answer.set(std::move(result)); });
  const auto result = answer.wait(fixture.patience());
  if (!result) FAIL("no answer to a commit");
  return *result;
}

bool wait_ready(LogFixture& fixture, Reader& reader) {
  Answer<bool> ready;
  reader.when_ready([ready]() mutable { ready.set(true); });
  const bool fired = ready.wait(fixture.patience()).has_value();
  if (!fired) reader.when_ready({});
  return fired;
}

namespace {

void keep(const Batch& batch, std::vector<Seen>& seen) {
  for (const auto& entry : batch.entries) {
    Seen each;
    each.offset = entry.offset.value();
    each.appended_at = entry.appended_at;
    each.key = entry.key;
    each.value = entry.value;
    each.tombstone = entry.tombstone;
    for (const auto& [name, value] : entry.headers) each.headers.emplace_back(name, value);
    seen.push_back(std::move(each));
  }
}

// Reads on until `enough` says so.
template <class Enough>
std::vector<Seen> read_until(LogFixture& fixture, Reader& reader, Enough enough) {
  std::vector<Seen> seen;
  const auto deadline = std::chrono::steady_clock::now() + fixture.patience();
  while (!enough(seen)) {
    const auto batch = reader.poll(1000, 4 << 20);
    if (!batch) FAIL(batch.error().message);
    keep(*batch, seen);
    if (enough(seen)) break;
    if (std::chrono::steady_clock::now() > deadline) {
      FAIL("only " << seen.size() << " entries came, position " << reader.position().value());
    }
    if (batch->entries.empty()) wait_ready(fixture, reader);
  }
  return seen;
}

}  // namespace

std::vector<Seen> read_count(LogFixture& fixture, Reader& reader, std::size_t count) {
  return read_until(fixture, reader, [&](const std::vector<Seen>& seen) { return seen.size() >= count; });
}

std::vector<Seen> read_all(LogFixture& fixture, Log& log, const std::string& topic, PartitionId partition,
                           std::optional<Offset> from) {
  const auto range = log.range(topic, partition);
  if (!range) FAIL(range.error().message);
  auto reader = log.read(topic, partition, from.value_or(range->first));
  if (!reader) FAIL(reader.error().message);
  // The end may lie behind something that is no entry (a control marker): then nothing more comes, and that is right.
  std::vector<Seen> seen;
  const auto deadline = std::chrono::steady_clock::now() + fixture.patience();
  while ((*reader)->position() < range->end) {
    const auto batch = (*reader)->poll(1000, 4 << 20);
    if (!batch) FAIL(batch.error().message);
    keep(*batch, seen);
    if (std::chrono::steady_clock::now() > deadline) FAIL("reading does not reach the end");
    if (batch->entries.empty() && (*reader)->position() < range->end) wait_ready(fixture, **reader);
  }
  return seen;
}

Member join(LogFixture& fixture, Log& log, const std::string& group, const std::string& topic,
            const std::string& member) {
  Member made;
  AssignmentListener listener;
  listener.assigned = [assigned = made.assigned](PartitionId partition) { assigned->set(partition); };
  listener.revoked = [revoked = made.revoked](PartitionId partition) { revoked->set(partition); };
  auto joined = log.join(group, topic, member, std::move(listener));
  if (!joined) FAIL(joined.error().message);
  made.membership = std::move(*joined);
  if (!made.assigned->wait(fixture.patience() * 2)) FAIL("nothing was assigned to the only member");
  return made;
}

}  // namespace ioc::log::contract
