#include "libs/store/status.h"

#include <filesystem>

namespace ioc::store {

bool is_disk_full(const rocksdb::Status& status) {
  // A failed flush or compaction is reported to later writes with the text of the first error.
  return status.IsNoSpace() || status.ToString().find("No space left on device") != std::string::npos;
}

namespace {

bool is_locked(const rocksdb::Status& status) {
  const std::string text = status.ToString();
  return status.IsIOError() &&
         (text.find("While lock file") != std::string::npos || text.find("lock hold by") != std::string::npos);
}

}  // namespace

Error to_error(const rocksdb::Status& status, const std::string& folder, const char* doing) {
  const std::string what = "store " + folder + ": " + doing + ": " + status.ToString();
  if (is_disk_full(status)) return transient(what + ": the disk is full; free space and it goes on by itself");
  if (is_locked(status)) return transient(what + ": another process holds it; stop that one first");
  // A store that exists and misses one of its files is damaged, too.
  const bool lacks_file = status.IsPathNotFound() && std::filesystem::exists(folder + "/CURRENT");
  if (status.IsCorruption() || lacks_file) {
    return corrupt(what + ": stored bytes are not what was written; restore the folder or check the disk");
  }
  if (status.IsBusy() || status.IsTryAgain() || status.IsTimedOut()) return transient(what);
  return permanent(what);
}

}  // namespace ioc::store
