#include "services/ioc/commands/units.h"

#include <fmt/format.h>
#include <zlib.h>

#include <CLI/CLI.hpp>
#include <array>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "libs/config/deployment.h"
#include "libs/geo/check.h"
#include "libs/geo/degrees.h"
#include "libs/geo/grid.h"
#include "libs/geo/table.h"
#include "libs/geo/units.h"
#include "libs/process/exit_code.h"

namespace ioc::commands {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

struct Options {
  std::string units = config::shared_path("config/units"), file, out;
  std::uint32_t points = 200;
  geo::GridOptions grid;
  bool json = false;
};

using Files = std::vector<std::pair<std::string, std::string>>;

bool read_folder(const std::string& folder, Files& files) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (!geo::Units::reads(name)) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    files.emplace_back(name, std::string(std::istreambuf_iterator<char>(in), {}));
  }
  if (error)
    fmt::print(stderr, "cannot read {}: {}; name the units folder with --units DIR\n", folder, error.message());
  return !error;
}

json::object to_json(const geo::EpochCheck& epoch) {
  json::object kinds;
  for (const auto& [kind, count] : epoch.leaves_by_kind) kinds[kind] = count;
  return {{"from", format_time(epoch.from)},
          {"units", epoch.units},
          {"leaves", epoch.leaves},
          {"leaves_by_kind", kinds},
          {"without_outline", epoch.without_outline},
          {"points_in_one", epoch.points_in_one},
          {"points_in_none", epoch.points_in_none},
          {"points_in_more", epoch.points_in_more},
          {"lines_of_one", epoch.lines_of_one},
          {"lines_of_two", epoch.lines_of_two},
          {"lines_of_more", epoch.lines_of_more},
          {"names_ambiguous", epoch.names_ambiguous},
          {"former_names_ambiguous", epoch.former_names_ambiguous}};
}

json::object to_json(const geo::UnitsCheck& found) {
  json::array epochs;
  for (const auto& epoch : found.epochs) epochs.push_back(to_json(epoch));
  return {{"units", found.units},
          {"outlines_missing", found.outlines_missing},
          {"ended", found.ended},
          {"ended_with_successors", found.ended_with_successors},
          {"split", found.split},
          {"successors_agree", found.successors_agree},
          {"successors_disagree", found.successors_disagree},
          {"epochs", std::move(epochs)},
          {"faults", json::value_from(found.faults)},
          {"notes", json::value_from(found.notes)}};
}

void print(const geo::UnitsCheck& found) {
  for (const auto& epoch : found.epochs) {
    std::string kinds;
    for (const auto& [kind, count] : epoch.leaves_by_kind)
      kinds += fmt::format("{}{} {}", kinds.empty() ? "" : ", ", count, kind);
    fmt::print("from {}: {} units, {} of them smallest ({})\n", format_time(epoch.from).substr(0, 10), epoch.units,
               epoch.leaves, kinds);
    fmt::print(
        "  points: {} in one, {} in none, {} in more; lines: {} shared by two, {} border, {} of more; without outline: "
        "{}\n",
        epoch.points_in_one, epoch.points_in_none, epoch.points_in_more, epoch.lines_of_two, epoch.lines_of_one,
        epoch.lines_of_more, epoch.without_outline);
    fmt::print("  names that alone do not say which unit: {} of today, {} former or alias\n", epoch.names_ambiguous,
               epoch.former_names_ambiguous);
  }
  fmt::print("{} rows; {} ended, {} of them with successors, {} split; centre in a successor: {} yes, {} no\n",
             found.units, found.ended, found.ended_with_successors, found.split, found.successors_agree,
             found.successors_disagree);
  for (const auto& note : found.notes) fmt::print("note: {}\n", note);
  for (const auto& fault : found.faults) fmt::print("FAULT: {}\n", fault);
  fmt::print("{}\n", found.faults.empty() ? "units are sound" : "units are not sound");
}

void check(const Options& options, int& exit_code) {
  Files files;
  if (!read_folder(options.units, files)) {
    exit_code = process::kMissing;
    return;
  }
  std::vector<std::string> problems;
  const auto units = geo::Units::parse(files, problems);
  geo::UnitsCheck found;
  if (units) {
    found = geo::check(*units, options.points);
  } else {
    found.faults = problems;
  }
  print(found);
  if (options.json) fmt::print("{}\n", json::serialize(to_json(found)));
  if (!found.faults.empty()) exit_code = process::kFoundWrong;
}

// Plain or compressed, line by line.
class Lines {
 public:
  explicit Lines(const std::string& path) : x_file(gzopen(path.c_str(), "rb")) {}
  ~Lines() {
    if (x_file != nullptr) gzclose(x_file);
  }
  Lines(const Lines&) = delete;
  Lines& operator=(const Lines&) = delete;
  [[nodiscard]] bool is_open() const { return x_file != nullptr; }
  [[nodiscard]] bool damaged() const {
    int code = Z_OK;
    gzerror(x_file, &code);
    return code != Z_OK && code != Z_STREAM_END;
  }

