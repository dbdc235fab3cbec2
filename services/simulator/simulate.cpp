#include "services/simulator/simulate.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <vector>

#include "services/simulator/json_text.h"
#include "services/simulator/progress.h"

namespace ioc::simulator {
namespace {

// Real time is sent in beats of this length: a second from event to wall leaves room for it.
constexpr Millis kBeat{50};

class Simulation {
 public:
  Simulation(const SimulateConfig& config, const Sources& sources, const std::stop_token& stop, SimulateCounts& counts)
      : x_config(config), x_stop(stop), x_counts(counts), x_sender(config.url, config.token, config.retry),
        x_start(wall_now()), x_day(day_config(config, x_start), sources), x_next(x_day.next()) {}

  Result<void> run() {
    if (auto filled = fill(); !filled) return filled;
    return live();
  }

 private:
  static DayConfig day_config(const SimulateConfig& config, WallTime now) {
    const std::int64_t intensity =
        config.events_a_second == 0 ? 1000 : std::max<std::int64_t>(1, config.events_a_second * 86'400 * 1000 / kMessagesADay);
    return {config.seed, now - config.fill, intensity};
  }

  // Feeds are mixed in batches of one kind each; within a kind the order is that of sending.
  Result<void> fill() {
    if (x_config.fill.count() == 0) return {};
    Progress progress("filling in", x_config.quiet);
    const std::int64_t from = (x_start - x_config.fill).ms(), until = x_start.ms();
    while (x_next.at_ms < until && !x_stop.stop_requested()) {
      const std::int64_t at = x_next.at_ms;
      if (auto taken = take(); !taken) return taken;
      progress.show(static_cast<double>(at - from) / static_cast<double>(until - from), text());
    }
    if (auto sent = flush(); !sent) return sent;
    progress.finish(text());
    x_counts.seconds = std::chrono::duration<double>(wall_now() - x_start).count();
    if (x_config.filled && !x_stop.stop_requested()) x_config.filled(x_counts);
    return {};
  }

  Result<void> live() {
    if (x_config.duration.count() == 0) return {};
    Progress progress("sending", x_config.quiet);
    const WallTime begun = wall_now();
    const WallTime until = begun + x_config.duration;
    const bool endless = x_config.duration.count() < 0;
    while (!x_stop.stop_requested()) {
      const WallTime now = wall_now();
      while (x_next.at_ms <= now.ms() && (endless || x_next.at_ms <= until.ms()) && !x_stop.stop_requested()) {
        if (auto taken = take(); !taken) return taken;
      }
      if (auto sent = flush(); !sent) return sent;
      if (!endless && now >= until) break;
      progress.show(endless ? 0 : static_cast<double>((now - begun).count()) / static_cast<double>(x_config.duration.count()), text());
      wait();
    }
    progress.finish(text());
    return {};
  }

  Result<void> take() {
    auto& lines = x_lines[static_cast<std::size_t>(x_next.kind)];
    lines.push_back(std::move(x_next.body));
    const MessageKind kind = x_next.kind;
    x_next = x_day.next();
    if (lines.size() < x_config.batch_lines) return {};
    return send(kind);
  }

  Result<void> flush() {
    for (std::size_t kind = 0; kind < kMessageKinds; ++kind) {
      if (auto sent = send(static_cast<MessageKind>(kind)); !sent) return sent;
    }
    return {};
  }

  Result<void> send(MessageKind kind) {
    auto& lines = x_lines[static_cast<std::size_t>(kind)];
    if (lines.empty()) return {};
    auto answers = x_sender.batch(path_of(kind), lines, x_stop);
    x_counts.retries = x_sender.retries();
    if (!answers) return x_stop.stop_requested() ? Result<void>() : Result<void>(answers.error());
    auto& counts = x_counts.kinds[static_cast<std::size_t>(kind)];
    for (const LineResult& answer : *answers) {
      ++counts.sent;
      if (answer.kind == LineResult::Kind::Accepted) {
        ++counts.accepted;
      } else {
        ++counts.rejected;
        if (x_counts.first_problem.empty()) {
          x_counts.first_problem = fmt::format("{}: {} {}", name_of(kind), answer.status, answer.detail);
        }
      }
    }
    lines.clear();
    return {};
  }

  void wait() {
    const Millis until_next = WallTime::from_ms(x_next.at_ms) - wall_now();
    std::mutex mutex;
    std::condition_variable_any woken;
    std::unique_lock lock(mutex);
    woken.wait_for(lock, x_stop, std::clamp(until_next, kBeat, Millis(500)), [] { return false; });
  }

  [[nodiscard]] std::string text() const {
    const SimulateCounts::Kind total = x_counts.total();
    return fmt::format("{} sent, {} accepted, {} rejected", total.sent, total.accepted, total.rejected);
  }

  const SimulateConfig& x_config;
  std::stop_token x_stop;
  SimulateCounts& x_counts;
  Sender x_sender;
  WallTime x_start;
  Day x_day;
  Message x_next;
  std::array<std::vector<std::string>, kMessageKinds> x_lines;
};

}  // namespace

SimulateCounts::Kind SimulateCounts::total() const {
  Kind total;
  for (const Kind& kind : kinds) {
    total.sent += kind.sent;
    total.accepted += kind.accepted;
    total.rejected += kind.rejected;
  }
  return total;
}

Result<void> simulate(const SimulateConfig& config, const std::stop_token& stop, SimulateCounts& counts) {
  const auto begun = std::chrono::steady_clock::now();
  const auto sources = read_sources(config.bundle_folder);
  if (!sources) return sources.error();
  auto done = Simulation(config, *sources, stop, counts).run();
  counts.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  return done;
}

std::string to_json(const SimulateCounts& counts) {
  const SimulateCounts::Kind total = counts.total();
  JsonText kinds;
  for (std::size_t kind = 0; kind < kMessageKinds; ++kind) {
    const auto& one = counts.kinds[kind];
    kinds.raw(name_of(static_cast<MessageKind>(kind)),
              fmt::format(R"({{"sent":{},"accepted":{},"rejected":{}}})", one.sent, one.accepted, one.rejected));
  }
  return fmt::format(R"({{"sent":{},"accepted":{},"rejected":{},"retries":{},"seconds":{:.3f},"kinds":{}}})", total.sent,
                     total.accepted, total.rejected, counts.retries, counts.seconds, kinds.take());
}

}  // namespace ioc::simulator
