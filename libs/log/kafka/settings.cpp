#include "libs/log/kafka/kafka.h"

namespace ioc::log {

using std::chrono::minutes;
using std::chrono::seconds;

void KafkaSettings::declare(config::Fields& fields) {
  fields.text("bootstrap", bootstrap, "brokers to ask first, HOST:PORT separated by commas");
  fields.text("prefix", prefix, "starts the group and transactional ids; one per deployment on a shared cluster");
  fields.texts("client_properties", client_properties,
               "librdkafka settings for every client, NAME=VALUE each (security.protocol, sasl.*, ssl.*)");
  fields.texts("topic_properties", topic_properties,
               "Kafka settings for topics that are created, NAME=VALUE each (segment.bytes, compression.type)");
  fields.number("replication", replication, 1, 7, "replicas of each topic; 3 on a cluster that may lose a machine");
  fields.number("min_insync", min_insync, 1, 7, "replicas that must have a message before it is acknowledged");
  fields.duration("connect_timeout", connect_timeout, seconds(1), minutes(5),
                  "how long a question to the cluster may take: at start, topics, ranges");
  fields.duration("append_timeout", append_timeout, Millis(100), minutes(5),
                  "an appended message that is not durable by then is answered with an error");
  fields.duration("acquire_timeout", acquire_timeout, seconds(1), minutes(10),
                  "how long taking a partition over may take");
  fields.duration("session_timeout", session_timeout, seconds(1), minutes(30),
                  "a member of a group that was not heard of for so long loses its partitions");
  fields.duration("transaction_timeout", transaction_timeout, seconds(1), minutes(15),
                  "a transaction that is not decided by then is aborted; not above session_timeout");
  fields.number("queued_bytes_max", queued_bytes_max, 1 << 20, 4ull << 30,
                "bytes appended and not yet durable; above it appending is refused");
  fields.number("prefetch_bytes_max", prefetch_bytes_max, 1 << 20, 1ull << 30,
                "bytes read ahead by each reader; also what it can read in a second at least");
  fields.number("message_bytes_max", message_bytes_max, 1 << 10, 64 << 20,
                "largest message; topics are made for it");
}

}  // namespace ioc::log
