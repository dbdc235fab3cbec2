// Folding of Vietnamese text on one core, and a plain way to get the same from ICU beside it.
#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <ctime>
#include <string>
#include <vector>

#include "bench/figures.h"
#include "libs/text/fold.h"
#include "libs/text/ngrams.h"

namespace {

constexpr double kSeconds = 1.0;

// Marked and capitalised as people write on a portal; about 1 MB in reports of some 300 bytes.
std::vector<std::string> reports() {
  const std::vector<std::string> sentences{
      "Kính gửi Ban Quản lý đô thị, trước cổng trường tiểu học có một nắp cống bị vỡ từ tuần trước, rất nguy hiểm cho các cháu. ",
      "Đường Lương Ngọc Quyến đoạn gần ngã tư ngập sâu sau mưa lớn, xe máy chết máy hàng loạt. ",
      "Đề nghị cơ quan chức năng kiểm tra, xử lý quán karaoke gây ồn đến 23h30 hằng đêm. ",
      "Người dân báo: cây đổ chắn ngang QL3 Km12+300, chưa thấy ai dọn dẹp. ",
      "Bãi rác tự phát ở tổ 7, phường Quang Trung bốc mùi hôi thối nồng nặc, ruồi muỗi bay vào nhà dân! "};
  std::vector<std::string> out;
  std::size_t total = 0;
  for (std::size_t i = 0; total < 1'000'000; ++i) {
    std::string text;
    for (std::size_t j = 0; j < 3; ++j) text += sentences[(i * 7 + j * (1 + i % 3)) % sentences.size()];
    total += text.size();
    out.push_back(std::move(text));
  }
  return out;
}

std::string icu_folded(const icu::Normalizer2& nfd, const std::string& text) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::UnicodeString apart = nfd.normalize(icu::UnicodeString::fromUTF8(text), error);
  icu::UnicodeString plain;
  for (int32_t at = 0; at < apart.length();) {
    const UChar32 c = apart.char32At(at);
    at += U16_LENGTH(c);
    if (u_getCombiningClass(c) == 0) plain.append(c == 0x111 || c == 0x110 ? UChar32{'d'} : c);
  }
  std::string out;
  plain.foldCase().toUTF8String(out);
  return out;
}

// Megabytes of text a second of one core.
template <class Run>
double rate(const std::vector<std::string>& texts, const Run& run) {
  const std::clock_t start = std::clock();  // of this process: others may run beside it
  double seconds = 0, bytes = 0;
  while (seconds < kSeconds) {
    for (const std::string& text : texts) {
      run(text);
      bytes += static_cast<double>(text.size());
    }
    seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  }
  return bytes / seconds / 1e6;
}

}  // namespace

int main() {
  const auto texts = reports();
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* nfd = icu::Normalizer2::getNFDInstance(error);
  std::size_t different = 0, sink = 0;
  for (const auto& text : texts) different += ioc::text::fold(text) == icu_folded(*nfd, text) ? 0 : 1;
  std::string into;
  ioc::bench::report("text_fold", rate(texts, [&](const std::string& text) {
    ioc::text::fold(text, into);
    sink += into.size();
  }), "MB/s", ">= 300");
  ioc::bench::report("text_fold_naive_icu", rate(texts, [&](const std::string& text) { sink += icu_folded(*nfd, text).size(); }), "MB/s");
  ioc::bench::report("text_fold_other_than_icu", static_cast<double>(different), "texts", "0");
  ioc::bench::report("text_fold_keep_marks", rate(texts, [&](const std::string& text) { sink += ioc::text::fold_keep_marks(text).size(); }), "MB/s");
  std::vector<std::string> apart;
  for (const auto& text : texts) apart.push_back(ioc::text::nfd(text));
  ioc::bench::report("text_fold_of_nfd", rate(apart, [&](const std::string& text) {
    ioc::text::fold(text, into);
    sink += into.size();
  }), "MB/s");
  ioc::bench::report("text_nfc_of_nfd", rate(apart, [&](const std::string& text) { sink += ioc::text::nfc(text).size(); }), "MB/s");
  std::uint64_t all = 0;
  ioc::bench::report("text_words_and_ngrams_2_to_4", rate(texts, [&](const std::string& text) {
    ioc::text::fold(text, into);
    ioc::text::for_each_word(into, [&](std::string_view, std::uint64_t hash) { all += hash; });
    ioc::text::for_each_ngram(into, 2, 4, [&](std::uint64_t hash) { all += hash; });
  }), "MB/s");
  return different == 0 && sink + all != 0 ? 0 : 1;
}
