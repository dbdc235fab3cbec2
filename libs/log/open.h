// Which log a deployment uses: one choice in its configuration.
#pragma once

#include <memory>
#include <string>

#include "libs/log/embedded/settings.h"
#include "libs/log/kafka/kafka.h"
#include "libs/log/log.h"

namespace ioc::log {

struct Settings {
  std::string kind = "embedded";
  EmbeddedSettings embedded;
  KafkaSettings kafka;

  void declare(config::Fields& fields);
};

// Embedded: the log lies in `data_dir`/log unless the settings name a folder.
[[nodiscard]] Result<std::unique_ptr<Log>> open(const Settings& settings, const std::string& data_dir);

}  // namespace ioc::log
