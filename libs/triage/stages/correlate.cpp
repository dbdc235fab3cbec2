// Which open incident, if any, an event is another report of: candidates by place, scored in integer permille by parts
// (README), near in event time. Joins at one threshold, suggests at a lower one; every candidate that came close is
// kept with its parts (DESIGN D7).
#include <algorithm>
#include <cstdlib>

#include "libs/geo/cells.h"
#include "libs/geo/distance.h"
#include "libs/triage/merged.h"
#include "libs/triage/stages/stage.h"

namespace ioc::triage {
namespace {

struct Probe {
  Context& context;
  const Work& work;
  const CorrelateLimits& limits;
  std::uint64_t type = 0, address = 0;
  bool place_counts = false;
  text::Signature signature;
};

struct Scored {
  OpenIncident* incident = nullptr;
  OpenIncident* top = nullptr;  // what the event would join: where the incident was merged into
  std::int32_t score = 0;
  std::vector<ScorePart> parts;
  bool witness = false;         // a record closed it: it only speaks against those that it was taken apart from
  bool apart = false;           // what is at least as like the event was taken out of it, or it out of that
};

std::int32_t points(std::uint64_t value) { return static_cast<std::int32_t>(value); }

void add(Scored& scored, const char* name, std::int32_t value) {
  if (value == 0) return;
  scored.score += value;
  scored.parts.push_back({name, value});
}

text::Signature signature_of(std::string_view title, std::string_view summary) {
  std::string text(title);
  return text::Signature::of(text.append(" ").append(summary));
}

// Event time between the event and the nearest end of what the incident has seen.
std::int64_t age_ms(const Work& work, const Incident& shown) {
  const std::int64_t at = work.event.occurred_at.ms();
  if (at > shown.last_event_at.ms()) return at - shown.last_event_at.ms();
  return std::max<std::int64_t>(0, shown.opened_at.ms() - at);
}

bool other_feed_saw(const Incident& shown, Feed feed) {
  return std::any_of(shown.sources.begin(), shown.sources.end(), [&](const SourceCount& one) { return one.feed != feed; });
}

// nullopt: cannot be the same thing.
std::optional<Scored> score(const Probe& probe, OpenIncident& candidate) {
  const CorrelateLimits& limits = probe.limits;
  const Incident& shown = candidate.shown;
  const Category& category = *probe.work.cls.category;
  OpenIncident& top = top_of(probe.context, candidate);
  const bool shut = top.beside.closed_by_record;
  if (shut && (candidate.beside.apart_from.empty() || probe.context.behaviour < since::kReadsApart)) return std::nullopt;
  const std::int64_t age = age_ms(probe.work, shown);
  // A sensor's alert tells of now: what is older than its own repetition window is another happening.
  const Millis window = probe.work.cls.repeat_window;
  if (age > category.age_max.count() || (window.count() > 0 && age > window.count())) return std::nullopt;
  Scored scored{&candidate, &top, 0, {}, shut};
  const bool both_known = probe.address != 0 && candidate.address != 0;
  const bool same_address = both_known && probe.address == candidate.address;
  bool near = false;
  if (probe.place_counts && candidate.indexed_cell && !candidate.beside.default_spot) {
    const std::int64_t distance_dm = geo::distance_dm(*probe.work.place.position, *shown.position);
    const auto radius_dm = static_cast<std::int64_t>(category.radius_m) * 10;
    near = distance_dm <= radius_dm;
    if (!near && !same_address) return std::nullopt;
    if (distance_dm <= static_cast<std::int64_t>(limits.spot_m) * 10) add(scored, "distance", points(limits.near));
    else if (near) add(scored, "distance", static_cast<std::int32_t>(points(limits.near) * (radius_dm - distance_dm) / radius_dm));
  } else if (!same_address) {
    return std::nullopt;
  }
  if (same_address) add(scored, "address", points(limits.same_address));
  else if (both_known) add(scored, "other_address", -points(limits.other_address_cost));
  const bool same_type = candidate.type == probe.type;
  const auto& further = probe.work.cls.further;
  const bool related = std::find(further.begin(), further.end(), shown.category) != further.end() ||
                       std::find(shown.further_categories.begin(), shown.further_categories.end(), category.code) !=
                           shown.further_categories.end();
  if (same_type) add(scored, "type", points(limits.same_type));
  else if (!related) add(scored, "other_type", -points(limits.other_type_cost));
  if (age <= limits.fresh_within.count()) add(scored, "age", points(limits.fresh));
  else if (age <= limits.recent_within.count()) add(scored, "age", points(limits.recent));
  else add(scored, "old", -points(limits.old_cost));
  if (same_type && near && other_feed_saw(shown, probe.work.event.feed)) add(scored, "other_feed", points(limits.other_feed));
  return scored;
}

// Only where it can still change the verdict: comparing texts is the dearest part.
void add_text(const Probe& probe, Scored& scored) {
  OpenIncident& candidate = *scored.incident;
  if (probe.signature.empty()) return;
  if (!candidate.signature_made) {
    candidate.signature = signature_of(candidate.shown.title, candidate.shown.summary);
    candidate.signature_made = true;
  }
  const std::uint64_t similar = text::similarity_permille(probe.signature, candidate.signature);
  add(scored, "text", static_cast<std::int32_t>(probe.limits.text * similar / 1000));
}

bool better(const Scored& a, const Scored& b) {
  if (a.score != b.score) return a.score > b.score;
  return a.incident->beside.opened_number > b.incident->beside.opened_number;
}

// The place of what was read by key is not indexed, but known.
void gather_past(Context& context, const Probe& probe, std::vector<OpenIncident*>& found) {
  const Millis window = probe.work.cls.repeat_window, oldest = probe.work.cls.category->age_max;
  const Millis reach = window.count() > 0 ? std::min(window, oldest) : oldest;
  const auto take = [&](std::uint64_t place) {
    for (OpenIncident* incident : context.book.in_past(place, probe.work.event.occurred_at, reach, probe.limits.scan_max)) {
      if (!incident->indexed) IncidentBook::derive(*incident);
      found.push_back(incident);
    }
  };
  if (probe.address != 0) take(IncidentBook::past_address(probe.address));
  if (!probe.place_counts) return;
  const auto radius = static_cast<std::uint32_t>(probe.work.cls.category->radius_m);
  for (const std::uint64_t cell : geo::cells_within(*probe.work.place.position, radius)) take(IncidentBook::past_cell(cell));
}

void gather(Context& context, const Probe& probe, std::vector<OpenIncident*>& found) {
  if (is_late(context, probe.work)) gather_past(context, probe, found);
  const auto take = [&](const IncidentBook::Row* row) {
    if (!row) return;
    std::uint64_t looked_at = 0;
    for (auto at = row->rbegin(); at != row->rend() && looked_at < probe.limits.scan_max; ++at, ++looked_at) found.push_back(*at);
  };
  if (probe.address != 0) take(context.book.at_address(probe.address));
  if (probe.place_counts) {
    const auto radius = static_cast<std::uint32_t>(probe.work.cls.category->radius_m);
    for (const std::uint64_t cell : geo::cells_within(*probe.work.place.position, radius)) take(context.book.in_cell(cell));
  }
  std::sort(found.begin(), found.end(), [](const OpenIncident* a, const OpenIncident* b) {
    return a->beside.opened_number > b->beside.opened_number;
  });
  found.erase(std::unique(found.begin(), found.end()), found.end());
}

bool taken_apart(const OpenIncident& a, const OpenIncident& b) {
  const auto names = [](const OpenIncident& one, const OpenIncident& other) {
    const auto& apart = one.beside.apart_from;
    return std::find(apart.begin(), apart.end(), other.shown.id) != apart.end();
  };
  return names(a, b) || names(b, a);
}

// What an operator took apart is not joined again: neither is what is as like the one as the other.
void mark_apart(std::vector<Scored>& ranked) {
  for (Scored& candidate : ranked) {
    candidate.apart = std::any_of(ranked.begin(), ranked.end(), [&](const Scored& other) {
      return other.score >= candidate.score && &other != &candidate && taken_apart(*candidate.incident, *other.incident) &&
             (other.witness || better(other, candidate));
    });
  }
  std::erase_if(ranked, [](const Scored& one) { return one.witness; });
}

// Of those merged into one, the best.
void once_each(std::vector<Scored>& ranked) {
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    const OpenIncident* top = ranked[i].top;
    const auto again = [top](const Scored& other) { return other.top == top; };
    ranked.erase(std::remove_if(ranked.begin() + static_cast<std::ptrdiff_t>(i) + 1, ranked.end(), again), ranked.end());
  }
}

std::vector<Scored> rank(const Probe& probe, const std::vector<OpenIncident*>& found) {
  std::vector<Scored> ranked;
  const std::int32_t in_reach = points(probe.limits.suggest_permille) - points(probe.limits.text);
  for (OpenIncident* incident : found) {
    auto scored = score(probe, *incident);
    if (!scored) continue;
    if (scored->score >= in_reach) add_text(probe, *scored);
    scored->score = std::clamp(scored->score, 0, 1000);
    ranked.push_back(std::move(*scored));
  }
  if (probe.context.behaviour >= since::kReadsApart) mark_apart(ranked);
  const std::size_t kept = std::min<std::size_t>(ranked.size(), probe.limits.candidates_max);
  std::partial_sort(ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(kept), ranked.end(), better);
  ranked.resize(kept);
  once_each(ranked);
  return ranked;
}

void record_candidates(const CorrelateLimits& limits, std::vector<Scored>& ranked, Work& work) {
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    const bool joins = !work.target && !ranked[i].apart && ranked[i].score >= points(limits.join_permille);
    const bool suggests = ranked[i].score >= points(limits.suggest_permille);
    const char* verdict = joins ? "joined" : suggests ? (work.target ? "rejected:not_the_best" : "suggested") : "rejected:score";
    if (ranked[i].apart) verdict = "rejected:taken_apart";
    if (joins) {
      work.target = ranked[i].top;
      work.outcome = DecisionKind::Joined;
      work.reason = Reason("score_above_join");
    }
    work.candidates.push_back({ranked[i].top->shown.id, ranked[i].score, std::move(ranked[i].parts), verdict});
  }
}

