// An embedded log that cleans eagerly and stays small, for tests.
#pragma once

#include "libs/log/embedded/settings.h"

namespace ioc::test {

inline log::EmbeddedSettings small_log_settings() {
  log::EmbeddedSettings settings;
  settings.reserve_bytes = 0;
  settings.segment_bytes = 16 << 10;
  settings.tail_bytes_max = 32 << 10;
  settings.memtable_bytes = 4 << 20;
  settings.cleaning_interval = Millis(50);
  settings.tombstone_retention = Millis(500);
  return settings;
}

}  // namespace ioc::test
