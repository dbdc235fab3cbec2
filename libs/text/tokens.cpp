#include "libs/text/tokens.h"

#include "libs/text/unicode.h"
#include "libs/text/utf8.h"

namespace ioc::text {

std::size_t other_word_bytes(std::string_view text, std::size_t at, bool begins, bool& alone) noexcept {
  std::size_t end = at;
  const unicode::WordBreak kind = unicode::word_break(decode_next(text, end).code_point);
  alone = kind == unicode::WordBreak::Alone;
  if (kind == unicode::WordBreak::None || (kind == unicode::WordBreak::Extend && begins)) return 0;
  return end - at;
}

}  // namespace ioc::text
