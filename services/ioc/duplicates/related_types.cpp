#include "services/ioc/duplicates/related_types.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>

#include "libs/text/fold.h"

namespace ioc::duplicates {
namespace {

constexpr int kRelatedLeast = 3;  // marked reports of the one type that name one of the other

}  // namespace

TypePairs related_types(const LabelledFile& file) {
  std::unordered_map<std::string_view, std::string> type_of;
  for (const LabelledReport& report : file.reports) type_of.emplace(report.id, text::fold(report.category));
  std::map<std::pair<std::string, std::string>, int> counts;
  for (const LabelledReport& report : file.reports) {
    const auto original = report.is_duplicate ? type_of.find(report.duplicate_of) : type_of.end();
    if (original == type_of.end()) continue;
    const std::string own = text::fold(report.category);
    if (own != original->second && !own.empty() && !original->second.empty()) ++counts[std::minmax(own, original->second)];
  }
  TypePairs related;
  for (const auto& [pair, count] : counts) {
    if (count >= kRelatedLeast) related.insert(pair);
  }
  return related;
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) out += fmt::format("\\x{:02x}", byte);  // a line end would be read as a space
    else if (c == '"' || c == '\\') out.append(1, '\\').append(1, c);
    else out += c;
  }
  return out + "\"";
}

std::string related_line(const std::string& type, const TypePairs& related) {
  std::string names;
  for (const auto& [one, other] : related) {
    if (one == type) names += (names.empty() ? "" : ", ") + quoted(other);
  }
  return names.empty() ? "" : "    related: [" + names + "]\n";
}

std::string rows_of(const TypePairs& related) {
  std::set<std::string> types;
  for (const auto& [one, other] : related) types.insert({one, other});
  std::string out = types.empty() ? "" : "types:\n";
  for (const std::string& type : types) out += fmt::format("  - type: {}\n{}", quoted(type), related_line(type, related));
  return out;
}

}  // namespace ioc::duplicates
