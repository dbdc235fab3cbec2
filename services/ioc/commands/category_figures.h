// How well texts were classified, against their labels.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <string>

#include "libs/triage/stages/stage.h"
#include "services/ioc/commands/labelled_texts.h"

namespace ioc::commands {

class CategoryFigures {
 public:
  // Counts a text and what was made of it; a text without a label counts as a text alone.
  void add(const LabelledText& row, const triage::Class& cls);
  void print() const;
  [[nodiscard]] boost::json::object to_json() const;

 private:
  struct Counts {
    std::uint64_t texts = 0, right = 0;
    void add(bool was_right) {
      ++texts;
      right += was_right ? 1 : 0;
    }
  };
  struct Danger {
    std::uint64_t texts = 0, flagged = 0, ordinary = 0, ordinary_flagged = 0;
    void add(bool is, bool was_flagged);
    [[nodiscard]] std::string line() const;
    [[nodiscard]] boost::json::object to_json() const;
  };
  using CountsBy = std::map<std::string, Counts>;

  [[nodiscard]] double macro_f1() const;
  void print_confusion() const;
  static void print_counts(const char* what, const CountsBy& by);
  static boost::json::object counts_json(const CountsBy& by);

  std::uint64_t x_texts = 0;
  Counts x_all;
  CountsBy x_by_category, x_by_register;
  Counts x_sub_kinds;  // of texts whose category was found
  CountsBy x_sub_kinds_by_category;
  std::uint64_t x_sub_kinds_missed = 0;  // none was told where there is one
  std::map<std::string, std::map<std::string, std::uint64_t>> x_confusion;  // what it is -> what it was taken for
  Danger x_danger;
  std::map<std::string, Danger> x_danger_by_register;
};

}  // namespace ioc::commands
