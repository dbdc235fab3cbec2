// Several areas: machines wired together as the log wires them. Every order in which partitions may go on, and crashes at
// any point, end consistently.
#include <catch2/catch.hpp>
#include <algorithm>
#include <set>

#include "libs/triage/bundle_parts.h"
#include "libs/triage/memory/objects.h"
#include "tests/libs/triage/fixture.h"

using namespace ioc;
using namespace ioc::triage;
using namespace ioc::triage::testing;
using namespace std::chrono_literals;

namespace {

constexpr std::uint32_t kPartitions = 3;
constexpr std::string_view kDistricts[kPartitions] = {"", "164", "165"};  // partition 0 takes the rest

const std::vector<const geo::Unit*>& leaves(std::uint32_t partition) {
  static const auto all = [] {
    std::array<std::vector<const geo::Unit*>, kPartitions> found;
    for (const geo::Unit* unit : default_bundle(default_hash())->units->leaves_at(EventTime::from_ms(kStartMs))) {
      const auto at = std::find(std::begin(kDistricts) + 1, std::end(kDistricts), unit->parent.str());
      found[at == std::end(kDistricts) ? 0 : static_cast<std::size_t>(at - std::begin(kDistricts))].push_back(unit);
    }
    return found;
  }();
  return all[partition];
}

struct AreasBundle {
  std::string hash;
  std::shared_ptr<const Bundle> compiled;
};

const AreasBundle& areas_bundle() {
  static const AreasBundle made = [] {
    std::vector<BundleFile> files = default_files();
    std::string areas = "areas:\n";
    for (std::uint32_t p = 0; p < kPartitions; ++p) {
      areas += "  - {id: area-" + std::to_string(p) + ", partition: " + std::to_string(p);
      if (p > 0) {
        std::set<std::string> codes;  // once each: a code may have stood at several times
        for (const geo::Unit* unit : leaves(p)) codes.insert(unit->code.str());
        areas += ", units: [";
        for (const std::string& code : codes) areas += (code == *codes.begin() ? "\"" : ", \"") + code + "\"";
        areas += "]";
      }
      areas += "}\n";
    }
    for (BundleFile& file : files) {
      if (file.name == "areas.yaml") file.content = areas;
    }
    AreasBundle bundle;
    bundle.hash = pack(files).hash;
    BundleProblems problems;
    bundle.compiled = compile(bundle.hash, files, problems);
    for (const std::string& problem : problems.problems) UNSCOPED_INFO(problem);
    REQUIRE(bundle.compiled != nullptr);
    return bundle;
  }();
  return made;
}

struct Partition {
  MapState state;
  std::unique_ptr<Machine> machine;
  std::vector<Line> log;
  std::vector<std::vector<Effect>> done;  // by record
};

class Province {
 public:
  explicit Province(std::uint32_t seed = 1, std::uint32_t crash_odds = 0, std::uint32_t behaviour = 1)
      : x_random(seed), x_crash_odds(crash_odds) {
    for (std::uint32_t p = 0; p < kPartitions; ++p) {
      load(p);
      append(p, Activation{areas_bundle().hash, behaviour, "test"});
      drain(p);
    }
  }

  std::uint32_t pick(std::uint32_t below) { return static_cast<std::uint32_t>(x_random() % below); }

  void append(std::uint32_t p, const Record& record) { parts[p].log.push_back({now, wire::encode(record)}); }
  bool behind(std::uint32_t p) const { return parts[p].done.size() < parts[p].log.size(); }

  void step(std::uint32_t p) {
    Partition& part = parts[p];
    const std::size_t i = part.done.size();
    std::vector<Effect> effects;
    part.machine->step({Offset(i), part.log[i].at, part.log[i].value}, effects);
    for (const Effect& effect : effects) take(p, effect);
    part.done.push_back(std::move(effects));
    if (x_crash_odds > 0 && pick(x_crash_odds) == 0) crash(p);
  }
  void drain(std::uint32_t p) {
    while (behind(p)) step(p);
  }
  // In any order, until nothing is left.
  void settle() {
    for (std::vector<std::uint32_t> left;; step(left[pick(static_cast<std::uint32_t>(left.size()))])) {
      left.clear();
      for (std::uint32_t p = 0; p < kPartitions; ++p) {
        if (behind(p)) left.push_back(p);
      }
      if (left.empty()) return;
    }
  }
  void tick(Millis time) {
    now = now + time;
    for (std::uint32_t p = 0; p < kPartitions; ++p) append(p, Tick{});
    settle();
  }

