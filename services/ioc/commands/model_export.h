// What operators did at a desk, as data to learn from: corrected categories for `ioc model train`, joined, merged and split
// reports for `ioc model train-duplicates`.
#pragma once

#include <CLI/App.hpp>
#include <string>

#include "libs/base/result.h"

namespace ioc::commands {

// Both exports look at a desk's incidents by when they were opened and write one CSV.
struct ExportOptions {
  std::string desk, token_file, out, since, until;
  bool json = false;

  void declare(CLI::App& command);
  // The incidents that were asked for, as a target of the desk.
  [[nodiscard]] std::string incidents() const;
};

// An export as a command of the group; what it ends with becomes the exit code.
void add_export(CLI::App& group, const std::string& name, const std::string& what, Result<void> (*run)(const ExportOptions&), int& exit_code);

// Writes it to `out`, or to stdout where that is empty. Transient: cannot be written.
[[nodiscard]] Result<void> write_export(const ExportOptions& options, const std::string& csv);

void add_export_corrections(CLI::App& group, int& exit_code);
void add_export_duplicates(CLI::App& group, int& exit_code);

}  // namespace ioc::commands
