// Plants what must not be, for the end-to-end tests: in the state of a stopped process, and topics with other settings.
//   ioc_planter state-layout FOLDER PARTITION LAYOUT   the state says that it is of this layout
//   ioc_planter state-change FOLDER PARTITION          one member of one incident is gone; prints the incident
//   ioc_planter state-forget FOLDER PARTITION INCIDENT the incident is gone, and nothing that names it
//   ioc_planter checkpoints-forget LOG_FOLDER PARTITION the embedded log has no checkpoint any more
//   ioc_planter topic BOOTSTRAP PREFIX NAME PARTITIONS plain|compacted
#include <fmt/format.h>

#include <cstdlib>
#include <exception>
#include <future>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "libs/domain/topics.h"
#include "libs/log/embedded/embedded_log.h"
#include "libs/log/kafka/kafka.h"
#include "libs/triage/machine.h"
#include "services/triage/state_store.h"

using namespace ioc;
using triage::Table;

namespace {

constexpr std::uint64_t kCacheBytes = 8 << 20;

PartitionId partition_of(const std::string& text) { return PartitionId(static_cast<std::uint32_t>(std::stoul(text))); }

std::unique_ptr<triage_service::StateStore> open_state(const std::string& folder) {
  return triage_service::open_state_store(folder, kCacheBytes).value();
}

void change_layout(const std::string& folder, PartitionId partition, const std::string& layout) {
  const auto state = open_state(folder);
  std::string position = state->get(partition, Table::Meta, triage::Machine::position_key()).value();
  position.at(0) = static_cast<char>(std::stoi(layout));  // a varint below 128
  state->write(partition, {{Table::Meta, std::string(triage::Machine::position_key()), position}}).value();
}

void change_state(const std::string& folder, PartitionId partition) {
  const auto state = open_state(folder);
  std::string gone;
  state->scan(partition, Table::Members, "", "", [&gone](std::string_view key, std::string_view) {
    gone = key;
    return false;
  });
  if (gone.empty()) throw std::runtime_error("no incident has a member");
  state->write(partition, {{Table::Members, gone, std::nullopt}}).value();
  fmt::print("{}\n", gone.substr(0, gone.find('\0')));
}

void forget_incident(const std::string& folder, PartitionId partition, const std::string& incident) {
  const auto state = open_state(folder);
  if (!state->get(partition, Table::Incidents, incident)) throw std::runtime_error("no incident " + incident);
  state->write(partition, {{Table::Incidents, incident, std::nullopt}, {Table::Other, "open/" + incident, std::nullopt}}).value();
}

void forget_checkpoints(const std::string& folder, PartitionId partition) {
  const auto log = log::open_embedded(folder, {}).value();
  const log::Range range = log->range(topics::kCheckpoints, partition).value();
  const auto reader = log->read(topics::kCheckpoints, partition, range.first).value();
  std::set<std::string> keys;
  while (reader->position() < range.end) {
    const log::Batch batch = reader->poll(1'000, 8 << 20).value();
    for (const log::Entry& entry : batch.entries) keys.emplace(entry.key);
    if (batch.entries.empty()) std::this_thread::sleep_for(Millis(2));
  }
  for (const std::string& key : keys) {
    std::promise<Result<Offset>> done;
    log->append(topics::kCheckpoints, partition, {key, {}, {}, true}, [&done](Result<Offset> at) { done.set_value(std::move(at)); });
    (void)done.get_future().get().value();
  }
}

void make_topic(const std::vector<std::string>& words) {
  log::KafkaSettings settings;
  settings.bootstrap = words[1];
  settings.prefix = words[2];
  const auto log = log::connect_kafka(settings).value();
  const std::vector<log::TopicConfig> topics = {
      {words[3], static_cast<std::uint32_t>(std::stoul(words[4])), words[5] == "compacted", Millis(0), 0}};
  log->ensure_topics(topics).value();
}

bool plant(const std::vector<std::string>& words) {
  const std::string what = words.empty() ? std::string() : words[0];
  if (what == "state-layout" && words.size() == 4) {
    change_layout(words[1], partition_of(words[2]), words[3]);
  } else if (what == "state-change" && words.size() == 3) {
    change_state(words[1], partition_of(words[2]));
  } else if (what == "state-forget" && words.size() == 4) {
    forget_incident(words[1], partition_of(words[2]), words[3]);
  } else if (what == "checkpoints-forget" && words.size() == 3) {
    forget_checkpoints(words[1], partition_of(words[2]));
  } else if (what == "topic" && words.size() == 6) {
    make_topic(words);
  } else {
    return false;
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  constexpr int kUsage = 2;
  try {
    if (plant({argv + 1, argv + argc})) return EXIT_SUCCESS;
    fmt::print(stderr, "ioc_planter: unknown words; the source has the usage\n");
    return kUsage;
  } catch (const std::exception& error) {
    fmt::print(stderr, "ioc_planter: {}\n", error.what());
    return EXIT_FAILURE;
  }
}
