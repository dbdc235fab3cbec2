#include "services/triage/state_compare.h"

#include <fmt/format.h>

#include <deque>
#include <utility>

#include "libs/base/assert.h"
#include "libs/triage/canonical.h"

namespace ioc::triage_service {
namespace {

constexpr std::size_t kReadBytes = 256 << 10;
constexpr std::size_t kShown = 20;

// The canonical entries of a state, one at a time.
class Entries {
 public:
  explicit Entries(const triage::StateView& state)
      : x_reader(state), x_parser([this](triage::StateWrite entry) -> Result<void> {
          x_ready.push_back(std::move(entry));
          return {};
        }) {}
  // nullptr: the end.
  const triage::StateWrite* peek() {
    while (x_ready.empty() && x_more) {
      std::string bytes;
      x_more = x_reader.read(bytes, kReadBytes);
      IOC_ASSERT(x_parser.add(bytes).has_value());
    }
    return x_ready.empty() ? nullptr : &x_ready.front();
  }
  void pop() { x_ready.pop_front(); }

 private:
  triage::CanonicalReader x_reader;
  triage::CanonicalParser x_parser;
  std::deque<triage::StateWrite> x_ready;
  bool x_more = true;
};

// Readable characters as they are, others as \xx.
std::string readable(std::string_view key) {
  std::string text;
  for (const char c : key) {
    if (c > ' ' && c < 0x7f) {
      text.push_back(c);
    } else {
      text += fmt::format("\\{:02x}", static_cast<unsigned char>(c));
    }
  }
  return text;
}

}  // namespace

Compared compare_states(const triage::StateView& expected, const triage::StateView& found) {
  Compared result;
  Entries wanted(expected), is(found);
  const auto differ = [&](std::string_view what, const triage::StateWrite& entry) {
    ++result.differences;
    if (result.first.size() < kShown) {
      result.first.push_back(fmt::format("{} in table {}: {}", what, triage::name_of(entry.table), readable(entry.key)));
    }
  };
  while (wanted.peek() != nullptr || is.peek() != nullptr) {
    const triage::StateWrite* a = wanted.peek();
    const triage::StateWrite* b = is.peek();
    ++result.entries;
    const auto key = [](const triage::StateWrite& entry) { return std::pair(entry.table, std::string_view(entry.key)); };
    if (b == nullptr || (a != nullptr && key(*a) < key(*b))) {
      differ("missing", *a);
      wanted.pop();
    } else if (a == nullptr || key(*b) < key(*a)) {
      differ("too much", *b);
      is.pop();
    } else {
      if (a->value != b->value) differ("different", *a);
      wanted.pop();
      is.pop();
    }
  }
  return result;
}

}  // namespace ioc::triage_service
