// files -> Bundle. Every mistake is collected; a bundle with one does not come into force.
#include <algorithm>
#include <charconv>
#include <set>

#include "libs/config/config.h"
#include "libs/domain/command.h"
#include "libs/text/fold.h"
#include "libs/text/utf8.h"
#include "libs/triage/bundle_parts.h"

namespace ioc::triage {
namespace {

// "21.5942" -> 215942000, without floating point.
std::optional<std::int32_t> read_degrees_e7(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction = point == std::string_view::npos ? "" : text.substr(point + 1);
  std::int64_t value = 0;
  if (whole.empty() || whole.size() > 3) return std::nullopt;
  std::string digits(whole);
  digits += fraction.substr(0, 7);
  digits.append(7 - std::min<std::size_t>(7, fraction.size()), '0');
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size() || value > 1'800'000'000) return std::nullopt;
  return static_cast<std::int32_t>(negative ? -value : value);
}

// A day ("2021-10-01", midnight in Vietnam) or a moment.
std::optional<EventTime> read_event_time(const std::string& text) {
  // Before 1970 is "since ever": no event is older.
  if (text.size() == 10 && text.compare(0, 4, "1970") < 0 && text.compare(0, 2, "19") == 0) return EventTime::from_ms(INT64_MIN);
  const auto parsed = parse_time(text.size() == 10 ? text + "T00:00:00" : text);
  return parsed ? std::optional(EventTime::from_ms(parsed->ms)) : std::nullopt;
}

struct SpanText {
  std::string from = "1970-01-02", until;
  std::vector<std::string> codes;
  void declare(config::Fields& fields) {
    fields.text("from", from, "first day, or moment");
    fields.text("until", until, "first day that no longer counts; none: for good");
    fields.texts("codes", codes, "unit codes");
  }
};

struct SubscriptionText {
  std::string id, name;
  std::vector<SpanText> units;
  void declare(config::Fields& fields) {
    fields.text("id", id, "");
    fields.text("name", name, "");
    fields.list("units", units, "unit sets, each with its time");
  }
};

struct SourceText {
  std::string id, name, lat, lon;
  virtual ~SourceText() = default;
  void declare_place(config::Fields& fields) {
    fields.text("id", id, "as the feed writes it");
    fields.text("name", name, "as people read it");
    fields.text("lat", lat, "degrees, WGS84, as text: they are read exactly");
    fields.text("lon", lon, "");
  }
};
struct CameraText : SourceText {
  std::string kind = "traffic";
  void declare(config::Fields& fields) {
    declare_place(fields);
    fields.choice("kind", kind, {"traffic", "public_order", "quarantine"}, "");
  }
};
struct CheckpointText : SourceText {
  Millis silent_after{0};
  std::uint64_t queue_long = 0;
  void declare(config::Fields& fields) {
    declare_place(fields);
    fields.duration("silent_after", silent_after, Millis(60'000), std::chrono::hours(48), "open and without a word for so long: an alert");
    fields.number("queue_long", queue_long, 1, 100'000, "so many waiting vehicles: an alert");
  }
};

// "nắp cống 8" -> words and weight.
std::optional<std::pair<std::string, std::uint32_t>> read_term(const std::string& text) {
  const std::size_t space = text.rfind(' ');
  if (space == std::string::npos) return std::nullopt;
  std::uint32_t weight = 0;
  const char* from = text.data() + space + 1;
  const char* until = text.data() + text.size();
  const auto [end, error] = std::from_chars(from, until, weight);
  if (error != std::errc() || end != until || weight == 0 || weight > 100) return std::nullopt;
  return std::pair(text.substr(0, space), weight);
}

}  // namespace

class BundleCompiler {
 public:
  BundleCompiler(std::string hash, const std::vector<BundleFile>& files, std::vector<std::string>& problems)
      : x_files(files), x_problems(problems), x_bundle(std::make_shared<Bundle>()) {
    x_bundle->hash = std::move(hash);
  }

  std::shared_ptr<const Bundle> run() {
    read_all();
    x_bundle->calendar.compile(x_problems);
    index_categories();
    read_category_model();
    x_bundle->danger_words.compile(x_problems);
    index_kinds();
    x_bundle->duplicates.compile(x_problems);
    check_severities();
    check_queues();
    check_routes();
    check_deadlines();
    index_areas();
    compile_subscriptions();
    compile_sources();
    compile_units();
    name_unknown_files();
    return x_problems.empty() ? x_bundle : nullptr;
  }

 private:
  const BundleFile* file(std::string_view name) {
    const auto at = std::find_if(x_files.begin(), x_files.end(), [&](const BundleFile& one) { return one.name == name; });
    x_known.insert(std::string(name));
    return at == x_files.end() ? nullptr : &*at;
  }

  template <class Declare>
  void read(const std::string& name, Declare&& declare) {
    const BundleFile* found = file(name);
    if (!found || !is_utf8(name, found->content)) return;
    for (std::string& mistake : config::read_text(found->content, name, declare)) x_problems.push_back(std::move(mistake));
  }

  // Names go into incidents, and what is stored there is read as UTF-8 or not at all.
  bool is_utf8(const std::string& name, std::string_view content) {
    for (std::size_t line = 1, at = 0; at < content.size(); ++line) {
      const std::size_t end = std::min(content.find('\n', at), content.size());
      if (!text::valid_utf8(content.substr(at, end - at))) {
        problem(name + ":" + std::to_string(line), "is not UTF-8; save the file as UTF-8");
        return false;
      }
      at = end + 1;
    }
    return true;
  }

  void read_all() {
    Bundle& b = *x_bundle;
    read("limits.yaml", [&](config::Fields& fields) { b.limits.declare(fields); });
    read("categories.yaml", [&](config::Fields& fields) { fields.list("categories", b.categories, ""); });
    read("danger.yaml", [&](config::Fields& fields) { b.danger_words.declare(fields); });
    read("duplicates.yaml", [&](config::Fields& fields) { b.duplicates.declare(fields); });
    read("kinds.yaml", [&](config::Fields& fields) { fields.list("kinds", b.kinds, ""); });
    read("severity.yaml", [&](config::Fields& fields) { fields.list("rules", b.severities, ""); });
    read("queues.yaml", [&](config::Fields& fields) { fields.list("queues", b.queues, ""); });
    read("rules.yaml", [&](config::Fields& fields) { fields.list("rules", b.routes, ""); });
    read("deadlines.yaml", [&](config::Fields& fields) { fields.list("rules", b.deadlines, ""); });
    read("calendar.yaml", [&](config::Fields& fields) { b.calendar.declare(fields); });
    read("areas.yaml", [&](config::Fields& fields) { fields.list("areas", b.areas, ""); });
    read("subscriptions.yaml", [&](config::Fields& fields) { fields.list("subscriptions", x_subscriptions, ""); });
    read("sources.yaml", [&](config::Fields& fields) {
      fields.list("cameras", x_cameras, "");
      fields.list("checkpoints", x_checkpoints, "");
    });
  }

  void problem(const std::string& where, const std::string& what) { x_problems.push_back(where + ": " + what); }

  void index_categories() {
    Bundle& b = *x_bundle;
    for (std::uint32_t i = 0; i < b.categories.size(); ++i) {
      Category& category = b.categories[i];
      const std::string where = "categories.yaml: " + category.code.str();
      if (category.code.empty()) problem("categories.yaml: entry " + std::to_string(i + 1), "give it a code");
      if (!b.x_category_by_name.emplace(category.code.str(), i).second) problem(where, "stands here twice; keep one");
      add_terms(where, b.lexicon, i, category.terms, false);
      add_terms(where, b.lexicon, i, category.emergency_terms, true);
      index_sub_kinds(where, category);
    }
    // Codes first: a sender's spelling never hides a code.
    for (std::uint32_t i = 0; i < b.categories.size(); ++i) {
      b.x_category_by_name.emplace(text::fold(b.categories[i].name), i);
      for (const std::string& name : b.categories[i].also_named) b.x_category_by_name.emplace(text::fold(name), i);
    }
    const auto other = b.x_category_by_name.find("khac");
    if (other == b.x_category_by_name.end()) {
      if (file("categories.yaml")) problem("categories.yaml", "the category `khac` is missing; add it for all the rest");
      b.other_category = static_cast<std::uint32_t>(b.categories.size());
      b.x_category_by_name.emplace("khac", b.other_category);
      b.categories.emplace_back();
      b.categories.back().code = CategoryCode("khac");
      b.categories.back().name = "Khác";
    } else {
      b.other_category = other->second;
    }
  }

  void index_sub_kinds(const std::string& where, Category& category) {
    const std::vector<SubKind>& all = category.sub_kinds;
    if (all.size() > SubKind::kOfCategoryMax) {
      problem(where, "sub_kinds: " + std::to_string(all.size()) + " of them; keep at most " + std::to_string(SubKind::kOfCategoryMax));
    }
    std::set<std::string> codes;
    for (std::uint32_t i = 0; i < all.size(); ++i) {
      const SubKind& one = all[i];
      check_sub_kind(where + ": sub_kinds: " + (one.code.empty() ? "entry " + std::to_string(i + 1) : one.code.str()), one);
      if (!one.code.empty() && !codes.insert(one.code.str()).second) problem(where + ": sub_kinds: " + one.code.str(), "stands here twice; keep one");
      add_terms(where + ": sub_kinds: " + one.code.str(), category.sub_kind_words, i, one.terms, false);
    }
  }

  void check_sub_kind(const std::string& where, const SubKind& one) {
    const std::string& code = one.code.str();
    const bool plain = std::all_of(code.begin(), code.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
    if (code.empty() || !plain || code == kNoSubKind || code.size() > SubKind::kCodeBytesMax) {
      problem(where, "code: write a-z, 0-9 and -, at most " + std::to_string(SubKind::kCodeBytesMax) + " of them: `o-ga`");
    }
    if (one.name.empty() || one.name.size() > SubKind::kNameBytesMax) {
      problem(where, "name: give it one of at most " + std::to_string(SubKind::kNameBytesMax) + " bytes");
    }
    if (one.terms.size() > SubKind::kTermsMax) {
      problem(where, "terms: " + std::to_string(one.terms.size()) + " of them; keep at most " + std::to_string(SubKind::kTermsMax));
    }
  }

  void add_terms(const std::string& where, Lexicon& lexicon, std::uint32_t of, const std::vector<std::string>& terms, bool emergency) {
    for (const std::string& text : terms) {
      const auto term = read_term(text);
      if (!term || !lexicon.add(of, term->first, term->second, emergency)) {
        problem(where, "term `" + text + "`: write 1 to 6 words and a weight from 1 to 100: `nắp cống 8`");
      }
    }
  }

  void read_category_model() {
    const BundleFile* found = file("category_model.txt");
    if (!found) return;
    auto model = text::CategoryModel::parse(found->content);
    if (!model) return problem("category_model.txt", model.error().message);
    for (const std::string& name : model->classes()) {
      const auto& all = x_bundle->categories;
      const auto at = std::find_if(all.begin(), all.end(), [&](const Category& one) { return one.code.str() == name; });
      if (at == all.end() && name != text::kEmergencyClass) check_category("category_model.txt", name);
      x_bundle->model_categories.push_back(at == all.end() ? Bundle::kEmergencyClass : static_cast<std::uint32_t>(at - all.begin()));
    }
    x_bundle->category_model = std::move(*model);
  }

  void index_kinds() {
    Bundle& b = *x_bundle;
    for (std::uint32_t i = 0; i < b.kinds.size(); ++i) {
      Kind& kind = b.kinds[i];
      kind.severity = *severity_named(kind.severity_text);
      if (kind.id.empty()) problem("kinds.yaml: entry " + std::to_string(i + 1), "give it an id");
      if (!b.x_kind_by_id.emplace(kind.id, i).second) problem("kinds.yaml: " + kind.id, "stands here twice; keep one");
      for (const std::string& written : kind.also) b.x_kind_by_spelling.emplace(Bundle::kind_spelling(written), i);
      b.x_kind_by_spelling.emplace(Bundle::kind_spelling(kind.id), i);
      check_category("kinds.yaml: " + kind.id, kind.category);
      if (!kind.sub_kind.empty()) check_sub_kind_of("kinds.yaml: " + kind.id + ": sub_kind", kind.category, kind.sub_kind);
    }
  }

  void check_category(const std::string& where, const std::string& code) {
    const auto& all = x_bundle->categories;
    if (std::none_of(all.begin(), all.end(), [&](const Category& one) { return one.code.str() == code; })) {
      problem(where, "there is no category `" + code + "` in categories.yaml");
    }
  }

  void check_sub_kind_of(const std::string& where, const std::string& category, const std::string& code) {
    const auto& all = x_bundle->categories;
    const auto at = std::find_if(all.begin(), all.end(), [&](const Category& one) { return one.code.str() == category; });
    if (at != all.end() && !at->sub_kind(code)) problem(where, "the category `" + category + "` has no `" + code + "` among its sub_kinds in categories.yaml; add it there or name another");
  }

  // A code may stand in more than one category: the rule's categories tell which are meant, all of them where it names none.
  void check_sub_kinds(const std::string& where, const Match& match) {
    for (const std::string& code : match.sub_kinds) {
      const auto has = [&](const Category& one) {
        const bool meant = match.categories.empty() || std::find(match.categories.begin(), match.categories.end(), one.code.str()) != match.categories.end();
        return meant && one.sub_kind(code);
      };
      const auto& all = x_bundle->categories;
      if (std::any_of(all.begin(), all.end(), has)) continue;
      problem(where, std::string("sub_kinds: ") + (match.categories.empty() ? "no category" : "none of its categories") + " has `" + code + "` in categories.yaml; add it there or name another");
    }
  }

  void check_match(const std::string& where, Match& match) {
    match.compile(where, x_problems);
    for (const std::string& code : match.categories) check_category(where, code);
    check_sub_kinds(where, match);
  }

  void check_severities() {
    for (SeverityRule& rule : x_bundle->severities) {
      const std::string where = "severity.yaml: " + rule.id;
      if (rule.severity_text.empty()) problem(where, "give it a severity");
      else rule.severity = *severity_named(rule.severity_text);
      check_match(where, rule.match);
      if (!rule.match.severities.empty()) problem(where, "severities are what these rules decide; leave the condition out");
    }
  }

  void check_queues() {
    std::set<std::string> ids;
    for (const Queue& queue : x_bundle->queues) {
      if (queue.id.empty()) problem("queues.yaml", "a queue without id; give it one");
      if (!ids.insert(queue.id.str()).second) problem("queues.yaml: " + queue.id.str(), "stands here twice; keep one");
    }
    if (x_bundle->queues.empty()) x_bundle->queues.push_back({QueueId("chung"), "Hàng đợi chung", "chung"});
  }

  void check_routes() {
    Bundle& b = *x_bundle;
    std::set<std::string> ids;
    bool catch_all = false;
    for (RouteRule& rule : b.routes) {
      const std::string where = "rules.yaml: " + rule.id;
      if (rule.id.empty() || !ids.insert(rule.id).second) problem(where, "give each rule an id of its own");
      if (rule.queue.empty() && !rule.goes_on) problem(where, "give it a queue, or `continue: true`");
      const bool known = std::any_of(b.queues.begin(), b.queues.end(), [&](const Queue& q) { return q.id.str() == rule.queue; });
      if (!rule.queue.empty() && !known) problem(where, "there is no queue `" + rule.queue + "` in queues.yaml");
      check_match(where, rule.match);
      for (const std::string& id : rule.subscribers) check_subscriber(where, id);
      if (catch_all) problem(where, "stands behind the catch-all and is never reached; move it up");
      catch_all = catch_all || (rule.match.accepts_all() && !rule.queue.empty() && !rule.goes_on);
    }
    if (b.routes.empty() && !file("rules.yaml")) {
      b.routes.emplace_back();
      b.routes.back().id = "catch_all";
      b.routes.back().queue = b.queues.front().id.str();
    } else if (!catch_all) {
      problem("rules.yaml", "the last rule must take everything: add one with a queue and without `when` and `continue`");
    }
  }

  void check_subscriber(const std::string& where, const std::string& id) {
    const bool known = std::any_of(x_subscriptions.begin(), x_subscriptions.end(), [&](const auto& one) { return one.id == id; });
    if (!known) problem(where, "there is no subscription `" + id + "` in subscriptions.yaml");
  }

  void check_deadlines() {
    for (DeadlineRule& rule : x_bundle->deadlines) check_match("deadlines.yaml: " + rule.id, rule.match);
  }

  void index_areas() {
    Bundle& b = *x_bundle;
    if (b.areas.empty()) b.areas.push_back({AreaId("chung"), 0, {}});
    std::optional<std::uint32_t> rest;
    for (std::uint32_t i = 0; i < b.areas.size(); ++i) {
      const std::string where = "areas.yaml: " + b.areas[i].id.str();
      if (b.areas[i].units.empty()) {
        if (rest) problem(where, "two areas without units; only one can take all the rest");
        rest = i;
      }
      for (const std::string& unit : b.areas[i].units) {
        if (!b.x_area_by_unit.emplace(unit, i).second) problem(where, "unit " + unit + " is in two areas; keep one");
      }
    }
    if (!rest) problem("areas.yaml", "one area must take the units that no other names: leave its `units` out");
    b.x_default_area = rest.value_or(0);
  }

  void compile_subscriptions() {
    for (const SubscriptionText& text : x_subscriptions) {
      const std::string where = "subscriptions.yaml: " + text.id;
      if (text.id.empty()) problem(where, "give it an id");
      Subscription subscription{SubscriberId(text.id), text.name, {}};
      for (const SpanText& span : text.units) {
        const auto from = read_event_time(span.from);
        const auto until = span.until.empty() ? std::optional(UnitSpan{}.until) : read_event_time(span.until);
        if (!from || !until) {
          problem(where, "from `" + span.from + "` until `" + span.until + "`: write days as 2025-07-01");
          continue;
        }
        UnitSpan compiled{*from, *until, {}};
        for (const std::string& code : span.codes) compiled.codes.emplace_back(code);
        std::sort(compiled.codes.begin(), compiled.codes.end());
        subscription.spans.push_back(std::move(compiled));
      }
      x_bundle->subscriptions.push_back(std::move(subscription));
    }
    auto& all = x_bundle->subscriptions;
    std::sort(all.begin(), all.end(), [](const Subscription& a, const Subscription& b) { return a.id < b.id; });
    for (std::size_t i = 1; i < all.size(); ++i) {
      if (all[i].id == all[i - 1].id) problem("subscriptions.yaml: " + all[i].id.str(), "stands here twice; keep one");
    }
  }

  void compile_sources() {
    for (const CameraText& text : x_cameras) add_source(text, Millis(0), 0);
    for (const CheckpointText& text : x_checkpoints) add_source(text, text.silent_after, text.queue_long);
  }

  void add_source(const SourceText& text, Millis silent_after, std::uint64_t queue_long) {
    const std::string where = "sources.yaml: " + text.id;
    RegisteredSource source{text.id, text.name, std::nullopt, silent_after, queue_long};
    if (!text.lat.empty() || !text.lon.empty()) {
      const auto lat = read_degrees_e7(text.lat);
      const auto lon = read_degrees_e7(text.lon);
      if (!lat || !lon || *lat > 900'000'000 || *lat < -900'000'000) problem(where, "lat, lon: write degrees as 21.5942, 105.8482");
      else source.position = Position{*lat, *lon, 0};
    }
    if (text.id.empty()) problem(where, "give it an id");
    else if (!x_bundle->x_sources.emplace(text.id, std::move(source)).second) problem(where, "stands here twice; keep one");
  }

  void compile_units() {
    std::vector<std::pair<std::string, std::string>> files;
    for (const BundleFile& one : x_files) {
      if (one.name.rfind("units/", 0) == 0) files.emplace_back(one.name.substr(6), one.content);
    }
    if (files.empty()) return;
    std::vector<std::string> problems;
    auto units = geo::Units::parse(files, problems);
    for (std::string& text : problems) x_problems.push_back("units/" + std::move(text));
    x_bundle->units = std::move(units);
  }

  void name_unknown_files() {
    for (const BundleFile& one : x_files) {
      if (one.name.rfind("units/", 0) == 0 || one.name == "README.md" || x_known.count(one.name) > 0) continue;
      if (one.name == "indicators.yaml") continue;  // names alone: the desk reads them
      problem(one.name, "is no part of a bundle; take it out of the folder");
    }
  }

  const std::vector<BundleFile>& x_files;
  std::vector<std::string>& x_problems;
  std::shared_ptr<Bundle> x_bundle;
  std::set<std::string> x_known;
  std::vector<SubscriptionText> x_subscriptions;
  std::vector<CameraText> x_cameras;
  std::vector<CheckpointText> x_checkpoints;
};

std::shared_ptr<const Bundle> compile(std::string hash, std::vector<BundleFile> files, BundleProblems& problems) {
  return BundleCompiler(std::move(hash), files, problems.problems).run();
}

const std::shared_ptr<const Bundle>& builtin_bundle() {
  static const std::shared_ptr<const Bundle> bundle = [] {
    BundleProblems problems;
    return compile("", {}, problems);
  }();
  return bundle;
}

}  // namespace ioc::triage
