#include "libs/process/process.h"

#include <fmt/format.h>
#include <pwd.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/signal_set.hpp>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <thread>

#include "libs/base/clock_guard.h"

namespace ioc::process {

namespace asio = boost::asio;

namespace {

// The time as everywhere else in the system: +07:00, whatever the machine's zone is.
class TimeFlag final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& to) override {
    const auto since = std::chrono::duration_cast<Millis>(message.time.time_since_epoch());
    const std::string text = format_time(since.count());
    to.append(text.data(), text.data() + text.size());
  }
  [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<TimeFlag>(); }
};

constexpr rlim_t kOpenFilesWanted = 65'536;
constexpr std::uintmax_t kDiskBytesMin = 16 << 20;
constexpr Millis kClockLook{1'000};
constexpr Millis kStartPause{100};     // between two tries of a part
constexpr Millis kNormalStart{5'000};  // a part that waits longer is worth a line

// Shells often start programs with 1024: connections would take the files that the stores need.
void allow_many_files() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= kOpenFilesWanted) return;
  files.rlim_cur = std::min(files.rlim_max, kOpenFilesWanted);
  (void)::setrlimit(RLIMIT_NOFILE, &files);  // stays as it was where it is not allowed
}

// Set once by a signal; starting parts look at it between tries.
class StopFlag {
 public:
  void set() {
    const std::lock_guard lock(x_mutex);
    x_set = true;
    x_changed.notify_all();
  }
  // True when it was set within `span`.
  bool wait_for(Millis span) {
    std::unique_lock lock(x_mutex);
    return x_changed.wait_for(lock, span, [this] { return x_set; });
  }

 private:
  std::mutex x_mutex;
  std::condition_variable x_changed;
  bool x_set = false;
};

// Says in the log what became of steps of the machine's clock.
class ClockWatch {
 public:
  void look() {
    const std::string notice = clock_notice();
    const ClockGuard::Status now = clock_status();
    if (now.held > x_seen.held) spdlog::error("clock: {}", notice);
    if (now.taken_back > x_seen.taken_back) spdlog::warn("clock: the machine's clock was set right again; the step ahead was not followed");
    if (now.followed > x_seen.followed) spdlog::warn("clock: the step ahead lasted and is followed seconds={}", now.last_step_ms / 1000);
    if (now.set_back > x_seen.set_back) spdlog::warn("clock: the machine's clock was set back and is followed seconds={}", now.last_step_ms / 1000);
    x_seen = now;
  }

 private:
  ClockGuard::Status x_seen;
};

// nullopt: started. Else the exit code.
std::optional<int> start_part(const Part& part, StopFlag& stop, Progress& progress) {
  progress.set("starting: " + part.name);
  std::string said;
  for (Millis waited{0};; waited += kStartPause) {
    auto started = part.start();
    if (started.has_value()) return std::nullopt;
    const std::string& why = started.error().message;
    if (started.error().kind != ErrorKind::Transient) {
      spdlog::error("{}: cannot start: {}", part.name, why);
      return started.error().kind == ErrorKind::Permanent ? part.when_permanent : kFoundWrong;
    }
    progress.set("starting: " + part.name + ": " + why);
    // Parts that wait for each other for a moment are the normal start.
    if (waited >= kNormalStart && said != why) {
      spdlog::warn("{}: waiting: {}", part.name, why);
      said = why;
    }
    if (stop.wait_for(kStartPause)) return kMissing;
  }
}

// Ends the process when stopping takes too long.
class StopWatch {
 public:
  explicit StopWatch(Progress& progress) : x_thread([this, &progress] {
    if (x_stopped.wait_for(kStopAtMost)) return;
    spdlog::error("the process ends without its parts, {} s after the signal: {}", kStopAtMost.count() / 1000, progress.why());
    std::_Exit(kMissing);
  }) {}
  ~StopWatch() {
    x_stopped.set();
    x_thread.join();
  }
  StopWatch(const StopWatch&) = delete;
  StopWatch& operator=(const StopWatch&) = delete;

 private:
  StopFlag x_stopped;
  std::thread x_thread;
};

}  // namespace

void set_up_logging() {
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  formatter->add_flag<TimeFlag>('*').set_pattern("%* %l %v");
  auto logger = std::make_shared<spdlog::logger>("ioc", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_formatter(std::move(formatter));
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
}

std::string first_reason(std::initializer_list<std::string> reasons) {
  const auto* const first = std::find_if(reasons.begin(), reasons.end(), [](const std::string& reason) { return !reason.empty(); });
  return first == reasons.end() ? std::string() : *first;
}

Part data_folder(const std::string& path) {
  return {"data folder",
          [path]() -> Result<void> {
            ::umask(S_IRWXG | S_IRWXO);  // what people said lies here: nobody else reads it
            std::error_code error;
            std::filesystem::create_directories(path, error);
            if (error) return permanent("cannot make the data folder " + path + ": " + error.message());
            // RocksDB 7.8.3 ends the process when it opens a store on a disk that takes nothing.
            const auto space = std::filesystem::space(path, error);
            if (!error && space.available < kDiskBytesMin) {
              return transient(fmt::format("the disk of {} has {} bytes left, {} are needed to start: make room", path,
                                           space.available, kDiskBytesMin));
            }
            return {};
          },
          [] {}, kMissing};
}

int run(asio::io_context& io, unsigned threads, const std::vector<Part>& parts, Progress& progress, const std::function<void()>& running) {
  allow_many_files();
  StopFlag stop;
  std::atomic<int> signals{0};
  asio::signal_set signal_set(io, SIGINT, SIGTERM);
  std::function<void()> wait_for_signal = [&] {
    signal_set.async_wait([&](const boost::system::error_code& error, int number) {
      if (error) return;
      if (signals.fetch_add(1) > 0) std::_Exit(128 + number);
      spdlog::info("stopping on signal {}", number);
      stop.set();
      wait_for_signal();
    });
  };
  wait_for_signal();
  auto work = asio::make_work_guard(io);
  std::vector<std::thread> workers;
  for (unsigned i = 0; i < threads; ++i) workers.emplace_back([&io] { io.run(); });

  int exit_code = kDone;
  std::size_t started = 0;
  while (started < parts.size()) {
    if (const auto failed = start_part(parts[started], stop, progress)) {
      exit_code = *failed;
      break;
    }
    ++started;
  }
  if (started == parts.size()) {
    progress.set({});
    if (running) running();
    ClockWatch clock;
    while (!stop.wait_for(kClockLook)) clock.look();
  }
  const StopWatch watch(progress);
  while (started > 0) {
    progress.set("stopping: " + parts[--started].name);
    parts[started].stop();
  }
  signal_set.cancel();
  work.reset();
  io.stop();
  for (std::thread& worker : workers) worker.join();
  return exit_code;
}

std::string account() {
  const passwd* entry = getpwuid(getuid());
  return entry != nullptr ? std::string(entry->pw_name) : fmt::format("uid {}", getuid());
}

bool report(const config::Mistakes& mistakes) {
  for (const std::string& mistake : mistakes) std::fprintf(stderr, "%s\n", mistake.c_str());
  if (!mistakes.empty()) std::fprintf(stderr, "%zu mistake(s) in the configuration; nothing was started\n", mistakes.size());
  return mistakes.empty();
}

}  // namespace ioc::process
