#include "services/triage/current_record.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace ioc::triage_service {
namespace {

thread_local bool stepping = false;
thread_local std::uint32_t partition_now = 0;
thread_local std::uint64_t offset_now = 0;

// Only what a signal handler may do: no memory, no locks.
class Line {
 public:
  void add(std::string_view text) {
    const std::size_t fits = std::min(text.size(), x_bytes.size() - x_size);
    std::memcpy(x_bytes.data() + x_size, text.data(), fits);
    x_size += fits;
  }
  void add(std::uint64_t number) {
    std::array<char, 20> digits{};
    std::size_t at = digits.size();
    do {
      digits[--at] = static_cast<char>('0' + number % 10);
      number /= 10;
    } while (number > 0);
    add(std::string_view(digits.data() + at, digits.size() - at));
  }
  void write() const {
    if (::write(STDERR_FILENO, x_bytes.data(), x_size) < 0) return;
  }

 private:
  std::array<char, 256> x_bytes{};
  std::size_t x_size = 0;
};

void on_crash(int signal) {
  if (stepping) {
    Line line;
    line.add("triage: the process ends while it steps a record partition=");
    line.add(partition_now);
    line.add(" offset=");
    line.add(offset_now);
    line.add(" action=\"if it does again: ioc skip ");
    line.add(partition_now);
    line.add(" ");
    line.add(offset_now);
    line.add(" --reason TEXT\"\n");
    line.write();
  }
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

}  // namespace

CurrentRecord::CurrentRecord(PartitionId partition, Offset offset) {
  partition_now = partition.value();
  offset_now = offset.value();
  stepping = true;
}

CurrentRecord::~CurrentRecord() { stepping = false; }

void name_record_when_crashing() {
  for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL}) {
    struct sigaction is {};
    if (sigaction(signal, nullptr, &is) == 0 && is.sa_handler == SIG_DFL) std::signal(signal, on_crash);
  }
}

}  // namespace ioc::triage_service
