// Exit codes of every command (API.md).
#pragma once

namespace ioc::process {

enum ExitCode : int {
  kDone = 0,
  kFoundWrong = 1,     // the work found something wrong: a reconciliation that does not add up, an invalid file
  kUsage = 2,
  kConfiguration = 3,
  kMissing = 4         // something needed is not there: broker, port, disk, file
};

}  // namespace ioc::process
