// Citizens' reports with what operators made of them, read from a desk's incidents: those that are together in the end are
// one thing. The first of them is the original, the others are duplicates of it; what an operator took apart is not. Only of
// incidents on which a person gave a command, or that a person merged or split: else the rule would learn from itself.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ioc::commands {

class OperatorsReports {
 public:
  // One incident with its events and decisions, as the desk answers them; in any order, each once.
  void add_incident(const boost::json::object& incident);
  void add_event(const std::string& incident, const boost::json::object& event);
  void add_decision(const std::string& incident, const boost::json::object& decision);

  // Incidents that others are merged into, or were taken out of again, and that have not been added.
  [[nodiscard]] std::vector<std::string> missing() const;
  [[nodiscard]] std::size_t reports() const { return x_reports.size(); }

  // As read_labelled() reads it (services/ioc/duplicates), in order of time.
  struct Labelled {
    std::string csv;
    std::uint64_t reports = 0, duplicates = 0;
  };
  [[nodiscard]] Labelled labelled() const;

 private:
  struct Report {
    std::string event, incident, occurred_at, sender_category, address, text;
    std::int64_t at_ms = 0;
    std::optional<std::pair<double, double>> position;
  };
  struct Held {
    std::string merged_into, category, closed_at;
    bool open = true;
    bool handled = false;  // by a person
  };

  [[nodiscard]] const std::string& top_of(const std::string& incident) const;
  [[nodiscard]] std::string type_of(const Report& report) const;
  [[nodiscard]] std::vector<const Report*> in_order() const;

  std::map<std::string, Held> x_incidents;
  std::map<std::pair<std::string, std::string>, Report> x_reports;  // by source and its own id: the first telling
  std::set<std::string> x_taken_from;                               // incidents that others were taken out of again
  std::map<std::string, std::string> x_categories;                  // what triage took an event for
};

}  // namespace ioc::commands
