#include "services/simulator/replay.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <optional>

#include "services/simulator/csv.h"
#include "services/simulator/report_row.h"

namespace ioc::simulator {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kShownMax = 10, kMistakesMax = 20, kShownBytes = 80;

class Replay {
 public:
  Replay(const ReplayConfig& config, const std::stop_token& stop)
      : x_config(config), x_stop(stop), x_sender(config.ingest_url, config.token, config.retry) {}

  Result<ReplayResult> run() {
    if (auto checked = check_all(); !checked) return checked.error();
    if (auto sent = send_all(); !sent) return sent.error();
    if (auto reconciled = reconcile_all(); !reconciled) return reconciled.error();
    x_result.seconds = std::chrono::duration<double>(Clock::now() - x_begun).count();
    return std::move(x_result);
  }

 private:
  // Before anything is sent: history is told in its own times, so a row without a time that can be read is a mistake of
  // the file, told by its line.
  Result<void> check_all() const {
    auto reader = CsvReader::open(x_config.file);
    if (!reader) return reader.error();
    auto rows = ReportRows::over(*reader);
    if (!rows) return corrupt(x_config.file + ": " + rows.error().message);
    std::vector<std::string> fields, mistakes;
    bool any = false;
    while (mistakes.size() < kMistakesMax) {
      auto more = reader->next(fields);
      if (!more) return Error{more.error().kind, x_config.file + ": " + more.error().message};
      if (!*more) break;
      any = true;
      const std::string opened_at = rows->row(fields).opened_at;
      const auto at = parse_time_or_day(opened_at);
      if (at && at->ms >= 0) continue;
      mistakes.push_back(fmt::format("{}:{}: opened_at: \"{}\" is no time; write 2011-07-01T01:32:33+07:00, 01/07/2011 01:32 or 2011-07-01",
                                     x_config.file, reader->line(), opened_at.substr(0, kShownBytes)));
    }
    if (!any) return corrupt(x_config.file + ": there is no report below the line that names the columns");
    return mistakes.empty() ? Result<void>() : corrupt(fmt::format("{}", fmt::join(mistakes, "\n")));
  }

  Result<void> send_all() {
    auto reader = CsvReader::open(x_config.file);
    if (!reader) return reader.error();
    auto rows = ReportRows::over(*reader);
    if (!rows) return corrupt(x_config.file + ": " + rows.error().message);
    Progress progress("sending", x_config.quiet);
    std::vector<std::string> fields;
    for (;;) {
      auto more = reader->next(fields);
      if (!more) return Error{more.error().kind, x_config.file + ": " + more.error().message};
      if (!*more) break;
      if (auto added = add(rows->row(fields)); !added) return added;
      progress.show(reader->done(), fmt::format("{} sent, {} accepted, {} rejected", x_result.sent, x_result.accepted, x_result.rejected));
    }
    if (auto sent = send_batch(); !sent) return sent;
    progress.finish(fmt::format("{} sent, {} accepted, {} rejected, {} tries again", x_result.sent, x_result.accepted,
                                x_result.rejected, x_sender.retries()));
    return {};
  }

  Result<void> add(ReportRows::Row row) {
    if (x_config.speed > 0) {
      if (auto waited = wait_for(row.opened_at); !waited) return waited;
    }
    x_bytes += row.json.size() + 1;
    x_lines.push_back(std::move(row.json));
    x_ids.push_back(std::move(row.report_id));
    if (x_lines.size() < x_config.batch_lines && x_bytes < x_config.batch_bytes) return {};
    return send_batch();
  }

