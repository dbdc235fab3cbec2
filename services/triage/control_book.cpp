#include "services/triage/control_book.h"

#include <spdlog/spdlog.h>

#include <utility>

namespace ioc::triage_service {

void ControlBook::add(std::string_view value) {
  auto entry = wire::decode_control_entry(value);
  if (entry.has_error()) return spdlog::error("triage: a control entry is left out error=\"{}\"", entry.error().message);
  add(*std::move(entry));
}

void ControlBook::add(ControlEntry entry) {
  Word& word = x_words[entry.offset];
  if (entry.state == ControlState::Requested) {
    word.request = std::move(entry);
  } else {
    word.answer = std::move(entry);
  }
}

const ControlEntry* ControlBook::to_apply(Offset offset) const {
  const auto found = x_words.find(offset);
  if (found == x_words.end()) return nullptr;
  const auto& [request, answer] = found->second;
  if (!answer) return request ? &*request : nullptr;
  return answer->state == ControlState::Applied ? &*answer : nullptr;
}

const ControlEntry* ControlBook::applied(Offset offset) const {
  const auto found = x_words.find(offset);
  if (found == x_words.end() || !found->second.answer) return nullptr;
  return found->second.answer->state == ControlState::Applied ? &*found->second.answer : nullptr;
}

bool ControlBook::undecided(Offset offset) const {
  const auto found = x_words.find(offset);
  return found != x_words.end() && found->second.request && !found->second.answer;
}

std::vector<ControlEntry> ControlBook::too_late(Offset next) const {
  std::vector<ControlEntry> late;
  for (auto at = x_words.begin(); at != x_words.end() && at->first < next; ++at) {
    if (at->second.request && !at->second.answer) late.push_back(*at->second.request);
  }
  return late;
}

}  // namespace ioc::triage_service
