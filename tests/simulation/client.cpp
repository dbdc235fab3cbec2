#include "tests/simulation/client.h"

#include <algorithm>
#include <optional>

#include "libs/domain/topics.h"
#include "tests/simulation/owner.h"

namespace ioc::simulation {

class ModelReader final : public log::Reader {
 public:
  ModelReader(Client& client, TopicPartition place, Offset from) : x_client(client), x_place(std::move(place)), x_position(from) {
    x_client.x_readers.insert(this);
  }
  ~ModelReader() override { x_client.x_readers.erase(this); }

  [[nodiscard]] Result<log::Batch> poll(std::size_t entries_max, std::size_t) override;
  void when_ready(std::function<void()> ready) override;
  void seek(Offset offset) override { x_position = offset; }
  [[nodiscard]] Offset position() const override { return x_position; }

  [[nodiscard]] const TopicPartition& place() const { return x_place; }
  void wake();
  void abandon() { x_ready = nullptr; }

 private:
  [[nodiscard]] PartitionLog::Read look(std::size_t entries_max) const;

  Client& x_client;
  const TopicPartition x_place;
  Offset x_position;
  std::function<void()> x_ready;
  bool x_waking = false;
  std::shared_ptr<int> x_here = std::make_shared<int>(0);  // wakes that are under way end with it
};

PartitionLog::Read ModelReader::look(std::size_t entries_max) const {
  const PartitionLog& log = x_client.x_broker.at(x_place);
  if (!x_client.x_mistakes.reads_uncommitted) return log.read(x_position, entries_max);
  PartitionLog::Read found{{}, x_position};
  for (std::uint64_t i = x_position.value(); i < log.end().value() && found.entries.size() < entries_max; ++i) {
    if (log.all()[i].kind == Stored::Kind::Data) found.entries.emplace_back(Offset(i), &log.all()[i]);
    found.next = Offset(i + 1);
  }
  return found;
}

Result<log::Batch> ModelReader::poll(std::size_t entries_max, std::size_t) {
  Timeline& timeline = x_client.x_timeline;
  timeline.boundary(*x_client.x_process, "poll");
  const Weather& weather = x_client.x_broker.weather;
  if (x_position > x_client.x_broker.at(x_place).end()) {
    x_client.x_probes.hit("reader beyond the log's end");
    return permanent("offset " + std::to_string(x_position.value()) + " is not in the log: it lost its end; compare with range()");
  }
  if (timeline.random.chance(weather.failed_read_permille)) {
    x_client.x_probes.hit("read failed");
    return transient("the read failed");
  }
  log::Batch batch;
  batch.next = x_position;
  if (weather.broker_down || timeline.random.chance(weather.slow_read_permille)) return batch;
  const bool little = timeline.random.chance(300);
  const PartitionLog::Read found = look(little ? 1 + timeline.random.pick(4) : entries_max);
  auto messages = std::make_shared<std::vector<MessagePtr>>();
  for (const auto& [offset, stored] : found.entries) {
    messages->push_back(stored->message);
    const log::Message& message = *stored->message;
    batch.entries.push_back({offset, stored->at, message.key, message.value, message.tombstone, {}});
  }
  batch.next = x_position = found.next;
  batch.memory = std::move(messages);
  timeline.boundary(*x_client.x_process, "poll: done");
  return batch;
}

void ModelReader::when_ready(std::function<void()> ready) {
  x_ready = std::move(ready);
  if (!x_ready) return;
  const PartitionLog& log = x_client.x_broker.at(x_place);
  if (x_position > log.end() || look(1).next > x_position) wake();
}

void ModelReader::wake() {
  if (!x_ready || std::exchange(x_waking, true)) return;
  Timeline& timeline = x_client.x_timeline;
  const bool slow = timeline.random.chance(x_client.x_broker.weather.slow_read_permille);
  const std::weak_ptr<int> here = x_here;
  timeline.in(Moment(slow ? timeline.random.between(5'000, 200'000) : timeline.random.between(50, 900)), x_client.x_process,
              [this, here] {
                if (here.expired()) return;
                x_waking = false;
                if (x_ready) std::exchange(x_ready, nullptr)();
              });
}

Client::Client(Timeline& timeline, Broker& broker, Network& network, Probes& probes, ProcessPtr process, Times times,
               ClientMistakes mistakes)
    : x_timeline(timeline), x_broker(broker), x_network(network), x_probes(probes), x_process(std::move(process)),
      x_times(times), x_mistakes(mistakes) {}

Client::~Client() = default;

Result<std::optional<std::uint32_t>> Client::partitions_of(std::string_view topic) {
  return std::optional<std::uint32_t>(topic == topics::kBundles ? 1 : x_broker.partitions());
}

Result<log::Range> Client::range(std::string_view topic, PartitionId partition) {
  x_timeline.boundary(*x_process, "range");
  if (x_broker.weather.broker_down) return transient("the broker does not answer");
  return log::Range{Offset(0), x_broker.at({std::string(topic), partition}).stable_end()};
}

// Idempotent: what is retried inside is there once. An error says nothing about whether it is there.
void Client::append(std::string_view topic, PartitionId partition, log::Message message,
                    std::function<void(Result<Offset>)> done) {
  x_timeline.boundary(*x_process, "append");
  const TopicPartition place{std::string(topic), partition};
  Moment& last = x_last_arrival[place];
  last = std::max(last + Moment(1), x_timeline.now() + Moment(x_timeline.random.between(40, 500)));
  const bool lost = x_timeline.random.chance(x_broker.weather.lost_request_permille);
  const bool reply_lost = x_timeline.random.chance(x_broker.weather.lost_reply_permille);
  auto shared = std::make_shared<const log::Message>(std::move(message));
  const std::uint64_t number = ++x_append_number;
  x_appends[number] = std::move(done);
  x_timeline.at(last, nullptr, [this, place, shared, lost, reply_lost, number, process = x_process, &timeline = x_timeline,
                                &broker = x_broker] {
    std::optional<Offset> at;
    if (!broker.weather.broker_down && !lost) at = broker.append(place, shared);
    const Result<Offset> appended =
        at && !reply_lost ? Result<Offset>(*at) : Result<Offset>(transient("not appended in time: send again"));
    timeline.in(Moment(timeline.random.between(40, 500)), process, [this, number, appended] {
      x_timeline.boundary(*x_process, "append: done");
      x_appends.extract(number).mapped()(appended);
    });
  });
  x_timeline.boundary(*x_process, "append: sent");
}

Result<std::unique_ptr<log::Reader>> Client::read(std::string_view topic, PartitionId partition, Offset from) {
  x_timeline.boundary(*x_process, "read");
  if (x_broker.weather.broker_down) return transient("the broker does not answer");
  return std::unique_ptr<log::Reader>(std::make_unique<ModelReader>(*this, TopicPartition{std::string(topic), partition}, from));
}

Result<std::unique_ptr<log::Membership>> Client::join(std::string_view, std::string_view, std::string_view,
                                                      log::AssignmentListener) {
  return permanent("the model's groups are joined through Member");
}

// For standbys: not fenced, so it may be a little old.
Result<log::Committed> Client::committed(std::string_view, std::string_view, PartitionId partition) {
  x_timeline.boundary(*x_process, "committed");
  if (x_broker.weather.broker_down) return transient("the broker does not answer");
  return x_broker.committed(partition);
}

std::unique_ptr<log::Owner> Client::owner(Member& member, PartitionId partition) {
  return std::make_unique<ModelOwner>(*this, member, partition);
}

void Client::on_visible(const TopicPartition& place) {
  for (ModelReader* reader : x_readers) {
    if (reader->place() == place) reader->wake();
  }
}

void Client::abandon() {
  x_appends.clear();
  for (ModelReader* reader : x_readers) reader->abandon();
  for (ModelOwner* owner : x_owners) owner->abandon();
}

}  // namespace ioc::simulation