  std::vector<IncidentId> incidents_with(const EventId& event) {
    std::vector<IncidentId> found;
    for (Partition& part : parts) {
      for (const auto& [key, value] : part.state.tables[static_cast<std::size_t>(Table::Members)]) {
        const std::size_t zero = key.find('\0');
        if (std::string_view(key).substr(zero + 1) == event.str()) found.emplace_back(std::string_view(key).substr(0, zero));
      }
    }
    return found;
  }
  void write_all() {
    for (std::uint32_t p = 0; p < kPartitions; ++p) write(p);
  }
  std::optional<KnownObject> object(std::uint32_t p, const SourceId& source, const ObjectId& object) {
    Overlay overlay(parts[p].state);
    Expiry expiry(overlay);
    return Objects(overlay, expiry).find(source, object);
  }
  const ReportStatus& status(std::string_view report) const { return statuses.find(report)->second; }

  std::array<Partition, kPartitions> parts;
  LogTime now = LogTime::from_ms(kStartMs);
  std::map<std::string, Incident> incidents;
  std::map<std::string, ReportStatus, std::less<>> statuses;  // as a reader takes them: the highest (hop, revision)
  std::map<std::string, std::vector<Decision>> decisions;     // by event
  std::vector<Decision> results;                              // commands'
  std::uint32_t most_hops = 0;
  std::size_t transfers = 0, relocations = 0, crashes = 0;

 private:
  void load(std::uint32_t p) {
    parts[p].machine = std::make_unique<Machine>(PartitionId(p), kPartitions, parts[p].state, [](std::string_view hash) {
      return hash == areas_bundle().hash ? areas_bundle().compiled : nullptr;
    });
    const auto loaded = parts[p].machine->load();
    if (!loaded) FAIL(loaded.error().message);
  }
  void write(std::uint32_t p) {
    std::vector<StateWrite> delta;
    parts[p].machine->take_delta(delta);
    parts[p].state.apply(delta);
  }
  // Half of the time the newest delta is on disk; else records are stepped again and must give what they gave.
  void crash(std::uint32_t p) {
    ++crashes;
    Partition& part = parts[p];
    if (pick(2) == 0) write(p);
    load(p);
    for (std::size_t i = part.machine->next_offset().value(); i < part.done.size(); ++i) {
      std::vector<Effect> again;
      part.machine->step({Offset(i), part.log[i].at, part.log[i].value}, again);
      REQUIRE(again == part.done[i]);
    }
  }
  void take(std::uint32_t p, const Effect& effect) {
    if (effect.topic == topics::kEvents) {
      REQUIRE(effect.partition.has_value());
      REQUIRE(effect.partition->value() != p);
      const Record record = wire::decode_record(effect.value).value();
      if (const auto* transfer = std::get_if<Transfer>(&record)) {
        most_hops = std::max(most_hops, transfer->hop);
        ++transfers;
      } else {
        ++relocations;
      }
      parts[effect.partition->value()].log.push_back({now, effect.value});
    } else if (effect.topic == topics::kIncidents) {
      incidents[effect.key] = wire::decode_incident(effect.value).value();
    } else if (effect.topic == topics::kReportStatus) {
      const ReportStatus status = wire::decode_report_status(effect.value).value();
      auto& newest = statuses[status.report.str()];
      if (std::tie(status.hop, status.revision) >= std::tie(newest.hop, newest.revision)) newest = status;
    } else if (effect.topic == topics::kDecisions) {
      const Decision decision = wire::decode_decision(effect.value).value();
      if (decision.command_result) results.push_back(decision);
      if (!decision.event.empty()) decisions[decision.event.str()].push_back(decision);
    }
  }

