#include "libs/process/read_token.h"

#include <cstdlib>
#include <fstream>

namespace ioc::process {

Result<std::string> read_token(const std::string& file) {
  std::string token;
  if (!file.empty()) {
    std::ifstream in(file);
    if (!in || !std::getline(in, token)) return permanent(file + ": no token can be read from this file");
  } else if (const char* from_environment = std::getenv("IOC_TOKEN")) {
    token = from_environment;
  }
  while (!token.empty() && (token.back() == '\r' || token.back() == ' ' || token.back() == '\n')) token.pop_back();
  return token;
}

}  // namespace ioc::process
