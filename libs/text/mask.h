// Personal numbers, names and addresses do not leave ingest in free text, nor the desk in comments.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ioc::text {

struct Masked {
  std::string text;        // what is personal in it is replaced by kMask
  std::size_t hidden = 0;  // how many were replaced
};

inline constexpr std::string_view kMask = "***";

// Digits of any script count, keycaps and mathematical ones too, and O for zero between digits. Replaced are, with what people
// write between groups of digits (blanks, dots, dashes, brackets, "…", "*", ":", one line end or several):
//   phones: 0 and 9 or 10 digits ("0912.345.678", "(0208) 3855 123"), +84, 84 or 0084 and 9 or 10 digits; 7 or 8 digits after
//     "điện thoại" or "sđt";
//   identity numbers: 9 digits (not with dots, that is how money is written) or 12 digits; after "CMND", "CCCD", "hộ chiếu" and the
//     like 8 to 15 digits however they are written; passports: a capital and 7 or 8 digits;
//   accounts and cards: 6 to 19 digits after "STK", "TK" or "số tài khoản"; 13 to 19 digits in groups of four;
//   any 9 or more digits without a gap;
//   names behind a pronoun, an office or a question for them ("ông Nguyễn Văn A", "cán bộ địa chính Trần Thị B", "họ tên: …");
//   number plates ("20A-123.45", "20-B1 123.45", "29-MĐ1 – 123.45", "20a-12345"; after "biển số" also "20a 12345") and e-mail addresses.
// Dates, times of day, amounts of money, kilometre marks, coordinates, hotlines, and streets that are called after people stay.
// Pure; time grows with the length alone.
Masked mask_personal(std::string_view text);

// For an identifier, a link or a path, where most digits are no person's. Replaced are phones and identity numbers that stand alone
// between signs ("0912345678", "0912.345.678"), plates in capitals and e-mail addresses. A name that is one phone or identity number and
// nothing else is replaced as a whole.
Masked mask_name(std::string_view name);

}  // namespace ioc::text
