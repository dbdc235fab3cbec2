#include "tests/simulation/workload.h"

#include "libs/domain/topics.h"
#include "libs/domain/wire.h"
#include "libs/triage/machine.h"
#include "tests/simulation/rules.h"

namespace ioc::simulation {
namespace {

constexpr Moment kSendAgain = std::chrono::milliseconds(80);
constexpr std::int64_t kHourMs = 3'600'000;

}  // namespace

Workload::Workload(Timeline& timeline, Broker& broker, Network& network, Probes& probes, Random random, Client::Times times)
    : x_timeline(timeline),
      x_broker(broker),
      x_probes(probes),
      x_random(random),
      x_process(std::make_shared<Process>("outside")),
      x_client(timeline, broker, network, probes, x_process, times, {}) {
  x_process->may_crash = false;
}

Workload::~Workload() {
  x_timeline.forget(*x_process);
  x_process->alive = false;
  x_client.abandon();
}

void Workload::start(std::size_t actions, Moment span) {
  x_left = actions;
  Moment burst{0};
  for (std::size_t i = 0; i < actions; ++i) {
    const bool in_burst = i > 0 && x_random.chance(700);
    if (!in_burst) burst = Moment(x_random.between(0, span.count()));
    x_timeline.at(x_timeline.now() + burst + Moment(x_random.between(0, 3'000)), x_process, [this] {
      --x_left;
      act();
    });
  }
}

void Workload::hurry(Moment span) {
  for (int i = 0; i < 8; ++i) {
    ++x_left;
    x_timeline.in(Moment(x_random.between(0, span.count())), x_process, [this] {
      --x_left;
      act();
    });
  }
}

void Workload::act() {
  switch (x_random.pick(20)) {
    case 0: case 1: case 2: case 3: case 4: return report();
    case 5: case 6: case 7: case 8: return camera();
    case 9: return passage();
    case 10: return status();
    case 11: return mention();
    case 12: return indicator();
    case 13: case 14: return again();
    case 15: return send(PartitionId(static_cast<std::uint32_t>(x_random.pick(x_broker.partitions()))), wire::encode(Record(Tick{})));
    case 16: return x_random.chance(400) ? activation() : send(PartitionId(0), "\x0a\xff garbage " + std::to_string(x_number++));
    default: return command();
  }
}

// A source's home is its for good (DESIGN D6).
PartitionId Workload::home(Feed feed) const {
  return PartitionId(static_cast<std::uint32_t>(feed) % x_broker.partitions());
}

std::optional<Position> Workload::somewhere() {
  if (x_random.chance(120)) return std::nullopt;
  const std::int32_t west = kWestE7[x_random.pick(2)];
  const auto at = [this] { return static_cast<std::int32_t>(100'000 + 40'000 * x_random.pick(4) + 900 * x_random.pick(3)); };
  return Position{kSouthE7 + at(), west + at(), 0};
}

Event Workload::event_of(Feed feed, std::string object) {
  Event event;
  event.feed = feed;
  event.source = SourceId(name_of(feed));
  event.object = ObjectId(std::move(object));
  event.received_at = WallTime::from_ms(x_timeline.true_time().ms());
  return event;
}

// As ingest makes ids; some without a time of their own.
Event Workload::timed(Event event) {
  const std::int64_t late = x_random.chance(100) ? x_random.between(0, 100 * kHourMs) : x_random.between(0, 60'000);
  event.occurred_at = EventTime::from_ms(x_timeline.true_time().ms() - late);
  if (x_random.chance(30)) event.flags.push_back(EventFlag::TimeMissing);
  const std::string prefix = x_random.chance(100) ? "" : format_compact(event.occurred_at.ms());
  event.id = EventId(prefix + "-x-" + std::to_string(x_number++));
  return event;
}

void Workload::report() {
  static const char* const kTexts[] = {"Nắp cống bị mất trước số nhà 12", "mat nap cong nguy hiem", "Tai nạn có người bị thương",
                                       "sập cầu", "Rác thải ở Phường Đông", "kẹt xe"};
  Event event = timed(event_of(Feed::CitizenReports, "r" + std::to_string(x_random.pick(20))));
  event.position = somewhere();
  event.revision = x_random.pick(3);
  CitizenReport body;
  body.text = kTexts[x_random.pick(std::size(kTexts))];
  if (x_random.chance(300)) body.address = "Số " + std::to_string(x_random.pick(5)) + ", Phường Tây";
  if (x_random.chance(60)) body.follows = "r" + std::to_string(x_random.pick(20));
  event.body = body;
  send(home(event.feed), wire::encode(Record(event)));
}

void Workload::camera() {
  static const char* const kCameras[] = {"west_01", "east_01", "nobody"};
  static const char* const kKinds[] = {"accident", "illegal_stop", "unheard_of"};
  Event event = timed(event_of(Feed::CameraAlerts, "o" + std::to_string(x_random.pick(15))));
  event.revision = x_random.chance(500) ? 0 : x_random.pick(6);
  CameraAlert body;
  body.camera = kCameras[x_random.pick(std::size(kCameras))];
  body.kind = kKinds[x_random.pick(std::size(kKinds))];
  body.state = static_cast<AlertState>(x_random.pick(4));
  body.started_at = event.occurred_at;
  event.body = body;
  send(home(event.feed), wire::encode(Record(event)));
}

void Workload::passage() {
  Event event = timed(event_of(Feed::CheckpointPassages, "p" + std::to_string(x_number)));
  CheckpointPassage body;
  body.checkpoint = x_random.chance(500) ? "CK01" : "CK02";
  body.result = static_cast<PassageResult>(1 + x_random.pick(4));
  event.body = body;
  send(home(event.feed), wire::encode(Record(event)));
}

void Workload::status() {
  const std::string checkpoint = x_random.chance(500) ? "CK01" : "CK02";
  Event event = timed(event_of(Feed::CheckpointPassages, checkpoint));
  event.body = CheckpointStatus{checkpoint, x_random.chance(200) ? CheckpointState::Closed : CheckpointState::Open,
                                static_cast<std::uint32_t>(x_random.pick(60)), 3};
  send(home(event.feed), wire::encode(Record(event)));
}

void Workload::mention() {
  Event event = timed(event_of(Feed::OnlineMentions, "m" + std::to_string(x_random.pick(4))));
  OnlineMention body;
  body.topic = "chủ đề " + std::to_string(x_random.pick(3));
  body.places = {x_random.chance(500) ? "Phường Tây" : "Phường Đông"};
  body.volume = static_cast<std::uint32_t>(x_random.pick(120));
  body.trend = static_cast<Trend>(x_random.pick(4));
  event.body = body;
  send(home(event.feed), wire::encode(Record(event)));
}

void Workload::indicator() {
  Event event = timed(event_of(Feed::Indicators, "i" + std::to_string(x_random.pick(3))));
  Indicator body;
  body.code = "files_online_share";
  body.value_e6 = x_random.between(0, 1'000'000);
  event.body = body;
  send(home(event.feed), wire::encode(Record(event)));
}

void Workload::again() {
  if (x_sent.empty()) return;
  const auto sent = x_random.one_of(x_sent);
  send(sent.first, sent.second);
}

// An operator acts on an incident as it is shown, sometimes on one that has changed since.
void Workload::command() {
  const PartitionId partition(static_cast<std::uint32_t>(x_random.pick(x_broker.partitions())));
  const PartitionLog& shown = x_broker.at({std::string(topics::kIncidents), partition});
  const std::uint64_t end = shown.stable_end().value();
  if (end == 0) return;
  const Stored& one = shown.all()[end - 1 - x_random.pick(std::min<std::uint64_t>(end, 40))];
  if (!one.visible()) return;
  const Incident incident = wire::decode_incident(one.message->value).value();
  Command made;
  made.id = CommandId("c-" + std::to_string(x_random.chance(80) ? 5 : x_number++));
  made.incident = incident.id;
  made.version = incident.version + (x_random.chance(80) ? 1 : 0);
  made.kind = static_cast<CommandKind>(1 + x_random.pick(21));
  made.actor = "lan";
  made.queue = QueueId("do-thi");
  made.units = {UnitCode("00002")};
  made.outcome = "fixed";
  made.text = "đã xem";
  if (!incident.newest_events.empty()) made.events = {incident.newest_events.front()};
  x_probes.hit("command sent");
  send(partition, wire::encode(Record(made)));
}

void Workload::activation() {
  const Rules& chosen = rules()[x_random.pick(2)];
  for (const auto& chunk : chosen.packed.chunks) append({std::string(topics::kBundles), PartitionId(0)}, {chunk.key, chunk.value, {}, false});
  for (std::uint32_t p = 0; p < x_broker.partitions(); ++p) {
    send(PartitionId(p), wire::encode(Record(Activation{chosen.packed.hash, triage::kBehaviourVersion, "lan"})));
  }
}

void Workload::send(PartitionId partition, std::string value) {
  if (partition == x_avoided) return;
  x_sent.emplace_back(partition, value);
  append({std::string(topics::kEvents), partition}, {"outside", std::move(value), {}, false});
}

void Workload::append(TopicPartition place, log::Message message) {
  ++x_unacknowledged;
  x_client.append(place.topic, place.partition, message, [this, place, message](const Result<Offset>& appended) {
    --x_unacknowledged;
    if (appended.has_value()) {
      x_acknowledged.push_back({place, *appended, message.value});
      return;
    }
    if (place.partition == x_avoided && place.topic == topics::kEvents) return;
    ++x_left;
    x_timeline.in(kSendAgain, x_process, [this, place, message] {
      --x_left;
      append(place, message);
    });
  });
}

}  // namespace ioc::simulation
