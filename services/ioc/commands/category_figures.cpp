#include "services/ioc/commands/category_figures.h"

#include <fmt/format.h>

#include <algorithm>

#include "libs/domain/command.h"

namespace ioc::commands {
namespace {

namespace json = boost::json;

double share(std::uint64_t part, std::uint64_t whole) { return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole); }

}  // namespace

void CategoryFigures::add(const LabelledText& row, const triage::Class& cls) {
  ++x_texts;
  const std::string& said = cls.category->code.str();
  if (!row.category.empty()) {
    const bool also = std::find(row.also_right.begin(), row.also_right.end(), said) != row.also_right.end();
    const bool right = said == row.category || also;
    x_all.add(right);
    x_by_category[row.category].add(right);
    if (!row.written_as.empty()) x_by_register[row.written_as].add(right);
    ++x_confusion[also ? said : row.category][said];
  }
  if (!row.sub_kinds.empty() && said == row.category) {
    const std::string_view sub_kind = cls.sub_kind.empty() ? kNoSubKind : std::string_view(cls.sub_kind.str());
    const bool right = std::find(row.sub_kinds.begin(), row.sub_kinds.end(), sub_kind) != row.sub_kinds.end();
    x_sub_kinds.add(right);
    x_sub_kinds_by_category[said].add(right);
    x_sub_kinds_missed += !right && cls.sub_kind.empty() ? 1 : 0;
  }
  if (!row.emergency) return;
  x_danger.add(*row.emergency, cls.emergency);
  if (!row.written_as.empty()) x_danger_by_register[row.written_as].add(*row.emergency, cls.emergency);
}

void CategoryFigures::Danger::add(bool is, bool was_flagged) {
  ++(is ? texts : ordinary);
  if (was_flagged) ++(is ? flagged : ordinary_flagged);
}

std::string CategoryFigures::Danger::line() const {
  return fmt::format("{} of {} flagged ({:.3f}); ordinary: {} of {} flagged ({:.3f})", flagged, texts, share(flagged, texts),
                     ordinary_flagged, ordinary, share(ordinary_flagged, ordinary));
}

json::object CategoryFigures::Danger::to_json() const {
  return {{"texts", texts}, {"flagged", flagged}, {"ordinary", ordinary}, {"ordinary_flagged", ordinary_flagged}};
}

// Mean over the categories that are in the file. What may also be right counts as what it was taken for.
double CategoryFigures::macro_f1() const {
  double sum = 0;
  for (const auto& [category, taken_for] : x_confusion) {
    std::uint64_t is = 0, said = 0, both = 0;
    for (const auto& [truth, row] : x_confusion) {
      for (const auto& [name, count] : row) {
        is += truth == category ? count : 0;
        said += name == category ? count : 0;
        both += truth == category && name == category ? count : 0;
      }
    }
    sum += share(2 * both, is + said);
  }
  return x_confusion.empty() ? 0 : sum / static_cast<double>(x_confusion.size());
}

void CategoryFigures::print_counts(const char* what, const CountsBy& by) {
  if (by.empty()) return;
  fmt::print("\n{:<20} {:>7} {:>7} {:>9}\n", what, "texts", "right", "accuracy");
  for (const auto& [name, counts] : by) fmt::print("{:<20} {:>7} {:>7} {:>9.3f}\n", name, counts.texts, counts.right, share(counts.right, counts.texts));
}

void CategoryFigures::print_confusion() const {
  fmt::print("\nconfusion: what it is, and what it was taken for\n");
  for (const auto& [truth, row] : x_confusion) {
    fmt::print("{:<20}", truth);
    for (const auto& [said, count] : row) fmt::print(" {} {}", said, count);
    fmt::print("\n");
  }
}

void CategoryFigures::print() const {
  fmt::print("{} texts, {} with a category\n", x_texts, x_all.texts);
  if (x_all.texts > 0) {
    fmt::print("accuracy {:.3f} ({} of {}), macro-F1 {:.3f}\n", share(x_all.right, x_all.texts), x_all.right, x_all.texts, macro_f1());
    print_counts("category", x_by_category);
    print_counts("register", x_by_register);
    print_confusion();
  }
  if (x_sub_kinds.texts > 0) {
    print_counts("sub-kinds of", x_sub_kinds_by_category);
    fmt::print("sub-kind {:.3f} ({} of {} texts whose category was found), none told for {}\n", share(x_sub_kinds.right, x_sub_kinds.texts),
               x_sub_kinds.right, x_sub_kinds.texts, x_sub_kinds_missed);
  }
  if (x_danger.texts + x_danger.ordinary == 0) return;
  fmt::print("\nemergency: {}\n", x_danger.line());
  for (const auto& [name, danger] : x_danger_by_register) fmt::print("emergency, {}: {}\n", name, danger.line());
}

json::object CategoryFigures::counts_json(const CountsBy& by) {
  json::object out;
  for (const auto& [name, counts] : by) out[name] = json::object{{"texts", counts.texts}, {"right", counts.right}};
  return out;
}

json::object CategoryFigures::to_json() const {
  json::object confusion;
  for (const auto& [truth, row] : x_confusion) {
    json::object& said = confusion[truth].emplace_object();
    for (const auto& [name, count] : row) said[name] = count;
  }
  json::object registers;
  for (const auto& [name, danger] : x_danger_by_register) registers[name] = danger.to_json();
  return {{"texts", x_texts},
          {"labelled", x_all.texts},
          {"right", x_all.right},
          {"accuracy", share(x_all.right, x_all.texts)},
          {"macro_f1", macro_f1()},
          {"categories", counts_json(x_by_category)},
          {"registers", counts_json(x_by_register)},
          {"sub_kinds", {{"texts", x_sub_kinds.texts}, {"right", x_sub_kinds.right}, {"missed", x_sub_kinds_missed},
                         {"categories", counts_json(x_sub_kinds_by_category)}}},
          {"confusion", std::move(confusion)},
          {"emergency", x_danger.to_json()},
          {"emergency_registers", std::move(registers)}};
}

}  // namespace ioc::commands
