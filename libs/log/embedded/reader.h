// Follows one partition: from memory as a rule, from RocksDB where it is behind.
#pragma once

#include <deque>
#include <memory>
#include <optional>

#include "libs/log/embedded/partition.h"
#include "libs/log/log.h"
#include "libs/store/store.h"

namespace ioc::log::embedded {

class PartitionReader final : public Reader {
 public:
  PartitionReader(const store::Store& store, Partition& partition, Offset from);
  ~PartitionReader() override;
  PartitionReader(const PartitionReader&) = delete;
  PartitionReader& operator=(const PartitionReader&) = delete;

  Result<Batch> poll(std::size_t entries_max, std::size_t bytes_max) override;
  void when_ready(std::function<void()> ready) override;
  void seek(Offset offset) override;
  Offset position() const override { return Offset(x_position); }

 private:
  // Makes x_block the one that holds x_position; false: nothing there yet.
  Result<bool> find_block();
  Result<void> fetch(std::uint64_t end);
  Error damage(const Error& error) const;
  std::optional<Error> outside(const Range& range) const;

  const store::Store& x_store;
  Partition& x_partition;
  std::uint64_t x_position;
  std::shared_ptr<Waiter> x_waiter = std::make_shared<Waiter>();
  std::shared_ptr<const Block> x_block;                // where x_records goes through
  std::optional<BlockReader> x_records;
  std::deque<std::shared_ptr<const Block>> x_fetched;  // blocks behind x_block, read ahead from RocksDB
};

}  // namespace ioc::log::embedded
