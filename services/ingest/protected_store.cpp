#include "services/ingest/protected_store.h"

#include <spdlog/spdlog.h>

#include <future>

#include "libs/base/hash.h"

namespace ioc::ingest {
namespace {

// Order of store::Options::families.
constexpr store::Family kPayloads = 0;  // ref "/" hash of the payload -> ProtectedRecord
constexpr store::Family kExpiry = 1;    // keep_until ms, big-endian; family; key -> nothing
constexpr store::Family kLooks = 2;     // at ms, number, both big-endian -> actor NUL id NUL reason
constexpr std::size_t kVersionsMax = 16;
constexpr std::size_t kSweepItems = 1000;
constexpr std::chrono::hours kSweepEvery{1};
constexpr std::chrono::seconds kTryAgainEvery{1};
constexpr std::int64_t kDayMs = 86'400'000;

std::string big_endian(std::uint64_t value) {
  std::string out(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) out[i] = static_cast<char>((value >> (56 - 8 * i)) & 0xFFU);
  return out;
}

std::uint64_t from_big_endian(std::string_view bytes) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < 8 && i < bytes.size(); ++i) out = (out << 8U) | static_cast<unsigned char>(bytes[i]);
  return out;
}

// The same payload again takes the same place; another one of the same event is kept beside it.
std::string payload_key(const ProtectedStore::Item& item) {
  return item.ref + "/" + big_endian(hash128(item.record.payload).low);
}

}  // namespace

Result<std::unique_ptr<ProtectedStore>> ProtectedStore::open(const std::string& folder,
                                                             const ProtectedStoreConfig& config,
                                                             const Metrics& metrics) {
  store::Options options;
  options.families = {"payloads", "expiry", "looks"};
  auto opened = store::Store::open(folder, options);
  if (opened.has_error()) return opened.error();
  return std::unique_ptr<ProtectedStore>(new ProtectedStore(std::move(*opened), config, metrics));
}

ProtectedStore::ProtectedStore(std::unique_ptr<store::Store> store, ProtectedStoreConfig config, const Metrics& metrics)
    : x_store(std::move(store)), x_config(config), x_metrics(metrics), x_thread([this] { run(); }) {}

ProtectedStore::~ProtectedStore() {
  {
    const std::lock_guard lock(x_mutex);
    x_stopping = true;
  }
  x_wake.notify_one();
  x_thread.join();
}

void ProtectedStore::put(std::vector<Item> items, std::function<void(Result<void>)> done) {
  Group group;
  group.writes.reserve(items.size());
  for (const auto& item : items) {
    Write write{kPayloads, payload_key(item), encode(item.record), item.record.keep_until.ms()};
    group.bytes += write.key.size() * 2 + write.value.size();
    group.writes.push_back(std::move(write));
  }
  group.done = std::move(done);
  enqueue(std::move(group));
}

void ProtectedStore::enqueue(Group group) {
  {
    const std::lock_guard lock(x_mutex);
    // One group is always let in, or a large batch could never be.
    if (!x_stopping && (x_waiting.empty() || x_waiting_bytes + group.bytes <= x_config.queue_bytes_max)) {
      x_waiting_bytes += group.bytes;
      x_waiting.push_back(std::move(group));
      x_metrics.protected_queue_bytes.set(static_cast<double>(x_waiting_bytes));
      x_wake.notify_one();
      return;
    }
  }
  group.done(transient("too many payloads wait for the disk: send again later"));
}

void ProtectedStore::run() {
  auto next_sweep = std::chrono::steady_clock::now();
  std::unique_lock lock(x_mutex);
  while (!x_stopping || !x_waiting.empty()) {
    if (!x_waiting.empty()) {
      std::vector<Group> groups = take(lock);
      write(std::move(groups));
      lock.lock();
      continue;
    }
    if (std::chrono::steady_clock::now() >= next_sweep) {
      lock.unlock();
      const auto swept = sweep(wall_now());
      if (swept.has_error()) spdlog::warn("protected_sweep_failed error=\"{}\"", swept.error().message);
      next_sweep = std::chrono::steady_clock::now() + kSweepEvery;
      lock.lock();
      continue;
    }
    if (!x_not_writable.empty() && !x_stopping) {
      const auto again_at = std::chrono::steady_clock::now() + kTryAgainEvery;
      const bool other = x_wake.wait_until(lock, again_at, [this] { return x_stopping || !x_waiting.empty(); });
      if (other) continue;
      lock.unlock();
      try_again();
      lock.lock();
      continue;
    }
    x_wake.wait_until(lock, next_sweep);
  }
}

// Nobody sends to what is not ready: without this it would never be seen to be well again.
void ProtectedStore::try_again() {
  store::Batch batch;
  batch.put(store::kDefault, "written", big_endian(static_cast<std::uint64_t>(wall_now().ms())));
  (void)write(batch, store::Sync::Yes);
}

Result<void> ProtectedStore::write(const store::Batch& batch, store::Sync sync) {
  Result<void> written = [&] {
    const std::lock_guard lock(x_write_mutex);
    return x_store->write(batch, sync);
  }();
  const std::lock_guard lock(x_mutex);
  x_not_writable = written.has_error() ? written.error().message : "";
  return written;
}

std::string ProtectedStore::not_writable_because() const {
  const std::lock_guard lock(x_mutex);
  return x_not_writable;
}