  std::mt19937 x_random;
  std::uint32_t x_crash_odds;
};

Event report_in(std::string_view id, std::uint32_t area, std::string_view source = "app", std::uint32_t which = 0) {
  Event event = report(id, "Nắp cống bị mất", leaves(area)[which % leaves(area).size()]->centre);
  event.source = SourceId(source);
  return event;
}

Event again(Event event, std::string_view id) {
  event.id = EventId(id);
  return event;
}

Command relocate(const Incident& incident, std::uint32_t area, std::string_view id = "c-1", std::uint32_t which = 0) {
  Command made = command(id, incident, CommandKind::Relocate);
  made.units = {leaves(area)[which % leaves(area).size()]->code};
  return made;
}

}  // namespace

TEST_CASE("areas: an event of another area is handed over before any incident opens, and its revisions follow") {
  Province province;
  province.append(0, report_in("r1", 1));
  province.drain(0);
  REQUIRE(province.incidents.empty());
  REQUIRE(province.statuses.empty());
  province.append(0, again(report_in("r1", 1), "e-r1-corrected"));
  province.append(0, report_in("r1", 1));  // sent twice: home knows it
  province.settle();
  province.tick(2s);
  REQUIRE(province.transfers == 2);
  REQUIRE(province.incidents.size() == 1);
  REQUIRE(province.incidents.at("1-e-r1").events == 2);
  REQUIRE(province.incidents.at("1-e-r1").reports == 1);
  REQUIRE(province.incidents.at("1-e-r1").area == AreaId("area-1"));
  REQUIRE(province.status("r1").hop == 1);
  REQUIRE(province.status("r1").incident == IncidentId("1-e-r1"));
  // The revision lies elsewhere now, and goes to its object all the same.
  province.append(0, again(report_in("r1", 2), "e-r1-moved"));
  province.settle();
  province.tick(2s);
  REQUIRE(province.incidents.at("1-e-r1").events == 3);
}

TEST_CASE("areas: a receiver hands nothing on by itself, whatever its own rules say") {
  Province province;
  province.append(1, Transfer{report_in("r1", 2), AreaId("area-0"), AreaId("area-1"), PartitionId(0), Offset(1), 1});
  province.settle();
  REQUIRE(province.transfers == 0);
  REQUIRE(province.incidents.size() == 1);
  REQUIRE(province.incidents.count("1-e-r1") == 1);
}

TEST_CASE("areas: an incident relocated to another area closes with a link and opens there with clocks and objects") {
  Province province;
  province.append(0, report_in("r1", 1));
  province.append(0, report_in("r2", 1));
  province.settle();
  province.tick(2s);
  const Incident before = province.incidents.at("1-e-r1");
  REQUIRE(before.reports == 2);
  province.append(1, relocate(before, 2));
  province.settle();
  REQUIRE(province.results.back().command_result->status == CommandStatus::Applied);
  REQUIRE(province.results.back().command_result->created == std::vector<IncidentId>{IncidentId("2-c-1")});
  const Incident closed = province.incidents.at("1-e-r1"), moved = province.incidents.at("2-c-1");
  REQUIRE(closed.state == IncidentState::Closed);
  REQUIRE(closed.relocated_to == moved.id);
  REQUIRE(moved.state == before.state);
  REQUIRE(moved.relocated_from == closed.id);
  REQUIRE(moved.clocks == before.clocks);
  REQUIRE(moved.reports == 2);
  REQUIRE(moved.area == AreaId("area-2"));
  REQUIRE(moved.unit == leaves(2)[0]->code);
  for (const char* report : {"r1", "r2"}) {
    REQUIRE(province.status(report).hop == 2);
    REQUIRE(province.status(report).incident == moved.id);
  }
  REQUIRE(province.status("r2").joined);
  // Home sends a revision to where it sent the first; from there it goes along the link.
  province.append(0, again(report_in("r1", 1), "e-r1-corrected"));
  province.settle();
  province.tick(2s);
  REQUIRE(province.incidents.at("2-c-1").events == 3);
  REQUIRE(province.most_hops == 2);
  province.write_all();
  REQUIRE(province.incidents_with(EventId("e-r1-corrected")) == std::vector<IncidentId>{IncidentId("2-c-1")});
  REQUIRE(province.incidents_with(EventId("e-r2")) == std::vector<IncidentId>{IncidentId("2-c-1")});
  // And what is relocated cannot be reopened where it was.
  Command reopen = command("c-2", closed, CommandKind::Reopen);
  province.append(1, reopen);
  province.settle();
  REQUIRE(province.results.back().command_result->status == CommandStatus::Refused);
}

