#include "libs/geo/address.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "libs/text/fold.h"

using namespace ioc::geo;

namespace {

std::string listed(std::string_view text, Form form = Form::Text) {
  std::string out;
  for (const Mention& one : mentions_in(text, form)) {
    out += (out.empty() ? "" : "; ") + std::string(name_of(one.kind)) + " " + one.key;
  }
  return out;
}

std::string written(std::string_view text) {
  const auto found = address_in(text);
  return found.key.empty() ? "" : std::string(text.substr(found.from, found.to - found.from));
}

}  // namespace

TEST_CASE("mentions: what northern Vietnam calls a place is found in running text") {
  CHECK(listed("Trước số nhà 12A, ngõ 5, phố Bến Oánh ngập nặng") == "house 12a; alley 5; street ben oanh");
  CHECK(listed("cây đổ ở ngách 3 hẻm 2/1") == "alley 3; alley 2/1");
  CHECK(listed("tại tổ 7, TDP 5, tổ dân phố Ao Sen, xóm Cây Xanh, thôn 4 và bản Tèn") ==
        "group to 7; group to 5; group to ao sen; group xom cay xanh; group thon 4; group ban ten");
  CHECK(listed("sạt lở QL3, QL 37, QL1B, ĐT261, TL 261 và đường tỉnh 264") ==
        "road ql3; road ql37; road ql1b; road dt261; road dt261; road dt264");
  CHECK(listed("xe tải lật tại Km12+300 QL3") == "km 12300; road ql3");
  CHECK(listed("QL3 km 12 + 300, rồi Km 7") == "road ql3; km 12300; km 7000");
  CHECK(listed("công nhân KCN Sông Công II, khu công nghiệp Yên Bình và CCN Cao Ngạn") ==
        "zone kcn song cong 2; zone kcn yen binh; zone ccn cao ngan");
  CHECK(listed("gần chợ Thái, bệnh viện Gang Thép, BV A, cầu Bến Tượng, trường tiểu học Đội Cấn, ngã tư Đồng Quang") ==
        "landmark cho thai; landmark benh vien gang thep; landmark benh vien a; landmark cau ben tuong; "
        "landmark truong tieu hoc doi can; landmark nga tu dong quang");
  CHECK(listed("P.Quang Trung, phường Tân Long, xã Phúc Xuân, TT Hùng Sơn, TP Thái Nguyên, huyện Đại Từ") ==
        "unit quang trung; unit tan long; unit phuc xuan; unit hung son; whole thai nguyen; whole dai tu");
  CHECK(listed("đường Cách Mạng Tháng Tám, đường 3/2, đại lộ Võ Nguyên Giáp") ==
        "street cach mang thang tam; street 3/2; street vo nguyen giap");
}

TEST_CASE("mentions: the same words without a place, or with other marks, are none") {
  for (const char* text : {"xả rác bừa bãi", "đường dây điện bị đứt", "con đường này xấu quá", "đi bộ 5 km nữa", "cho tôi hỏi",
                           "xe biển số 20A", "bạn Nam ở đâu", "gọi số điện thoại 0208", "đèn Đỏ hỏng", "tổ chức ồn ào",
                           "phó Chủ tịch", "tuyến buýt số 12", "ngõ tối om", "khu vực này", "", "số", "ngõ", "Km"}) {
    INFO(text);
    CHECK(listed(text).empty());
  }
}

TEST_CASE("mentions: in a text without capitals a street is what begins like a person's name and ends at an ordinary word") {
  CHECK(listed("đường lương ngọc quyến ngập nặng") == "street luong ngoc quyen");
  for (const char* tone : {"đường hòa bình ngập nặng", "đường hoà bình ngập nặng"}) CHECK(listed(tone) == "street hoa binh");
  CHECK(listed("duong luong ngoc quyen bi ngap nang") == "street luong ngoc quyen");
  CHECK(listed("o ga o pho le loi gan cho") == "street le loi");
  CHECK(listed("nắp cống mất ở số nhà 12 đường hoàng văn thụ") == "house 12; street hoang van thu");
  CHECK(listed("den tat o 45 duong phan dinh phung toi om") == "house 45; street phan dinh phung");
  CHECK(listed("ngõ 5 đường dương tự minh, rác") == "alley 5; street duong tu minh");
  CHECK(listed("duong duong tu minh tac") == "street duong tu minh");
  CHECK(listed("Rác ở đường cách mạng tháng tám và đường nguyễn thị minh khai") == "street cach mang thang tam; street nguyen thi minh khai");
  CHECK(listed("duong ly thai to mat dien") == "street ly thai to");
  CHECK(written("mat nuoc o so nha 12 duong luong ngoc quyen tu sang") == "so nha 12 duong luong ngoc quyen");
  for (const char* text : {"đường này xấu quá", "duong dang sua", "đường đang sửa chữa", "duong phan luong lai", "đường lưu thông kém", "duong tran bi ngap",
                           "đường đào bới lung tung", "duong day dien bi dut", "duong vao xom lay loi", "đường cao hơn nhà", "phố xá đông đúc", "duong lien xa hong",
                           "đường lê", "duong", "đường hồ"}) {
    INFO(text);
    CHECK(listed(text).empty());
  }
  // Where there are capitals, they tell.
  CHECK(listed("Ổ gà trên đường lê lợi, gặp anh Nam").empty());
}