// Whole groups, up to sync_bytes_max; leaves `lock` open.
std::vector<ProtectedStore::Group> ProtectedStore::take(std::unique_lock<std::mutex>& lock) {
  std::vector<Group> out;
  std::size_t bytes = 0, count = 0;
  while (count < x_waiting.size() && (count == 0 || bytes + x_waiting[count].bytes <= x_config.sync_bytes_max))
    bytes += x_waiting[count++].bytes;
  const auto end = x_waiting.begin() + static_cast<std::ptrdiff_t>(count);
  out.assign(std::make_move_iterator(x_waiting.begin()), std::make_move_iterator(end));
  x_waiting.erase(x_waiting.begin(), end);
  x_waiting_bytes -= bytes;
  x_metrics.protected_queue_bytes.set(static_cast<double>(x_waiting_bytes));
  lock.unlock();
  return out;
}

void ProtectedStore::write(std::vector<Group> groups) {
  store::Batch batch;
  std::size_t items = 0;
  for (const auto& group : groups) {
    for (const auto& write : group.writes) {
      batch.put(write.family, write.key, write.value);
      batch.put(kExpiry, big_endian(static_cast<std::uint64_t>(write.keep_until_ms)) + static_cast<char>(write.family) + write.key, "");
      ++items;
    }
  }
  const auto begun = std::chrono::steady_clock::now();
  const Result<void> written = write(batch, store::Sync::Yes);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  x_metrics.protected_sync_seconds.observe(took.count());
  x_metrics.protected_sync_items.observe(static_cast<double>(items));
  if (written.has_error()) spdlog::error("protected_write_failed error=\"{}\"", written.error().message);
  for (auto& group : groups) group.done(written);
}

Result<std::vector<ProtectedRecord>> ProtectedStore::get(std::string_view ref) const {
  std::vector<ProtectedRecord> out;
  const std::string prefix = std::string(ref) + "/";
  const auto it = x_store->iterate(kPayloads);
  for (it->seek(prefix); it->valid() && it->key().starts_with(prefix) && out.size() < kVersionsMax; it->next()) {
    auto record = decode_protected(it->value());
    if (record.has_error()) return record.error();
    out.push_back(std::move(*record));
  }
  if (auto status = it->status(); status.has_error()) return status.error();
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.received_at < b.received_at; });
  return out;
}

Result<void> ProtectedStore::note_look(const Look& look) {
  auto promise = std::make_shared<std::promise<Result<void>>>();
  auto future = promise->get_future();
  std::uint64_t number = 0;
  {
    const std::lock_guard lock(x_mutex);
    number = ++x_look_number;
  }
  Group group;
  std::string value = look.actor;
  value.append(1, '\0').append(look.id).append(1, '\0').append(look.reason);
  const auto keep_until = look.at.ms() + static_cast<std::int64_t>(x_config.retention.looks_days) * kDayMs;
  group.writes.push_back({kLooks, big_endian(static_cast<std::uint64_t>(look.at.ms())) + big_endian(number), std::move(value), keep_until});
  group.done = [promise](const Result<void>& written) { promise->set_value(written); };
  enqueue(std::move(group));
  return future.get();
}

Result<std::vector<Look>> ProtectedStore::looks(std::size_t newest) const {
  std::vector<Look> out;
  const auto it = x_store->iterate(kLooks);
  for (it->seek_to_last(); it->valid() && out.size() < newest; it->prev()) {
    const std::string_view value = it->value();
    const auto first = value.find('\0');
    const auto second = value.find('\0', first + 1);
    if (second == std::string_view::npos) return corrupt("the record of a look cannot be read");
    out.push_back({WallTime::from_ms(static_cast<std::int64_t>(from_big_endian(it->key()))), std::string(value.substr(0, first)),
                   std::string(value.substr(first + 1, second - first - 1)), std::string(value.substr(second + 1))});
  }
  if (auto status = it->status(); status.has_error()) return status.error();
  return out;
}

Result<std::size_t> ProtectedStore::sweep(WallTime now) {
  const std::string until = big_endian(static_cast<std::uint64_t>(now.ms()));
  std::size_t gone = 0;
  for (std::size_t seen = kSweepItems; seen == kSweepItems;) {
    store::Batch batch;
    const auto it = x_store->iterate(kExpiry);
    seen = 0;
    for (it->seek({}); it->valid() && it->key().substr(0, 8) < until && seen < kSweepItems; it->next(), ++seen) {
      const auto family = static_cast<store::Family>(static_cast<unsigned char>(it->key()[8]));
      const std::string key(it->key().substr(9));
      batch.erase(kExpiry, it->key());
      if (family == kPayloads) {
        // The payload may have come again and be kept longer: then it has a later entry.
        const auto value = x_store->get(kPayloads, key);
        if (value.has_error()) return value.error();
        if (!value->has_value()) continue;
        const auto record = decode_protected(**value);
        if (record.has_value() && record->keep_until >= now) continue;
        ++gone;
      }
      batch.erase(family, key);
    }
    if (auto status = it->status(); status.has_error()) return status.error();
    if (batch.empty()) break;
    if (auto written = write(batch, store::Sync::No); written.has_error()) return written.error();
  }
  return gone;
}

std::uint64_t ProtectedStore::disk_bytes() const { return x_store->disk_bytes(); }

}  // namespace ioc::ingest
