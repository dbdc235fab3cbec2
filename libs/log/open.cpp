#include "libs/log/open.h"

#include "libs/log/embedded/embedded_log.h"

namespace ioc::log {

void Settings::declare(config::Fields& fields) {
  fields.choice("kind", kind, {"embedded", "kafka"}, "where the log is: embedded (on this machine's disk) or kafka");
  fields.section("embedded", embedded, "the log on this machine's disk");
  fields.section("kafka", kafka, "the log on Apache Kafka");
}

Result<std::unique_ptr<Log>> open(const Settings& settings, const std::string& data_dir) {
  if (settings.kind == "embedded") {
    return open_embedded(settings.embedded.dir.empty() ? data_dir + "/log" : settings.embedded.dir, settings.embedded);
  }
  if (settings.kind == "kafka") return connect_kafka(settings.kafka);
  return permanent("log.kind is \"" + settings.kind + "\": embedded and kafka are known");
}

}  // namespace ioc::log
