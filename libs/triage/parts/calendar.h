// Working time (DOMAIN "Life of an incident"): week days with hours, holidays, and compensatory working days, in
// Vietnam's time. Whole-number arithmetic over days since 1970; no tzdata.
#pragma once

#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "libs/base/time.h"

namespace ioc::config {
class Fields;
}

namespace ioc::triage {

class Calendar {
 public:
  void declare(config::Fields& fields);
  void compile(std::vector<std::string>& problems);

  // The moment at which `amount` of working time has passed since `from`. 0: the first working moment at or after it.
  // Farther than ten years: the moment ten years later.
  [[nodiscard]] LogTime after_working(LogTime from, Millis amount) const;
  [[nodiscard]] bool working_day(std::int64_t days_since_epoch) const;

 private:
  struct Span {
    std::int64_t from_ms = 0, until_ms = 0;  // since midnight
  };
  std::vector<std::string> x_hours_text{"07:30-11:30", "13:00-17:00"};
  std::vector<std::string> x_week_text{"mon", "tue", "wed", "thu", "fri"};
  std::vector<std::string> x_holidays_text, x_extra_text;  // "2021-09-02" or "2022-01-31..2022-02-04"
  std::vector<Span> x_hours;
  bool x_week[7] = {};  // from Monday
  boost::unordered_flat_set<std::int64_t> x_holidays, x_extra;
};

}  // namespace ioc::triage