TEST_CASE("areas: what an operator corrected goes along to another area, with what triage had chosen") {
  Province province;
  for (const std::uint32_t p : {1U, 2U}) province.append(p, Activation{areas_bundle().hash, kBehaviourVersion, "test"});
  province.append(0, report_in("r1", 1));
  province.settle();
  Command reclassify = command("c-1", province.incidents.at("1-e-r1"), CommandKind::Reclassify);
  reclassify.category = CategoryCode("moi-truong");
  reclassify.severity = Severity::Info;
  province.append(1, reclassify);
  province.settle();
  REQUIRE(province.results.back().command_result->status == CommandStatus::Applied);
  province.append(1, relocate(province.incidents.at("1-e-r1"), 2, "c-2"));
  province.settle();
  const Incident& moved = province.incidents.at("2-c-2");
  CHECK(moved.category == CategoryCode("moi-truong"));
  CHECK(moved.severity == Severity::Info);
  CHECK(moved.queue == QueueId("moi-truong"));
  CHECK(moved.overruled->category == CategoryCode("ha-tang"));
}

TEST_CASE("areas: what comes back home is told with more hand-overs, and its late travellers find it") {
  Province province;
  province.append(0, report_in("r1", 1));
  province.settle();
  province.append(1, relocate(province.incidents.at("1-e-r1"), 0));
  province.append(0, again(report_in("r1", 1), "e-r1-corrected"));  // home does not know yet that it comes back
  province.drain(0);
  province.settle();
  province.tick(2s);
  REQUIRE(province.incidents.at("0-c-1").events == 2);
  REQUIRE(province.status("r1").incident == IncidentId("0-c-1"));
  REQUIRE(province.status("r1").hop == 2);
  province.append(0, again(report_in("r1", 1), "e-r1-third"));
  province.append(0, again(report_in("r1", 1), "e-r1-corrected"));
  province.settle();
  province.tick(2s);
  REQUIRE(province.incidents.at("0-c-1").events == 3);
  REQUIRE(province.status("r1").hop == 2);
}

TEST_CASE("areas: a fifth hand-over is refused; merge across areas is refused; a place that is none too") {
  Province province;
  province.append(0, report_in("r1", 1));
  province.append(0, report_in("other", 0));
  province.settle();
  Incident at = province.incidents.at("1-e-r1");
  const std::uint32_t tour[] = {2, 1, 2};
  std::uint32_t here = 1;
  for (std::uint32_t i = 0; i < 3; ++i) {
    province.append(here, relocate(at, tour[i], "c-" + std::to_string(i)));
    province.settle();
    here = tour[i];
    at = province.incidents.at(std::to_string(here) + "-c-" + std::to_string(i));
  }
  REQUIRE(province.status("r1").hop == 4);
  province.append(here, relocate(at, 1, "c-9"));
  province.settle();
  REQUIRE(province.results.back().command_result->status == CommandStatus::Refused);
  Command merge = command("c-10", at, CommandKind::Merge);
  merge.into = IncidentId("0-e-other");
  province.append(here, merge);
  Command nowhere = command("c-11", at, CommandKind::Relocate);
  nowhere.units = {UnitCode("99999")};
  province.append(here, nowhere);
  province.settle();
  REQUIRE(province.results[province.results.size() - 2].command_result->status == CommandStatus::Refused);
  REQUIRE(province.results.back().command_result->status == CommandStatus::Refused);
  REQUIRE(province.incidents.at(at.id.str()).version == at.version);
}

