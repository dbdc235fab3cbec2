// How far long work is, on standard error: a bar on a terminal, else a line every ten seconds.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace ioc::simulator {

class Progress {
 public:
  explicit Progress(std::string what, bool quiet = false);
  ~Progress();  // ends the bar's line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `share` 0 to 1; `text` says in numbers what was done. Prints at most ten times a second.
  void show(double share, std::string_view text);
  void finish(std::string_view text);  // prints at once

 private:
  void print(double share, std::string_view text);

  std::string x_what;
  bool x_quiet, x_terminal, x_bar_open = false;
  std::chrono::steady_clock::time_point x_begun, x_printed;
};

}  // namespace ioc::simulator