  // Paced: what is due is sent before waiting for the next.
  Result<void> wait_for(const std::string& opened_at) {
    const auto parsed = parse_time_or_day(opened_at);
    if (!parsed) return {};
    if (!x_first_ms) x_first_ms = parsed->ms;
    const auto after = std::chrono::duration<double, std::milli>(static_cast<double>(parsed->ms - *x_first_ms) / x_config.speed);
    const auto due = x_begun + std::chrono::duration_cast<Clock::duration>(after);
    if (due <= Clock::now()) return {};
    if (auto sent = send_batch(); !sent) return sent;
    std::mutex mutex;
    std::condition_variable_any woken;
    std::unique_lock lock(mutex);
    woken.wait_until(lock, x_stop, due, [] { return false; });
    if (x_stop.stop_requested()) return transient("stopped");
    return {};
  }

  Result<void> send_batch() {
    if (x_lines.empty()) return {};
    auto answers = x_sender.batch("/v1/reports", x_lines, x_stop);
    if (!answers) return answers.error();
    for (std::size_t i = 0; i < answers->size(); ++i) take(std::move(x_ids[i]), std::move((*answers)[i]));
    x_lines.clear();
    x_ids.clear();
    x_bytes = 0;
    return {};
  }

  void take(std::string report_id, LineResult answer) {
    ++x_result.sent;
    switch (answer.kind) {
      case LineResult::Kind::Accepted:
        ++x_result.accepted;
        x_result.reports.push_back({std::move(report_id), std::move(answer.event_id), {}});
        break;
      case LineResult::Kind::Rejected:
        ++x_result.rejected;
        if (x_result.first_rejected.size() < kShownMax) {
          x_result.first_rejected.push_back({std::move(report_id), {}, fmt::format("{} {}", answer.status, answer.detail)});
        }
        break;
      case LineResult::Kind::Unanswered:
        x_unanswered.push_back({std::move(report_id), {}, "ingest's answer to the batch does not name it"});
        break;
    }
  }

  Result<void> reconcile_all() {
    Progress progress("reconciling", x_config.quiet);
    const ReconcileConfig config{x_config.desk_url, x_config.token, x_config.desk_connections, x_config.settle, x_config.retry};
    auto reconciled = reconcile(config, x_result.reports, x_stop, progress);
    if (!reconciled) return reconciled.error();
    x_result.reconciliation = std::move(*reconciled);
    auto& unaccounted = x_result.reconciliation.unaccounted;
    unaccounted.insert(unaccounted.end(), x_unanswered.begin(), x_unanswered.end());
    progress.finish(fmt::format("{} incidents, {} joined, {} unaccounted for", x_result.reconciliation.incidents,
                                x_result.reconciliation.joined, unaccounted.size()));
    return {};
  }

  const ReplayConfig& x_config;
  std::stop_token x_stop;
  Sender x_sender;
  Clock::time_point x_begun = Clock::now();
  std::optional<std::int64_t> x_first_ms;
  std::vector<std::string> x_lines, x_ids;
  std::size_t x_bytes = 0;
  std::vector<Unaccounted> x_unanswered;
  ReplayResult x_result;
};

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace

Result<ReplayResult> replay(const ReplayConfig& config, const std::stop_token& stop) { return Replay(config, stop).run(); }

bool adds_up(const ReplayResult& result) { return result.accepted > 0 && result.reconciliation.unaccounted.empty(); }

std::string to_json(const ReplayResult& result) {
  return fmt::format(R"({{"sent":{},"accepted":{},"rejected":{},"incidents":{},"joined":{},"unaccounted":{},"seconds":{:.3f}}})",
                     result.sent, result.accepted, result.rejected, result.reconciliation.incidents,
                     result.reconciliation.joined, result.reconciliation.unaccounted.size(), result.seconds);
}

Result<void> write_ids(const ReplayResult& result, const std::string& path) {
  std::ofstream out(path, std::ios::trunc);
  out << "report_id,event_id,incident_id\n";
  for (const AcceptedReport& report : result.reports) {
    out << csv_field(report.report_id) << ',' << report.event_id << ',' << report.incident_id << '\n';
  }
  out.flush();
  if (!out) return permanent(path + ": cannot be written; check the folder and the space left");
  return {};
}

}  // namespace ioc::simulator
