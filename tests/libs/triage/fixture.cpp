#include "tests/libs/triage/fixture.h"

#include <catch2/catch.hpp>
#include <set>

namespace ioc::triage::testing {

const std::vector<BundleFile>& default_files() {
  static const std::vector<BundleFile> files = [] {
    auto read = read_bundle_folder(IOC_SOURCE_DIR "/deploy/config/bundle");
    REQUIRE(read.has_value());
    return read.value();
  }();
  return files;
}

const std::string& default_hash() {
  static const std::string hash = pack(default_files()).hash;
  return hash;
}

std::shared_ptr<const Bundle> default_bundle(std::string_view hash) {
  static const std::shared_ptr<const Bundle> bundle = [] {
    BundleProblems problems;
    auto compiled = compile(default_hash(), default_files(), problems);
    for (const std::string& problem : problems.problems) UNSCOPED_INFO(problem);
    REQUIRE(compiled != nullptr);
    return compiled;
  }();
  return hash == default_hash() ? bundle : nullptr;
}

TestBundle compile_for_test(std::string hash, std::vector<BundleFile> files) {
  BundleProblems problems;
  TestBundle made{hash, compile(hash, std::move(files), problems)};
  for (const std::string& problem : problems.problems) UNSCOPED_INFO(problem);
  REQUIRE(made.compiled != nullptr);
  return made;
}

const TestBundle& default_test_bundle() {
  static const TestBundle bundle{default_hash(), default_bundle(default_hash())};
  return bundle;
}

TestBundle with_limits(std::string_view lines) {
  std::vector<BundleFile> files = default_files();
  for (BundleFile& file : files) {
    if (file.name == "limits.yaml") file.content = lines;
  }
  return compile_for_test("other-limits", std::move(files));
}

Bench::Bench(bool activated, TestBundle with) : bundle(std::move(with)) {
  machine = std::make_unique<Machine>(PartitionId(0), 1, state, [this](std::string_view hash) { return bundle.find(hash); });
  REQUIRE(machine->load().has_value());
  if (activated) step(Activation{bundle.hash, 1, "test"});
}

void Bench::restart() {
  std::vector<StateWrite> delta;
  machine->take_delta(delta);
  state.apply(delta);
  machine = std::make_unique<Machine>(PartitionId(0), 1, state, [this](std::string_view hash) { return bundle.find(hash); });
  REQUIRE(machine->load().has_value());
}

std::vector<Decision> Bench::step_bytes(std::string value) {
  effects.clear();
  machine->step({next, now, value}, effects);
  next = next.next();
  std::vector<Decision> decisions;
  for (const Effect& effect : on(topics::kDecisions)) {
    auto decision = wire::decode_decision(effect.value);
    REQUIRE(decision.has_value());
    decisions.push_back(std::move(decision.value()));
  }
  for (Incident& incident : snapshots()) incidents[incident.id.str()] = incident;
  return decisions;
}

std::vector<Decision> Bench::step(const Record& record) { return step_bytes(wire::encode(record)); }

std::vector<Decision> Bench::wait(Millis time) {
  now = now + time;
  return step(Tick{});
}

std::vector<Effect> Bench::on(std::string_view topic) const {
  std::vector<Effect> found;
  for (const Effect& effect : effects) {
    if (effect.topic == topic) found.push_back(effect);
  }
  return found;
}

std::vector<Incident> Bench::snapshots() const {
  std::vector<Incident> found;
  for (const Effect& effect : on(topics::kIncidents)) found.push_back(wire::decode_incident(effect.value).value());
  return found;
}

std::vector<ReportStatus> Bench::statuses() const {
  std::vector<ReportStatus> found;
  for (const Effect& effect : on(topics::kReportStatus)) found.push_back(wire::decode_report_status(effect.value).value());
  return found;
}

std::vector<FeedEntry> Bench::entries() const {
  std::vector<FeedEntry> found;
  for (const Effect& effect : effects) {
    if (effect.topic.starts_with("ioc.subscriber.")) found.push_back(wire::decode_feed_entry(effect.value).value());
  }
  return found;
}

namespace {

Event event_of(Feed feed, std::string_view id, std::string_view object) {
  Event event;
  event.id = EventId(id);
  event.feed = feed;
  event.source = SourceId(name_of(feed));
  event.object = ObjectId(object);
  event.occurred_at = EventTime::from_ms(kStartMs);
  event.received_at = WallTime::from_ms(kStartMs);
  return event;
}

}  // namespace

Event report(std::string_view id, std::string_view text, std::optional<Position> position) {
  Event event = event_of(Feed::CitizenReports, "e-" + std::string(id), id);
  event.position = position;
  CitizenReport body;
  body.text = text;
  event.body = body;
  return event;
}

Event camera(std::string_view alert, std::string_view name, std::string_view kind, AlertState state, std::uint64_t revision) {
  Event event = event_of(Feed::CameraAlerts, "a-" + std::string(alert) + "-" + std::to_string(revision) + std::string(1, static_cast<char>('0' + static_cast<int>(state))), alert);
  event.revision = revision;
  event.body = CameraAlert{std::string(name), std::string(kind), state, event.occurred_at, 900, "", {}, "", "model"};
  return event;
}

Event passage(std::string_view id, PassageResult result, std::string_view checkpoint) {
  Event event = event_of(Feed::CheckpointPassages, "p-" + std::string(id), id);
  CheckpointPassage body;
  body.checkpoint = checkpoint;
  body.result = result;
  event.body = body;
  return event;
}

Event checkpoint_status(std::string_view id, std::uint32_t queue, CheckpointState state) {
  Event event = event_of(Feed::CheckpointPassages, "s-" + std::string(id), "CK03");
  event.body = CheckpointStatus{"CK03", state, queue, 3};
  return event;
}

Event at(Event event, Millis after_start) {
  event.occurred_at = EventTime::from_ms(kStartMs + after_start.count());
  return event;
}

Command command(std::string_view id, const Incident& incident, CommandKind kind) {
  Command made;
  made.id = CommandId(id);
  made.incident = incident.id;
  made.version = incident.version;
  made.kind = kind;
  made.actor = "lan";
  return made;
}

const Decision* find(const std::vector<Decision>& decisions, DecisionKind kind) {
  for (const Decision& decision : decisions) {
    if (decision.kind == kind) return &decision;
  }
  return nullptr;
}

namespace {

// Steps its own machine along, so that commands name incidents and versions that exist.
class LogMaker {
 public:
  LogMaker(std::uint32_t seed, std::size_t records, const TestBundle& bundle)
      : x_random(seed), x_records(records), x_bench(false, bundle) {}

