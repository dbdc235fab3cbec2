#include <algorithm>

#include "libs/geo/cells.h"
#include "libs/triage/stages/correlate/assess.h"

namespace ioc::triage {
namespace {

class Gather {
 public:
  Gather(const Probe& probe, std::optional<Millis> past) : x_probe(probe), x_past(past), x_book(probe.context.book), x_most(probe.context.bundle->limits.correlate.scan_max) {}

  std::vector<OpenIncident*> run() {
    if (x_probe.address != 0) {
      take(x_book.at_address(x_probe.address));
      if (x_past) take_past(IncidentBook::past_address(x_probe.address));
    }
    if (x_probe.place_counts) {
      for (const std::uint64_t cell : geo::cells_within(*x_probe.work.place.position, x_probe.radius_m)) {
        take(x_book.in_cell(cell));
        if (x_past) take_past(IncidentBook::past_cell(cell));
      }
    }
    std::sort(x_found.begin(), x_found.end(), [](const OpenIncident* a, const OpenIncident* b) {
      return a->beside.opened_number > b->beside.opened_number;
    });
    x_found.erase(std::unique(x_found.begin(), x_found.end()), x_found.end());
    return std::move(x_found);
  }

 private:
  void take(const IncidentBook::Row* row) {
    if (!row) return;
    std::uint64_t looked_at = 0;
    for (auto at = row->rbegin(); at != row->rend() && looked_at < x_most; ++at, ++looked_at) x_found.push_back(*at);
  }

  // The place of what was read by key is not indexed, but known.
  void take_past(std::uint64_t place) {
    for (OpenIncident* incident : x_book.in_past(place, x_probe.work.event.occurred_at, *x_past, x_most)) {
      if (!incident->indexed) IncidentBook::derive(*incident);
      x_found.push_back(incident);
    }
  }

  const Probe& x_probe;
  const std::optional<Millis> x_past;
  IncidentBook& x_book;
  const std::uint64_t x_most;
  std::vector<OpenIncident*> x_found;
};

}  // namespace

std::vector<OpenIncident*> candidates_near(const Probe& probe, std::optional<Millis> past) { return Gather(probe, past).run(); }

}  // namespace ioc::triage
