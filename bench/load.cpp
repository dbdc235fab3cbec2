#include "bench/load.h"

#include <fmt/core.h>

#include <array>

#include "libs/base/hash.h"
#include "libs/base/time.h"

namespace ioc::bench {

namespace {

constexpr std::array<const char*, 6> kKinds = {"illegal_stop", "congestion", "speeding", "red_light", "crowd", "loitering"};
constexpr std::array<const char*, 6> kCategories = {"ha-tang", "moi-truong", "giao-thong", "an-ninh-trat-tu",
                                                     "cap-thoat-nuoc", "khac"};
constexpr std::array<const char*, 8> kThings = {"nắp cống bị mất", "cây đổ chắn lối", "rác thải tồn đọng", "đèn đường hỏng",
                                                "ống nước vỡ",     "biển báo gãy",    "mặt đường sụt lún", "tiếng ồn lớn"};

std::string position(double lat, double lon) { return fmt::format("{{\"lat\":{:.5f},\"lon\":{:.5f}}}", lat, lon); }

// 150 by 200 places, 200 m apart, around the city.
std::string busy_place(std::uint64_t n) {
  const std::uint64_t at = n * 7919 % 30'000;
  return position(21.35 + 0.002 * static_cast<double>(at / 200), 105.65 + 0.002 * static_cast<double>(at % 200));
}

// 25 by 40 places, a kilometre apart, north of it.
std::string lone_place(std::uint64_t n) {
  return position(21.72 + 0.01 * static_cast<double>(n % 1000 / 40), 105.6 + 0.01 * static_cast<double>(n % 40));
}

// Words that differ from number to number, in letters: ingest masks digits that look like a telephone number.
std::string words_of(const std::string& run, std::uint64_t n) {
  const Hash128 hash = hash128(run, n);
  std::string words;
  for (std::uint64_t bits : {hash.high, hash.low})
    for (int i = 0; i < 12; ++i, bits /= 26) {
      words += static_cast<char>('a' + bits % 26);
      if (i % 4 == 3) words += ' ';
    }
  return words;
}

std::string now() { return format_time(wall_now()); }

}  // namespace

std::string Mix::report() { return report_at(busy_place(x_next), kThings[x_next % kThings.size()]); }

std::string Mix::lone_report(std::uint64_t place) { return report_at(lone_place(place), words_of(x_run, place)); }

std::string Mix::report_at(const std::string& at, const std::string& words) {
  const std::uint64_t n = x_next++;
  return fmt::format(
      R"({{"report_id":"{0}-r{1}","title":"{2}","text":"{2}, đề nghị xử lý","category":"{3}","position":{4},"occurred_at":"{5}","sent_at":"{5}"}})",
      x_run, n, words, kCategories[n % kCategories.size()], at, now());
}

std::string Mix::alert() {
  const std::uint64_t n = x_next++;
  return fmt::format(
      R"({{"alert_id":"{}-a{}","camera":"tn_luongngocquyen_01","kind":"{}","state":"start","sequence":1,"started_at":"{}","at":"{}","confidence":0.9}})",
      x_run, n, kKinds[n % kKinds.size()], now(), now());
}

std::string Mix::passage() {
  const std::uint64_t n = x_next++;
  return fmt::format(
      R"({{"passage_id":"{}-p{}","checkpoint":"CK0{}","direction":"in","vehicle":"car","people":2,"symptoms":false,"contact":false,"result":"pass","occurred_at":"{}"}})",
      x_run, n, 1 + n % 8, now());
}

Batch Mix::batch(std::uint64_t events) {
  const std::uint64_t turn = x_batches++ % 10;
  Batch batch{turn == 0 ? "/v1/reports" : turn % 2 == 0 ? "/v1/camera-alerts" : "/v1/checkpoints/passages", "", events};
  for (std::uint64_t i = 0; i < events; ++i) {
    batch.body += turn == 0 ? report() : turn % 2 == 0 ? alert() : passage();
    batch.body += '\n';
  }
  return batch;
}

}  // namespace ioc::bench
