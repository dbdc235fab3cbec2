// Which open incident, if any, an event is another report of: candidates by place, each in a situation, weighed by the
// model (README). Joins at one threshold, suggests at a lower one; every candidate that came close is kept with its parts
// and why it lost (DESIGN D7).
#include <algorithm>

#include "libs/triage/stages/correlate/assess.h"

namespace ioc::triage {
namespace {

constexpr std::size_t kWeighedMax = 32;  // of those in the best situations

// The first situation counts, then the score, then the newer incident.
bool better(const Assessed& a, const Assessed& b) {
  if (a.situation != b.situation) return a.situation < b.situation;
  if (a.score_permille != b.score_permille) return a.score_permille > b.score_permille;
  if (a.age_ms != b.age_ms) return a.age_ms < b.age_ms;
  return a.incident->beside.opened_number > b.incident->beside.opened_number;
}

bool at_least_as_like(const Assessed& a, const Assessed& b) {
  if (a.situation != b.situation) return a.situation < b.situation;
  return a.score_permille >= b.score_permille;
}

bool taken_apart(const OpenIncident& a, const OpenIncident& b) {
  const auto names = [](const OpenIncident& one, const OpenIncident& other) {
    const auto& apart = one.beside.apart_from;
    return std::find(apart.begin(), apart.end(), other.shown.id) != apart.end();
  };
  return names(a, b) || names(b, a);
}

// What an operator took apart is not joined again: neither is what is as like the one as the other.
void mark_apart(std::vector<Assessed>& ranked) {
  for (Assessed& candidate : ranked) {
    candidate.apart = std::any_of(ranked.begin(), ranked.end(), [&](const Assessed& other) {
      return &other != &candidate && at_least_as_like(other, candidate) && taken_apart(*candidate.incident, *other.incident) &&
             (other.witness || better(other, candidate));
    });
  }
  std::erase_if(ranked, [](const Assessed& one) { return one.witness; });
}

// Of those merged into one, the best.
void once_each(std::vector<Assessed>& ranked) {
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    const OpenIncident* top = ranked[i].top;
    const auto again = [top](const Assessed& other) { return other.top == top; };
    ranked.erase(std::remove_if(ranked.begin() + static_cast<std::ptrdiff_t>(i) + 1, ranked.end(), again), ranked.end());
  }
}

// Best first.
void cut(std::vector<Assessed>& ranked, std::size_t most) {
  const std::size_t kept = std::min(ranked.size(), most);
  std::partial_sort(ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(kept), ranked.end(), better);
  ranked.resize(kept);
}

std::vector<Assessed> rank(Probe& probe, const std::vector<OpenIncident*>& found) {
  std::vector<Assessed> ranked;
  Crowd crowd;
  for (OpenIncident* incident : found) {
    auto assessed = place_in_situation(probe, *incident);
    if (!assessed) continue;
    add_to_crowd(probe, *assessed, crowd);
    ranked.push_back(std::move(*assessed));
  }
  if (ranked.empty()) return ranked;
  cut(ranked, kWeighedMax);
  read_event(probe);
  for (Assessed& one : ranked) weigh(probe, crowd, one);
  if (probe.context.behaviour >= since::kReadsApart) mark_apart(ranked);
  cut(ranked, probe.context.bundle->limits.correlate.candidates_max);
  once_each(ranked);
  return ranked;
}

const char* verdict_on(const Assessed& one, bool best) {
  const auto reaches = [&](std::uint64_t permille) { return one.score_permille >= static_cast<std::int32_t>(permille); };
  if (one.apart) return "rejected:taken_apart";
  if (best && reaches(one.limits->join_permille)) return "joined";
  if (!reaches(one.limits->suggest_permille)) return "rejected:score";
  return "suggested";
}

// The best decides; a further one is only told of when nothing was joined.
void decide(std::vector<Assessed>& ranked, Work& work) {
  bool best = true;
  for (Assessed& one : ranked) {
    std::string_view verdict = verdict_on(one, best);
    if (verdict == "joined") {
      work.target = one.top;
      work.outcome = DecisionKind::Joined;
      work.reason = Reason("score_above_join");
    } else if (work.target && verdict == "suggested") {
      verdict = "rejected:not_the_best";
    }
    best = best && one.apart;
    work.candidates.push_back({one.top->shown.id, one.score_permille, std::move(one.parts), std::string(verdict)});
  }
}

}  // namespace

Next correlate(Context& context, Work& work) {
  if (work.target) return Next::Stage;
  follow_earlier(context, work);
  if (work.target || !work.cls.correlate) return Next::Stage;
  Probe probe(context, work);
  const std::vector<OpenIncident*> found = candidates_near(probe, is_late(context, work) ? std::optional(age_max(work)) : std::nullopt);
  context.stats.candidates_looked_at += found.size();
  if (!found.empty()) {
    auto ranked = rank(probe, found);
    decide(ranked, work);
  }
  if (!work.target && work.occurrence == 1) follow_closed(probe, work);
  return Next::Stage;
}

}  // namespace ioc::triage
