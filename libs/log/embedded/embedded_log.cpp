#include "libs/log/embedded/embedded_log.h"

#include <spdlog/spdlog.h>

#include <random>

#include "libs/base/clock_guard.h"
#include "libs/log/embedded/catalog.h"
#include "libs/log/embedded/cleaner.h"
#include "libs/log/embedded/committer.h"
#include "libs/log/embedded/membership.h"
#include "libs/log/embedded/owner.h"
#include "libs/log/embedded/reader.h"

namespace ioc::log {

namespace {

using namespace embedded;

// The only random thing here: it tells this log from any other, and decides nothing.
std::string new_id() {
  std::random_device random;
  std::string id = "e-";
  for (int word = 0; word < 4; ++word) {
    const std::uint32_t bits = random();
    for (unsigned shift = 0; shift < 32; shift += 4) id.push_back("0123456789abcdef"[bits >> shift & 15]);
  }
  return id;
}

Result<std::string> read_or_make_id(store::Store& store) {
  const auto format = store.get(store::kDefault, kFormatKey);
  if (!format) return format.error();
  if (*format && **format != kFormat) {
    return permanent("its format is " + **format + ", this program knows " + std::string(kFormat));
  }
  const auto id = store.get(store::kDefault, kIdKey);
  if (!id) return id.error();
  if (*id) return **id;
  auto made = new_id();
  store::Batch batch;
  batch.put(store::kDefault, kFormatKey, kFormat);
  batch.put(store::kDefault, kIdKey, made);
  if (auto written = store.write(batch, store::Sync::Yes); !written) return written.error();
  return made;
}

// Members are destroyed in reverse: first the cleaner, then the committer (which writes what is queued), then the store.
class EmbeddedLog final : public Log {
 public:
  EmbeddedLog(std::unique_ptr<store::Store> store, const std::string& folder, const EmbeddedSettings& settings,
              std::string id, std::unique_ptr<Catalog> catalog, std::unique_ptr<Watermark> watermark, Committer::Found found)
      : x_settings(settings),
        x_store(std::move(store)),
        x_id(std::move(id)),
        x_catalog(std::move(catalog)),
        x_committer(*x_store, folder, x_settings, std::move(watermark), std::move(found)),
        x_cleaner(*x_store, *x_catalog, x_committer, x_settings) {}

  std::string id() const override { return x_id; }
  Result<void> ensure_topics(std::span<const TopicConfig> topics) override { return x_catalog->ensure(topics); }
  Result<std::optional<std::uint32_t>> partitions_of(std::string_view topic) override {
    return x_catalog->partitions_of(topic);
  }

  Result<Range> range(std::string_view topic, PartitionId partition) override {
    const auto* found = x_catalog->find(topic, partition);
    if (found == nullptr) return missing(topic, partition);
    return found->range();
  }

  void append(std::string_view topic, PartitionId partition, Message message,
              std::function<void(Result<Offset>)> done) override {
    auto* found = x_catalog->find(topic, partition);
    if (found == nullptr) return done(missing(topic, partition));
    x_committer.append(*found, std::move(message), std::move(done));
  }

  Result<std::unique_ptr<Reader>> read(std::string_view topic, PartitionId partition, Offset from) override {
    auto* found = x_catalog->find(topic, partition);
    if (found == nullptr) return missing(topic, partition);
    return std::unique_ptr<Reader>(std::make_unique<PartitionReader>(*x_store, *found, from));
  }

  Result<std::unique_ptr<Membership>> join(std::string_view group, std::string_view topic, std::string_view member,
                                           AssignmentListener listener) override {
    const auto partitions = x_catalog->partitions_of(topic);
    if (!partitions) return missing(topic, PartitionId(0));
    spdlog::info("log group joined group={} topic={} member={}", group, topic, member);
    return std::unique_ptr<Membership>(
        std::make_unique<GroupMembership>(*x_catalog, x_committer, x_settings, x_holds, std::string(group),
                                          std::string(topic), *partitions, std::move(listener)));
  }

  Result<Committed> committed(std::string_view group, std::string_view topic, PartitionId partition) override {
    const auto* input = x_catalog->find(topic, partition);
    if (input == nullptr) return missing(topic, partition);
    auto looked = embedded::look_at(x_committer, x_settings, x_committer.slot(group, input->number),
                                    "group " + std::string(group) + " of " + input->name, false);
    if (!looked) return looked.error();
    return std::move(looked->committed);
  }

  Stats stats() const override {
    auto stats = x_committer.stats();
    stats.disk_bytes = x_store->disk_bytes();
    return stats;
  }

 private:
  static Error missing(std::string_view topic, PartitionId partition) {
    return permanent(std::string(topic) + "/" + std::to_string(partition.value()) +
                     ": no such topic or partition; ensure_topics makes it");
  }

  const EmbeddedSettings x_settings;
  std::unique_ptr<store::Store> x_store;
  const std::string x_id;
  std::unique_ptr<Catalog> x_catalog;
  Holds x_holds;
  Committer x_committer;
  Cleaner x_cleaner;
};

Error in_folder(const std::string& folder, const Error& error) {
  return {error.kind, "log " + folder + ": " + error.message};
}

}  // namespace

Result<std::unique_ptr<Log>> open_embedded(const std::string& folder, const EmbeddedSettings& settings) {
  store::Options options;
  options.families = family_names();
  options.cache_bytes = settings.cache_bytes;
  options.memtable_bytes = settings.memtable_bytes;
  auto store = store::Store::open(folder, options);
  if (!store) return store.error();
  // Before anything is written: a store that lost its beginnings must not be taken for a new one.
  const auto groups = read_groups(**store);
  if (!groups) return in_folder(folder, groups.error());
  if (auto whole = check_watermark(folder, *groups); !whole) return in_folder(folder, whole.error());
  auto id = read_or_make_id(**store);
  if (!id) return in_folder(folder, id.error());
  auto catalog = std::make_unique<Catalog>(**store, settings.tail_bytes_max);
  if (auto restored = catalog->restore(); !restored) return in_folder(folder, restored.error());
  clock_known_past(catalog->last_time_ms());
  auto slots = read_owners(**store);
  if (!slots) return in_folder(folder, slots.error());
  auto watermark = std::make_unique<Watermark>();
  if (auto opened = watermark->open(folder); !opened) return in_folder(folder, opened.error());
  Committer::Found found{catalog->last_time_ms(), *groups, std::move(*slots)};
  return std::unique_ptr<Log>(std::make_unique<EmbeddedLog>(std::move(*store), folder, settings, std::move(*id), std::move(catalog),
                                                            std::move(watermark), std::move(found)));
}

}  // namespace ioc::log
