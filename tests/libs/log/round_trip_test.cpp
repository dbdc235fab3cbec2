#include "libs/log/round_trip.h"

#include <catch2/catch.hpp>
#include <functional>

using namespace ioc;
using namespace ioc::log;

namespace {

// A log that answers what the test says, and nothing else.
class AnsweringLog final : public Log {
 public:
  using Answer = Result<std::optional<std::uint32_t>>;
  void answer(Answer answer) {
    const std::lock_guard lock(x_mutex);
    x_answer = std::move(answer);
  }

  std::string id() const override { return "answering"; }
  Result<void> ensure_topics(std::span<const TopicConfig>) override { return unknown(); }
  Answer partitions_of(std::string_view) override {
    const std::lock_guard lock(x_mutex);
    return x_answer;
  }
  Result<Range> range(std::string_view, PartitionId) override { return unknown(); }
  void append(std::string_view, PartitionId, Message, std::function<void(Result<Offset>)> done) override { done(unknown()); }
  Result<std::unique_ptr<Reader>> read(std::string_view, PartitionId, Offset) override { return unknown(); }
  Result<std::unique_ptr<Membership>> join(std::string_view, std::string_view, std::string_view, AssignmentListener) override { return unknown(); }
  Stats stats() const override { return {}; }

 private:
  static Error unknown() { return permanent("this log only answers questions for topics"); }

  std::mutex x_mutex;
  Answer x_answer = std::optional<std::uint32_t>(1);
};

bool eventually(const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!holds() && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(Millis(2));
  return holds();
}

}  // namespace

TEST_CASE("round trip: a log that stops answering is said to, with its last error, until it answers again") {
  AnsweringLog log;
  const RoundTrip round_trip(log, "ioc.events.v1", Millis(2), Millis(200));
  CHECK(round_trip.not_answering_because().empty());
  log.answer(transient("the broker is gone"));
  REQUIRE(eventually([&] { return !round_trip.not_answering_because().empty(); }));
  CHECK(round_trip.not_answering_because().find("has not answered for") != std::string::npos);
  CHECK(round_trip.not_answering_because().find("the broker is gone") != std::string::npos);
  log.answer(std::optional<std::uint32_t>(1));
  CHECK(eventually([&] { return round_trip.not_answering_because().empty(); }));
}

TEST_CASE("round trip: a topic that was deleted is said at once") {
  AnsweringLog log;
  const RoundTrip round_trip(log, "ioc.events.v1", Millis(2));
  log.answer(std::optional<std::uint32_t>());
  CHECK(eventually([&] { return round_trip.not_answering_because() == "the topic ioc.events.v1 does not exist (log_silent)"; }));
}
