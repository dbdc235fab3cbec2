#include "services/ioc/commands/skip.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <future>
#include <memory>

#include "libs/domain/state_records.h"
#include "libs/domain/topics.h"
#include "libs/domain/wire.h"
#include "libs/process/exit_code.h"
#include "libs/process/process.h"
#include "services/ioc/commands/stopped_log.h"
#include "services/triage/partition_runner.h"

namespace ioc::commands {
namespace {

constexpr std::size_t kReasonBytesMax = 1'000;

struct Options {
  LogOptions log;
  std::uint32_t partition = 0;
  std::uint64_t offset = 0;
  std::string reason, actor;
  bool previous_time = false, unread = false, as_json = false;
};

// The record itself, so that its dead letter can be replayed by the event's id.
void name_event(log::Log& log, ControlEntry& entry) {
  auto reader = log.read(topics::kEvents, entry.partition, entry.offset);
  if (reader.has_error()) return;
  for (int i = 0; i < 50; ++i) {
    auto batch = (*reader)->poll(1, 1 << 20);
    if (batch.has_error()) return;
    if (!batch->entries.empty()) {
      if (batch->entries[0].offset != entry.offset) return;
      auto record = wire::decode_record(batch->entries[0].value);
      if (record.has_error()) return;
      const Event* event = std::get_if<Event>(&*record);
      if (const auto* transfer = std::get_if<Transfer>(&*record)) event = &transfer->event;
      if (event == nullptr) return;
      entry.event = event->id;
      entry.feed = name_of(event->feed);
      return;
    }
    const auto ready = std::make_shared<std::promise<void>>();
    auto future = ready->get_future();
    (*reader)->when_ready([ready] { ready->set_value(); });
    if (future.wait_for(std::chrono::milliseconds(200)) != std::future_status::ready) (*reader)->when_ready({});
  }
}

int ask(log::Log& log, ControlEntry entry, const Options& options) {
  auto partitions = log.partitions_of(topics::kControl);
  if (partitions.has_error() || !*partitions) {
    fmt::print(stderr, "the topic {} is not there: start triage once\n", topics::kControl);
    return process::kMissing;
  }
  if (options.partition >= **partitions) {
    fmt::print(stderr, "there is no partition {}: the log has {}\n", options.partition, **partitions);
    return process::kUsage;
  }
  auto committed = log.committed(triage_service::kGroup, topics::kEvents, entry.partition);
  auto range = log.range(topics::kEvents, entry.partition);
  if (committed.has_error() || range.has_error()) {
    fmt::print(stderr, "{}\n", committed.has_error() ? committed.error().message : range.error().message);
    return process::kMissing;
  }
  const Offset next = committed->next.value_or(Offset(0));
  if (entry.offset < next) {
    fmt::print(stderr, "record {} of partition {} is below the committed offset {}: it was stepped, its outputs are out; nothing is skipped\n",
               entry.offset.value(), options.partition, next.value());
    return process::kFoundWrong;
  }
  if (entry.offset >= range->end) {
    fmt::print(stderr, "there is no record {} in partition {}: the log ends at {}\n", entry.offset.value(), options.partition, range->end.value());
    return process::kFoundWrong;
  }
  if (!options.unread) name_event(log, entry);
  std::promise<Result<Offset>> appended;
  log.append(topics::kControl, entry.partition, {key_of(entry), wire::encode(entry), {}, false},
             [&](Result<Offset> at) { appended.set_value(std::move(at)); });
  if (auto at = appended.get_future().get(); at.has_error()) {
    fmt::print(stderr, "{}\n", at.error().message);
    return process::kMissing;
  }
  if (options.as_json) {
    fmt::print("{}\n", boost::json::serialize(boost::json::object{{"partition", options.partition}, {"offset", options.offset},
                                                                  {"kind", name_of(entry.kind)}, {"committed", next.value()},
                                                                  {"event_id", entry.event.str()}}));
  } else {
    fmt::print("partition {} offset {}{}: {} is asked for; triage does it when it comes to the record ({} before it), and the audit trail says so\n",
               options.partition, options.offset, entry.event.empty() ? "" : " (" + entry.event.str() + ")",
               name_of(entry.kind), options.offset - next.value());
  }
  return process::kDone;
}

int run(const Options& options) {
  process::set_up_logging();
  if (options.reason.empty() || options.reason.size() > kReasonBytesMax) {
    fmt::print(stderr, "--reason: 1 to {} bytes\n", kReasonBytesMax);
    return process::kUsage;
  }
  int exit_code = 0;
  auto opened = open_log(options.log, exit_code);
  if (!opened) return exit_code;
  ControlEntry entry;
  entry.partition = PartitionId(options.partition);
  entry.offset = Offset(options.offset);
  entry.kind = options.previous_time ? ControlKind::PreviousTime : ControlKind::Skip;
  entry.reason = options.reason;
  entry.actor = options.actor.empty() ? process::account() : options.actor;
  entry.at = wall_now();
  return ask(*opened->log, entry, options);
}

}  // namespace

void add_skip_command(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "skip", "Leave out a record that crashes triage: it becomes a dead letter; refused below the committed offset");
  command->add_option("PARTITION", options->partition, "Partition of ioc.events.v1")->required();
  command->add_option("OFFSET", options->offset, "Offset of the record, as the log line or the runbook names it")->required();
  command->add_option("--reason", options->reason, "Why; kept for ever in the audit trail")->required();
  command->add_option("--actor", options->actor, "Who decides (default: the account that runs this)");
  command->add_flag("--previous-time", options->previous_time,
                    "Not left out: stepped at the log time of the record before it (a record from a wrong clock)");
  command->add_flag("--unread", options->unread, "Do not look into the record for its event id (reading it may be what crashes)");
  add_log_options(*command, options->log);
  command->add_flag("--json", options->as_json, "One JSON object on the last line");
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace ioc::commands