// The sender says that it is about an earlier report: the same while that one is open, else a recurrence.
void follow_earlier(Context& context, Work& work) {
  const auto* report = std::get_if<CitizenReport>(&work.event.body);
  if (!report || report->follows.empty()) return;
  const auto earlier = context.objects.find(work.event.source, ObjectId(report->follows));
  OpenIncident* holder = earlier && !earlier->away ? context.book.find(earlier->incident) : nullptr;
  if (!holder) return;
  OpenIncident* incident = &top_of(context, *holder);
  if (!incident->beside.closed_by_record && incident->shown.state != IncidentState::Closed) {
    work.target = incident;
    work.outcome = DecisionKind::Joined;
    work.reason = Reason("sender_names_earlier_report");
  } else {
    work.occurrence = incident->shown.occurrence + 1;
    work.cls.evidence.push_back({"recurrence_of", incident->shown.id.str()});
  }
}

}  // namespace

Next correlate(Context& context, Work& work) {
  if (work.target) return Next::Stage;
  follow_earlier(context, work);
  const Class& cls = work.cls;
  if (work.target || !cls.correlate) return Next::Stage;
  Probe probe{context, work, context.bundle->limits.correlate, type_hash(cls.category->code.str(), cls.sender_category),
              address_hash(cls.address), false, {}};
  probe.place_counts = work.place.position && !work.place.default_spot && work.place.source != PositionSource::PlaceName;
  std::vector<OpenIncident*> found;
  gather(context, probe, found);
  if (found.empty()) return Next::Stage;
  probe.signature = signature_of(cls.title, cls.summary);
  auto ranked = rank(probe, found);
  record_candidates(probe.limits, ranked, work);
  return Next::Stage;
}

}  // namespace ioc::triage
