#include "libs/store/options.h"

#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include <algorithm>

namespace ioc::store {

rocksdb::DBOptions db_options(const Options& options) {
  rocksdb::DBOptions db;
  db.create_if_missing = !options.read_only;
  db.create_missing_column_families = !options.read_only;
  // A cut-off last record is a crash while writing; damage before it would lose what was acknowledged, so it stops
  // the start. (The default, point in time, drops everything after the damage without a word.)
  db.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  // Both have bugs in 7.8 that later versions fixed.
  db.track_and_verify_wals_in_manifest = false;
  db.wal_compression = rocksdb::kNoCompression;
  db.db_write_buffer_size = options.memtable_bytes;
  db.max_total_wal_size = options.memtable_bytes * 3 / 2;  // bounds what a start after a kill has to replay
  db.max_open_files = 256;
  db.max_background_jobs = 2;
  db.avoid_unnecessary_blocking_io = true;  // files are unlinked in the background, not by the reader
  db.skip_stats_update_on_db_open = true;
  db.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  db.keep_log_file_num = 3;
  db.max_log_file_size = 1 << 20;
  return db;
}

rocksdb::ColumnFamilyOptions family_options(const Options& options) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(options.cache_bytes);
  table.cache_index_and_filter_blocks = true;  // else their memory grows with the data
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.format_version = 5;
  table.block_size = 8 << 10;
  rocksdb::ColumnFamilyOptions family;
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  family.write_buffer_size = std::max<std::uint64_t>(options.memtable_bytes / 2, 64 << 10);
  family.max_write_buffer_number = 3;
  family.compression = rocksdb::kLZ4Compression;
  family.level_compaction_dynamic_level_bytes = true;
  family.target_file_size_base = std::max<std::uint64_t>(options.memtable_bytes, 1 << 20);
  return family;
}

}  // namespace ioc::store
