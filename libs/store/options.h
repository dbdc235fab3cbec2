// How our RocksDBs are set up. Inside libs/store only.
#pragma once

#include <rocksdb/options.h>

#include "libs/store/store.h"

namespace ioc::store {

[[nodiscard]] rocksdb::DBOptions db_options(const Options& options);
[[nodiscard]] rocksdb::ColumnFamilyOptions family_options(const Options& options);

}  // namespace ioc::store
