// The compiled bundle: what the stages read. Immutable; shared by every partition that runs it.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libs/domain/incident.h"
#include "libs/geo/units.h"
#include "libs/text/category_model.h"
#include "libs/triage/bundle.h"
#include "libs/triage/limits.h"
#include "libs/triage/parts/calendar.h"
#include "libs/triage/parts/duplicate_model.h"
#include "libs/triage/parts/lexicon.h"
#include "libs/triage/parts/match.h"
#include "libs/triage/parts/danger_words.h"

namespace ioc::triage {

// categories.yaml: what exactly it is within a category.
struct SubKind {
  static constexpr std::size_t kOfCategoryMax = 24, kTermsMax = 100, kCodeBytesMax = 40, kNameBytesMax = 120;
  SubKindCode code;
  std::string name;
  std::vector<std::string> terms;  // as those of categories; they do not count for the category
  void declare(config::Fields& fields);
};

// categories.yaml
struct Category {
  CategoryCode code;
  std::string name;
  std::uint64_t radius_m = 100;               // farther apart two reports of it are not one
  Millis age_max = std::chrono::hours(72);    // event time after the newest event in which it is joined
  std::vector<std::string> terms, emergency_terms;  // "nắp cống 8": words, then weight
  std::vector<std::string> also_named;        // sender's spellings of it
  std::vector<SubKind> sub_kinds;
  Lexicon sub_kind_words;  // their terms, by their indexes
  [[nodiscard]] const SubKind* sub_kind(std::string_view wanted) const;  // nullptr: it has none of that code
  void declare(config::Fields& fields);
};

// "giao-thong, ha-tang": of categories, or of sub-kinds.
template <class Coded>
std::string codes_of(const std::vector<Coded>& all) {
  std::string codes;
  for (const Coded& one : all) codes += (codes.empty() ? "" : ", ") + one.code.str();
  return codes;
}

// kinds.yaml: what cameras, checkpoints and the online monitor raise.
struct Kind {
  std::string id, name, category, sub_kind, severity_text = "medium";
  Severity severity = Severity::Medium;
  Millis window = std::chrono::minutes(10);   // repeats within it, in event time, are one incident
  Millis quiet = std::chrono::hours(24);      // after its end, in event time, it closes unless a person took it up; 0: never
  Millis silent_for = std::chrono::hours(1);  // an alert that nothing was heard of for so long, in log time, is over; 0: never
  bool correlate = true;                      // may join other feeds' incidents
  bool emergency = false;
  bool by_zone = true;                        // another zone of the camera is another thing
  std::vector<std::string> also;              // what producers call it, too
  void declare(config::Fields& fields);
};

// severity.yaml: the first that accepts decides.
struct SeverityRule {
  std::string id, severity_text;
  Severity severity = Severity::Medium;
  Match match;
  void declare(config::Fields& fields);
};

// queues.yaml
struct Queue {
  QueueId id;
  std::string name, group;
  void declare(config::Fields& fields);
};

// rules.yaml: the first that accepts routes; `continue` goes on to the next for more subscribers.
struct RouteRule {
  std::string id;
  std::string queue;
  std::vector<std::string> subscribers;
  bool goes_on = false;
  Match match;
  void declare(config::Fields& fields);
};

// deadlines.yaml: the first that accepts sets the clocks; 0 = none of that kind.
struct DeadlineRule {
  std::string id;
  Match match;
  Millis forward{0}, accept{0}, resolve{0};
  std::string time = "working";  // or "calendar"
  std::uint64_t warn_permille = 750;
  void declare(config::Fields& fields);
};

// subscriptions.yaml
struct UnitSpan {
  EventTime from, until = EventTime::from_ms(INT64_MAX);
  std::vector<UnitCode> codes;  // sorted
};
struct Subscription {
  SubscriberId id;
  std::string name;
  std::vector<UnitSpan> spans;
  [[nodiscard]] bool covers(const UnitCode& unit, EventTime when) const;
};

// areas.yaml
struct Area {
  AreaId id;
  std::uint64_t partition = 0;
  std::vector<std::string> units;  // none: all that no other area names
  void declare(config::Fields& fields);
};

// sources.yaml: cameras and checkpoints with their places.
struct RegisteredSource {
  std::string id, name;
  std::optional<Position> position;
  Millis silent_after{0};          // checkpoints: 0 = as limits.yaml says
  std::uint64_t queue_long = 0;    // the same
};

class Bundle {
 public:
  std::string hash;
  Limits limits;
  std::vector<Category> categories;
  std::uint32_t other_category = 0;  // `khac`
  Lexicon lexicon;
  DangerWords danger_words;
  DuplicateModel duplicates;
  // category_model.txt; none: words alone decide. Of each of its classes, the category, or kEmergencyClass.
  static constexpr std::uint32_t kEmergencyClass = 0xFFFFFFFF;
  std::optional<text::CategoryModel> category_model;
  std::vector<std::uint32_t> model_categories;
  std::vector<Kind> kinds;
  std::vector<SeverityRule> severities;
  std::vector<Queue> queues;
  std::vector<RouteRule> routes;
  std::vector<DeadlineRule> deadlines;
  std::vector<Subscription> subscriptions;  // by id
  std::vector<Area> areas;
  Calendar calendar;
  std::shared_ptr<const geo::Units> units;  // null: no units given, every place is unknown

  [[nodiscard]] const Category& category(std::string_view code) const;              // `khac` when there is none
  [[nodiscard]] std::optional<std::uint32_t> category_named(std::string_view sender_text) const;
  // By its id, else by any spelling of id, name or what it is also called: "Fire", "fire_detection". nullptr: unknown.
  [[nodiscard]] const Kind* kind(std::string_view id) const;
  [[nodiscard]] const RegisteredSource* source(std::string_view id) const;
  [[nodiscard]] Millis silent_after(std::string_view checkpoint) const;
  [[nodiscard]] std::uint64_t queue_long(std::string_view checkpoint) const;
  [[nodiscard]] const Area& area_of(const UnitCode& unit) const;
  [[nodiscard]] const Area* area_on(PartitionId partition) const;
  [[nodiscard]] std::string_view short_hash() const { return std::string_view(hash).substr(0, 12); }

 private:
  friend class BundleCompiler;
  boost::unordered_flat_map<std::string, std::uint32_t> x_category_by_name;
  static std::string kind_spelling(std::string_view written);  // its letters and digits, without capitals and marks
  boost::unordered_flat_map<std::string, std::uint32_t> x_kind_by_id, x_kind_by_spelling;
  boost::unordered_flat_map<std::string, RegisteredSource> x_sources;
  boost::unordered_flat_map<std::string, std::uint32_t> x_area_by_unit;
  std::uint32_t x_default_area = 0;
};

// What is in force before the first activation: everything goes to the queue `chung`, places are unknown.
const std::shared_ptr<const Bundle>& builtin_bundle();

}  // namespace ioc::triage
