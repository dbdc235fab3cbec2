// E-mail addresses.
#include <algorithm>
#include <array>

#include "libs/text/mask_parts.h"

namespace ioc::text {
namespace {

constexpr std::size_t kLocalMax = 64, kDomainMax = 253, kBlanksMax = 2;

bool in_local(char c) { return in_word(c) || c == '.' || c == '_' || c == '%' || c == '+' || c == '-'; }
bool in_domain(char c) { return in_word(c) || c == '.' || c == '-'; }

// Ends of domains that people have addresses at; blanks within an address are believed before these alone.
bool is_known_end(std::string_view label) {
  constexpr std::array<std::string_view, 9> kKnown{"com", "vn", "net", "org", "edu", "gov", "info", "me", "io"};
  return std::find(kKnown.begin(), kKnown.end(), label) != kKnown.end();
}

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && end - at < kBlanksMax && text[end] == ' ') ++end;
  return end;
}

struct Domain {
  std::size_t end = 0;
  bool has_dot = false, known = false;
};

// Without blanks: "gmail.com".
Domain domain_at(std::string_view text, std::size_t begin) {
  Domain out;
  std::size_t end = begin;
  while (end < text.size() && end - begin < kDomainMax && in_domain(text[end])) ++end;
  while (end > begin && !in_word(text[end - 1])) --end;  // the end of a sentence
  const std::string_view domain = text.substr(begin, end - begin);
  const std::size_t dot = domain.rfind('.');
  out.end = end;
  out.has_dot = dot != std::string_view::npos;
  out.known = out.has_dot && is_known_end(domain.substr(dot + 1));
  return out;
}

// "gmail . com", "mail. thainguyen .gov. vn": as far as its last known end.
Domain spaced_domain_at(std::string_view text, std::size_t begin) {
  Domain out;
  std::size_t at = skip_blanks(text, begin);
  const std::size_t limit = std::min(text.size(), begin + kDomainMax);
  for (bool first = true; at < limit; first = false) {
    const std::size_t from = at;
    while (at < limit && (in_word(text[at]) || text[at] == '-')) ++at;
    if (at == from) break;
    if (!first && is_known_end(text.substr(from, at - from))) {
      out.end = at;
      out.has_dot = out.known = true;
    }
    const std::size_t dot = skip_blanks(text, at);
    if (dot >= text.size() || text[dot] != '.') break;
    at = skip_blanks(text, dot + 1);
  }
  return out;
}

}  // namespace

void find_addresses(const Reading& reading, std::vector<Span>& found) {
  const std::string_view text = reading.plain, lower = reading.lower;
  for (auto at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    std::size_t local_end = at;
    while (local_end > 0 && at - local_end < kBlanksMax && text[local_end - 1] == ' ') --local_end;
    std::size_t begin = local_end;
    while (begin > 0 && local_end - begin < kLocalMax && in_local(text[begin - 1])) --begin;
    if (begin == local_end) continue;
    const Domain plain = domain_at(lower, at + 1);
    const Domain spaced = spaced_domain_at(lower, at + 1);
    const bool whole = plain.has_dot && (local_end == at || plain.known);
    const std::size_t end = std::max(whole ? plain.end : 0, spaced.known ? spaced.end : 0);
    if (end > at) found.push_back({begin, end});
  }
}

}  // namespace ioc::text
