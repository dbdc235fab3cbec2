// RocksDB's statuses as our errors. Inside libs/store only.
#pragma once

#include <rocksdb/status.h>

#include <string>

#include "libs/base/result.h"

namespace ioc::store {

[[nodiscard]] bool is_disk_full(const rocksdb::Status& status);
// `folder` and `doing` ("write", "open") go into the message.
[[nodiscard]] Error to_error(const rocksdb::Status& status, const std::string& folder, const char* doing);

}  // namespace ioc::store
