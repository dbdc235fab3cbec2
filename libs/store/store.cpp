#include "libs/store/store.h"

#include <rocksdb/convenience.h>
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <mutex>
#include <system_error>

#include "libs/base/assert.h"
#include "libs/store/batch.h"
#include "libs/store/options.h"
#include "libs/store/status.h"

namespace ioc::store {

namespace {

rocksdb::Slice slice(std::string_view bytes) { return {bytes.data(), bytes.size()}; }
std::string_view view(const rocksdb::Slice& bytes) { return {bytes.data(), bytes.size()}; }

constexpr std::chrono::milliseconds kResumeEvery{200};
constexpr std::size_t kOperationBytes = 16;  // of RocksDB's own per operation in a batch, at most

}  // namespace

// An open RocksDB; readers share it, so that it is closed only when the last of them is gone.
struct Db {
  std::unique_ptr<rocksdb::DB> db;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;  // Options::families in order, the default, then unknown ones
  std::size_t named = 0;                              // Options::families

  ~Db() {
    if (!db) return;
    for (auto* each : handles) db->DestroyColumnFamilyHandle(each);
    // What it says was already said by the write or flush that failed.
    db->Close().PermitUncheckedError();
  }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* handle(Family family) const {
    if (family == kDefault) return handles[named];
    IOC_ASSERT(family < named);
    return handles[family];
  }
};

struct Store::Impl {
  std::string folder;
  Options options;
  mutable std::mutex mutex;  // guards what follows
  std::shared_ptr<Db> db;    // empty only while a reopening after a full disk has failed
  bool disk_was_full = false;
  std::chrono::steady_clock::time_point resume_tried;

  Result<void> open_db();
  [[nodiscard]] Result<std::shared_ptr<Db>> current() const;
  [[nodiscard]] Error error(const rocksdb::Status& status, const char* doing) const {
    return to_error(status, folder, doing);
  }
  // For writers: brings a store that met a full disk back when there is space again.
  [[nodiscard]] Result<std::shared_ptr<Db>> writable();
  Result<void> resume();
  bool may_resume();
};

Result<void> Store::Impl::open_db() {
  std::vector<std::string> names = options.families;
  names.push_back(rocksdb::kDefaultColumnFamilyName);
  const rocksdb::DBOptions settings = db_options(options);
  // RocksDB opens only with all families that are there: those of an older version are kept, unread.
  std::vector<std::string> stored;
  rocksdb::DB::ListColumnFamilies(settings, folder, &stored).PermitUncheckedError();
  for (const auto& name : stored) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  const rocksdb::ColumnFamilyOptions family = family_options(options);
  families.reserve(names.size());
  for (const auto& name : names) families.emplace_back(name, family);
  auto opening = std::make_shared<Db>();
  opening->named = options.families.size();
  rocksdb::DB* opened = nullptr;
  const auto status = options.read_only
                          ? rocksdb::DB::OpenForReadOnly(settings, folder, families, &opening->handles, &opened)
                          : rocksdb::DB::Open(settings, folder, families, &opening->handles, &opened);
  opening->db.reset(opened);
  if (!status.ok()) return error(status, "open");
  db = std::move(opening);
  return {};
}

Result<std::shared_ptr<Db>> Store::Impl::current() const {
  const std::lock_guard lock(mutex);
  if (!db) return transient("store " + folder + ": the disk is full; free space and it goes on by itself");
  return db;
}

namespace {

void build(const Operations& batch, const Db& db, rocksdb::WriteBatch& into) {
  const char* at = batch.bytes.data();
  for (const auto& each : batch.list) {
    const rocksdb::Slice first(at, each.first_size);
    const rocksdb::Slice second(at + each.first_size, each.second_size);
    at += each.first_size + each.second_size;
    auto* family = db.handle(each.family);
    rocksdb::Status status;
    switch (each.kind) {
      case Operations::Kind::Put: status = into.Put(family, first, second); break;
      case Operations::Kind::Erase: status = into.Delete(family, first); break;
      case Operations::Kind::EraseRange: status = into.DeleteRange(family, first, second); break;
    }
    IOC_ASSERT(status.ok());
  }
}

}  // namespace

bool Store::Impl::may_resume() {
  const auto now = std::chrono::steady_clock::now();
  if (now - resume_tried < kResumeEvery) return false;
  std::error_code failed;
  const auto space = std::filesystem::space(folder, failed);
  // What memory holds has to fit into files first.
  return !failed && space.available > options.memtable_bytes;
}

// A write that met a full disk may have left part of itself at the end of the write-ahead log, and the log must not go
// on behind it: at the next start that would be damage in its middle. Resuming flushes what is in memory and takes a
// new log file; with nothing in memory RocksDB stays with the old file and refuses it, and opening anew is the way.
Result<void> Store::Impl::resume() {
  resume_tried = std::chrono::steady_clock::now();
  if (db) {
    auto status = db->db->Resume();
    rocksdb::WriteOptions probe;
    if (status.ok()) status = db->db->Delete(probe, db->handle(kDefault), rocksdb::Slice("\0resume", 7));
    if (status.ok()) return {};
    if (db.use_count() > 1) return error(status, "resume after a full disk, readers still at work");
    db.reset();
  }
  return open_db();
}

Result<std::shared_ptr<Db>> Store::Impl::writable() {
  const std::lock_guard lock(mutex);
  if (disk_was_full) {
    if (!may_resume()) return transient("store " + folder + ": the disk is full; free space and it goes on by itself");
    const auto resumed = resume();
    if (!resumed) return transient(resumed.error().message);
    disk_was_full = false;
  }
  return db;
}

Store::Store(std::unique_ptr<Impl> impl) : x_impl(std::move(impl)) {}
Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::open(const std::string& folder, const Options& options) {
  if (!options.read_only) {
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed) return permanent("store " + folder + ": cannot make the folder: " + failed.message());
  }
  auto impl = std::make_unique<Impl>();
  impl->folder = folder;
  impl->options = options;
  const auto opened = impl->open_db();
  if (!opened) return opened.error();
  return std::unique_ptr<Store>(new Store(std::move(impl)));
}

