// The embedded log: a small process that is killed in the middle of group commits, then the whole `ioc standalone`.
#include <fmt/format.h>
#include <sys/mount.h>

#include <boost/json/parse.hpp>
#include <array>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <thread>

#include "libs/domain/topics.h"
#include "libs/log/embedded/embedded_log.h"
#include "libs/log/embedded/verify.h"
#include "tests/faults/embedded_crashes.h"
#include "tests/faults/http_sender.h"
#include "tests/faults/process.h"
#include "tests/faults/reference.h"
#include "tests/faults/run.h"

namespace ioc::faults {
namespace {

constexpr PartitionId kPartition{0};
constexpr std::uint64_t kSecondsPerFault = 4;
constexpr std::int64_t kPatience = 240;
constexpr Millis kSecondWaits{5'000};
constexpr std::uint64_t kSmallDiskBytes = 1ULL << 30;
constexpr std::uint64_t kReserveBytes = 96ULL << 20;
constexpr std::uint64_t kSmallDiskEventsMax = 50'000;

enum class Fault : std::size_t { Kill, KillTwice, Restart, StopBriefly, LoseState, Double };
constexpr std::array<std::string_view, 6> kFaults = {"kill -9", "kill -9, and again while it starts", "restarted", "stopped for a while",
                                                     "kill -9, triage's state lost", "a second process on the same data"};

class StandaloneRun {
 public:
  StandaloneRun(const Options& options, std::string dir, std::uint64_t events, std::uint64_t faults);
  // `full_disk`: the faults are a full disk each, else what stands above.
  Outcome run(bool full_disk);

 private:
  void make_token();
  void start();
  void inject(Fault fault);
  void refuse_second_process();
  void fill_disk_and_free_it();
  void wait_working(const std::string& after);
  void pause(std::uint64_t from_ms, std::uint64_t until_ms);
  void check_sender();
  [[nodiscard]] std::vector<std::string> command(const std::string& address) const;
  [[nodiscard]] bool log_says(std::string_view what, std::size_t from) const;
  [[nodiscard]] std::size_t log_bytes() const;
  void settle();
  [[nodiscard]] Verdict check_all();

  const Options x_options;
  const std::string x_dir, x_data, x_config, x_log_file;
  const std::uint64_t x_events, x_faults;
  const int x_port;
  const Rules x_rules;
  Ledger x_ledger;
  std::string x_token;
  Process x_process;
  std::optional<HttpSender> x_sender;
  std::uint64_t x_draws = 0;
  std::uint64_t x_faults_done = 0;
};

StandaloneRun::StandaloneRun(const Options& options, std::string dir, std::uint64_t events, std::uint64_t faults)
    : x_options(options),
      x_dir(std::move(dir)),
      x_data(x_dir + "/data"),
      x_config(x_dir + "/ioc.yaml"),
      x_log_file(x_options.dir + "/standalone-" + std::filesystem::path(x_dir).filename().string() + ".log"),
      x_events(events),
      x_faults(faults),
      x_port(free_port()),
      x_rules(read_rules(options.root + "/deploy/config/bundle", options.root + "/deploy/config/units")),
      x_ledger(events) {
  std::filesystem::create_directories(x_data);
  std::filesystem::permissions(x_data, std::filesystem::perms::owner_all);
  std::ofstream(x_config) << fmt::format(
      "deployment:\n  name: faults\n  bundle_folder: {}/deploy/config/bundle\n  units_folder: {}/deploy/config/units\n"
      "log:\n  kind: embedded\n  embedded:\n    reserve_bytes: {}\n",
      options.root, options.root, kReserveBytes);
  make_token();
}

void StandaloneRun::make_token() {
  const std::string command = x_options.ioc + " token add feeds --role source:citizen-reports --role source:camera-alerts" +
                              " --role source:checkpoint-passages --data " + x_data + " --json";
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
  std::array<char, 4096> line{};
  if (!pipe || std::fgets(line.data(), static_cast<int>(line.size()), pipe.get()) == nullptr) throw Broken("no token: " + command);
  x_token = boost::json::parse(line.data()).at("token").as_string().c_str();
}

std::vector<std::string> StandaloneRun::command(const std::string& address) const {
  return {x_options.ioc, "standalone", "--config", x_config, "--data", x_data, "--listen", address};
}

void StandaloneRun::start() { x_process = Process(command("127.0.0.1:" + std::to_string(x_port)), x_log_file); }

void StandaloneRun::pause(std::uint64_t from_ms, std::uint64_t until_ms) {
  const std::uint64_t ms = from_ms + draw(x_options.seed, x_draws++, 4) % (until_ms - from_ms + 1);
  std::this_thread::sleep_for(Millis(static_cast<std::int64_t>(ms)));
}

void StandaloneRun::check_sender() {
  if (const std::string why = x_sender->gave_up(); !why.empty()) throw Broken("ingest answered what no fault explains: " + why);
}

// It ends, or waits for the data to be free, and leaves the first one alone.
void StandaloneRun::refuse_second_process() {
  Process second(command("127.0.0.1:" + std::to_string(free_port())), x_dir + "-second.log");
  int code = 0;
  if (second.ended_within(kSecondWaits, code)) {
    if (code == 0) throw Broken("a second process on the same data ended with exit code 0");
    return;
  }
  second.kill();
}

void StandaloneRun::inject(Fault fault) {
  switch (fault) {
    case Fault::Kill:
      x_process.kill();
      return start();
    case Fault::KillTwice:
      x_process.kill();
      start();
      pause(0, 2'000);
      x_process.kill();
      return start();
    case Fault::Restart:
      if (!x_process.stop(std::chrono::seconds(60))) throw Broken("it does not stop within 60 s, or not with exit code 0");
      return start();
    case Fault::StopBriefly:
      x_process.signal(SIGSTOP);
      pause(500, 4'000);
      return x_process.signal(SIGCONT);
    case Fault::LoseState:
      x_process.kill();
      std::filesystem::remove_all(x_data + "/triage");
      return start();
    case Fault::Double:
      return refuse_second_process();
  }
}

std::size_t StandaloneRun::log_bytes() const {
  std::error_code failed;
  const auto size = std::filesystem::file_size(x_log_file, failed);
  return failed ? 0 : size;
}

bool StandaloneRun::log_says(std::string_view what, std::size_t from) const {
  std::ifstream file(x_log_file);
  file.seekg(static_cast<std::streamoff>(from));
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return text.find(what) != std::string::npos;
}

// Leaves less than the reserve, sometimes nothing at all.
void StandaloneRun::fill_disk_and_free_it() {
  const std::string ballast = x_dir + "/ballast";
  const std::size_t log_from = log_bytes();
  const std::uint64_t turned_away = x_sender->turned_away();
  const std::uint64_t left = draw(x_options.seed, x_draws++, 6) % 2 == 0 ? 0 : kReserveBytes / 2;
  const std::uint64_t free = std::filesystem::space(x_dir).available;
  {
    std::ofstream file(ballast, std::ios::binary);
    const std::string block(1 << 20, 'b');
    for (std::uint64_t written = 0; written + left < free && file; written += block.size()) file << block << std::flush;
  }
  wait_until(kPatience, "ingest answers 503 while the disk is full", [&] { return x_sender->turned_away() > turned_away + 3; });
  wait_until(kPatience, "the full disk is in the log of the process", [&] { return log_says("log stops taking in", log_from); });
  pause(0, 2'000);
  std::filesystem::remove(ballast);
}

// Ready, and something was acknowledged since.
void StandaloneRun::wait_working(const std::string& after) {
  const std::uint64_t before = x_ledger.acknowledged();
  wait_until(kPatience, "after \"" + after + "\" it works again", [&] {
    check_sender();
    if (!x_process.running()) throw Broken("after \"" + after + "\" it ended by itself: see " + x_log_file);
    const std::uint64_t now = x_ledger.acknowledged();
    return (now > before || now == x_sender->allowed()) && is_ready("http://127.0.0.1:" + std::to_string(x_port));
  });
}

void StandaloneRun::settle() {
  constexpr std::uint64_t kAtOnce = 1'000'000;
  x_sender->allow(x_events, kAtOnce);
  wait_until(3'600, "all events are acknowledged", [&] {
    check_sender();
    return x_ledger.acknowledged() == x_events;
  });
  x_sender.reset();
  if (!x_process.stop(std::chrono::seconds(120))) throw Broken("it does not stop within 120 s, or not with exit code 0");
}

Verdict StandaloneRun::check_all() {
  say("verifying the log, stepping the input again, reading the outputs");
  const std::string folder = x_data + "/log";
  const auto report = log::verify_embedded(folder, [](auto, auto) {}).value();
  const auto log = log::open_embedded(folder, {}).value();
  const auto member = log->join("triage", topics::kEvents, "checker", {[](PartitionId) {}, [](PartitionId) {}}).value();
  const Question question{kPartition, 1, member->owner(kPartition)->acquire().value(), x_options.dir + "/reference"};
  History history;
  compare(*log, question, x_rules, x_ledger, history);
  history.events = x_ledger.all();
  Verdict verdict = check(history);
  verdict.torn += report.fault_count();
  return verdict;
}

Outcome StandaloneRun::run(bool full_disk) {
  start();
  wait_until(kPatience, "it is ready", [&] { return is_ready("http://127.0.0.1:" + std::to_string(x_port)); });
  x_sender.emplace("http://127.0.0.1:" + std::to_string(x_port), x_token, x_options.seed, x_events, x_ledger);
  const std::uint64_t share = x_events / (x_faults + 1);
  for (const std::size_t kind : plan(x_options.seed, x_faults, kFaults.size())) {
    const std::string name(full_disk ? "the disk is full" : kFaults[kind]);
    // A full disk is noticed by those who send: some are kept for it.
    x_sender->allow((x_faults_done + 1) * share, share / (full_disk ? 10 * kSecondsPerFault : kSecondsPerFault) + 1);
    pause(0, 1'500);
    say(fmt::format("fault {} of {}: {} ({} events acknowledged)", x_faults_done + 1, x_faults, name, x_ledger.acknowledged()));
    if (full_disk) {
      fill_disk_and_free_it();
    } else {
      inject(static_cast<Fault>(kind));
    }
    wait_working(name);
    ++x_faults_done;
  }
  settle();
  return {x_ledger.acknowledged(), x_faults_done, check_all()};
}

// A tmpfs of its own; only root may.
class SmallDisk {
 public:
  explicit SmallDisk(std::string path) : x_path(std::move(path)) {
    std::filesystem::create_directories(x_path);
    const std::string size = "size=" + std::to_string(kSmallDiskBytes);
    x_mounted = ::mount("tmpfs", x_path.c_str(), "tmpfs", 0, size.c_str()) == 0;
  }
  ~SmallDisk() {
    if (x_mounted) ::umount2(x_path.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  [[nodiscard]] bool mounted() const { return x_mounted; }

 private:
  std::string x_path;
  bool x_mounted = false;
};

void add(Outcome& to, const Outcome& one) {
  to.events += one.events;
  to.faults += one.faults;
  merge(to.verdict, one.verdict);
}

}  // namespace

// Most faults are kills of the log alone, which are quick; the others go to the whole system, some of them full disks.
Outcome run_embedded(const Options& options) {
  const std::uint64_t kills = options.faults * 5 / 6;
  std::uint64_t full_disks = options.faults > kills ? std::max<std::uint64_t>(1, options.faults / 100) : 0;
  const std::string small_disk = options.dir + "/small-disk";
  const SmallDisk disk(small_disk);
  if (!disk.mounted()) {
    say("not allowed to mount a small disk: full disks are left out, they need root");
    full_disks = 0;
  }
  const std::uint64_t on_small_disk = full_disks > 0 ? std::min(kSmallDiskEventsMax, options.events / 4) : 0;
  Outcome all = crash_embedded("/proc/self/exe", options.dir + "/kills", kills, options.seed);
  if (full_disks > 0) add(all, StandaloneRun(options, small_disk, on_small_disk, full_disks).run(true));
  add(all, StandaloneRun(options, options.dir + "/disk", options.events - on_small_disk, options.faults - kills - full_disks).run(false));
  return all;
}

}  // namespace ioc::faults