  std::vector<Line> run() {
    add(wire::encode(Record(Activation{x_bench.bundle.hash, 1, "test"})));
    while (x_lines.size() < x_records) {
      one();
      if (x_lines.size() == x_records / 4) add(wire::encode(Record(Activation{x_bench.bundle.hash, kBehaviourVersion, "test"})));
    }
    return std::move(x_lines);
  }

 private:
  std::uint32_t pick(std::uint32_t below) { return static_cast<std::uint32_t>(x_random() % below); }

  void add(std::string value) {
    x_bench.now = LogTime::from_ms(kStartMs + x_ms);
    x_bench.step_bytes(value);
    x_lines.push_back({x_bench.now, std::move(value)});
  }

  // As ingest makes them; some without a time of their own.
  EventId id_of(const Event& event, std::size_t number) {
    const std::string prefix = pick(10) == 0 ? "" : format_compact(event.occurred_at.ms());
    return EventId(prefix + "-x-" + std::to_string(number));
  }

  Event timed(Event event) {
    const std::int64_t late = pick(10) == 0 ? pick(100 * 3'600) * 1000LL : pick(60) * 1000LL;
    event.occurred_at = EventTime::from_ms(kStartMs + x_ms - late);
    if (pick(40) == 0) event.flags.push_back(EventFlag::TimeMissing);
    return event;
  }

  void one() {
    x_ms += pick(30) == 0 ? pick(6 * 3'600'000) : pick(400);
    switch (pick(15)) {
      case 0: case 1: case 2: return add_report();
      case 3: case 4: case 5: case 6: return add_camera();
      case 7: return add(wire::encode(Record(timed(passage(std::to_string(x_lines.size()), pick(3) == 0 ? PassageResult::TurnedBack : PassageResult::Pass)))));
      case 8: return add(wire::encode(Record(timed(checkpoint_status(std::to_string(x_lines.size()), pick(60), pick(8) == 0 ? CheckpointState::Closed : CheckpointState::Open)))));
      case 9: return add(x_lines[pick(static_cast<std::uint32_t>(x_lines.size()))].value);
      case 10: case 11: return add_command();
      case 12: return add(pick(4) == 0 ? std::string("\x0a\xff garbage") : wire::encode(Record(Tick{})));
      case 13: if (pick(4) == 0) return add_relocation(); [[fallthrough]];
      default: return add(wire::encode(Record(Transfer{timed(report("t" + std::to_string(x_lines.size()), "ngập úng")), AreaId("a"), AreaId("b"), PartitionId(1), Offset(7), 1})));
    }
  }

  void add_report() {
    static const char* const kTexts[] = {"Nắp cống bị mất trước số nhà 12", "mat nap cong nguy hiem", "Tai nạn giao thông, có người bị thương",
                                         "Đèn đường không sáng", "Rác thải bốc mùi hôi thối", "karaoke ồn ào", "chay nha"};
    const auto jitter = static_cast<std::int32_t>(pick(4) * 900);
    Event event = timed(report("r" + std::to_string(pick(60)), kTexts[pick(7)], Position{215942000 + jitter, 1058482000 + jitter, 0}));
    event.id = id_of(event, x_lines.size());
    auto& body = std::get<CitizenReport>(event.body);
    if (pick(3) == 0) body.address = "Số " + std::to_string(pick(9)) + ", tổ 5, phường Quang Trung";
    if (pick(8) == 0) event.position.reset();
    if (pick(6) == 0) body.category = "Pothole";
    if (pick(20) == 0) body.follows = "r" + std::to_string(pick(60));
    add(wire::encode(Record(event)));
  }

  void add_camera() {
    static const char* const kCameras[] = {"tn_luongngocquyen_01", "tn_cmt8_01", "nobody"};
    static const char* const kKinds[] = {"illegal_stop", "accident", "congestion", "unheard_of"};
    const auto state = static_cast<AlertState>(pick(4));
    Event event = timed(camera("o" + std::to_string(pick(40)), kCameras[pick(3)], kKinds[pick(4)], state, pick(2) == 0 ? 0 : pick(6)));
    event.id = id_of(event, x_lines.size());
    add(wire::encode(Record(event)));
  }

  // One that comes from another area, in two parts.
  void add_relocation() {
    const std::string number = std::to_string(x_lines.size());
    Relocation relocation;
    relocation.command = CommandId("moved-" + number);
    relocation.from = IncidentId("1-e-" + number);
    relocation.from_area = AreaId("b");
    relocation.to_area = AreaId("a");
    relocation.from_partition = PartitionId(1);
    relocation.parts = 2;
    relocation.snapshot = x_bench.incidents.empty() ? Incident() : x_bench.incidents.begin()->second;
    relocation.snapshot->id = relocation.from;
    relocation.snapshot->state = IncidentState::New;
    for (std::uint32_t part = 0; part < 2; ++part) {
      relocation.part = part;
      const std::string event = "m-" + number + "-" + std::to_string(part);
      relocation.members = {{EventId(event), Feed::CitizenReports, 2, true, true, SourceId("citizen-reports"), ObjectId(event),
                             EventTime::from_ms(kStartMs + x_ms), 0, false, ""}};
      add(wire::encode(Record(relocation)));
      relocation.snapshot.reset();
    }
  }

  void add_command() {
    if (x_bench.incidents.empty()) return;
    auto at = x_bench.incidents.begin();
    std::advance(at, pick(static_cast<std::uint32_t>(x_bench.incidents.size())));
    const Incident& incident = at->second;
    static constexpr CommandKind kKinds[] = {CommandKind::Acknowledge, CommandKind::Assign, CommandKind::Forward, CommandKind::Resolve,
                                             CommandKind::Reopen, CommandKind::Comment, CommandKind::Split, CommandKind::Verify,
                                             CommandKind::Merge, CommandKind::Unmerge, CommandKind::Relocate, CommandKind::Reclassify};
    Command made = command("c-" + std::to_string(pick(12) == 0 ? 5 : x_lines.size()), incident, kKinds[pick(12)]);
    auto other = x_bench.incidents.begin();
    std::advance(other, pick(static_cast<std::uint32_t>(x_bench.incidents.size())));
    if (made.kind == CommandKind::Merge) made.into = other->second.id;
    if (pick(10) == 0) ++made.version;
    made.queue = QueueId("do-thi");
    made.units = {UnitCode("05443")};
    made.outcome = "fixed";
    made.text = "đã xem";
    static constexpr std::string_view kCategories[] = {"", "moi-truong", "giao-thong", "khac", "none"};
    made.category = CategoryCode(kCategories[pick(5)]);
    if (pick(3) == 0) made.severity = static_cast<Severity>(1 + pick(4));
    if (pick(3) == 0) made.emergency = pick(2) == 0;
    if (!incident.newest_events.empty()) made.events = {incident.newest_events.front()};
    add(wire::encode(Record(made)));
  }

  std::mt19937 x_random;
  std::size_t x_records;
  std::int64_t x_ms = 0;
  Bench x_bench;
  std::vector<Line> x_lines;
};

}  // namespace

std::vector<Line> make_log(std::uint32_t seed, std::size_t records, const TestBundle& bundle) {
  return LogMaker(seed, records, bundle).run();
}

}  // namespace ioc::triage::testing
