// What mask_personal hides, by kind. Each finder walks the text once and appends what it found, in order.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ioc::text {

struct Span {
  std::size_t begin = 0, end = 0;
};

// Ends of the words that announce something, in order: "STK" an account, "biển số" a plate.
struct Announced {
  std::vector<std::size_t> accounts, plates;
  [[nodiscard]] static Announced in(std::string_view text);
};
// Whether one of them ends shortly before `at`; `next` moves on, so that the places must be asked in order.
[[nodiscard]] bool announces(const std::vector<std::size_t>& ends, std::size_t& next, std::size_t at);

void find_numbers(std::string_view text, const Announced& announced, std::vector<Span>& found);
void find_plates(std::string_view text, const Announced& announced, std::vector<Span>& found);
void find_addresses(std::string_view text, std::vector<Span>& found);  // of e-mail

}  // namespace ioc::text
