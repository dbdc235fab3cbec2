// RocksDB, wrapped once: column families by name, atomic batches, snapshots.
// Every method of Store may be called from any thread; a Batch and an Iterator belong to one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"

namespace ioc::store {

struct Options {
  std::vector<std::string> families;          // column families beside "default"
  std::uint64_t cache_bytes = 32ULL << 20;    // block cache shared by all families
  std::uint64_t memtable_bytes = 16ULL << 20; // for all families together
  bool read_only = false;                     // takes no lock and changes no file; the folder must exist
};

enum class Sync { No, Yes };
enum class Cache { Fill, Bypass };  // Bypass: for long scans, so that they do not push out what is hot

// Indexes into Options::families, from 0; kDefault is RocksDB's own.
using Family = std::size_t;
inline constexpr Family kDefault = static_cast<Family>(-1);

class Batch {
 public:
  Batch();
  ~Batch();
  Batch(Batch&&) noexcept;
  Batch& operator=(Batch&&) noexcept;
  void put(Family family, std::string_view key, std::string_view value);
  void erase(Family family, std::string_view key);
  void erase_range(Family family, std::string_view from, std::string_view until);
  [[nodiscard]] std::size_t size_bytes() const;
  [[nodiscard]] bool empty() const;
  void clear();

 private:
  friend class Store;
  struct Impl;
  std::unique_ptr<Impl> x_impl;
};

class Iterator {
 public:
  virtual ~Iterator() = default;
  virtual void seek(std::string_view key) = 0;           // first key >= key
  virtual void seek_for_prev(std::string_view key) = 0;  // last key <= key
  virtual void seek_to_last() = 0;
  virtual void next() = 0;
  virtual void prev() = 0;
  [[nodiscard]] virtual bool valid() const = 0;
  [[nodiscard]] virtual std::string_view key() const = 0;
  [[nodiscard]] virtual std::string_view value() const = 0;
  [[nodiscard]] virtual Result<void> status() const = 0;  // Corrupt when it stopped for damage
};

// The store as it was when this was made, whatever is written later. Any thread, one at a time; keeps the store open.
class Snapshot {
 public:
  virtual ~Snapshot() = default;
  [[nodiscard]] virtual Result<std::optional<std::string>> get(Family family, std::string_view key) const = 0;
  [[nodiscard]] virtual std::unique_ptr<Iterator> iterate(Family family, Cache cache = Cache::Bypass) const = 0;
};

class Store {
 public:
  // Creates the folder when missing. Transient: another process holds it. Corrupt: names the file.
  [[nodiscard]] static Result<std::unique_ptr<Store>> open(const std::string& folder, const Options& options);
  ~Store();

  // Atomic over all families. Transient when the disk is full: nothing of the batch was written.
  [[nodiscard]] Result<void> write(const Batch& batch, Sync sync);
  [[nodiscard]] Result<std::optional<std::string>> get(Family family, std::string_view key) const;
  [[nodiscard]] std::unique_ptr<Iterator> iterate(Family family, Cache cache = Cache::Fill) const;
  [[nodiscard]] Result<std::unique_ptr<Snapshot>> snapshot() const;
  [[nodiscard]] Result<void> flush();
  // Gives whole files between the keys back to the disk at once. What remains of the range stays readable, so the
  // caller erases the range first.
  [[nodiscard]] Result<void> drop_files(Family family, std::string_view from, std::string_view until);
  [[nodiscard]] std::uint64_t disk_bytes() const;

 private:
  struct Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> x_impl;
};

}  // namespace ioc::store
