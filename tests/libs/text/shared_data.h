// Reference data beside the repository, where it is.
#pragma once

#include <zlib.h>

#include <array>
#include <cstdlib>
#include <string>
#include <vector>

namespace ioc::text::testing {

inline std::string shared_folder() {
  const char* given = std::getenv("IOC_SHARED");
  return given != nullptr ? given : std::string(IOC_REPOSITORY) + "/../shared";
}

inline std::vector<std::string> gz_lines(const std::string& path) {
  std::vector<std::string> out;
  gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) return out;
  std::array<char, 4096> line{};
  while (gzgets(file, line.data(), static_cast<int>(line.size())) != nullptr) out.emplace_back(line.data());
  gzclose(file);
  return out;
}

}  // namespace ioc::text::testing
