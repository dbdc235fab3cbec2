// Texts with what they are about, from CSV (`id,text` and optionally `category,also_right,further_categories,emergency,
// register,sub_kind`), to train and to measure with.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/result.h"

namespace ioc::commands {

struct LabelledText {
  std::uint64_t line = 0;
  std::string id, text, category, written_as;  // category empty: not labelled
  std::vector<std::string> also_right, further;
  std::vector<std::string> sub_kinds;  // each of them is right, `-`: none; empty: not labelled
  std::optional<bool> emergency;
};

// The rows in file order. Permanent: no such file. Corrupt: no column `text`, or a row that cannot be read; the message names line and column.
// `take` may refuse a row with a message.
[[nodiscard]] Result<void> read_labelled_texts(const std::string& path, const std::function<Result<void>(LabelledText&&)>& take);

}  // namespace ioc::commands