  bool next(std::string& line) {
    line.clear();
    std::array<char, 4096> part{};
    while (gzgets(x_file, part.data(), static_cast<int>(part.size())) != nullptr) {
      line += part.data();
      if (line.ends_with('\n')) break;
    }
    if (line.empty()) return false;
    while (line.ends_with('\n') || line.ends_with('\r')) line.pop_back();
    return true;
  }

 private:
  gzFile x_file;
};

struct Positions {
  std::vector<Position> all;
  std::size_t rows = 0, without = 0;
};

// nullopt: none, malformed, or the zero point, which is where missing positions lie.
std::optional<Position> position_in(const std::vector<std::string>& fields, std::size_t lat_at, std::size_t lon_at) {
  if (lat_at >= fields.size() || lon_at >= fields.size()) return std::nullopt;
  const auto lat = geo::degrees_e7(fields[lat_at], 90), lon = geo::degrees_e7(fields[lon_at], 180);
  const Position position{lat.value_or(0), lon.value_or(0), 0};
  return lat && lon && position != Position{} ? std::optional(position) : std::nullopt;
}

bool read_positions(const std::string& path, Positions& out, int& exit_code) {
  Lines lines(path);
  std::string line;
  if (!lines.is_open() || !lines.next(line)) {
    fmt::print(stderr, "cannot read {}\n", path);
    exit_code = process::kMissing;
    return false;
  }
  geo::Table header;
  header.columns = geo::split_csv_line(line);
  const std::size_t lat_at = header.column("latitude"), lon_at = header.column("longitude");
  if (lat_at == geo::Table::npos || lon_at == geo::Table::npos) {
    fmt::print(stderr, "{}: has no columns latitude and longitude\n", path);
    exit_code = process::kFoundWrong;
    return false;
  }
  while (lines.next(line)) {
    ++out.rows;
    const auto fields = geo::split_csv_line(line);
    if (const auto position = position_in(fields, lat_at, lon_at))
      out.all.push_back(*position);
    else
      ++out.without;
  }
  if (!lines.damaged()) return true;
  fmt::print(stderr, "{}: is damaged behind row {}\n", path, out.rows);
  exit_code = process::kFoundWrong;
  return false;
}

bool write_files(const std::string& folder, const Files& files) {
  std::error_code error;
  fs::create_directories(folder, error);
  for (const auto& [name, content] : files) {
    std::ofstream out(fs::path(folder) / name, std::ios::binary | std::ios::trunc);
    out << content << std::flush;
    if (!out) return fmt::print(stderr, "cannot write {}/{}\n", folder, name), false;
  }
  return true;
}

void grid(const Options& options, int& exit_code) {
  Positions positions;
  if (!read_positions(options.file, positions, exit_code)) return;
  const auto made = geo::make_grid(positions.all, options.grid);
  if (!made.problem.empty()) {
    fmt::print(stderr, "{}: {}\n", options.file, made.problem);
    exit_code = process::kFoundWrong;
    return;
  }
  if (!write_files(options.out, made.files)) {
    exit_code = process::kMissing;
    return;
  }
  fmt::print(stderr,
             "{}: {} squares of {} m for {} positions; {} rows without a position, {} too far away\nuse it with the "
             "setting units_folder: {}\n",
             options.out, made.squares, options.grid.side_m, made.positions, positions.without, made.left_out,
             options.out);
  if (options.json) {
    fmt::print("{}\n", json::serialize(json::object{{"rows", positions.rows},
                                                    {"positions", made.positions},
                                                    {"without_position", positions.without},
                                                    {"left_out", made.left_out},
                                                    {"squares", made.squares}}));
  }
}

}  // namespace

void add_units_command(CLI::App& app, int& exit_code) {
  const auto options = std::make_shared<Options>();
  auto* units = app.add_subcommand("units", "administrative units: check a folder, or make one for a foreign place");
  units->require_subcommand(1);
  auto* checked = units->add_subcommand(
      "check", "validate a units folder and report coverage and what is missing; exit 1 on faults");
  checked->add_option("--units", options->units, "units folder")->capture_default_str();
  checked->add_option("--points", options->points, "test points along each side")
      ->check(CLI::Range(10, 5'000))
      ->capture_default_str();
  checked->add_flag("--json", options->json, "one JSON object as the last line");
  checked->callback([options, &exit_code] { check(*options, exit_code); });
  auto* gridded = units->add_subcommand("grid", "make square units that cover the positions of a reports file");
  gridded->add_option("file", options->file, "CSV with columns latitude and longitude, .gz or plain")->required();
  gridded->add_option("--out", options->out, "folder to write")->required();
  gridded->add_option("--side", options->grid.side_m, "side of a square in metres")
      ->check(CLI::Range(100, 100'000))
      ->capture_default_str();
  gridded->add_option("--reach", options->grid.reach_km, "positions farther from the middle one are left out, in km")
      ->check(CLI::Range(1, 5'000))
      ->capture_default_str();
  gridded->add_flag("--json", options->json, "one JSON object as the last line");
  gridded->callback([options, &exit_code] { grid(*options, exit_code); });
}

}  // namespace ioc::commands
