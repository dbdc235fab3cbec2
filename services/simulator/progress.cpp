#include "services/simulator/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace ioc::simulator {
namespace {

using std::chrono::steady_clock;
constexpr int kBarCells = 30;

double seconds_since(steady_clock::time_point begun) {
  return std::chrono::duration<double>(steady_clock::now() - begun).count();
}

}  // namespace

Progress::Progress(std::string what, bool quiet)
    : x_what(std::move(what)), x_quiet(quiet), x_terminal(isatty(STDERR_FILENO) == 1), x_begun(steady_clock::now()),
      x_printed(x_begun) {}

Progress::~Progress() {
  if (x_bar_open) fmt::print(stderr, "\n");
}

void Progress::show(double share, std::string_view text) {
  const auto interval = x_terminal ? std::chrono::milliseconds(100) : std::chrono::milliseconds(10'000);
  if (x_quiet || steady_clock::now() - x_printed < interval) return;
  print(share, text);
}

void Progress::finish(std::string_view text) {
  if (x_quiet) return;
  print(1, text);
  if (x_bar_open) fmt::print(stderr, "\n");
  x_bar_open = false;
}

void Progress::print(double share, std::string_view text) {
  x_printed = steady_clock::now();
  const double bounded = std::clamp(share, 0.0, 1.0);
  if (!x_terminal) {
    fmt::print(stderr, "{}: {:3.0f} %  {}  {:.1f} s\n", x_what, bounded * 100, text, seconds_since(x_begun));
    return;
  }
  const int cells = static_cast<int>(bounded * kBarCells);
  fmt::print(stderr, "\r{} [{:=<{}}{: <{}}] {:3.0f} %  {}  {:.0f} s\x1b[K", x_what, "", cells, "", kBarCells - cells,
             bounded * 100, text, seconds_since(x_begun));
  std::fflush(stderr);
  x_bar_open = true;
}

}  // namespace ioc::simulator
