// What it is and how urgent: words and model over citizens' texts (classify_text.cpp), tables for sensors, rules for severity. The
// sender's choice is kept beside ours; a category that is none of ours becomes `khac` and stays as the sender's type.
#include "libs/triage/cut.h"
#include "libs/triage/stages/classify_text.h"
#include "libs/triage/stages/deadlines.h"
#include "libs/triage/stages/stage.h"

namespace ioc::triage {
namespace {

constexpr std::size_t kTitleBytes = 160, kSummaryBytes = 2000, kAddressBytes = 300;

const RegisteredSource* registered(const Context& context, const std::string& id) { return context.bundle->source(id); }

std::string shown_name(const Context& context, const std::string& id) {
  const RegisteredSource* source = registered(context, id);
  return source && !source->name.empty() ? source->name : id;
}

void classify_report(Context& context, const CitizenReport& report, Class& cls) {
  classify_text(*context.bundle, report, cls);
  cls.title = cut(report.title.empty() ? report.text : report.title, kTitleBytes);
  cls.summary = cut(report.text.empty() ? report.title : report.text, kSummaryBytes);
  if (cls.address.empty()) cls.address = cut(report.address, kAddressBytes);  // else locate found one in the words
}

// Sensors: the kinds table; a kind that it does not know is still shown, as `khac`.
void classify_kind(Context& context, std::string kind_id, const std::string& sensor, std::string_view zone, Class& cls) {
  const Kind* kind = context.bundle->kind(kind_id);
  const std::string sent_as = kind && kind->id != kind_id ? kind_id : std::string();
  if (kind) kind_id = kind->id;
  cls.category = &context.bundle->category(kind ? kind->category : "khac");
  if (kind) cls.sub_kind = SubKindCode(kind->sub_kind);
  cls.severity = kind ? kind->severity : Severity::Medium;
  cls.severity_rule = kind ? "kinds.yaml" : "unknown_kind";
  cls.emergency = kind && kind->emergency;
  cls.correlate = kind ? kind->correlate : false;
  cls.repeat_window = kind ? kind->window : Kind{}.window;
  cls.silent_for = kind ? kind->silent_for : Kind{}.silent_for;
  const std::string_view feed = name_of(Feed::CameraAlerts), by_zone = !kind || kind->by_zone ? zone : std::string_view();
  cls.repeat_key.reserve(feed.size() + sensor.size() + kind_id.size() + by_zone.size() + 3);
  cls.repeat_key.append(feed).append(1, '\n').append(sensor).append(1, '\n').append(kind_id);
  if (!by_zone.empty()) cls.repeat_key.append(1, '\n').append(by_zone);
  cls.title = cut((kind ? kind->name : kind_id) + " — " + shown_name(context, sensor), kTitleBytes);
  cls.evidence.push_back({"kind", kind_id});
  if (!sent_as.empty()) cls.evidence.push_back({"sent_as", sent_as});
  cls.kind = std::move(kind_id);
}

std::string_view passage_kind(const CheckpointPassage& passage) {
  return passage.result == PassageResult::Evaded ? "evasion" : "turned_back";
}

// A passage that was counted and is told again in other words. Remembered beside the event ids, in the hour it happened:
// a correction that moves it to another hour is another passage.
bool counted_before(Context& context, const Event& event) {
  if (event.object.empty() || !std::holds_alternative<CheckpointPassage>(event.body)) return false;
  constexpr std::uint64_t kPassages = 1000;  // apart from event ids, whose seed is their hand-overs
  const Hash128 passage = hash128(event.object.str(), hash128(event.source.str(), kPassages).low);
  const std::int64_t hour = SeenWindow::hour_of(event.occurred_at);
  if (!context.seen.covers(hour)) return false;
  if (context.seen.contains(passage, hour)) return true;
  context.seen.insert(passage, hour);
  return false;
}

Next count(Context& context, Work& work) {
  if (counted_before(context, work.event)) {
    context.out.decide("corrected_passage", about(work, DecisionKind::Revised));
    return Next::Done;
  }
  if (!context.seen.covers(SeenWindow::hour_of(work.event.id.str()))) {
    context.objects.forget_report_at(work.event.id, context.now + context.bundle->limits.life.closed);
  }
  Decision decision = about(work, DecisionKind::Counted);
  switch (work.event.body.index()) {
    case 2: context.out.decide("passage", std::move(decision)); break;
    case 3: context.out.decide("checkpoint_status", std::move(decision)); break;
    case 4: context.out.decide("quiet_mention", std::move(decision)); break;
    default: context.out.decide("indicator", std::move(decision)); break;
  }
  return Next::Done;
}

void classify_mention(Context& context, const OnlineMention& mention, Class& cls) {
  const std::string place = mention.places.empty() ? "" : mention.places.front();
  classify_kind(context, "online_mention", mention.topic, place, cls);
  if (const auto category = context.bundle->category_named(mention.topic)) {
    const Category* named = &context.bundle->categories[*category];
    if (named != cls.category) cls.sub_kind = {};
    cls.category = named;
  }
  cls.repeat_window = context.bundle->limits.mentions.window;
  cls.title = cut(mention.topic + (place.empty() ? "" : " — " + place), kTitleBytes);
  cls.summary = cut(std::to_string(mention.volume) + " lượt nhắc trong " + std::to_string(mention.period_minutes) +
                    " phút. " + mention.link, kSummaryBytes);
  cls.evidence.push_back({"volume", std::to_string(mention.volume)});
}

}  // namespace

bool only_counted(const Context& context, const Event& event) {
  const Limits& limits = context.bundle->limits;
  if (const auto* passage = std::get_if<CheckpointPassage>(&event.body)) {
    return passage->result != PassageResult::TurnedBack && passage->result != PassageResult::Evaded;
  }
  if (const auto* status = std::get_if<CheckpointStatus>(&event.body)) {
    return status->queue_vehicles < context.bundle->queue_long(status->checkpoint) || status->state == CheckpointState::Closed;
  }
  if (const auto* mention = std::get_if<OnlineMention>(&event.body)) {
    const std::uint64_t enough = mention->trend == Trend::Rising ? limits.mentions.rising_volume : limits.mentions.volume;
    return mention->volume < enough;
  }
  return std::holds_alternative<Indicator>(event.body);
}

Next classify(Context& context, Work& work) {
  const Event& event = work.event;
  if (only_counted(context, event)) return count(context, work);
  Class& cls = work.cls;
  if (const auto* report = std::get_if<CitizenReport>(&event.body)) {
    classify_report(context, *report, cls);
    apply_severity(*context.bundle, event, work.place, report->urgency, false, cls);
    return Next::Stage;
  }
  if (const auto* alert = std::get_if<CameraAlert>(&event.body)) {
    classify_kind(context, alert->kind, alert->camera, alert->zone, cls);
  } else if (const auto* passage = std::get_if<CheckpointPassage>(&event.body)) {
    classify_kind(context, std::string(passage_kind(*passage)), passage->checkpoint, {}, cls);
    cls.repeat_window = context.bundle->limits.suppress.checkpoint_window;
  } else if (const auto* status = std::get_if<CheckpointStatus>(&event.body)) {
    classify_kind(context, "long_queue", status->checkpoint, {}, cls);
    cls.repeat_window = context.bundle->limits.suppress.checkpoint_window;
    cls.evidence.push_back({"queue_vehicles", std::to_string(status->queue_vehicles)});
  } else if (const auto* mention = std::get_if<OnlineMention>(&event.body)) {
    classify_mention(context, *mention, cls);
  }
  apply_severity(*context.bundle, event, work.place, Urgency::Unspecified, true, cls);
  return Next::Stage;
}

}  // namespace ioc::triage
