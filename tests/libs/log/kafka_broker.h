// A real broker for one test program: started by deploy/kafka/broker in a folder of its own, gone with the program.
#pragma once

#include <string>

namespace ioc::log::test {

class KafkaBroker {
 public:
  // Started at the first call. Throws std::runtime_error with what the script said.
  static KafkaBroker& instance();

  [[nodiscard]] const std::string& bootstrap() const { return x_bootstrap; }
  void kill();     // kill -9
  void stop();     // orderly
  void restart();  // after kill() or stop(): the same ports and data
  void pause();    // SIGSTOP
  void resume();

  ~KafkaBroker();
  KafkaBroker(const KafkaBroker&) = delete;
  KafkaBroker& operator=(const KafkaBroker&) = delete;

 private:
  KafkaBroker();
  std::string script(const std::string& arguments) const;
  void signal(int number) const;

  std::string x_dir;
  std::string x_bootstrap;
};

}  // namespace ioc::log::test
