// tests/faults/run starts this.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <filesystem>

#include "tests/faults/embedded_crashes.h"
#include "tests/faults/run.h"

using namespace ioc::faults;

namespace {

constexpr int kFound = 1;
constexpr std::uint64_t kKafkaFaults = 60;
constexpr std::uint64_t kEmbeddedFaults = 600;

int report(const Options& options, const Outcome& outcome, bool json) {
  const Verdict& verdict = outcome.verdict;
  for (const std::string& finding : verdict.findings) std::fprintf(stderr, "found: %s\n", finding.c_str());
  if (verdict.clean()) {
    std::filesystem::remove_all(options.dir);
  } else {
    std::fprintf(stderr, "the processes' logs are in %s\n", options.dir.c_str());
  }
  if (!json) {
    std::printf("%s, seed %llu: nothing lost, doubled, reordered, torn or read before its time is %s\n", options.log.c_str(),
                static_cast<unsigned long long>(options.seed), verdict.clean() ? "true" : "NOT true");
  }
  std::printf(R"({"events":%llu,"faults":%llu,"lost":%llu,"duplicated":%llu,"reordered":%llu,"aborted_read":%llu,"torn":%llu})"
              "\n",
              static_cast<unsigned long long>(outcome.events), static_cast<unsigned long long>(outcome.faults),
              static_cast<unsigned long long>(verdict.lost), static_cast<unsigned long long>(verdict.duplicated),
              static_cast<unsigned long long>(verdict.reordered), static_cast<unsigned long long>(verdict.aborted_read),
              static_cast<unsigned long long>(verdict.torn));
  return verdict.clean() ? 0 : kFound;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::string_view(argv[1]) == "--append-until-killed") append_until_killed(argv[2]);
  Options options;
  bool json = false;
  CLI::App app("A million events while engine, broker and disk fail; nothing may be lost, doubled, reordered, torn or seen too early");
  app.add_option("--log", options.log, "kafka-3.9, kafka-4 or embedded")->check(CLI::IsMember({"kafka-3.9", "kafka-4", "embedded"}))->capture_default_str();
  app.add_option("--events", options.events, "unique events")->check(CLI::Range(100UL, 100'000'000UL))->capture_default_str();
  app.add_option("--faults", options.faults, "faults while they go in (default 60; embedded 600, most of them kills of the log alone)")->check(CLI::Range(0UL, 100'000UL));
  app.add_option("--seed", options.seed, "order and times of the faults, and the events")->capture_default_str();
  app.add_option("--areas", options.areas, "areas, each with a partition; one process more than that works on them (Kafka)")->check(CLI::Range(1U, 16U))->capture_default_str();
  app.add_option("--ioc", options.ioc, "the executable under test")->required();
  app.add_option("--root", options.root, "folder of the sources")->required();
  app.add_option("--dir", options.dir, "an empty folder for everything of the run")->required();
  app.add_flag("--json", json, "nothing but the JSON line on standard output");
  constexpr int kUsage = 2;
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  if (app.count("--faults") == 0) options.faults = options.log == "embedded" ? kEmbeddedFaults : kKafkaFaults;
  spdlog::set_level(spdlog::level::off);
  try {
    std::filesystem::create_directories(options.dir);
    const Outcome outcome = options.log == "embedded" ? run_embedded(options) : run_kafka(options);
    return report(options, outcome, json);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "faults: %s\nthe processes' logs are in %s; the seed is %llu\n", error.what(), options.dir.c_str(),
                 static_cast<unsigned long long>(options.seed));
    return kFound;
  }
}