TEST_CASE("areas: within its area only place, route and subscribers change") {
  Province province;
  province.append(0, report_in("r1", 1));
  province.settle();
  const Incident before = province.incidents.at("1-e-r1");
  province.append(1, relocate(before, 1, "c-1", 5));
  province.settle();
  const Incident after = province.incidents.at("1-e-r1");
  REQUIRE(after.unit == leaves(1)[5]->code);
  REQUIRE(after.version == before.version + 1);
  REQUIRE(after.state == before.state);
  REQUIRE(province.relocations == 0);
}

TEST_CASE("areas: a large incident travels in parts and is whole at the end") {
  Province province(3, 40);
  constexpr int kReports = 2500;
  for (int i = 0; i < kReports; ++i) {
    Event event = report_in("r" + std::to_string(i), 1);
    std::get<CitizenReport>(event.body).text = "Nắp cống bị mất, rất nguy hiểm cho người đi đường ban đêm";
    province.append(1, event);
  }
  province.settle();
  province.tick(2s);
  province.append(1, relocate(province.incidents.at("1-e-r0"), 2));
  for (int i = 0; i < 10; ++i) province.tick(1s);
  REQUIRE(province.relocations > 1);
  REQUIRE(province.incidents.at("2-c-1").reports == kReports);
  for (int i = 0; i < kReports; i += 100) REQUIRE(province.status("r" + std::to_string(i)).incident == IncidentId("2-c-1"));
  Command split = command("c-2", province.incidents.at("2-c-1"), CommandKind::Split);
  split.events = {EventId("e-r7")};
  province.append(2, split);
  province.settle();
  REQUIRE(province.results.back().command_result->status == CommandStatus::Applied);
}

TEST_CASE("areas: what was not followed for long leaves the state of its home") {
  Province province;
  province.append(0, report_in("r1", 1));
  province.settle();
  REQUIRE(province.object(0, SourceId("app"), ObjectId("r1")) == std::nullopt);  // not written yet
  province.write_all();
  REQUIRE(province.object(0, SourceId("app"), ObjectId("r1"))->away == PartitionId(1));
  province.tick(300 * 24h);
  province.append(0, again(report_in("r1", 1), "e-r1-late"));
  province.settle();
  province.tick(200 * 24h);
  province.write_all();
  REQUIRE(province.object(0, SourceId("app"), ObjectId("r1")).has_value());
  province.tick(220 * 24h);
  province.tick(2h);
  province.write_all();
  REQUIRE_FALSE(province.object(0, SourceId("app"), ObjectId("r1")).has_value());
  REQUIRE(province.parts[0].state.tables[static_cast<std::size_t>(Table::Reports)].empty());
}

namespace {

// Of one alert's id, always at the same place of area 1; home is partition 0.
Event alert_in(std::string_view id, AlertState state, LogTime when, std::uint64_t sequence, std::string_view kind = "illegal_stop") {
  Event event = camera("nvr7-0001", "nobody", kind, state, sequence);
  event.id = EventId(id);
  event.position = leaves(1)[0]->centre;
  event.occurred_at = EventTime::from_ms(when.ms());
  std::get<CameraAlert>(event.body).started_at = event.occurred_at;
  return event;
}

// Of a new province: sends and lets everything settle.
struct Lives {
  Province province;

  explicit Lives(std::uint32_t seed = 1, std::uint32_t crash_odds = 0) : province(seed, crash_odds, kBehaviourVersion) {}
  void send(std::string_view id, AlertState state, std::uint64_t sequence, std::string_view kind = "illegal_stop") {
    send(alert_in(id, state, province.now, sequence, kind));
  }
  void send(const Event& event) {
    province.append(0, event);
    province.settle();
  }
  void give(std::uint32_t partition, Command command) {
    province.append(partition, command);
    province.settle();
    REQUIRE(province.results.back().command_result->status == CommandStatus::Applied);
  }
  void resolve(const IncidentId& id) {
    Command made = command("resolve-" + id.str(), province.incidents.at(id.str()), CommandKind::Resolve);
    made.outcome = "fixed";
    give(static_cast<std::uint32_t>(id.str()[0] - '0'), made);
  }
};

}  // namespace

