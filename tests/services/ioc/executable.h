// The executable itself, for tests of its commands.
#pragma once

#include <sys/wait.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>
#include <string>

#include "tests/libs/store/folder.h"

namespace ioc::test {

struct Ended {
  int code = -1;
  std::string out;  // both streams
};

// `before`: what the shell reads first: variables, a time limit.
inline Ended run_ioc(const std::string& arguments, const std::string& input = "/dev/null", const std::string& before = {}) {
  FILE* pipe = popen((before + IOC_EXECUTABLE " " + arguments + " 2>&1 <" + input).c_str(), "r");
  REQUIRE(pipe != nullptr);
  Ended ended;
  std::array<char, 4096> buffer{};
  while (const std::size_t read = fread(buffer.data(), 1, buffer.size(), pipe)) ended.out.append(buffer.data(), read);
  const int status = pclose(pipe);
  ended.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ended;
}

// The file's path.
inline std::string write(const Folder& folder, const std::string& name, const std::string& content) {
  std::ofstream(folder.path() + "/" + name) << content;
  return folder.path() + "/" + name;
}

}  // namespace ioc::test