TEST_CASE("mentions: stand where they were written, whatever keyboard wrote them") {
  const std::string raw = ioc::text::nfd("Ổ gà trước số 12 đường Lương Ngọc Quyến, rất sâu");
  const auto found = mentions_in(raw, Form::Text);
  REQUIRE(found.size() == 2);
  CHECK(ioc::text::nfc(raw.substr(found[0].from, found[0].to - found[0].from)) == "số 12");
  CHECK(ioc::text::nfc(raw.substr(found[1].from, found[1].to - found[1].from)) == "đường Lương Ngọc Quyến");
}

TEST_CASE("address key: the same house in other writing has the same key") {
  const std::vector<std::vector<const char*>> same{
      {"Số 12 đường Lương Ngọc Quyến", "số nhà 12, đường Lương Ngọc Quyến, phường Quang Trung", "12 Đường lương ngọc quyến, P.Đồng Quang",
       "SN 12 phố Lương Ngọc Quyến", "so 12 duong Luong Ngoc Quyen", "12 Lương Ngọc Quyến, TP Thái Nguyên, phường Quang Trung", "12 Lương Ngọc Quyến", "12 Luong Ngoc Quyen", "12 luong ngoc quyen",
       "Nhà số 012 ĐƯỜNG LƯƠNG NGỌC QUYẾN"},
      {"Số 12, ngách 3, ngõ 5, đường Bắc Kạn", "số 5/3/12 đường Bắc Kạn", "12 ngõ 5/3 đường Bắc Kạn", "ngõ 5 ngách 3 số 12 phố Bắc Kạn"},
      {"Km12+300 QL3", "QL 3, km 12+300", "quốc lộ 3 Km 12 + 300", "Quốc lộ số 3, Km12+300, xã Phú Lương", "QL3 km12+300m"},
      {"ĐT261 Km5", "TL 261 km 5", "đường tỉnh 261, Km5+000", "tỉnh lộ 261 Km5+0"},
      {"Số 12, tổ 5, phường Quang Trung", "số nhà 12 tổ 5 P.Quang Trung", "so 12 to 5 phuong quang trung", "SN12, tổ dân phố 5, Phường Quang Trung, TP. Thái Nguyên"},
      {"xóm Cây Xanh, xã Phúc Xuân", "Xóm Cây Xanh xã Phúc Xuân, TP Thái Nguyên"},
      {"KCN Sông Công II", "khu công nghiệp Sông Công 2"},
      {"12 Main St", "12 MAIN st"}};
  std::vector<std::string> keys;
  for (const auto& writings : same) {
    keys.push_back(address_key(writings.front()));
    CHECK_FALSE(keys.back().empty());
    for (const char* one : writings) {
      INFO(one << "  /  " << writings.front());
      CHECK(address_key(one) == keys.back());
      CHECK(address_key(ioc::text::nfd(one)) == keys.back());
    }
  }
  std::sort(keys.begin(), keys.end());
  CHECK(std::adjacent_find(keys.begin(), keys.end()) == keys.end());
}

TEST_CASE("address key: another house, lane, street, kilometre or group is another key") {
  std::vector<std::string> keys;
  for (const char* one : {"Số 12 đường Bắc Kạn", "Số 14 đường Bắc Kạn", "Số 12A đường Bắc Kạn", "Số 12 đường Bến Oánh", "Số 12 ngõ 5 đường Bắc Kạn",
                          "ngõ 12 đường Bắc Kạn", "đường Bắc Kạn", "QL3 Km12+300", "QL3 Km12+350", "QL37 Km12+300", "tổ 5, phường Quang Trung",
                          "tổ 6, phường Quang Trung", "tổ 5, phường Tân Long", "Số 2, tổ 5, phường Quang Trung", "12 Main St", "12 Main Ave", "112 Main St", "100 W 5th Ave", "100 W 6th Ave"}) {
    INFO(one);
    keys.push_back(address_key(one));
    CHECK_FALSE(keys.back().empty());
  }
  std::sort(keys.begin(), keys.end());
  CHECK(std::adjacent_find(keys.begin(), keys.end()) == keys.end());
}

