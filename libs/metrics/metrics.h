// Prometheus metrics, wrapped once. A component has one struct of metric members, made from a Registry.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ioc::metrics {

using Labels = std::map<std::string, std::string>;

class Counter {
 public:
  explicit Counter(void* impl) : x_impl(impl) {}
  void add(double by = 1) const;
  [[nodiscard]] double value() const;
 private:
  void* x_impl;
};

class Gauge {
 public:
  explicit Gauge(void* impl) : x_impl(impl) {}
  void set(double value) const;
  void add(double by) const;
  [[nodiscard]] double value() const;
 private:
  void* x_impl;
};

class Histogram {
 public:
  explicit Histogram(void* impl) : x_impl(impl) {}
  void observe(double value) const;
  // Observations counted elsewhere: how many fell into each bucket (the last one is above all bounds), and their sum.
  void add(const std::vector<double>& per_bucket, double sum) const;
 private:
  void* x_impl;
};

// Seconds: 0.1 ms to 10 s.
const std::vector<double>& latency_buckets_seconds();

class Registry {
 public:
  Registry();
  ~Registry();
  // The same name and labels give the same metric. Names end in their unit (`_seconds`, `_bytes`, `_total`).
  Counter counter(const std::string& name, const std::string& help, const Labels& labels = {});
  Gauge gauge(const std::string& name, const std::string& help, const Labels& labels = {});
  Histogram histogram(const std::string& name, const std::string& help,
                      const std::vector<double>& buckets = latency_buckets_seconds(), const Labels& labels = {});
  // Called before each exposition, to set gauges that are cheaper to ask than to follow.
  void on_scrape(std::function<void()> update);
  // Text exposition format 0.0.4.
  [[nodiscard]] std::string expose() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> x_impl;
};

// ioc_build_info{version,commit} 1, and the process's resident memory, CPU time and open files.
void add_process_metrics(Registry& registry);

}  // namespace ioc::metrics
