#include "tests/libs/text/garble.h"

#include <array>
#include <map>
#include <vector>

#include "libs/text/utf8.h"

namespace ioc::text::testing {
namespace {

std::vector<std::string> letters_of(std::string_view utf8) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < utf8.size();) {
    const std::size_t begin = at;
    decode_next(utf8, at);
    out.emplace_back(utf8.substr(begin, at - begin));
  }
  return out;
}

char32_t code_point(std::string_view letter) {
  std::size_t at = 0;
  return decode_next(letter, at).code_point;
}

constexpr std::array<char32_t, 32> kWindows = {0x20AC, 0x81,   0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160,
                                               0x2039, 0x152,  0x8D,   0x17D,  0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
                                               0x2013, 0x2014, 0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0x9D,   0x17E, 0x178};
const std::map<unsigned char, char32_t> kVietnameseWindows = {
    {0xC3, 0x102}, {0xCC, 0x300}, {0xD0, 0x110}, {0xD2, 0x309}, {0xD5, 0x1A0}, {0xDD, 0x1AF}, {0xDE, 0x303}, {0xE3, 0x103}, {0xEC, 0x301},
    {0xF0, 0x111}, {0xF2, 0x323}, {0xF5, 0x1A1}, {0xFD, 0x1B0}, {0xFE, 0x20AB}, {0x8A, 0x8A},   {0x8E, 0x8E},   {0x9A, 0x9A},   {0x9E, 0x9E}};

// "letter code letter code …": a code is one character, or two of VNI.
std::map<std::string, std::string> table_of(std::string_view pairs) {
  std::map<std::string, std::string> out;
  while (!pairs.empty()) {
    const auto end = std::min(pairs.find(' '), pairs.size());
    const auto parts = letters_of(pairs.substr(0, end));
    std::string code;
    for (std::size_t i = 1; i < parts.size(); ++i) code += parts[i];
    out[parts.front()] = code;
    pairs.remove_prefix(std::min(end + 1, pairs.size()));
  }
  return out;
}

constexpr std::string_view kTcvn3 =
    "àµ ả¶ ã· á¸ ạ¹ ă¨ ằ» ẳ¼ ẵ½ ắ¾ ặÆ â© ầÇ ẩÈ ẫÉ ấÊ ậË đ® èÌ ẻÎ ẽÏ éÐ ẹÑ êª ềÒ ểÓ ễÔ ếÕ ệÖ ì× ỉØ ĩÜ íÝ ịÞ òß ỏá õâ óã ọä ô« ồå ổæ ỗç ốè ộé ơ¬ ờê "
    "ởë ỡì ớí ợî ùï ủñ ũò úó ụô ư\u00AD ừõ ửö ữ÷ ứø ựù ỳú ỷû ỹü ýý ỵþ Ă¡ Â¢ Ê£ Ô¤ Ơ¥ Ư¦ Đ§ Àµ Ả¶ Ã· Á¸ Ạ¹ Ằ» Ẳ¼ Ẵ½ Ắ¾ ẶÆ ẦÇ ẨÈ ẪÉ ẤÊ ẬË ÈÌ ẺÎ ẼÏ ÉÐ ẸÑ ỀÒ "
    "ỂÓ ỄÔ ẾÕ ỆÖ Ì× ỈØ ĨÜ ÍÝ ỊÞ Òß Ỏá Õâ Óã Ọä Ồå Ổæ Ỗç Ốè Ộé Ờê Ởë Ỡì Ớí Ợî Ùï Ủñ Ũò Úó Ụô Ừõ Ửö Ữ÷ Ứø Ựù Ỳú Ỷû Ỹü Ýý Ỵþ";