TEST_CASE("address key: nothing, house number 0, only a unit, or a whole road is unknown") {
  for (const char* one : {"", " ", "phường Quang Trung", "xã Phúc Xuân, huyện Đại Từ", "TP Thái Nguyên", "P.Tân Long", "tỉnh Thái Nguyên",
                          "thi tran Hung Son", "0 Main St", "Số 0 đường Bắc Kạn", "số 0, phường Quang Trung", "QL3", "quốc lộ 37", "Boston", "Số 12", "tổ 5"}) {
    INFO(one);
    CHECK(address_key(one).empty());
  }
}

TEST_CASE("address key: a house, a kilometre, a post, a crossing and a landmark as small tell one place") {
  for (const char* one : {"Số 12 đường Bắc Kạn", "12 Bến Oánh", "số 12 ngõ 5 đường Bắc Kạn", "QL3 Km12+300", "Số 12, tổ 5, phường Quang Trung", "số 9 xóm Cây Xanh, xã Phúc Xuân",
                          "Số 40 QL3, xã Phú Lương", "cột đèn số 12 đường Bắc Kạn", "ngã tư Đồng Quang", "ngã tư Đồng Quang, đường Lương Ngọc Quyến", "ngã tư Bắc Kạn - Bến Oánh",
                          "góc đường Bắc Kạn và đường Bến Oánh", "đường Bắc Kạn giao Bến Oánh", "bệnh viện Gang Thép, phường Trung Thành", "12 Main St", "25-29 State St", "100 W 42ND ST",
                          "12 AVENUE C", "17-19 Court St", "52 Lane Park  Brighton  MA  02135", "5TH AVE & W 42 ST", "INTERSECTION of Elm St & Oak St  Dorchester  MA", "Elm St and Oak St", "Elm St / Oak Ave"}) {
    INFO(one << "  " << address_key(one));
    CHECK(precision_of(address_key(one)) == Precision::Exact);
  }
}

TEST_CASE("address key: a street, lane, group, zone, large landmark, block or stretch is rough") {
  for (const char* one : {"đường Bắc Kạn", "phố Bến Oánh, phường Quang Trung", "Bến Oánh Street", "ngõ 12 đường Bắc Kạn", "ngõ 12", "ngõ 12, phường Quang Trung", "số 12 ngõ 5",
                          "số 12 ngõ 5, phường Quang Trung", "tổ 5, phường Quang Trung", "xóm 7, xã Phúc Xuân", "TDP 5 phường Tân Long", "Số 12, tổ 5", "Số 12, phường Quang Trung", "số 40 QL3",
                          "KCN Sông Công II", "khu đô thị Hồ Xương Rồng", "chợ Thái", "công viên Sông Cầu", "hồ Núi Cốc", "trường tiểu học Đội Cấn", "cầu Bến Tượng", "gần bệnh viện Gang Thép",
                          "QL3 đoạn Km12 đến Km15", "từ số 12 đến số 80 đường Bắc Kạn", "đường Bắc Kạn, ngã ba", "Main St", "42 ST", "5TH AVE", "5 AVENUE", "EAST 42 STREET", "100 BLOCK MAIN ST",
                          "100 to 120 Main St", "100-120 BLOCK MAIN ST", "Main St between Elm St and Oak St", "Central Park", "Main St Dorchester MA 02122", "Parks and Recreation", "trước cổng trường", "khu vực này"}) {
    INFO(one << "  " << address_key(one));
    CHECK(precision_of(address_key(one)) == Precision::Rough);
  }
  for (const char* one : {"", "QL3", "phường Quang Trung", "Số 0 đường Bắc Kạn", "0 Main St", "tổ 5"}) {
    INFO(one << "  " << address_key(one));
    CHECK(precision_of(address_key(one)) == Precision::Unknown);
  }
}

TEST_CASE("address key: a crossing has one key whichever street is named first and however they are joined") {
  const std::string key = address_key("ngã tư Bắc Kạn - Bến Oánh");
  for (const char* one : {"ngã tư Bến Oánh - Bắc Kạn", "ngã tư đường Bắc Kạn và đường Bến Oánh", "Ngã tư Bắc Kạn – Bến Oánh, phường Quang Trung", "góc Bến Oánh & Bắc Kạn", "đường Bến Oánh giao với đường Bắc Kạn",
                          "nga tu Bac Kan - Ben Oanh", "nút giao Bến Oánh/Bắc Kạn"}) {
    INFO(one);
    CHECK(address_key(one) == key);
  }
  CHECK(address_key("ngã tư Bắc Kạn - Cột Cờ") != key);
  CHECK(address_key("ngã tư Bắc Kạn") != key);
}

