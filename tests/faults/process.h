// A real process of ours: started, stopped, killed. Fork only from the main thread: children die with the thread that made them.
#pragma once

#include <string>
#include <vector>

#include "libs/base/time.h"

namespace ioc::faults {

class Process {
 public:
  Process() = default;
  // Standard output and error are appended to `log_file`. Throws std::runtime_error when it cannot be started.
  Process(const std::vector<std::string>& command, const std::string& log_file);
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;
  ~Process();

  [[nodiscard]] bool running();
  void signal(int number) const;  // nothing when it is gone
  void kill();                    // -9, and waits
  // Orderly; -9 after the deadline. False: it had to be killed, or ended with another code than 0.
  bool stop(Millis deadline);
  // The exit code, or minus the signal; nothing when it still runs.
  [[nodiscard]] bool ended_within(Millis deadline, int& code);

 private:
  int x_pid = -1;
  int x_status = 0;
};

// Ready to serve: GET URL/readyz answers 200.
[[nodiscard]] bool is_ready(const std::string& url);
// A port of loopback that is free now, outside of what the kernel gives to outgoing connections.
[[nodiscard]] int free_port();

}  // namespace ioc::faults
