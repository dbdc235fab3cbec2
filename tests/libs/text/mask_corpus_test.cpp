// How much of what is personal is hidden, and how much else with it, over thousands of made-up sentences.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>

#include "libs/text/mask.h"
#include "tests/libs/text/mask_corpus.h"

using namespace ioc::text;

namespace {

constexpr std::uint32_t kSeed = 20'261'201;
constexpr std::size_t kCount = 6'000;

struct Measured {
  std::size_t all = 0, hidden = 0, exact = 0;
  [[nodiscard]] double recall() const { return static_cast<double>(hidden) / static_cast<double>(all); }
  [[nodiscard]] double kept() const { return static_cast<double>(exact) / static_cast<double>(all); }
};

bool is_sign(char c) { return (c >= ' ' && c < '0') || c == '\n' || c == '[' || c == ']'; }

// Hidden: between what stands around the secret nothing is left but the mask and signs.
bool is_hidden(const Secret& sample, const std::string& masked) {
  if (masked.find(kMask) == std::string::npos) return false;
  std::string_view rest = masked;
  if (rest.starts_with(sample.before)) rest.remove_prefix(sample.before.size());
  if (rest.ends_with(sample.after)) rest.remove_suffix(sample.after.size());
  return std::all_of(rest.begin(), rest.end(), is_sign);
}

Measured measured(const char* name, const std::vector<Secret>& samples, double goal) {
  Measured out;
  std::size_t shown = 0;
  for (const Secret& sample : samples) {
    const std::string masked = mask_personal(sample.before + sample.secret + sample.after).text;
    ++out.all;
    const bool hidden = is_hidden(sample, masked);
    out.hidden += hidden ? 1 : 0;
    out.exact += masked == sample.before + std::string(kMask) + sample.after ? 1 : 0;
    if (!hidden && ++shown <= 10) UNSCOPED_INFO(sample.before << "[" << sample.secret << "]" << sample.after << " -> " << masked);
  }
  std::printf("%s: recall %.4f, nothing else hidden %.4f of %zu\n", name, out.recall(), out.kept(), out.all);
  CHECK(out.recall() >= goal);
  return out;
}

}  // namespace

TEST_CASE("mask corpus: phones and identity numbers are hidden in at least 99 of 100 sentences, whatever they are written with") {
  measured("phones", phones(kSeed, kCount), 0.99);
  measured("identity numbers", identity_numbers(kSeed, kCount), 0.99);
}

TEST_CASE("mask corpus: plates are hidden in at least 98 of 100 sentences") { measured("plates", plates(kSeed, kCount), 0.98); }

TEST_CASE("mask corpus: accounts and e-mail addresses are hidden in at least 99 of 100 sentences") {
  measured("accounts", accounts(kSeed, kCount), 0.99);
  measured("e-mail addresses", addresses(kSeed, kCount), 0.99);
}

TEST_CASE("mask corpus: names behind a pronoun or an office are hidden in at least 90 of 100 sentences") { measured("names", names(kSeed, kCount), 0.9); }

TEST_CASE("mask corpus: of sentences with nothing personal at most one in a hundred loses anything") {
  std::size_t wrong = 0, shown = 0;
  const auto sentences = plain_sentences(kSeed, kCount);
  for (const std::string& sentence : sentences) {
    const auto masked = mask_personal(sentence);
    if (masked.hidden == 0) continue;
    ++wrong;
    if (++shown <= 20) UNSCOPED_INFO(sentence << " -> " << masked.text);
  }
  std::printf("false masks: %zu of %zu\n", wrong, sentences.size());
  CHECK(100 * wrong <= sentences.size());
}
