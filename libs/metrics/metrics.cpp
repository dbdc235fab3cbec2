#include "libs/metrics/metrics.h"

#include <dirent.h>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <mutex>

#include "libs/base/clock_guard.h"
#include "libs/metrics/build_info.h"

namespace ioc::metrics {

void Counter::add(double by) const { static_cast<prometheus::Counter*>(x_impl)->Increment(by); }
double Counter::value() const { return static_cast<prometheus::Counter*>(x_impl)->Value(); }
void Gauge::set(double value) const { static_cast<prometheus::Gauge*>(x_impl)->Set(value); }
void Gauge::add(double by) const { static_cast<prometheus::Gauge*>(x_impl)->Increment(by); }
double Gauge::value() const { return static_cast<prometheus::Gauge*>(x_impl)->Value(); }
void Histogram::observe(double value) const { static_cast<prometheus::Histogram*>(x_impl)->Observe(value); }
void Histogram::add(const std::vector<double>& per_bucket, double sum) const {
  static_cast<prometheus::Histogram*>(x_impl)->ObserveMultiple(per_bucket, sum);
}

const std::vector<double>& latency_buckets_seconds() {
  static const std::vector<double> buckets = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                              0.05,   0.1,     0.25,   0.5,   1,      2.5,   5,    10};
  return buckets;
}

struct Registry::Impl {
  prometheus::Registry registry;
  std::mutex mutex;
  std::vector<std::function<void()>> updates;
};

Registry::Registry() : x_impl(std::make_unique<Impl>()) {}
Registry::~Registry() = default;

Counter Registry::counter(const std::string& name, const std::string& help, const Labels& labels) {
  return Counter(&prometheus::BuildCounter().Name(name).Help(help).Register(x_impl->registry).Add(labels));
}

Gauge Registry::gauge(const std::string& name, const std::string& help, const Labels& labels) {
  return Gauge(&prometheus::BuildGauge().Name(name).Help(help).Register(x_impl->registry).Add(labels));
}

Histogram Registry::histogram(const std::string& name, const std::string& help, const std::vector<double>& buckets,
                              const Labels& labels) {
  return Histogram(
      &prometheus::BuildHistogram().Name(name).Help(help).Register(x_impl->registry).Add(labels, buckets));
}

void Registry::on_scrape(std::function<void()> update) {
  const std::lock_guard lock(x_impl->mutex);
  x_impl->updates.push_back(std::move(update));
}

std::string Registry::expose() const {
  {
    const std::lock_guard lock(x_impl->mutex);
    for (const auto& update : x_impl->updates) update();
  }
  return prometheus::TextSerializer().Serialize(x_impl->registry.Collect());
}

namespace {

double resident_bytes() {
  std::ifstream in("/proc/self/statm");
  double pages = 0;
  double resident = 0;
  in >> pages >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double open_files() {
  DIR* folder = opendir("/proc/self/fd");
  if (folder == nullptr) return 0;
  double count = -3;  // ".", ".." and the folder itself
  while (readdir(folder) != nullptr) ++count;
  closedir(folder);
  return count;
}

}  // namespace

void add_process_metrics(Registry& registry) {
  registry.gauge("ioc_build_info", "Version and commit of this binary; always 1", {{"version", kVersion}, {"commit", kCommit}})
      .set(1);
  const Gauge resident = registry.gauge("process_resident_memory_bytes", "Resident memory of this process");
  const Gauge files = registry.gauge("process_open_fds", "Open file descriptors of this process");
  const Counter cpu = registry.counter("process_cpu_seconds_total", "User and system CPU time of this process");
  const Gauge clock_held = registry.gauge("ioc_clock_held_seconds", "How far the machine's clock is ahead of the time that counts; 0: it is followed");
  const auto steps = [&registry](const char* what) {
    return registry.counter("ioc_clock_steps_total", "Steps of the machine's clock by more than a minute, and what became of them", {{"step", what}});
  };
  const Counter held = steps("held"), taken_back = steps("taken_back"), followed = steps("followed"), set_back = steps("set_back");
  registry.on_scrape([=] {
    const ClockGuard::Status clock = clock_status();
    clock_held.set(static_cast<double>(clock.held_ms) / 1000);
    held.add(static_cast<double>(clock.held) - held.value());
    taken_back.add(static_cast<double>(clock.taken_back) - taken_back.value());
    followed.add(static_cast<double>(clock.followed) - followed.value());
    set_back.add(static_cast<double>(clock.set_back) - set_back.value());
    resident.set(resident_bytes());
    files.set(open_files());
    cpu.add(cpu_seconds() - cpu.value());
  });
}

}  // namespace ioc::metrics
