// What a delivery report of librdkafka is taken for.
#include <catch2/catch.hpp>

#include "libs/log/kafka/client.h"

namespace ioc::log::kafka {
namespace {

class Delivery {
 public:
  Delivery() {
    char why[256];
    x_client = rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), why, sizeof why);
    x_message.rkt = rd_kafka_topic_new(x_client, "events", nullptr);
    x_message.partition = 3;
  }
  ~Delivery() {
    rd_kafka_topic_destroy(x_message.rkt);
    rd_kafka_destroy(x_client);
  }
  Result<Offset> report(rd_kafka_resp_err_t err, std::int64_t offset) {
    x_message.err = err;
    x_message.offset = offset;
    return placed_at(x_message);
  }

 private:
  rd_kafka_t* x_client = nullptr;
  rd_kafka_message_t x_message{};
};

TEST_CASE("a delivered message has the broker's offset") {
  CHECK(Delivery().report(RD_KAFKA_RESP_ERR_NO_ERROR, 7).value() == Offset(7));
}

TEST_CASE("a message delivered without an offset is not taken for written") {
  const auto placed = Delivery().report(RD_KAFKA_RESP_ERR_NO_ERROR, RD_KAFKA_OFFSET_INVALID);
  REQUIRE(placed.has_error());
  CHECK(placed.error().kind == ErrorKind::Transient);
  CHECK(placed.error().message.find("events[3]") != std::string::npos);
}

TEST_CASE("a message that was not delivered says why") {
  const auto placed = Delivery().report(RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, RD_KAFKA_OFFSET_INVALID);
  REQUIRE(placed.has_error());
  CHECK(placed.error().message.find("not appended to events[3]") != std::string::npos);
}

}  // namespace
}  // namespace ioc::log::kafka
