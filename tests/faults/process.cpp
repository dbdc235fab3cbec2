#include "tests/faults/process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <random>
#include <stdexcept>
#include <thread>
#include <utility>

#include "libs/http/client.h"

namespace ioc::faults {

Process::Process(const std::vector<std::string>& command, const std::string& log_file) {
  std::vector<char*> arguments;
  for (const std::string& one : command) arguments.push_back(const_cast<char*>(one.c_str()));
  arguments.push_back(nullptr);
  const int out = ::open(log_file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  const pid_t parent = ::getpid();
  x_pid = ::fork();
  if (x_pid < 0 || out < 0) throw std::runtime_error("cannot start " + command.front());
  if (x_pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(1);
    ::dup2(::open("/dev/null", O_RDONLY), 0);
    ::dup2(out, 1);
    ::dup2(out, 2);
    ::execv(arguments.front(), arguments.data());
    ::_exit(127);
  }
  ::close(out);
}

Process::Process(Process&& other) noexcept : x_pid(std::exchange(other.x_pid, -1)), x_status(other.x_status) {}

Process& Process::operator=(Process&& other) noexcept {
  if (this != &other) {
    kill();
    x_pid = std::exchange(other.x_pid, -1);
    x_status = other.x_status;
  }
  return *this;
}

Process::~Process() { kill(); }

bool Process::running() {
  if (x_pid > 0 && ::waitpid(x_pid, &x_status, WNOHANG) == x_pid) x_pid = -1;
  return x_pid > 0;
}

void Process::signal(int number) const {
  if (x_pid > 0) ::kill(x_pid, number);
}

void Process::kill() {
  if (x_pid <= 0) return;
  ::kill(x_pid, SIGKILL);
  ::waitpid(std::exchange(x_pid, -1), &x_status, 0);
}

bool Process::ended_within(Millis deadline, int& code) {
  const auto until = std::chrono::steady_clock::now() + deadline;
  while (running() && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(Millis(20));
  if (x_pid > 0) return false;
  code = WIFEXITED(x_status) ? WEXITSTATUS(x_status) : -WTERMSIG(x_status);
  return true;
}

bool Process::stop(Millis deadline) {
  signal(SIGTERM);
  int code = -1;
  if (ended_within(deadline, code)) return code == 0;
  kill();
  return false;
}

bool is_ready(const std::string& url) {
  http::Client client(url, Millis(3'000));
  const auto answer = client.request("GET", "/readyz");
  return answer.has_value() && answer->status == 200;
}

int free_port() {
  static std::mt19937 random{std::random_device{}()};
  for (;;) {
    const int port = 20'000 + static_cast<int>(random() % 12'000);
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool bound = ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(socket);
    if (bound) return port;
  }
}

}  // namespace ioc::faults
