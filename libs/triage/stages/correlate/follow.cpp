#include <algorithm>

#include "libs/text/fold.h"
#include "libs/triage/merged.h"
#include "libs/triage/stages/correlate/assess.h"
#include "libs/triage/stages/earlier.h"

namespace ioc::triage {
namespace {

// "lần 2" and the like: the word and a number from 2 behind it.
bool counted_again(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const std::size_t digit = at + word.size();
    const bool begins = at == 0 || text[at - 1] == ' ' || text[at - 1] == '(' || text[at - 1] == ',';
    if (begins && digit < text.size() && text[digit] >= '2' && text[digit] <= '9') return true;
  }
  return false;
}

// Marked words, or text without any marks: "làn 2" is a lane and no repetition.
bool says_again(const text::FoldedText& text) {
  const std::string_view marked = text.marked, folded = text.plain;
  const auto holds = [](std::string_view in, std::initializer_list<std::string_view> all) {
    return std::any_of(all.begin(), all.end(), [in](std::string_view one) { return in.find(one) != std::string_view::npos; });
  };
  if (marked != folded) {
    return counted_again(marked, "lần ") || counted_again(marked, "lần thứ ") ||
           holds(marked, {"tái diễn", "lại bị", "lần thứ hai", "lần thứ ba", "lần thứ tư", "lần thứ năm", "lần nữa"});
  }
  return counted_again(folded, "lan ") || counted_again(folded, "lan thu ") ||
         holds(folded, {"tai dien", "lai bi", "lan thu hai", "lan thu ba", "lan thu tu", "lan thu nam", "lan nua"});
}

void recur(const Incident& earlier, Work& work) {
  work.occurrence = earlier.occurrence + 1;
  work.recurrence_of = earlier.id;
  work.cls.evidence.push_back({"recurrence_of", earlier.id.str()});
}

}  // namespace

void follow_earlier(Context& context, Work& work) {
  OpenIncident* incident = incident_followed(context, work.event);
  if (!incident) return;
  if (!incident->beside.closed_by_record && incident->shown.state != IncidentState::Closed) {
    work.target = incident;
    work.outcome = DecisionKind::Joined;
    work.reason = Reason("sender_names_earlier_report");
  } else {
    recur(incident->shown, work);
  }
}

void follow_closed(const Probe& probe, Work& work) {
  const auto* report = std::get_if<CitizenReport>(&work.event.body);
  if (!report || (probe.address == 0 && !probe.place_counts) || !says_again(work.cls.words)) return;
  const OpenIncident* newest = nullptr;
  for (OpenIncident* incident : candidates_near(probe, probe.context.bundle->limits.life.closed)) {
    if (!incident->is_of(probe.type) || !at_same_place(probe, *incident)) continue;
    OpenIncident& top = top_of(probe.context, *incident);
    if (!top.beside.closed_by_record && top.shown.state != IncidentState::Closed) continue;
    if (top.shown.opened_at > work.event.occurred_at) continue;
    if (!newest || top.shown.last_event_at > newest->shown.last_event_at) newest = &top;
  }
  if (newest) recur(newest->shown, work);
}

}  // namespace ioc::triage
