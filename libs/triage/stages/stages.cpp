#include "libs/triage/stages/stage.h"

namespace ioc::triage {
namespace {

// The order in which an event meets them. `suppress` stands before `correlate`: a sensor's repetition is known by its key,
// and scoring it against the neighbourhood first would cost most where the load is highest.
constexpr NamedStage kStages[] = {{"deduplicate", deduplicate}, {"locate", locate},       {"classify", classify},
                                  {"suppress", suppress},       {"correlate", correlate}, {"admit", admit},
                                  {"route", route},             {"deadlines", set_deadlines}};

}  // namespace

void run_stages(Context& context, Work& work) {
  const auto clock = context.stats.clock_ns;
  for (const NamedStage& stage : kStages) {
    const std::uint64_t from = clock ? clock() : 0;
    const Next next = stage.run(context, work);
    if (clock) context.stats.stages[stage.name].add(clock() - from);
    if (next == Next::Done) return;
  }
}

}  // namespace ioc::triage