constexpr std::string_view kVni =
    "áaù àaø ảaû ãaõ ạaï ăaê ắaé ằaè ẳaú ẵaü ặaë âaâ ấaá ầaà ẩaå ẫaã ậaä éeù èeø ẻeû ẽeõ ẹeï êeâ ếeá ềeà ểeå ễeã ệeä íí ìì ỉæ ĩó ịò óoù òoø ỏoû õoõ ọoï ôoâ "
    "ốoá ồoà ổoå ỗoã ộoä ơô ớôù ờôø ởôû ỡôõ ợôï úuù ùuø ủuû ũuõ ụuï ưö ứöù ừöø ửöû ữöõ ựöï ýyù ỳyø ỷyû ỹyõ ỵî đñ ÁAÙ ÀAØ ẢAÛ ÃAÕ ẠAÏ ĂAÊ ẮAÉ ẰAÈ ẲAÚ ẴAÜ "
    "ẶAË ÂAÂ ẤAÁ ẦAÀ ẨAÅ ẪAÃ ẬAÄ ÉEÙ ÈEØ ẺEÛ ẼEÕ ẸEÏ ÊEÂ ẾEÁ ỀEÀ ỂEÅ ỄEÃ ỆEÄ ÍÍ ÌÌ ỈÆ ĨÓ ỊÒ ÓOÙ ÒOØ ỎOÛ ÕOÕ ỌOÏ ÔOÂ ỐOÁ ỒOÀ ỔOÅ ỖOÃ ỘOÄ ƠÔ ỚÔÙ ỜÔØ ỞÔÛ "
    "ỠÔÕ ỢÔÏ ÚUÙ ÙUØ ỦUÛ ŨUÕ ỤUÏ ƯÖ ỨÖÙ ỪÖØ ỬÖÛ ỮÖÕ ỰÖÏ ÝYÙ ỲYØ ỶYÛ ỸYÕ ỴÎ ĐÑ";

std::string through(const std::map<std::string, std::string>& table, std::string_view utf8) {
  std::string out;
  for (const auto& letter : letters_of(utf8)) {
    const auto at = table.find(letter);
    out += at == table.end() ? letter : at->second;
  }
  return out;
}

constexpr std::string_view kNames[] = {"Agrave", "Aacute", "Acirc", "Atilde", "Egrave", "Eacute", "Ecirc", "Igrave", "Iacute", "Ograve", "Oacute",
                                       "Ocirc",  "Otilde", "Ugrave", "Uacute", "Yacute", "agrave", "aacute", "acirc", "atilde", "egrave", "eacute",
                                       "ecirc",  "igrave", "iacute", "ograve", "oacute", "ocirc",  "otilde", "ugrave", "uacute", "yacute"};
constexpr std::u32string_view kNamed = U"ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúý";

}  // namespace

std::string as_mojibake(std::string_view utf8, Table table) {
  std::string out;
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    char32_t read = byte;
    if (table != Table::Latin1 && byte >= 0x80 && byte < 0xA0) read = kWindows[byte - 0x80];
    if (const auto at = kVietnameseWindows.find(byte); table == Table::Windows1258 && at != kVietnameseWindows.end()) read = at->second;
    append_utf8(out, read);
  }
  return out;
}

std::string as_entities(std::string_view utf8, bool named) {
  std::string out;
  for (const auto& letter : letters_of(utf8)) {
    const char32_t c = code_point(letter);
    const auto at = kNamed.find(c);
    if (c < 0x80) {
      out += letter == "&" ? "&amp;" : letter == "<" ? "&lt;" : letter == ">" ? "&gt;" : letter;
    } else if (named && at != std::u32string_view::npos) {
      out.append("&").append(kNames[at]).append(";");
    } else {
      out.append("&#").append(std::to_string(static_cast<std::uint32_t>(c))).append(";");
    }
  }
  return out;
}

std::string as_tcvn3(std::string_view utf8) {
  static const auto table = table_of(kTcvn3);
  return through(table, utf8);
}

std::string as_vni(std::string_view utf8) {
  static const auto table = table_of(kVni);
  return through(table, utf8);
}

}  // namespace ioc::text::testing
