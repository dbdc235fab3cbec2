// Operators' entries about single records, and the owner's answers (DESIGN D1 "Total", D4). An answer is written in the
// transaction that commits its record, so whoever steps the record again can know what was done with it.
#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "libs/domain/state_records.h"

namespace ioc::triage_service {

class ControlBook {
 public:
  // Entries in log order. What cannot be read is left out and said in the log.
  void add(std::string_view value);
  void add(ControlEntry entry);

  // What an owner does with a record that is not committed: the request, or how it was answered.
  [[nodiscard]] const ControlEntry* to_apply(Offset offset) const;
  // What was done with a record that is committed.
  [[nodiscard]] const ControlEntry* applied(Offset offset) const;
  // A request whose answer is not known: only the owner may decide.
  [[nodiscard]] bool undecided(Offset offset) const;
  // Requests for records before `next` that nobody answered: they were stepped without.
  [[nodiscard]] std::vector<ControlEntry> too_late(Offset next) const;

 private:
  struct Word {
    std::optional<ControlEntry> request, answer;
  };
  std::map<Offset, Word> x_words;
};

}  // namespace ioc::triage_service
