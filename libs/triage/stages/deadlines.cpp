#include "libs/triage/stages/deadlines.h"

#include <algorithm>
#include <utility>

#include "libs/triage/codec.h"
#include "libs/triage/merged.h"
#include "libs/triage/stages/stage.h"

namespace ioc::triage {
namespace {

const std::string kArchivePrefix = "archive/";

std::string archive_key(std::int64_t at_ms, const IncidentId& incident) {
  return kArchivePrefix + big_endian(static_cast<std::uint64_t>(at_ms)) + incident.str();
}

bool runs(const Clock& clock) {
  return clock.state == ClockState::Running || clock.state == ClockState::Warned || clock.state == ClockState::Breached;
}

Decision about(const OpenIncident& incident, DecisionKind kind, const Clock& clock) {
  Decision decision;
  decision.kind = kind;
  decision.incident = incident.shown.id;
  decision.details = {{"clock", std::string(name_of(clock.kind))}, {"due_at", format_time(clock.due_at)}};
  return decision;
}

const DeadlineRule* rule_for(const Context& context, const OpenIncident& incident) {
  const Incident& shown = incident.shown;
  Subject subject;
  subject.feed = shown.sources.empty() ? Feed::CheckpointPassages : shown.sources.front().feed;
  subject.category = shown.category.str();
  subject.sub_kind = shown.sub_kind.str();
  subject.kind = incident.beside.kind;
  subject.unit = shown.unit.str();
  subject.severity = shown.severity;
  subject.emergency = shown.emergency;
  subject.place_known = !shown.unit.empty();
  for (const DeadlineRule& rule : context.bundle->deadlines) {
    if (rule.match.accepts(subject)) return &rule;
  }
  return nullptr;
}

Millis allowed(const DeadlineRule& rule, ClockKind kind) {
  return kind == ClockKind::Forward ? rule.forward : kind == ClockKind::Accept ? rule.accept : rule.resolve;
}

Clock make_clock(const Context& context, const DeadlineRule& rule, ClockKind kind, LogTime from) {
  const Millis whole = allowed(rule, kind);
  const Millis warned(whole.count() * static_cast<std::int64_t>(rule.warn_permille) / 1000);
  Clock clock{kind, from, from + warned, from + whole, ClockState::Running};
  if (rule.time == "working") {
    clock.warn_at = context.bundle->calendar.after_working(from, warned);
    clock.due_at = context.bundle->calendar.after_working(from, whole);
  }
  return clock;
}

void min_time(std::int64_t& earliest, LogTime at) {
  if (at.ms() != 0 && (earliest == 0 || at.ms() < earliest)) earliest = at.ms();
}

void fire_deadlines(Context& context, OpenIncident& incident) {
  for (Clock& clock : incident.shown.clocks) {
    if (clock.state == ClockState::Running && clock.warn_at <= context.now) {
      clock.state = ClockState::Warned;
      context.out.decide("warning_time_reached", about(incident, DecisionKind::ClockWarned, clock));
      context.touch(incident, Change::Version);
    }
    if (clock.state == ClockState::Warned && clock.due_at <= context.now) {
      clock.state = ClockState::Breached;
      context.out.decide("deadline_passed", about(incident, DecisionKind::ClockBreached, clock));
      context.touch(incident, Change::Version);
    }
  }
}

// What is merged closes with the one it is seen in; what holds others does not close because its own source ended.
bool may_close(const OpenIncident& incident) {
  return incident.shown.state != IncidentState::Merged && (incident.shown.merged.empty() || !is_open(incident.shown.state));
}

// What is closed is over, whatever its cameras say or do not say.
bool hears(const OpenIncident& incident) {
  return !incident.beside.silences.empty() && incident.shown.state != IncidentState::Closed;
}

LogTime silent_at(const OpenIncident& incident) {
  return LogTime::from_ms(incident.beside.silences.next_ms(incident.beside.objects_open));
}

// So long after its end it closes by itself; 0: a person closes it.
Millis quiet_of(const Context& context, const OpenIncident& incident) {
  const Kind* kind = context.bundle->kind(incident.beside.kind);
  return kind ? kind->quiet : context.bundle->limits.life.ended_closing;
}

}  // namespace

std::int64_t next_timer_ms(const OpenIncident& incident) {
  std::int64_t earliest = 0;
  const bool merged = incident.shown.state == IncidentState::Merged;
  min_time(earliest, incident.beside.counts_due);
  if (!merged || !incident.beside.top_shut) {
    for (const Clock& clock : incident.shown.clocks) {
      if (clock.state == ClockState::Running) min_time(earliest, clock.warn_at);
      if (clock.state == ClockState::Warned) min_time(earliest, clock.due_at);
    }
  }
  if (hears(incident)) min_time(earliest, silent_at(incident));
  if (may_close(incident)) min_time(earliest, incident.beside.close_at);
  if (!merged) min_time(earliest, incident.beside.forget_at);
  return earliest;
}

void fire_clocks(Context& context, OpenIncident& incident) {
  Beside& beside = incident.beside;
  const bool merged = incident.shown.state == IncidentState::Merged;
  if (!merged || !beside.top_shut) fire_deadlines(context, incident);
  const auto due = [&](LogTime at) { return at.ms() != 0 && at <= context.now; };
  if (hears(incident) && due(silent_at(incident))) end_silent_alerts(context, incident);
  if (may_close(incident) && due(beside.close_at)) close_by_clock(context, incident);
  if (!merged && due(beside.forget_at)) {
    beside.forget_at = LogTime();
    context.book.mark_unwritten(incident);
    context.book.settle_at_end(incident);
  }
  if (due(beside.counts_due)) {
    beside.counts_due = LogTime();
    beside.snapshot_at = context.now;
    context.book.mark_unwritten(incident);
    if (incident.change == Change::None) context.emit_snapshot(incident);
  }
  context.book.set_timer(incident, next_timer_ms(incident));
}

void start_clock(Context& context, OpenIncident& incident, ClockKind kind, std::optional<LogTime> since) {
  const DeadlineRule* rule = rule_for(context, incident);
  if (!rule || allowed(*rule, kind).count() == 0) return;
  Clock clock = make_clock(context, *rule, kind, since.value_or(context.now));
  std::erase_if(incident.shown.clocks, [&](const Clock& old) { return old.kind == kind; });
  Decision decision = about(incident, DecisionKind::ClockSet, clock);
  decision.rule = rule->id;
  incident.shown.clocks.push_back(clock);
  std::sort(incident.shown.clocks.begin(), incident.shown.clocks.end(),
            [](const Clock& a, const Clock& b) { return a.kind < b.kind; });
  context.out.decide("by_deadline_rule", std::move(decision));
}

void start_clocks(Context& context, OpenIncident& incident, Feed, const EventId&) {
  start_clock(context, incident, ClockKind::Forward);
  start_clock(context, incident, ClockKind::Resolve);
}

void tighten_clocks(Context& context, OpenIncident& incident) {
  const DeadlineRule* rule = rule_for(context, incident);
  if (!rule) return;
  for (Clock& clock : incident.shown.clocks) {
    if (!runs(clock) || allowed(*rule, clock.kind).count() == 0) continue;
    const Clock tighter = make_clock(context, *rule, clock.kind, clock.started_at);
    if (tighter.due_at >= clock.due_at) continue;
    clock.warn_at = tighter.warn_at;
    clock.due_at = tighter.due_at;
    Decision decision = about(incident, DecisionKind::ClockSet, clock);
    decision.rule = rule->id;
    context.out.decide("severity_rose", std::move(decision));
  }
}

void refit_clocks(Context& context, OpenIncident& incident, const Reason& why) {
  const DeadlineRule* rule = rule_for(context, incident);
  for (Clock& clock : incident.shown.clocks) {
    if (!runs(clock)) continue;
    if (!rule || allowed(*rule, clock.kind).count() == 0) {
      end_clock(context, incident, clock.kind, ClockState::Stopped);
      continue;
    }
    Clock fitted = make_clock(context, *rule, clock.kind, clock.started_at);
    if (fitted.warn_at <= context.now) fitted.state = std::min(clock.state, fitted.due_at <= context.now ? ClockState::Breached : ClockState::Warned);
    if (fitted == clock) continue;
    clock = fitted;
    Decision decision = about(incident, DecisionKind::ClockSet, clock);
    decision.rule = rule->id;
    context.out.decide(why, std::move(decision));
  }
  for (const ClockKind kind : {ClockKind::Resolve, incident.shown.forwarded_units.empty() ? ClockKind::Forward : ClockKind::Accept}) {
    const auto& clocks = incident.shown.clocks;
    const auto known = std::find_if(clocks.begin(), clocks.end(), [kind](const Clock& one) { return one.kind == kind; });
    // What an earlier choice stopped runs from when it began: no deadline is won by choosing twice.
    if (known == clocks.end()) start_clock(context, incident, kind);
    else if (known->state == ClockState::Stopped) start_clock(context, incident, kind, known->started_at);
  }
}

void end_clock(Context& context, OpenIncident& incident, ClockKind kind, ClockState state) {
  for (Clock& clock : incident.shown.clocks) {
    if (clock.kind != kind || !runs(clock)) continue;
    const bool late = clock.state == ClockState::Breached;
    clock.state = state;
    Decision decision = about(incident, DecisionKind::ClockStopped, clock);
    decision.details.push_back({"late", late ? "yes" : "no"});
    if (state == ClockState::Met) context.out.decide("met", std::move(decision));
    else context.out.decide("no_longer_applies", std::move(decision));
  }
}

void set_ended_clock(Context& context, OpenIncident& incident, std::optional<LogTime> ended) {
  const Incident& shown = incident.shown;
  // What a person took up is closed by a person.
  const IncidentState state = shown.state == IncidentState::Merged ? incident.beside.before_merge : shown.state;
  const bool danger = shown.emergency && context.behaviour >= since::kFollowsLives;
  const bool untouched = state == IncidentState::New && !shown.acknowledged_at && shown.reports == 0 && !danger;
  if (!is_open(state)) return;
  incident.beside.close_at = LogTime();
  const Millis quiet = quiet_of(context, incident);
  if (!shown.ended || !untouched || quiet.count() == 0) return;
  // What ended long before it arrived has been quiet long enough.
  const LogTime ended_at = ended.value_or(LogTime::from_ms(shown.last_event_at.ms()));
  incident.beside.close_at = std::max(context.now, ended_at + quiet);
}

void archive_later(Context& context, OpenIncident& incident, LogTime closed_at) {
  incident.beside.archive_at = closed_at + context.bundle->limits.life.closed;
  context.state.put(Table::Other, archive_key(incident.beside.archive_at.ms(), incident.shown.id), "");
  context.archive_hint_ms.reset();
}

void close_by_clock(Context& context, OpenIncident& incident) {
  Incident& shown = incident.shown;
  Beside& beside = incident.beside;
  const bool resolved = shown.state == IncidentState::Resolved;
  const LifeLimits& life = context.bundle->limits.life;
  for (const Clock& clock : std::vector<Clock>(shown.clocks)) end_clock(context, incident, clock.kind, ClockState::Stopped);
  shown.state = IncidentState::Closed;
  // Its own time, which is before now when it was merged meanwhile.
  const LogTime closed_at = std::exchange(beside.close_at, LogTime());
  beside.counts_due = LogTime();
  // A record closed it for correlation when it was resolved; else late events may still belong to it (DESIGN D4).
  if (!resolved) beside.forget_at = closed_at + life.correlatable_after_closing;
  context.touch(incident, Change::Version);
  archive_later(context, incident, closed_at);
  Decision decision;
  decision.kind = DecisionKind::Closed;
  decision.incident = shown.id;
  if (resolved) context.out.decide("resolved_long_enough", std::move(decision));
  else {
    decision.rule = "kinds.yaml";
    decision.details = {{"kind", incident.beside.kind},
                        {"quiet_s", std::to_string(quiet_of(context, incident).count() / 1000)}};
    context.out.decide("its_source_ended", std::move(decision));
  }
  if (shown.reports > 0 || !shown.merged.empty()) tell_all_citizens(context, incident);
}

std::optional<ArchiveDue> next_archive(Context& context, std::int64_t by_ms) {
  if (context.archive_hint_ms && *context.archive_hint_ms > by_ms) return std::nullopt;
  context.archive_hint_ms = INT64_MAX;
  std::optional<ArchiveDue> due;
  context.state.scan(Table::Other, kArchivePrefix, [&](std::string_view key, std::string_view) {
    const auto at_ms = static_cast<std::int64_t>(from_big_endian(key.substr(kArchivePrefix.size())));
    context.archive_hint_ms = at_ms;
    if (at_ms <= by_ms) due = ArchiveDue{at_ms, IncidentId(key.substr(kArchivePrefix.size() + 8))};
    return false;
  });
  return due;
}

void archive(Context& context, const ArchiveDue& due) {
  context.state.erase(Table::Other, archive_key(due.at_ms, due.incident));
  context.archive_hint_ms.reset();
  OpenIncident* incident = context.book.find(due.incident);
  // Reopened since, or closed again later: that closing has an entry of its own.
  if (!incident || incident->beside.archive_at.ms() != due.at_ms) return;
  for (OpenIncident* one : tree_of(context, *incident)) {
    Decision decision;
    decision.kind = DecisionKind::Archived;
    decision.incident = one->shown.id;
    context.objects.forget_all_of(one->shown.id);
    context.book.forget(*one);
    context.out.decide("closed_long_enough", std::move(decision));
  }
}

ReportState report_state_of(const Incident& incident, bool joined) {
  switch (incident.state) {
    case IncidentState::New: return joined ? ReportState::Joined : ReportState::Received;
    case IncidentState::Verifying: return joined ? ReportState::Joined : ReportState::Received;
    case IncidentState::Rejected: return ReportState::Rejected;
    case IncidentState::Merged: return ReportState::Joined;
    case IncidentState::Forwarded: return ReportState::Forwarded;
    case IncidentState::Accepted: return ReportState::InProgress;
    case IncidentState::InProgress: return ReportState::InProgress;
    case IncidentState::Resolved: return ReportState::Resolved;
    case IncidentState::Closed: return ReportState::Closed;
  }
  return ReportState::Received;
}

void tell_all_citizens(Context& context, OpenIncident& incident) {
  for (OpenIncident* own : tree_of(context, incident)) {
    const ReportStatus as_top = status_in(context, *own);
    context.objects.for_each_member(own->shown.id, [&](const Member& member) {
      if (member.feed != Feed::CitizenReports || !member.first) return true;
      ReportStatus status = as_top;
      status.source = member.source;
      status.report = member.object;
      status.event = member.event;
      if (member.event.str() != own->shown.opened_by) {
        status.joined = true;
        if (status.state == ReportState::Received) status.state = ReportState::Joined;
      }
      status.hop = member.hop;
      context.out.report_status(std::move(status));
      return true;
    });
  }
}

Next set_deadlines(Context& context, Work& work) {
  start_clocks(context, *work.target, work.event.feed, work.event.id);
  return Next::Stage;
}

}  // namespace ioc::triage
