#include "libs/triage/stages/correlate/assess.h"

#include <algorithm>

#include "libs/geo/distance.h"
#include "libs/text/fold.h"
#include "libs/triage/merged.h"

namespace ioc::triage {
namespace {

constexpr std::int64_t kMinutes30 = 30LL * 60 * 1000, kDays3 = 3LL * 24 * 3600 * 1000;
constexpr std::int64_t kSpotDm = 200;
constexpr std::int64_t kOneAddressDm = 20'000;  // a house seen from a phone's position: 2 km, less than from town to town
constexpr std::int64_t kOneTownDm = 60'000;     // the same of the centres of neighbouring communes
constexpr std::uint32_t kSame = 800, kAlike = 400, kDifferent = 150;  // permille of likeness
constexpr std::uint32_t kNamesAlike = 200;

text::Signature signature_of(std::string_view title, std::string_view summary) {
  std::string text(title);
  return text::Signature::of(text.append(" ").append(summary));
}

// A portal that fills the text with the category's name says nothing by it.
bool own_words(std::string_view summary, std::string_view sender_category) {
  if (summary.empty()) return false;
  return text::fold(sender_category).find(text::fold(summary)) == std::string::npos;
}

std::int64_t age_of(const Work& work, const Incident& shown) {
  const std::int64_t at = work.event.occurred_at.ms();
  if (at > shown.last_event_at.ms()) return at - shown.last_event_at.ms();
  return std::max<std::int64_t>(0, shown.opened_at.ms() - at);
}

bool other_feed_saw(const Incident& shown, Feed feed) {
  return std::any_of(shown.sources.begin(), shown.sources.end(), [&](const SourceCount& one) { return one.feed != feed; });
}

enum class Where { SameAddress, Spot, OtherAddress, Near, Doubtful };

// Of positions that are each one's own.
std::optional<std::int64_t> distance_to(const Probe& probe, const OpenIncident& candidate) {
  if (!probe.place_counts || !candidate.indexed_cell || candidate.beside.default_spot) return std::nullopt;
  return geo::distance_dm(*probe.work.place.position, *candidate.shown.position);
}

// The text of one of them says another unit than its position: whose position it is, the sender's or the thing's, is open.
bool is_denied(const Probe& probe, const OpenIncident& candidate) { return probe.work.place.denied || candidate.beside.denied_spot; }

// Streets of one name in two towns have one key (libs/geo), and so have crossings and landmarks.
bool are_two_of_one_name(const Probe& probe, const OpenIncident& candidate, std::optional<std::int64_t> distance_dm) {
  if (distance_dm) return *distance_dm > kOneAddressDm;
  const std::uint64_t town = candidate.address_known.town();
  if (probe.town != 0 && town != 0 && probe.town != town) return true;
  const Place& place = probe.work.place;
  const bool both_placed = place.position && !place.default_spot && candidate.shown.position && !candidate.beside.default_spot;
  return both_placed && !is_denied(probe, candidate) && geo::distance_dm(*place.position, *candidate.shown.position) > kOneTownDm;
}

std::optional<Where> where_of(const Probe& probe, const OpenIncident& candidate) {
  const bool same_words = probe.address != 0 && candidate.is_at(probe.address);
  const bool exact = is_exact_address(probe.address);
  const bool denied = is_denied(probe, candidate);
  const auto distance_dm = distance_to(probe, candidate);
  if (same_words && exact) {
    const auto told = denied ? std::nullopt : distance_dm;
    return are_two_of_one_name(probe, candidate, told) ? Where::Doubtful : Where::SameAddress;
  }
  const bool in_reach = distance_dm && *distance_dm <= static_cast<std::int64_t>(probe.radius_m) * 10;
  if (!distance_dm || denied) return same_words || in_reach ? std::optional(Where::Doubtful) : std::nullopt;
  if (*distance_dm <= kSpotDm) return exact && is_exact_address(candidate.address) ? Where::OtherAddress : Where::Spot;
  return in_reach ? std::optional(Where::Near) : std::nullopt;
}

Situation situation_of(Where where, bool same_type, bool other_feed, std::int64_t age_ms) {
  const bool fresh = age_ms <= kMinutes30;
  if (where == Where::Doubtful) return same_type && age_ms <= kDays3 ? Situation::SameTypeDoubtful3d : Situation::None;
  if (age_ms > kDays3) {
    return same_type && (where == Where::SameAddress || where == Where::Spot) ? Situation::SameTypeOlder : Situation::None;
  }
  if (!same_type) {
    if (where == Where::SameAddress) return fresh ? Situation::OtherTypeSameAddress30m : Situation::OtherTypeSameAddress3d;
    return where == Where::Near ? Situation::None : Situation::OtherTypeSpot3d;
  }
  if (where == Where::SameAddress) return fresh ? Situation::SameTypeSameAddress30m : Situation::SameTypeSameAddress3d;
  if (where == Where::Spot && fresh) return Situation::SameTypeSpot30m;
  if (where != Where::OtherAddress && fresh && other_feed) return Situation::SameTypeOtherFeed30m;
  switch (where) {
    case Where::Spot: return Situation::SameTypeSpot3d;
    case Where::OtherAddress: return fresh ? Situation::SameTypeOtherAddress30m : Situation::SameTypeOtherAddress3d;
    default: return fresh ? Situation::SameTypeNear30m : Situation::SameTypeNear3d;
  }
}

// "sanitation: Overflowing carts" and "sanitation: Garbage in alley".
bool names_alike(std::string_view a, std::string_view b) {
  return text::similarity_permille(text::Signature::of(a), text::Signature::of(b)) >= kNamesAlike;
}

bool related(const Probe& probe, const OpenIncident& candidate) {
  const Work& work = probe.work;
  const Incident& shown = candidate.shown;
  if (probe.context.bundle->duplicates.related(probe.type, candidate.type)) return true;
  if (work.cls.category->code == shown.category) return names_alike(work.cls.sender_category, shown.sender_category);
  const auto holds = [](const std::vector<CategoryCode>& all, const CategoryCode& one) { return std::find(all.begin(), all.end(), one) != all.end(); };
  return holds(work.cls.further, shown.category) || holds(shown.further_categories, work.cls.category->code);
}

// Of one type, lately, at one address or spot: only there does it tell what else is open and what the words are. Elsewhere
// other things decide, and the same evidence means something else.
bool at_one_place(Situation situation) {
  return situation == Situation::SameTypeSameAddress30m || situation == Situation::SameTypeSameAddress3d ||
         situation == Situation::SameTypeSpot30m || situation == Situation::SameTypeSpot3d;
}

bool is_near(Situation situation) { return situation == Situation::SameTypeNear30m || situation == Situation::SameTypeNear3d; }

// The distance tells that they are near, and the rough addresses are one.
bool are_on_one_street(const Probe& probe, const Assessed& one) {
  const bool by_distance = is_near(one.situation) || one.situation == Situation::SameTypeSpot30m || one.situation == Situation::SameTypeSpot3d;
  return by_distance && probe.address != 0 && one.incident->is_at(probe.address);
}

void add_text(const Probe& probe, OpenIncident& candidate, const auto& add) {
  const Incident& shown = candidate.shown;
  if (!probe.from_citizen || shown.reports == 0) return;
  if (!probe.words_tell) return add(Evidence::TextNone);
  if (!candidate.words_read) {
    candidate.words_read = true;
    candidate.words_tell = own_words(shown.summary, shown.sender_category);
    if (candidate.words_tell) candidate.signature = signature_of(shown.title, shown.summary);
  }
  if (!candidate.words_tell) return add(Evidence::TextNone);
  const std::uint32_t alike = text::similarity_permille(probe.signature, candidate.signature);
  if (alike >= kSame) add(Evidence::TextSame);
  else if (alike >= kAlike) add(Evidence::TextAlike);
  else if (alike < kDifferent) add(Evidence::TextDifferent);
}

}  // namespace

Probe::Probe(Context& in, Work& of)
    : context(in), work(of), type(type_hash(of.cls.category->code.str(), of.cls.sender_category)), address(of.address.of(of.cls.address)), town(of.address.town()),
      place_counts(of.place.position && !of.place.default_spot && of.place.source != PositionSource::PlaceName),
      radius_m(static_cast<std::uint32_t>(of.cls.category->radius_m)) {}

Millis age_max(const Work& work) {
  const Millis oldest = work.cls.category->age_max, window = work.cls.repeat_window;
  return window.count() > 0 ? std::min(window, oldest) : oldest;
}

std::optional<Assessed> place_in_situation(const Probe& probe, OpenIncident& candidate) {
  OpenIncident& top = top_of(probe.context, candidate);
  const bool shut = top.beside.closed_by_record;
  if (shut && (candidate.beside.apart_from.empty() || probe.context.behaviour < since::kReadsApart)) return std::nullopt;
  const std::int64_t age = age_of(probe.work, candidate.shown);
  if (age > age_max(probe.work).count()) return std::nullopt;
  const auto where = where_of(probe, candidate);
  if (!where) return std::nullopt;
  const bool other_feed = other_feed_saw(candidate.shown, probe.work.event.feed);
  const Situation situation = situation_of(*where, candidate.is_of(probe.type), other_feed, age);
  if (situation == Situation::None) return std::nullopt;
  return Assessed{&candidate, &top, situation, age, shut, false, 0, 0, nullptr, {}};
}

bool at_same_place(const Probe& probe, const OpenIncident& candidate) {
  const auto where = where_of(probe, candidate);
  return where == Where::SameAddress || where == Where::Spot;
}

void add_to_crowd(const Probe& probe, const Assessed& one, Crowd& crowd) {
  if (one.witness || is_near(one.situation) || one.situation == Situation::SameTypeDoubtful3d) return;
  if (one.situation == Situation::SameTypeOtherAddress30m || one.situation == Situation::SameTypeOtherAddress3d) return;
  (one.incident->is_of(probe.type) ? crowd.same_type : crowd.other_types) += one.incident->shown.reports;
}

void weigh(const Probe& probe, const Crowd& crowd, Assessed& one) {
  const DuplicateModel::Judge judge = probe.context.bundle->duplicates.judge(probe.type, one.incident->type, one.situation);
  one.parts.clear();
  one.limits = &judge.thresholds;
  one.log_odds = judge.odds;
  one.parts.push_back({std::string(name_of(one.situation)), one.log_odds});
  const auto add = [&](Evidence evidence) {
    one.log_odds += judge.of(evidence);
    one.parts.push_back({std::string(name_of(evidence)), judge.of(evidence)});
  };
  if (!one.incident->is_of(probe.type) && related(probe, *one.incident)) add(Evidence::RelatedType);
  const Marks& seen = one.incident->beside.marks;
  if (share_mark(MarkKind::Photo, probe.marks, seen)) add(Evidence::SamePhoto);
  if (share_mark(MarkKind::Plate, probe.marks, seen)) add(Evidence::SamePlate);
  if (share_mark(MarkKind::Camera, probe.marks, seen)) add(Evidence::SameCamera);
  if (are_on_one_street(probe, one)) add(Evidence::SameStreet);
  if (at_one_place(one.situation)) {
    if (crowd.same_type == 2) add(Evidence::SeveralOpen2);
    if (crowd.same_type > 2) add(Evidence::SeveralOpen3);
    if (crowd.other_types == 1) add(Evidence::OthersOpen1);
    if (crowd.other_types > 1) add(Evidence::OthersOpen2);
    add_text(probe, *one.incident, add);
  }
  one.score_permille = permille_of(one.log_odds);
}

void read_event(Probe& probe) {
  probe.marks = marks_of(probe.work.event, probe.context.bundle->limits.correlate.marks_max);
  const Class& cls = probe.work.cls;
  probe.from_citizen = probe.work.event.feed == Feed::CitizenReports;
  probe.words_tell = probe.from_citizen && own_words(cls.summary, cls.sender_category);
  if (probe.words_tell) probe.signature = signature_of(cls.title, cls.summary);
}

}  // namespace ioc::triage
