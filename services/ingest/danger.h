// The IOC is not the emergency line: who reports a danger to life is told at once to call one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ioc::ingest {

inline constexpr std::string_view kDangerNotice =
    "Nếu có nguy hiểm đến tính mạng, hãy gọi ngay 113 (công an), 114 (chữa cháy, cứu nạn) hoặc 115 (cấp cứu). "
    "Phản ánh này không thay cho cuộc gọi khẩn cấp.";

class Danger {
 public:
  explicit Danger(const std::vector<std::string>& phrases);
  // With marks as written; a text without any marks is compared without them. Words behind thanks, a drill, a risk, a past or
  // a "không ai" do not count; one place where they stand without is enough.
  [[nodiscard]] bool speaks_of_danger(std::string_view title, std::string_view text) const;

 private:
  struct Context {  // takes the danger out of words behind it
    std::string before, danger;
    bool directly = false;
  };
  struct Vocabulary {
    [[nodiscard]] bool in(std::string_view text) const;
    std::vector<std::string> words;
    std::vector<Context> contexts;
  };
  Vocabulary x_marked, x_folded;
};

}  // namespace ioc::ingest
