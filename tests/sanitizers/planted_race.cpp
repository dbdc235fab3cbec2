// A race for ThreadSanitizer to find, with librdkafka at work beside it: the sanitized stage expects it to be reported.
#include <librdkafka/rdkafka.h>

#include <cstdio>
#include <thread>

int main() {
  char why[256];
  rd_kafka_t* client = rd_kafka_new(RD_KAFKA_PRODUCER, nullptr, why, sizeof why);  // starts threads of its own
  if (client == nullptr) {
    std::fprintf(stderr, "no client: %s\n", why);
    return 0;
  }
  int shared = 0;
  std::thread one([&shared] {
    for (int i = 0; i < 10'000; ++i) ++shared;
  });
  for (int i = 0; i < 10'000; ++i) ++shared;
  one.join();
  rd_kafka_destroy(client);
  std::printf("%d\n", shared);
}
