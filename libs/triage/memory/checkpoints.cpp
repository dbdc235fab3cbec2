#include "libs/triage/memory/checkpoints.h"

#include "libs/triage/codec.h"

namespace ioc::triage {
namespace {

const std::string kPrefix = "checkpoint/";

bool clock_runs(const Checkpoint& checkpoint) { return checkpoint.open && checkpoint.silence.empty(); }

}  // namespace

Checkpoint* Checkpoints::at(const std::string& id, std::uint64_t followed_max) {
  const auto found = x_by_id.find(id);
  if (found != x_by_id.end()) return &found->second;
  return x_by_id.size() >= followed_max ? nullptr : &x_by_id[id];
}

void Checkpoints::changed(const std::string& id, Checkpoint& checkpoint, const SilentAfter& silent_after) {
  if (!checkpoint.unwritten) {
    checkpoint.unwritten = true;
    x_unwritten.insert(id);
  }
  if (clock_runs(checkpoint) && !x_with_clock.contains(id)) {
    x_with_clock.insert(id);
    x_clocks.emplace((checkpoint.heard_at + silent_after(id)).ms(), id);
  }
}

std::optional<Checkpoints::Due> Checkpoints::next_due(std::int64_t now_ms, const SilentAfter& silent_after) {
  while (!x_clocks.empty() && x_clocks.begin()->first <= now_ms) {
    const auto entry = *x_clocks.begin();
    const Checkpoint& checkpoint = x_by_id.find(entry.second)->second;
    const std::int64_t due = (checkpoint.heard_at + silent_after(entry.second)).ms();
    if (clock_runs(checkpoint) && due == entry.first) return Due{due, entry.second};
    x_clocks.erase(x_clocks.begin());
    if (clock_runs(checkpoint)) x_clocks.emplace(due, entry.second);
    else x_with_clock.erase(entry.second);
  }
  return std::nullopt;
}

std::optional<std::int64_t> Checkpoints::earliest() const {
  return x_clocks.empty() ? std::nullopt : std::optional(x_clocks.begin()->first);
}

void Checkpoints::stop_clock(const Due& due) {
  x_clocks.erase({due.at_ms, due.id});
  x_with_clock.erase(due.id);
}

void Checkpoints::take_delta() {
  for (const std::string& id : x_unwritten) {
    Checkpoint& checkpoint = x_by_id.find(id)->second;
    checkpoint.unwritten = false;
    Writer out;
    out.signed_number(checkpoint.heard_at.ms());
    out.number(checkpoint.open ? 1 : 0);
    out.text(checkpoint.silence.str());
    x_state.put(Table::Other, kPrefix + id, out.take());
  }
  x_unwritten.clear();
}

void Checkpoints::restart_clocks(const SilentAfter& silent_after) {
  x_clocks.clear();
  x_with_clock.clear();
  for (const auto& [id, checkpoint] : x_by_id) {
    if (!clock_runs(checkpoint)) continue;
    x_with_clock.insert(id);
    x_clocks.emplace((checkpoint.heard_at + silent_after(id)).ms(), id);
  }
}

void Checkpoints::set_back(LogTime to, const SilentAfter& silent_after) {
  for (auto& [id, checkpoint] : x_by_id) {
    if (checkpoint.heard_at <= to) continue;
    checkpoint.heard_at = to;
    changed(id, checkpoint, silent_after);
  }
  restart_clocks(silent_after);
}

bool Checkpoints::load(const SilentAfter& silent_after) {
  bool good = true;
  x_state.scan(Table::Other, kPrefix, [&](std::string_view key, std::string_view value) {
    Reader in(value);
    const std::string id(key.substr(kPrefix.size()));
    Checkpoint& checkpoint = x_by_id[id];
    checkpoint.heard_at = LogTime::from_ms(in.signed_number());
    checkpoint.open = in.number() != 0;
    checkpoint.silence = IncidentId(in.text());
    good = in.complete();
    return good;
  });
  restart_clocks(silent_after);
  return good;
}

}  // namespace ioc::triage
