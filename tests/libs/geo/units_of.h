// Units for tests: parsed from text in the test, or from the folder that is deployed.
#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "libs/geo/units.h"

namespace ioc::geo {

using Files = std::vector<std::pair<std::string, std::string>>;

inline std::shared_ptr<const Units> units_of(const Files& files) {
  std::vector<std::string> problems;
  auto units = Units::parse(files, problems);
  for (const auto& problem : problems) UNSCOPED_INFO(problem);
  REQUIRE(units != nullptr);
  return units;
}

inline std::vector<std::string> problems_of(const Files& files) {
  std::vector<std::string> problems;
  CHECK(Units::parse(files, problems) == nullptr);
  return problems;
}

inline Files files_of(const std::filesystem::path& folder) {
  Files out;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream in(entry.path(), std::ios::binary);
    out.emplace_back(entry.path().filename().string(), std::string(std::istreambuf_iterator<char>(in), {}));
  }
  return out;
}

inline const Units& thai_nguyen() {
  static const auto units = units_of(files_of(std::string(IOC_REPOSITORY) + "/deploy/config/units"));
  return *units;
}

inline EventTime on(std::string_view date) {
  return EventTime::from_ms(parse_time(std::string(date) + "T12:00:00+07:00")->ms);
}

}  // namespace ioc::geo