TEST_CASE("address: the town is read beside the key; a province and a ward are none") {
  const ReadAddress read = read_address("số 12 Hùng Vương, tỉnh Thái Nguyên, TP Sông Công");
  CHECK(read.key == address_key("số 12 Hùng Vương"));
  CHECK(read.town == "song cong");
  CHECK(read_address("số 12 Hùng Vương, thị xã Sông Công").town == "song cong");
  CHECK(read_address("số 12 Hùng Vương, TP Phổ Yên").town == "pho yen");
  CHECK(read_address("số 12 Hùng Vương, phường Quang Trung, tỉnh Thái Nguyên").town.empty());
  CHECK(read_address("12 Main St").town.empty());
}

TEST_CASE("address in text: where the sender lives is not where the thing is, unless the text tells no other place") {
  CHECK(written("Tôi ở số 5 đường Bắc Kạn, thấy cháy ở số 20 đường Bến Oánh") == "số 20 đường Bến Oánh");
  CHECK(written("Tôi ở số 5 đường Bắc Kạn, cháy ở số 20 đường Bến Oánh") == "số 20 đường Bến Oánh");
  CHECK(written("em là Nam ở số 5 đường Bắc Kạn. Cháy tại số 20 đường Bến Oánh") == "số 20 đường Bến Oánh");
  CHECK(written("Nguyễn Văn A, trú tại số 5 đường Bắc Kạn phản ánh rác ở ngõ 20 đường Bến Oánh") == "ngõ 20 đường Bến Oánh");
  CHECK(written("toi o so 5 duong Bac Kan, thay chay o so 20 duong Ben Oanh") == "so 20 duong Ben Oanh");
  CHECK(written("Cháy ở số 20 đường Bến Oánh, tôi ở số 5 đường Bắc Kạn") == "số 20 đường Bến Oánh");
  CHECK(written("Tôi ở số 5 đường Bắc Kạn, thấy cháy ở chợ Thái").empty());
  CHECK(written("Nhà tôi ở số 5 đường Bắc Kạn, mất nước từ sáng") == "số 5 đường Bắc Kạn");
  CHECK(written("Gia đình tôi đang sống tại số 5, tổ 7 phường Quang Trung, bị ngập") == "số 5, tổ 7 phường Quang Trung");
  CHECK(written("Rác đổ ở số 5 đường Bắc Kạn") == "số 5 đường Bắc Kạn");
}

TEST_CASE("address in text: the first that is as exact as a house, a lane or a kilometre") {
  CHECK(written("Kính gửi cơ quan. Cống vỡ trước số nhà 12, ngõ 5 đường Bắc Kạn, rất nguy hiểm.") == "số nhà 12, ngõ 5 đường Bắc Kạn");
  CHECK(written("Tai nạn tại Km12+300 trên QL3, hai xe máy") == "Km12+300 trên QL3");
  CHECK(written("Rác ở tổ 7 phường Quang Trung bốc mùi") == "tổ 7 phường Quang Trung");
  CHECK(written("Đường Bắc Kạn ngập sâu").empty());
  CHECK(written("Phường Quang Trung mất điện từ 22h").empty());
  CHECK(written("").empty());
}

TEST_CASE("address: any bytes will do, and what is found is bounded") {
  std::uint32_t state = 7;
  const auto random = [&state] { return (state = state * 1664525U + 1013904223U) >> 16; };
  const std::vector<std::string> pieces{"số ", "ngõ ", "12", "/", "Km", "+", "QL3 ", "tổ ", "đường ", "P.", "Bắc ", "\xE1\xBB", "\xFF", ",", "KCN ", "0"};
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (std::uint32_t i = 0; i < random() % 30; ++i) text += pieces[random() % pieces.size()];
    for (const Mention& one : mentions_in(text, Form::Text)) {
      REQUIRE(one.from < one.to);
      REQUIRE(one.to <= text.size());
    }
    const auto found = address_in(text);
    if (!found.key.empty()) REQUIRE(address_key(text.substr(found.from, found.to - found.from)) == found.key);
  }
  std::string many;
  for (int i = 0; i < 20'000; ++i) many += "ngõ 5, ";
  CHECK(mentions_in(many, Form::Text).size() <= kMentionsMax);
}
