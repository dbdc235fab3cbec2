// A machine's clock that a test can set: preloaded into a process, it moves what the process reads as the time of day by
// the seconds that stand in the file IOC_TEST_CLOCK. The steady clock stays.
#include <dlfcn.h>
#include <time.h>

#include <cstdio>
#include <cstdlib>

namespace {

long seconds_ahead() {
  const char* path = std::getenv("IOC_TEST_CLOCK");
  std::FILE* file = path == nullptr ? nullptr : std::fopen(path, "re");
  long seconds = 0;
  if (file == nullptr) return 0;
  if (std::fscanf(file, "%ld", &seconds) != 1) seconds = 0;
  std::fclose(file);
  return seconds;
}

}  // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* at) noexcept {
  using Function = int (*)(clockid_t, timespec*);
  static const auto real = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "clock_gettime"));
  const int result = real(clock, at);
  if (result == 0 && clock == CLOCK_REALTIME) at->tv_sec += seconds_ahead();
  return result;
}