TEST_CASE("areas: an alert's id that comes back is a new object of the area that it lies in, wherever the first one went") {
  Lives lives;
  lives.send("one", AlertState::Start, 7);
  lives.give(1, relocate(lives.province.incidents.at("1-one"), 2));
  SECTION("after its end") { lives.send("one-end", AlertState::End, 9); }
  SECTION("after its silence") {}
  lives.resolve(IncidentId("2-c-1"));
  lives.province.tick(24h);
  lives.send("two", AlertState::Start, 1);
  lives.send("two-update", AlertState::Update, 2);
  REQUIRE(lives.province.incidents.count("1-two") == 1);
  lives.province.tick(2s);
  CHECK(lives.province.incidents.at("1-two").events == 2);
  // Late and again of the first one.
  lives.send(alert_in("one-late", AlertState::End, LogTime::from_ms(kStartMs) + 10min, 10));
  lives.send(alert_in("one", AlertState::Start, LogTime::from_ms(kStartMs), 7));
  lives.province.tick(2s);
  CHECK(lives.province.incidents.size() == 3);
  CHECK_FALSE(lives.province.incidents.at("1-two").ended);
  CHECK(lives.province.incidents.at("1-two").events == 2);
}

TEST_CASE("areas: a `start` goes after its object, where a person has closed it meanwhile") {
  Lives lives;
  lives.send("one", AlertState::Start, 7);
  lives.resolve(IncidentId("1-one"));
  lives.province.now = lives.province.now + 5min;
  lives.send("two", AlertState::Start, 1);
  CHECK(lives.province.incidents.count("1-two") == 1);
}

TEST_CASE("areas: an alert that was relocated falls silent where it is, and its earlier life does not take the id") {
  Lives lives;
  lives.send("one", AlertState::Start, 1);
  lives.give(1, relocate(lives.province.incidents.at("1-one"), 2));
  lives.province.tick(59min);
  CHECK_FALSE(lives.province.incidents.at("2-c-1").ended);
  lives.province.tick(2min);
  CHECK(lives.province.incidents.at("2-c-1").ended);

  lives.province.tick(24h);
  lives.send("two", AlertState::Start, 1, "fire");
  lives.province.tick(12h);
  lives.send("three", AlertState::Start, 1, "fire");
  REQUIRE(lives.province.incidents.count("1-three") == 1);
  lives.give(1, relocate(lives.province.incidents.at("1-two"), 2, "c-2"));
  lives.send("three-update", AlertState::Update, 2, "fire");
  lives.province.tick(2s);
  CHECK(lives.province.incidents.at("1-three").events == 2);
  CHECK(lives.province.incidents.at("2-c-2").events == 1);
}

namespace {

// Random events, corrections, camera alerts, repeats and relocations; partitions go on in any order and crash.
struct Story {
  Province province;
  std::set<std::string> sent;
  std::map<std::string, std::pair<std::uint32_t, Event>> reports;  // home and first event

  Story(std::uint32_t seed, std::uint32_t behaviour) : province(seed, 25, behaviour) {
    for (int i = 0; i < 260; ++i) one(i);
    for (int i = 0; i < 5; ++i) province.tick(2s);
    province.write_all();
  }

  void send(std::uint32_t home, Event event) {
    event.source = SourceId("source-" + std::to_string(home));
    event.occurred_at = EventTime::from_ms(province.now.ms());
    sent.insert(event.id.str());
    province.append(home, event);
  }

