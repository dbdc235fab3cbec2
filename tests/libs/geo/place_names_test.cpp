#include "libs/text/fold.h"
#include "tests/libs/geo/units_of.h"

using namespace ioc;
using namespace ioc::geo;

namespace {

std::string named(std::string_view text, std::string_view date) {
  const auto found = thai_nguyen().named_in(text, on(date));
  // Without any marks it is the same.
  const auto folded = thai_nguyen().named_in(text::fold(text), on(date));
  if (folded.unit != found.unit) return "other without marks";
  if (found.unit != nullptr && !thai_nguyen().may_name(text)) return "said to name nothing";
  return found.unit == nullptr ? "" : found.unit->code.str() + " " + found.unit->name + (found.typo ? " (typo)" : "");
}

}  // namespace

TEST_CASE("place names: a kind word and a name are found, with and without marks, short or long") {
  CHECK(named("Ổ gà trước cổng trường, phường Quang Trung", "2021-10-18") == "05446 Phường Quang Trung");
  CHECK(named("o ga o phuong quang trung", "2021-10-18") == "05446 Phường Quang Trung");
  CHECK(named("P.Tân Long ngập nước", "2021-10-18") == "05482 Phường Tân Long");
  CHECK(named("xóm Cây Xanh xã Phúc Xuân", "2021-10-18") == "05488 Xã Phúc Xuân");
  CHECK(named("TT Hùng Sơn mất điện", "2021-10-18") == "05761 Thị trấn Hùng Sơn");
}

TEST_CASE("place names: a bare name, a street of that name, or a larger unit alone is not clear") {
  CHECK(named("đường Quang Trung", "2021-10-18").empty());
  CHECK(named("Tân Long", "2021-10-18").empty());
  CHECK(named("thị xã Phổ Yên", "2021-10-18").empty());
  CHECK(named("huyện Đại Từ", "2025-08-01").empty());
  CHECK(named("xa xôi quá", "2021-10-18").empty());
  CHECK(named("", "2021-10-18").empty());
}

TEST_CASE("place names: two different units are not clear, the same one twice is") {
  CHECK(named("từ phường Quang Trung đến phường Đồng Quang", "2021-10-18").empty());
  CHECK(named("phường Quang Trung, đúng là P. Quang Trung", "2021-10-18") == "05446 Phường Quang Trung");
}

TEST_CASE("place names: the kind word tells namesakes apart") {
  CHECK(named("xã Tân Thịnh", "2021-10-18") == "05548 Xã Tân Thịnh");
  CHECK(named("phường Tân Thịnh", "2021-10-18") == "05452 Phường Tân Thịnh");
}

TEST_CASE("place names: former names lead to the unit of the event's time when there is exactly one") {
  CHECK(named("phường Quang Trung", "2025-08-01") == "05443 Phường Phan Đình Phùng");
  CHECK(named("xã Vinh Sơn", "2021-10-18") == "05509 Phường Châu Sơn");
  CHECK(named("xã Vinh Sơn", "2025-08-01") == "05533 Phường Bá Xuyên");
  CHECK(named("xã Hồng Tiến", "2023-01-01") == "05869 Phường Hồng Tiến");
  CHECK(named("phường Cải Đan", "2025-08-01") == "05518 Phường Sông Công");
  // Bắc Kạn's former names are aliases.
  CHECK(named("phường Huyền Tụng", "2025-08-01") == "01840 Phường Đức Xuân");
  CHECK(named("phường Huyền Tụng", "2021-10-18").empty());
  // Cam Giá went into two.
  CHECK(named("phường Cam Giá", "2025-08-01").empty());
  // So did Gia Sàng, but one of them has its name.
  CHECK(named("phường Gia Sàng", "2025-08-01") == "05467 Phường Gia Sàng");
  // A name of later is unknown before.
  CHECK(named("xã Vạn Phú", "2021-10-18").empty());
  CHECK(named("xã Vạn Phú", "2025-03-01") == "05845 Xã Vạn Phú");
}

TEST_CASE("place names: a name that is both a unit of today and a former one needs the former district") {
  // Trung Thành: a ward of TP Thái Nguyên (now in Tích Lương), and a ward of Phổ Yên (now Trung Thành again).
  CHECK(named("phường Trung Thành", "2025-08-01").empty());
  CHECK(named("phường Trung Thành, thành phố Thái Nguyên", "2025-08-01") == "05500 Phường Tích Lương");
  CHECK(named("phường Trung Thành, TP Phổ Yên", "2025-08-01") == "05899 Phường Trung Thành");
}

TEST_CASE("place names: one typo in a name is forgiven where it leads to one name, and said") {
  CHECK(named("phường Quang Trugn bị ngập", "2021-10-18") == "05446 Phường Quang Trung (typo)");
  CHECK(named("phuong Quag Trung", "2021-10-18") == "05446 Phường Quang Trung (typo)");
  CHECK(named("xã Phúc Xuaan", "2021-10-18").empty());  // a short word has too many neighbours
  CHECK(named("phường Quag Trugn", "2021-10-18").empty());
  // A name that is right goes before one that may be meant.
  CHECK(named("phường Quag Trung và phường Tân Long", "2021-10-18") == "05482 Phường Tân Long");
}

TEST_CASE("place names: another word that folds to a kind word is none where it has its marks") {
  CHECK(thai_nguyen().named_in("xả Phúc Xuân", on("2021-10-18")).unit == nullptr);
  CHECK(thai_nguyen().named_in("xã Phúc Xuân", on("2021-10-18")).unit != nullptr);
}

TEST_CASE("place names: a text without any kind word is known to name nothing") {
  CHECK_FALSE(thai_nguyen().may_name("Nắp cống bị mất, trời tối rất nguy hiểm"));
  CHECK_FALSE(thai_nguyen().may_name(""));
  CHECK(thai_nguyen().may_name("ổ gà ở P.Quang Trung"));
}

TEST_CASE("place names: a naming says where it stands in the raw text") {
  const std::string raw = text::nfd("Ổ gà ở phường Quang Trung, sâu");
  const auto found = thai_nguyen().named_in(raw, on("2021-10-18"));
  REQUIRE(found.unit != nullptr);
  CHECK(text::nfc(raw.substr(found.from, found.to - found.from)) == "phường Quang Trung");
}

TEST_CASE("mentions: units have their codes at the event's time, or their successors'") {
  const auto codes = [](std::string_view text, std::string_view date) {
    std::string out;
    for (const Mention& one : thai_nguyen().mentions_in(text, Form::Text, on(date))) {
      out += std::string(name_of(one.kind)) + " " + one.key;
      for (const UnitCode& code : one.units) out += " " + code.str();
      out += "; ";
    }
    return out;
  };
  CHECK(codes("số 12 đường Bắc Kạn, P.Quang Trung, TP Thái Nguyên", "2021-10-18") ==
        "house 12; street bac kan; unit phuong quang trung 05446; whole thanh pho thai nguyen 164; ");
  CHECK(codes("tổ 3 phường Cam Giá", "2025-08-01") == "group to 3; unit phuong cam gia 05467 05500; ");
  CHECK(codes("xã Không Đâu", "2025-08-01") == "unit khong dau; ");
}
