#include "services/ioc/commands/labelled_texts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "libs/text/utf8.h"
#include "services/simulator/csv.h"

namespace ioc::commands {
namespace {

constexpr std::size_t kTextBytesMax = 64 * 1024;

std::vector<std::string> names_in(std::string_view text) {
  std::vector<std::string> names;
  constexpr std::string_view kBetween = " ;|,";
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(kBetween), text.size());
    if (end > 0) names.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return names;
}

std::string first_line_wanted(const std::vector<std::string>& columns) {
  constexpr std::size_t kShownBytes = 120;
  const std::string names = fmt::format("{}", fmt::join(columns, ","));
  constexpr std::string_view kWanted = "the first line must name `id,text`, in small letters, with commas and no spaces between";
  if (!text::valid_utf8(names)) return fmt::format("the file is not UTF-8: save it as UTF-8; {}", kWanted);
  if (names.size() > kShownBytes) return fmt::format("the first line has {} bytes; {}", names.size(), kWanted);
  return fmt::format("it is `{}`, and {}", names, kWanted);
}

// False: neither yes nor no. Empty: not said.
bool read_flag(std::string_view text, std::optional<bool>& flag) {
  constexpr std::array<std::string_view, 4> kYes{"true", "1", "yes", "TRUE"}, kNo{"false", "0", "no", "FALSE"};
  const auto is_one_of = [text](const auto& all) { return std::find(all.begin(), all.end(), text) != all.end(); };
  if (is_one_of(kYes)) flag = true;
  if (is_one_of(kNo)) flag = false;
  return flag.has_value() || text.empty();
}

}  // namespace

Result<void> read_labelled_texts(const std::string& path, const std::function<Result<void>(LabelledText&&)>& take) {
  auto csv = simulator::CsvReader::open(path);
  if (!csv) return csv.error();
  const auto id = csv->column("id"), text = csv->column("text"), category = csv->column("category"), also = csv->column("also_right"),
             further = csv->column("further_categories"), emergency = csv->column("emergency"), written_as = csv->column("register"), sub_kind = csv->column("sub_kind");
  if (!text) return corrupt(fmt::format("{}: line 1: there is no column `text`; {}", path, first_line_wanted(csv->columns())));
  std::vector<std::string> fields;
  while (true) {
    const auto more = csv->next(fields);
    if (!more) return corrupt(fmt::format("{}: {}", path, more.error().message));
    if (!*more) return {};
    const auto wrong = [&](std::string_view column, std::string_view what) {
      return corrupt(fmt::format("{}: line {}, column {}: {}", path, csv->line(), column, what));
    };
    LabelledText row;
    row.line = csv->line();
    row.id = id ? fields[*id] : std::to_string(row.line);
    row.text = fields[*text];
    if (!text::valid_utf8(row.text)) return wrong("text", "is not UTF-8");
    if (row.text.size() > kTextBytesMax) return wrong("text", fmt::format("has {} bytes, at most {} are read", row.text.size(), kTextBytesMax));
    if (category) row.category = fields[*category];
    if (also) row.also_right = names_in(fields[*also]);
    if (further) row.further = names_in(fields[*further]);
    if (sub_kind) row.sub_kinds = names_in(fields[*sub_kind]);
    if (written_as) row.written_as = fields[*written_as];
    if (emergency && !read_flag(fields[*emergency], row.emergency)) {
      return wrong("emergency", fmt::format("`{}` is neither true nor false", fields[*emergency]));
    }
    if (auto taken = take(std::move(row)); !taken) return corrupt(fmt::format("{}: line {}, {}", path, csv->line(), taken.error().message));
  }
}

}  // namespace ioc::commands
