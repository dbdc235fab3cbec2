#include "services/ioc/duplicates/score.h"

#include <algorithm>
#include <cctype>
#include <numeric>
#include <unordered_map>

#include "libs/geo/distance.h"

namespace ioc::duplicates {
namespace {

constexpr std::int64_t kHourMs = 3'600'000, kPairMs = 60 * 24 * kHourMs, kPairDm = 5'000;
constexpr std::size_t kNoCluster = SIZE_MAX;

// Which rows belong together.
class Clusters {
 public:
  explicit Clusters(std::size_t rows) : x_parent(rows) { std::iota(x_parent.begin(), x_parent.end(), std::size_t{0}); }
  std::size_t of(std::size_t row) {
    while (x_parent[row] != row) row = x_parent[row] = x_parent[x_parent[row]];
    return row;
  }
  void join(std::size_t a, std::size_t b) { x_parent[of(a)] = of(b); }

 private:
  std::vector<std::size_t> x_parent;
};

// Rows that are marked and name another row, with that row.
std::vector<std::pair<std::size_t, std::size_t>> named_pairs(const LabelledFile& file) {
  std::unordered_map<std::string, std::size_t> rows;
  for (std::size_t row = 0; row < file.reports.size(); ++row) rows.emplace(file.reports[row].id, row);
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (std::size_t row = 0; row < file.reports.size(); ++row) {
    const LabelledReport& report = file.reports[row];
    const auto original = report.is_duplicate ? rows.find(report.duplicate_of) : rows.end();
    if (original != rows.end() && original->second != row) pairs.emplace_back(row, original->second);
  }
  return pairs;
}

bool in_reach(const LabelledReport& a, const LabelledReport& b) {
  const std::int64_t apart_ms = a.opened_ms > b.opened_ms ? a.opened_ms - b.opened_ms : b.opened_ms - a.opened_ms;
  return a.position && b.position && apart_ms <= kPairMs && geo::distance_dm(*a.position, *b.position) <= kPairDm;
}

double share(std::uint64_t part, std::uint64_t whole) { return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole); }

// Lower case, spaces joined.
std::string plain(const std::string& address) {
  std::string out;
  bool space = false;
  for (const char c : address) {
    if (std::isspace(static_cast<unsigned char>(c))) {
      space = !out.empty();
      continue;
    }
    if (space) out += ' ';
    space = false;
    out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return out;
}

}  // namespace

void Counts::add(bool is_marked, bool is_joined) {
  ++reports;
  marked += is_marked ? 1 : 0;
  joined += is_joined ? 1 : 0;
  right += is_marked && is_joined ? 1 : 0;
}
double Counts::precision() const { return share(right, joined); }
double Counts::recall() const { return share(right, marked); }
double Counts::f1() const { return share(2 * right, joined + marked); }

Joins joins_of(const std::vector<Played>& played) {
  Joins joins;
  for (const Played& one : played) joins.matched.push_back(one.verdict == Verdict::Join ? one.matched : std::nullopt);
  return joins;
}

bool Counted::holds(const LabelledReport& report) const {
  return report.opened_ms >= from_ms && report.opened_ms < until_ms && (types.empty() || is_of_types(report, types));
}

Score score(const LabelledFile& file, const Joins& joins, const Counted& of) {
  Score counted;
  const auto counts = [&](std::size_t row) { return of.holds(file.reports[row]); };
  Clusters staff(file.reports.size());
  std::vector<bool> labelled(file.reports.size());
  const auto pairs = named_pairs(file);
  for (const auto& [row, original] : pairs) {
    staff.join(row, original);
    labelled[row] = labelled[original] = true;
  }
  for (std::size_t row = 0; row < file.reports.size(); ++row) {
    if (!counts(row)) continue;
    const auto& matched = joins.matched[row];
    const LabelledReport& report = file.reports[row];
    counted.all.add(report.is_duplicate, matched.has_value());
    counted.by_category[report.category].add(report.is_duplicate, matched.has_value());
    if (!matched || !labelled[row]) continue;
    ++counted.labelled_joins;
    if (labelled[*matched] && staff.of(row) == staff.of(*matched)) ++counted.labelled_joins_right;
  }
  for (const auto& [row, original] : pairs) {
    if (!counts(row) || !in_reach(file.reports[row], file.reports[original])) continue;
    ++counted.pairs;
    const auto& matched = joins.matched[std::max(row, original)];
    if (matched && staff.of(*matched) == staff.of(original)) ++counted.pairs_joined;
  }
  return counted;
}

Joins naive_joins(const LabelledFile& file, bool same_type, std::int64_t hours) {
  Joins joins;
  std::unordered_map<std::string, std::vector<std::size_t>> at_address;
  for (std::size_t row = 0; row < file.reports.size(); ++row) {
    const LabelledReport& report = file.reports[row];
    std::optional<std::size_t> matched;
    const std::string address = plain(report.address);
    auto& earlier = at_address[address];
    for (auto at = earlier.rbegin(); at != earlier.rend() && !matched && !address.empty(); ++at) {
      const LabelledReport& other = file.reports[*at];
      if (report.opened_ms - other.opened_ms > hours * kHourMs) break;
      const bool open = !other.closed_ms || *other.closed_ms > report.opened_ms;
      if (open && (!same_type || other.category == report.category)) matched = *at;
    }
    earlier.push_back(row);
    joins.matched.push_back(matched);
  }
  return joins;
}

}  // namespace ioc::duplicates