  void one(int i) {
    const std::string number = std::to_string(i);
    province.now = province.now + Millis(province.pick(90'000));
    switch (province.pick(8)) {
      case 0: case 1: case 2: {
        Event event = report_in("r" + number, province.pick(3), "", province.pick(2));
        const std::uint32_t home = province.pick(3);
        reports.emplace("r" + number, std::pair(home, event));
        send(home, event);
        break;
      }
      case 3: {
        if (reports.empty()) break;
        auto at = reports.begin();
        std::advance(at, province.pick(static_cast<std::uint32_t>(reports.size())));
        send(at->second.first, again(at->second.second, "e-" + at->first + "-rev-" + number));
        break;
      }
      case 4: {
        const std::uint32_t p = province.pick(kPartitions);  // whatever it is, again
        province.parts[p].log.push_back({province.now, province.parts[p].log[province.pick(static_cast<std::uint32_t>(province.parts[p].log.size()))].value});
        if (!std::holds_alternative<Event>(wire::decode_record(province.parts[p].log.back().value).value())) province.parts[p].log.pop_back();
        break;
      }
      case 5: {
        Event event = camera("o" + std::to_string(province.pick(6)), "nobody", "accident", province.pick(3) == 0 ? AlertState::End : AlertState::Update, 1 + province.pick(40));
        event.id = EventId("a-" + number);
        event.position = leaves(event.object.str().back() % 3)[0]->centre;
        send(static_cast<std::uint32_t>(event.object.str().back()) % 2, event);
        break;
      }
      default: relocate_one(number);
    }
    for (std::uint32_t steps = province.pick(5); steps > 0; --steps) {
      const std::uint32_t p = province.pick(kPartitions);
      if (province.behind(p)) province.step(p);
    }
  }

  void relocate_one(const std::string& number) {
    if (province.incidents.empty()) return;
    auto at = province.incidents.begin();
    std::advance(at, province.pick(static_cast<std::uint32_t>(province.incidents.size())));
    const auto partition = static_cast<std::uint32_t>(at->first[0] - '0');
    province.append(partition, relocate(at->second, province.pick(3), "c-" + number, province.pick(3)));
  }
};

}  // namespace

TEST_CASE("areas: every event ends in one incident, statuses are right, in any order of partitions and with crashes") {
  std::size_t transfers = 0, relocations = 0, crashes = 0, refused = 0;
  const auto behaviour = GENERATE(kBehaviourOldest, kBehaviourVersion);
  for (std::uint32_t seed = 1; seed <= 12; ++seed) {
    INFO("behaviour " << behaviour << ", seed " << seed);
    Story story(seed, behaviour);
    Province& province = story.province;
    transfers += province.transfers;
    relocations += province.relocations;
    crashes += province.crashes;
    for (const Decision& one : province.results) refused += one.command_result->status == CommandStatus::Refused ? 1 : 0;
    REQUIRE(province.most_hops <= 4);
    std::map<std::string, std::uint64_t> members;
    for (const std::string& id : story.sent) {
      INFO("event " << id);
      const auto in = province.incidents_with(EventId(id));
      const auto& told = province.decisions[id];
      const bool stale = std::any_of(told.begin(), told.end(), [](const Decision& one) { return one.kind == DecisionKind::StaleRevision; });
      REQUIRE(in.size() == (stale ? 0 : 1));
      if (!stale) ++members[in.front().str()];
    }
    for (const auto& [id, incident] : province.incidents) {
      INFO("incident " << id);
      if (incident.relocated_to.empty()) REQUIRE(incident.events == members[id]);
      else REQUIRE(members.count(id) == 0);
    }
    for (const auto& [report, home_and_first] : story.reports) {
      INFO("report " << report);
      const ReportStatus& status = province.status(report);
      const auto holder = static_cast<std::uint32_t>(status.incident.str()[0] - '0');
      const auto known = province.object(holder, status.source, status.report);
      REQUIRE(known.has_value());
      REQUIRE(known->incident == status.incident);
      REQUIRE(known->hop == status.hop);
      const Incident& incident = province.incidents.at(status.incident.str());
      REQUIRE(incident.state == IncidentState::New);
      REQUIRE(status.state == (status.joined ? ReportState::Joined : ReportState::Received));
      // From home along the links, one reaches it.
      std::uint32_t at = home_and_first.first, hops = 0;
      for (auto link = province.object(at, status.source, status.report); link && link->away; ++hops) {
        REQUIRE(hops < 4);
        at = link->away->value();
        link = province.object(at, status.source, status.report);
      }
      REQUIRE(at == holder);
    }
  }
  // Whatever the checks above say, they say it of what happened.
  REQUIRE(transfers > 300);
  REQUIRE(relocations > 100);
  REQUIRE(crashes > 100);
  REQUIRE(refused > 5);
}
