#include "tests/libs/log/kafka_broker.h"

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace ioc::log::test {

KafkaBroker& KafkaBroker::instance() {
  static KafkaBroker broker;
  return broker;
}

KafkaBroker::KafkaBroker() {
  std::string name = (std::filesystem::temp_directory_path() / "ioc-kafka-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder at " + name);
  x_dir = name;
  restart();
}

KafkaBroker::~KafkaBroker() {
  try {
    script("stop --now");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
  }
  std::error_code ignored;
  std::filesystem::remove_all(x_dir, ignored);
}

std::string KafkaBroker::script(const std::string& arguments) const {
  const std::string command = std::string(IOC_SOURCE_DIR) + "/deploy/kafka/broker " + arguments + " --dir " + x_dir;
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
  std::string output;
  char buffer[256];
  while (std::fgets(buffer, sizeof buffer, pipe) != nullptr) output += buffer;
  if (::pclose(pipe) != 0) throw std::runtime_error("failed: " + command);
  return output;
}

void KafkaBroker::restart() {
  const bool first = x_bootstrap.empty();
  const std::string owner = " --while " + std::to_string(::getpid());  // whatever way this program ends
  const char* version = std::getenv("IOC_KAFKA_VERSION");  // another one than the pinned: the same tests on 4.x
  const std::string which = version != nullptr ? std::string(" --version ") + version : "";
  const std::string output = script((first ? "start --port 0 --controller-port 0" : "start") + owner + which);
  const std::string key = "bootstrap=";
  const auto at = output.find(key);
  if (at == std::string::npos) throw std::runtime_error("the broker named no address: " + output);
  x_bootstrap = output.substr(at + key.size(), output.find('\n', at) - at - key.size());
}

void KafkaBroker::kill() { script("stop --now"); }
void KafkaBroker::stop() { script("stop"); }
void KafkaBroker::pause() { signal(SIGSTOP); }
void KafkaBroker::resume() { signal(SIGCONT); }

void KafkaBroker::signal(int number) const {
  int pid = 0;
  std::ifstream(x_dir + "/broker.pid") >> pid;
  if (pid <= 0 || ::kill(pid, number) != 0) throw std::runtime_error("no broker to signal in " + x_dir);
}

}  // namespace ioc::log::test
