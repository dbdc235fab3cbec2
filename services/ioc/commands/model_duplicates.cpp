#include "services/ioc/commands/model_duplicates.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <set>

#include "libs/process/exit_code.h"
#include "services/ioc/commands/output_file.h"
#include "services/ioc/duplicates/training.h"
#include "services/simulator/progress.h"

namespace ioc::commands {
namespace {

struct Options {
  std::vector<std::string> files;
  std::string out, leave_out;
};

int run(const Options& options) {
  std::set<std::string> left_out;
  if (!options.leave_out.empty()) {
    auto read = duplicates::read_types(options.leave_out);
    if (!read) {
      fmt::print(stderr, "{}\n", read.error().message);
      return process::kMissing;
    }
    left_out = std::move(read.value());
  }
  std::vector<duplicates::Place> places;
  for (const std::string& path : options.files) {
    auto file = duplicates::read_labelled(path);
    if (!file) {
      fmt::print(stderr, "{}\n", file.error().message);
      return file.error().kind == ErrorKind::Corrupt ? process::kFoundWrong : process::kMissing;
    }
    if (!file->labelled) {
      fmt::print(stderr, "{}:1: there is no column is_duplicate to learn from; give a file with staff's marks\n", path);
      return process::kFoundWrong;
    }
    if (file->reports.empty()) {
      fmt::print(stderr, "{}: holds no reports, only the names of its columns; give a file with reports and staff's marks\n", path);
      return process::kFoundWrong;
    }
    std::erase_if(file->reports, [&](const duplicates::LabelledReport& report) { return is_of_types(report, left_out); });
    simulator::Progress bar("reading " + path);
    const auto show = [&](std::size_t done, std::size_t all) {
      bar.show(static_cast<double>(done) / static_cast<double>(all), fmt::format("{} of {} reports", done, all));
    };
    places.push_back(duplicates::observe(*file, show));
    bar.finish(fmt::format("{} reports", file->reports.size()));
  }
  const duplicates::Learned learned = duplicates::learn(places);
  if (const auto written = write_whole(options.out, learned.yaml); !written) {
    fmt::print(stderr, "{}\n", written.error().message);
    return process::kMissing;
  }
  fmt::print("{}: {} types from {} reports, {} of them marked; joins at {} permille (expected mean F1 of the files {:.3f}, were all "
             "marked that should be)\n", options.out, learned.types, learned.rows, learned.marked, learned.join_permille, std::min(1.0, learned.mean_f1));
  return process::kDone;
}

}  // namespace

void add_model_duplicates(CLI::App& group, int& exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = group.add_subcommand("train-duplicates", "Learn from staff's marks how often reports that look alike are one");
  command->add_option("FILE", options->files, "Labelled reports, CSV, plain or .gz, one place each: id,opened_at,closed_at,category,latitude,longitude,address,text,is_duplicate,duplicate_of")->required();
  command->add_option("--out", options->out, "Model file to write: the bundle's duplicates.yaml")->required();
  command->add_option("--leave-out", options->leave_out, "A file of types, one a line: their reports are not learned from, to measure how types are judged that were never seen");
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace ioc::commands
