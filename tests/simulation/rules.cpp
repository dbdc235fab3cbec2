#include "tests/simulation/rules.h"

#include <algorithm>
#include <stdexcept>

namespace ioc::simulation {
namespace {

std::vector<triage::BundleFile> files_of(int version) {
  const std::string town = version == 0 ? "do-thi" : "chung";
  std::vector<triage::BundleFile> files = {
      {"areas.yaml", "areas:\n  - {id: west, partition: 0}\n  - {id: east, partition: 1, units: [\"00002\"]}\n"},
      {"calendar.yaml", "working_hours: [\"07:30-11:30\", \"13:30-17:30\"]\nworking_days: [mon, tue, wed, thu, fri]\n"},
      {"categories.yaml",
       "categories:\n"
       "  - {code: ha-tang, name: \"Hạ tầng\", radius_m: 60, age_max: 30d, terms: [\"nắp cống 14\", \"ổ gà 12\"], emergency: [\"sập cầu 16\"]}\n"
       "  - {code: giao-thong, name: \"Giao thông\", radius_m: 150, age_max: 12h, terms: [\"tai nạn 12\", \"kẹt xe 10\"]}\n"
       "  - {code: khac, name: \"Khác\"}\n"},
      {"deadlines.yaml",
       "rules:\n"
       "  - {id: urgent, when: {severities: [critical, high]}, time: calendar, forward: 2s, accept: 5s, resolve: 20s, warn_permille: 600}\n"
       "  - {id: rest, time: calendar, forward: 10s, accept: 30s, resolve: 2m}\n"},
      {"kinds.yaml",
       "kinds:\n"
       "  - {id: accident, name: \"Tai nạn\", category: giao-thong, severity: critical, window: 20m, emergency: true, by_zone: false}\n"
       "  - {id: illegal_stop, name: \"Dừng đỗ\", category: giao-thong, severity: info, window: 15m}\n"
       "  - {id: turned_back, name: \"Quay đầu\", category: khac, severity: info, window: 30m, correlate: false}\n"
       "  - {id: evasion, name: \"Né chốt\", category: khac, severity: high, window: 30m, correlate: false}\n"
       "  - {id: long_queue, name: \"Ùn ứ\", category: giao-thong, severity: medium, window: 30m, correlate: false}\n"
       "  - {id: checkpoint_silent, name: \"Mất liên lạc\", category: khac, severity: medium, window: 12h, correlate: false}\n"
       "  - {id: online_mention, name: \"Trên mạng\", category: khac, severity: medium, window: 6h, correlate: false}\n"},
      {"limits.yaml",
       "deduplicate: {window: 72h, remembered: 45d}\n"
       "checkpoints: {queue_vehicles: 30, silent_after: 1m}\n"
       "mentions: {volume: 50, rising_volume: 20}\n" +
           std::string(version == 0 ? "" : "suppress: {chattering_events: 2}\n")},
      {"queues.yaml",
       "queues:\n"
       "  - {id: khan-cap, name: \"Khẩn cấp\", group: \"Khẩn cấp\"}\n"
       "  - {id: do-thi, name: \"Đô thị\", group: \"Đô thị\"}\n"
       "  - {id: chung, name: \"Chung\", group: \"Chung\"}\n"},
      {"rules.yaml",
       "rules:\n"
       "  - {id: emergency, when: {emergency: \"yes\"}, queue: khan-cap}\n"
       "  - {id: town, when: {categories: [ha-tang]}, queue: " + town + "}\n"
       "  - {id: rest, queue: chung}\n"},
      {"severity.yaml",
       "rules:\n"
       "  - {id: danger, when: {emergency: \"yes\"}, severity: critical}\n"
       "  - {id: rest, severity: medium}\n"},
      {"sources.yaml",
       "cameras:\n"
       "  - {id: west_01, name: \"Tây 1\", kind: traffic, lat: \"21.05\", lon: \"105.05\"}\n"
       "  - {id: east_01, name: \"Đông 1\", kind: traffic, lat: \"21.05\", lon: \"105.15\"}\n"
       "checkpoints:\n"
       "  - {id: CK01, name: \"Chốt Tây\", lat: \"21.02\", lon: \"105.02\"}\n"
       "  - {id: CK02, name: \"Chốt Đông\", lat: \"21.02\", lon: \"105.12\"}\n"},
      {"subscriptions.yaml",
       "subscriptions:\n"
       "  - {id: west, name: \"IOC Tây\", units: [{from: \"1900-01-01\", codes: [\"00001\"]}]}\n"
       "  - {id: both, name: \"IOC chung\", units: [{from: \"1900-01-01\", codes: [\"00001\", \"00002\"]}]}\n"},
      {"units/kinds.csv", "kind,label,words\nprovince,Tỉnh,tỉnh\nward,Phường,phường|p\n"},
      {"units/outlines-squares.json",
       "{\"format\":1,\"step_e7\":1000000,\"west_e7\":1050000000,\"south_e7\":210000000,\n"
       "\"lines\":[\n[1,0,0,1],\n[1,1,-1,0,0,-1,1,0],\n[1,0,1,0,0,1,-1,0]\n],\n"
       "\"shapes\":{\"squares/west\":[[0,1]],\"squares/east\":[[2,-1]],\"squares/all\":[[2,1]]}}\n"},
      {"units/units.csv",
       "code,name,kind,parent,valid_from,valid_until,aliases,lat,lon,outline\n"
       "19,Tỉnh Hai Ô,province,,,,,21.05000,105.10000,squares/all\n"
       "00001,Phường Tây,ward,19,,,,21.05000,105.05000,squares/west\n"
       "00002,Phường Đông,ward,19,,,,21.05000,105.15000,squares/east\n"},
  };
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return files;
}

Rules make(int version) {
  const auto files = files_of(version);
  Rules made;
  made.packed = triage::pack(files);
  triage::BundleProblems problems;
  made.compiled = triage::compile(made.packed.hash, files, problems);
  std::string all;
  for (const std::string& problem : problems.problems) all += "\n" + problem;
  if (!made.compiled) throw std::runtime_error("the simulation's rules do not compile:" + all);
  return made;
}

}  // namespace

const std::array<Rules, 2>& rules() {
  static const std::array<Rules, 2> both = {make(0), make(1)};
  return both;
}

std::shared_ptr<const triage::Bundle> rules_of(std::string_view hash) {
  for (const Rules& one : rules()) {
    if (one.packed.hash == hash) return one.compiled;
  }
  return nullptr;
}

}  // namespace ioc::simulation