Result<void> Store::write(const Batch& batch, Sync sync) {
  if (batch.empty()) return {};
  const auto writable = x_impl->writable();
  if (!writable) return writable.error();
  const Db& db = **writable;
  rocksdb::WriteOptions how;
  how.sync = sync == Sync::Yes;
  rocksdb::WriteBatch writing(batch.size_bytes() + batch.x_impl->list.size() * kOperationBytes);
  build(*batch.x_impl, db, writing);
  const auto status = db.db->Write(how, &writing);
  if (status.ok()) return {};
  if (is_disk_full(status)) {
    const std::lock_guard lock(x_impl->mutex);
    x_impl->disk_was_full = true;
  }
  return x_impl->error(status, "write");
}

Result<std::optional<std::string>> Store::get(Family family, std::string_view key) const {
  const auto current = x_impl->current();
  if (!current) return current.error();
  std::string value;
  const auto status = (*current)->db->Get({}, (*current)->handle(family), slice(key), &value);
  if (status.IsNotFound()) return std::optional<std::string>();
  if (!status.ok()) return x_impl->error(status, "read");
  return std::optional<std::string>(std::move(value));
}

namespace {

class RocksIterator final : public Iterator {
 public:
  RocksIterator(std::shared_ptr<Db> db, Family family, const rocksdb::ReadOptions& how, const std::string& folder)
      : x_db(std::move(db)), x_iterator(x_db->db->NewIterator(how, x_db->handle(family))), x_folder(folder) {}
  void seek(std::string_view key) override { x_iterator->Seek(slice(key)); }
  void seek_for_prev(std::string_view key) override { x_iterator->SeekForPrev(slice(key)); }
  void seek_to_last() override { x_iterator->SeekToLast(); }
  void next() override { x_iterator->Next(); }
  void prev() override { x_iterator->Prev(); }
  bool valid() const override { return x_iterator->Valid(); }
  std::string_view key() const override { return view(x_iterator->key()); }
  std::string_view value() const override { return view(x_iterator->value()); }
  Result<void> status() const override {
    const auto status = x_iterator->status();
    if (status.ok()) return {};
    return to_error(status, x_folder, "read");
  }

