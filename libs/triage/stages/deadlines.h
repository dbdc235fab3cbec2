// The clocks of an incident: deadlines in working time, closing, leaving memory, waiting counts. All by log time.
#pragma once

#include "libs/domain/output.h"
#include "libs/triage/context.h"

namespace ioc::triage {

// Earliest time at which a clock of it falls due; 0 = none.
std::int64_t next_timer_ms(const OpenIncident& incident);
// All clocks of it that are due at `context.now`, in order of kind.
void fire_clocks(Context& context, OpenIncident& incident);
// The silence of a checkpoint: opens its incident.
void fire_silence(Context& context, const std::string& checkpoint_id);
// The first closed incident whose time in the state is over by then.
struct ArchiveDue {
  std::int64_t at_ms = 0;
  IncidentId incident;
};
std::optional<ArchiveDue> next_archive(Context& context, std::int64_t by_ms);
void archive(Context& context, const ArchiveDue& due);

// Sets the clocks of a new (or reopened, or split) incident by deadlines.yaml.
void start_clocks(Context& context, OpenIncident& incident, Feed feed, const EventId& event);
// After the severity rose: clocks that would fall due earlier under the new rule.
void tighten_clocks(Context& context, OpenIncident& incident);
// After its category or severity became another: as if its clocks had been set by that rule; breached ones stay so.
void refit_clocks(Context& context, OpenIncident& incident, const Reason& why);
// From now on; with `since` from then.
void start_clock(Context& context, OpenIncident& incident, ClockKind kind, std::optional<LogTime> since = {});
// Running, warned and breached clocks of that kind end as `state`, with a decision.
void end_clock(Context& context, OpenIncident& incident, ClockKind kind, ClockState state);
// Sets or clears the closing clock of an incident that has ended: by its newest event, or when it is said. Danger to life waits
// for a person.
void set_ended_clock(Context& context, OpenIncident& incident, std::optional<LogTime> ended = {});
// Alerts that are silent by `context.now` are over (silence.cpp).
void end_silent_alerts(Context& context, OpenIncident& incident);
// Of alerts whose silence nobody has counted yet, it counts from now: those of before the behaviour version that does.
void count_silence(Context& context, OpenIncident& incident);
void close_by_clock(Context& context, OpenIncident& incident);
// Counts from then until it leaves the state.
void archive_later(Context& context, OpenIncident& incident, LogTime closed_at);

// The subscribers by unit at that time, beside those it has.
void add_subscribers(Context& context, OpenIncident& incident, EventTime when);
// What rules.yaml says of an incident as it is now.
struct Routing {
  QueueId queue;
  std::string rule;                        // that gave the queue
  std::vector<const RouteRule*> accepted;  // in order
  friend bool operator==(const Routing&, const Routing&) = default;
};
Routing routing_of(const Context& context, const OpenIncident& incident, Feed feed);
void route_incident(Context& context, OpenIncident& incident, Feed feed, const EventId& event);
// After what the rules read has changed in a touched incident: queue and subscribers by the rules.
void route_again(Context& context, OpenIncident& incident);
// The feed that it is routed by: of what opened it.
inline Feed first_feed(const Incident& incident) { return incident.sources.empty() ? Feed::CitizenReports : incident.sources.front().feed; }

// Around a change of what the rules read of an incident: it is routed anew where they say otherwise afterwards. A queue that
// an operator chose stays while they say what they said before. What it is merged into stands in the queue of the most
// urgent in it once danger came to one of these, until that one leaves or is in danger no more.
class Rerouting {
 public:
  // Before the change.
  Rerouting(Context& context, OpenIncident& incident);
  // After it; true: it is routed anew. `brought_by`: the event that made it more urgent; who was told of it stays then.
  bool follow(const EventId& brought_by = {}) const;

 private:
  struct Above {
    OpenIncident* incident = nullptr;
    bool follows_most_urgent = false;  // routed by what it holds
  };
  void follow_most_urgent(const Above& above, const EventId& brought_by) const;

  Context& x_context;
  OpenIncident& x_incident;
  Routing x_before;
  std::vector<Above> x_above;  // it and what it is merged into, those that hold others
};

ReportState report_state_of(const Incident& incident, bool joined);
// To every citizen's report in it and in those merged into it.
void tell_all_citizens(Context& context, OpenIncident& incident);

}  // namespace ioc::triage
