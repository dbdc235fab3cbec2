// Types that staff have taken for the same thing, and how a duplicates.yaml says so.
#pragma once

#include <set>
#include <string>
#include <utility>

#include "services/ioc/duplicates/labelled_reports.h"

namespace ioc::duplicates {

// Two types, folded, the lesser first.
using TypePairs = std::set<std::pair<std::string, std::string>>;

// Three marked reports of the one, or more, name one of the other.
TypePairs related_types(const LabelledFile& file);

// A text in YAML.
std::string quoted(const std::string& text);
// What a type's row says of the others: each pair in the row of its lesser; empty if there is none.
std::string related_line(const std::string& type, const TypePairs& related);
// Rows that say no more than which types are related.
std::string rows_of(const TypePairs& related);

}  // namespace ioc::duplicates