 private:
  std::shared_ptr<Db> x_db;
  std::unique_ptr<rocksdb::Iterator> x_iterator;
  std::string x_folder;
};

// Of a store that cannot be read at the moment: finds nothing and says why.
class FailedIterator final : public Iterator {
 public:
  explicit FailedIterator(Error error) : x_error(std::move(error)) {}
  void seek(std::string_view) override {}
  void seek_for_prev(std::string_view) override {}
  void seek_to_last() override {}
  void next() override {}
  void prev() override {}
  bool valid() const override { return false; }
  std::string_view key() const override { return {}; }
  std::string_view value() const override { return {}; }
  Result<void> status() const override { return x_error; }

 private:
  Error x_error;
};

}  // namespace

std::unique_ptr<Iterator> Store::iterate(Family family, Cache cache) const {
  auto current = x_impl->current();
  if (!current) return std::make_unique<FailedIterator>(current.error());
  rocksdb::ReadOptions how;
  how.fill_cache = cache == Cache::Fill;
  return std::make_unique<RocksIterator>(std::move(*current), family, how, x_impl->folder);
}

namespace {

class RocksSnapshot final : public Snapshot {
 public:
  RocksSnapshot(std::shared_ptr<Db> db, std::string folder)
      : x_db(std::move(db)), x_snapshot(x_db->db->GetSnapshot()), x_folder(std::move(folder)) {}
  ~RocksSnapshot() override { x_db->db->ReleaseSnapshot(x_snapshot); }
  Result<std::optional<std::string>> get(Family family, std::string_view key) const override {
    std::string value;
    const auto status = x_db->db->Get(options(Cache::Fill), x_db->handle(family), slice(key), &value);
    if (status.IsNotFound()) return std::optional<std::string>();
    if (!status.ok()) return to_error(status, x_folder, "read");
    return std::optional<std::string>(std::move(value));
  }
  std::unique_ptr<Iterator> iterate(Family family, Cache cache) const override {
    return std::make_unique<RocksIterator>(x_db, family, options(cache), x_folder);
  }

 private:
  [[nodiscard]] rocksdb::ReadOptions options(Cache cache) const {
    rocksdb::ReadOptions how;
    how.snapshot = x_snapshot;
    how.fill_cache = cache == Cache::Fill;
    return how;
  }
  std::shared_ptr<Db> x_db;
  const rocksdb::Snapshot* x_snapshot;
  std::string x_folder;
};

}  // namespace

Result<std::unique_ptr<Snapshot>> Store::snapshot() const {
  auto current = x_impl->current();
  if (!current) return current.error();
  return std::unique_ptr<Snapshot>(std::make_unique<RocksSnapshot>(std::move(*current), x_impl->folder));
}

Result<void> Store::flush() {
  const auto current = x_impl->current();
  if (!current) return current.error();
  const auto status = (*current)->db->Flush({}, (*current)->handles);
  if (!status.ok()) return x_impl->error(status, "flush");
  return {};
}

Result<void> Store::drop_files(Family family, std::string_view from, std::string_view until) {
  const auto current = x_impl->current();
  if (!current) return current.error();
  const rocksdb::Slice first = slice(from);
  const rocksdb::Slice end = slice(until);
  const auto status =
      rocksdb::DeleteFilesInRange((*current)->db.get(), (*current)->handle(family), &first, &end, false);
  if (!status.ok()) return x_impl->error(status, "drop files");
  return {};
}

std::uint64_t Store::disk_bytes() const {
  std::uint64_t sum = 0;
  std::error_code failed;
  for (std::filesystem::directory_iterator file(x_impl->folder, failed), end; !failed && file != end;
       file.increment(failed)) {
    std::error_code gone;  // files come and go while we look
    const auto bytes = file->file_size(gone);
    if (!gone) sum += bytes;
  }
  return sum;
}

}  // namespace ioc::store
