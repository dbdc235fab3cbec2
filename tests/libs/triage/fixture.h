// A machine over a map, and logs made from a seed.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "libs/domain/decision.h"
#include "libs/domain/output.h"
#include "libs/domain/record.h"
#include "libs/domain/topics.h"
#include "libs/domain/wire.h"
#include "libs/triage/machine.h"
#include "libs/triage/machine_stats.h"
#include "libs/triage/map_state.h"

namespace ioc::triage::testing {

// The default bundle (deploy/config/bundle with units), compiled once.
const std::vector<BundleFile>& default_files();
const std::string& default_hash();
std::shared_ptr<const Bundle> default_bundle(std::string_view hash);

// Another one, by the hash it is activated with.
struct TestBundle {
  std::string hash;
  std::shared_ptr<const Bundle> compiled;
  [[nodiscard]] std::shared_ptr<const Bundle> find(std::string_view wanted) const { return wanted == hash ? compiled : nullptr; }
};
TestBundle compile_for_test(std::string hash, std::vector<BundleFile> files);
const TestBundle& default_test_bundle();
// The default one with lines appended to its limits.yaml.
TestBundle with_limits(std::string_view lines);

struct Line {
  LogTime at;
  std::string value;
};

inline constexpr std::int64_t kStartMs = 1'634'515'200'000;  // 2021-10-18 07:00:00 in Vietnam, a Monday

// A machine that is stepped record by record.
class Bench {
 public:
  explicit Bench(bool activated = true, TestBundle bundle = default_test_bundle());
  // Appends at `now`, which it may move, and returns the decisions.
  std::vector<Decision> step(const Record& record);
  std::vector<Decision> step_bytes(std::string value);
  std::vector<Decision> wait(Millis time);  // a tick after that time
  void restart();

  [[nodiscard]] std::vector<Incident> snapshots() const;  // of the last step
  [[nodiscard]] std::vector<ReportStatus> statuses() const;
  [[nodiscard]] std::vector<FeedEntry> entries() const;
  [[nodiscard]] std::vector<Effect> on(std::string_view topic) const;
  // The newest snapshot of each incident ever seen.
  std::map<std::string, Incident> incidents;

  TestBundle bundle;
  LogTime now = LogTime::from_ms(kStartMs);
  MapState state;
  std::unique_ptr<Machine> machine;
  std::vector<Effect> effects;
  Offset next;
};

Event report(std::string_view id, std::string_view text, std::optional<Position> position = Position{215942000, 1058482000, 0});
Event camera(std::string_view alert, std::string_view camera, std::string_view kind, AlertState state, std::uint64_t revision = 0);
Event passage(std::string_view id, PassageResult result, std::string_view checkpoint = "CK03");
Event checkpoint_status(std::string_view id, std::uint32_t queue, CheckpointState state = CheckpointState::Open);
Event at(Event event, Millis after_start);
Command command(std::string_view id, const Incident& incident, CommandKind kind);
const Decision* find(const std::vector<Decision>& decisions, DecisionKind kind);

// A day's mix: reports of the same and other things, cameras that repeat, revisions, repeats, late events, passages,
// commands to incidents met on the way, ticks, silences, garbage. The same for the same seed.
std::vector<Line> make_log(std::uint32_t seed, std::size_t records, const TestBundle& bundle = default_test_bundle());

}  // namespace ioc::triage::testing
