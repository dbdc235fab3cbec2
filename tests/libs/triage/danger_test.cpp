// Danger to life is judged once, and nothing that stands beside it takes it back.
#include "libs/triage/danger.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "libs/triage/bundle_parts.h"
#include "libs/triage/stages/classify_text.h"
#include "tests/libs/triage/fixture.h"

using namespace ioc;
using namespace ioc::triage;
using namespace ioc::triage::testing;
using namespace std::chrono_literals;

namespace {

const Bundle& bundle() { return *default_test_bundle().compiled; }

bool rings(const std::string& text) { return speaks_of_danger(bundle(), "", text); }

Class classified(const std::string& text, const std::string& sender = {}, const std::string& title = {}) {
  CitizenReport report;
  report.title = title;
  report.text = text;
  report.category = sender;
  Class cls;
  classify_text(bundle(), report, cls);
  return cls;
}

std::string category_of(const std::string& text, const std::string& sender = {}) { return classified(text, sender).category->code.str(); }

bool has(const Class& cls, std::string_view name) {
  return std::any_of(cls.evidence.begin(), cls.evidence.end(), [name](const Detail& one) { return one.name == name && !one.value.empty(); });
}

const std::vector<std::string> kDangers{
    "Nhà máy may ở cụm công nghiệp đang cháy, khói đen kịt",
    "Xe khách lao xuống vực, nhiều người bị thương nặng",
    "Có cháu bé vừa rơi xuống hồ, chưa vớt được",
    "Hai thanh niên đang cầm dao chém nhau trước cổng chợ",
    "Nước dâng đến mái, còn năm người trên nóc nhà",
    "Tường sập đè lên thợ xây, đang kêu cứu",
    "Bố tôi ngã xuống bất tỉnh, gọi không dậy",
    "Dây điện đứt rơi xuống đường, một người bị giật tím tái",
    "nha toi dang chay to, con nguoi ket tren tang ba, cuu voi",
    "co nguoi dinh nhay cau tu tu",
};

const std::vector<std::string> kOrdinary{
    "Ngoài ra đèn đường hỏng đã lâu.",
    "Rác ở đầu ngõ ba hôm chưa ai lấy.",
    "Đề nghị các cơ quan chức năng sớm xem xét, trân trọng cảm ơn.",
    "den duong ngo em cung hong ma chua ai sua",
    "Vỉa hè bị lấn chiếm để bán hàng, không còn lối đi bộ.",
};

}  // namespace

TEST_CASE("danger: no ordinary sentence beside it cancels it, in front or behind, whatever parts them") {
  for (const std::string& danger : kDangers) {
    INFO(danger);
    CHECK(rings(danger));
    for (const std::string& ordinary : kOrdinary) {
      INFO(ordinary);
      CHECK(rings(danger + ". " + ordinary));
      CHECK(rings(ordinary + " " + danger));
      CHECK(rings(ordinary + "\n" + danger + "\n" + ordinary));
      CHECK(rings(danger + "! " + ordinary + " " + ordinary));
      CHECK(rings(danger + ", " + ordinary));
      CHECK(rings(danger + " 🔥🔥 " + ordinary));
      CHECK(rings(danger + "… " + ordinary));
    }
  }
}

TEST_CASE("danger: it is heard behind a text as long as ingest takes") {
  std::string text;
  while (text.size() < 19'000) text += kOrdinary[1] + " ";
  CHECK_FALSE(rings(text));
  CHECK(rings(text + kDangers[0]));
  CHECK(rings(kDangers[0] + ". " + text));
}

TEST_CASE("danger: no sign, emoji or invisible character hides it") {
  for (const char* text : {"Xe tải cháy…", "Xe tải “cháy”", "Xe tải cháy🔥", "Xe tải cháy\u00A0", "Xe tải cháy！", "nha toi dang chay🔥", "nha toi dang chay 🔥", "nha toi dang chay – cuu voi",
                           "“nha toi dang chay”", "Nhà đang ch\u200Báy lớn", "Nhà đang chá\u00ADy lớn", "Nhà đang ch\u200Cáy lớn", "Nhà đang chá\u034Fy lớn", "Nhà đang chá\uFE0Fy lớn",
                           "co nguoi duoi nuoc 😭", "𝐧𝐡à đ𝐚𝐧𝐠 𝐜𝐡á𝐲", "ĐANG CHÁYYYY NHÀ", "nhà đang c.h.á.y"}) {
    INFO(text);
    CHECK(rings(text));
  }
}

TEST_CASE("danger: a cry that is a whole sentence rings, and the same word within another sentence is judged with it") {
  for (const char* text : {"Cháy! Cháy! Cháy!", "Cháy! Ngõ 12 phường Quang Trung", "Cháy\nTầng 3 chung cư", "Cứu tôi!", "Nổ! Tầng 3", "Cướp! Cướp! Tiệm vàng", "Tai nạn! Ngã tư Đán", "Cháy, cháy rồi!"}) {
    INFO(text);
    CHECK(rings(text));
  }
  CHECK(speaks_of_danger(bundle(), "Cháy", "Tầng 3 chung cư"));
  CHECK_FALSE(rings("Bóng đèn ngõ 12 bị cháy"));
  CHECK_FALSE(rings("chay. chay. xe chay qua"));
}

TEST_CASE("danger: a tone on the wrong vowel and keys typed with the input method off hide nothing") {
  for (const char* text : {"chaý rồi, nhà số 5", "Nhà taị ngõ 3 đang chaý to", "nhaf chays", "nhaf em chays roif cuwus vowis", "cos nguwowif bij ddaam cuwus vowis"}) {
    INFO(text);
    CHECK(rings(text));
  }
  CHECK_FALSE(rings("ddeen dduwowngf bij chays bongs"));
}

TEST_CASE("danger: violence, arson, bombs and despair are told in few words") {
  for (const char* text : {"bị hiếp dâm trong ngõ", "em không muốn sống nữa", "có đứa cắt cổ tay", "phóng hỏa đốt nhà", "tạt xăng đốt", "có bom ở bến xe", "con em bị bắt cóc",
                           "hỏa hoạn", "SOS", "bố em nhồi máu cơ tim"}) {
    INFO(text);
    CHECK(rings(text));
  }
}

TEST_CASE("danger: without marks a cry rings when it is repeated") {
  for (const char* text : {"chay chay chay roi", "cuu cuu", "Cuop! Chay roi chay roi"}) {
    INFO(text);
    CHECK(rings(text));
  }
  CHECK_FALSE(rings("chay roi"));
}

TEST_CASE("danger: a weak word rings no more when it is repeated in its sentence") {
  const auto repeated = [](const char* word, int times) {
    std::string text;
    while (times-- > 0) text += word;
    return text;
  };
  for (const char* word : {"20A ", "a@", "20A, ", "máu ", "ck-", "dao\u00A0"}) {
    INFO(word);
    CHECK_FALSE(rings(repeated(word, 500)));
  }
  CHECK(rings(repeated("nhà đang cháy ", 500)));
}

TEST_CASE("danger: what speaks of it says what the report is about, not the rest of the text nor the sender") {
  CHECK(category_of("Trường tiểu học đang cháy. Ngoài ra đèn đường hỏng đã lâu.") == "an-ninh-trat-tu");
  CHECK(category_of("Rác đầy đường, đèn đường thì hỏng. Vừa có xe tải tông xe máy, người nằm bất tỉnh.") == "giao-thong");
  CHECK(category_of("Người đàn ông dùng dao tấn công tổ công tác đang dẹp vỉa hè") == "an-ninh-trat-tu");
  CHECK(category_of("Nam thanh niên đâm chết người ngay trong bệnh viện") == "an-ninh-trat-tu");
  CHECK(category_of("Nhà tôi đang cháy", "moi-truong") == "an-ninh-trat-tu");
  const Class both = classified("Trường tiểu học đang cháy. Ngoài ra đèn đường hỏng đã lâu.");
  CHECK(both.emergency);
  CHECK(std::find(both.further.begin(), both.further.end(), CategoryCode("chieu-sang-dien")) != both.further.end());
}

TEST_CASE("danger: words that sound like it, a risk, a drill, a trial and what is past are none") {
  for (const char* text : {"Vé xem ca nhạc cháy hàng chỉ sau mười phút", "Nắp cống nở hoa nhờ nét cọ của sinh viên", "Mở thêm làn để giải cứu kẹt xe cửa ngõ", "Phố mang tên danh tướng xuống cấp nhiều năm",
                           "Mất nước hai ngày nay, không có nước sinh hoạt", "Công an tặng quà nạn nhân tai nạn giao thông", "Diễn tập chữa cháy và cứu nạn tại chung cư",
                           "Cảnh báo nguy cơ cháy rừng cấp bốn", "Gây tai nạn chết người, tài xế lĩnh năm năm tù", "Đèn đường bị cháy bóng", "xe chay qua nhanh, bui mu mit",
                           "Bình chữa cháy ở chung cư đã hết hạn", "Va chạm xe máy, không ai bị thương", "Quán bia hát karaoke ầm ĩ, chết mất thôi"}) {
    INFO(text);
    CHECK_FALSE(rings(text));
  }
}

TEST_CASE("danger: what takes a danger back reaches no further than its clause, so a danger beside it still rings") {
  CHECK(rings("Kho này nguy cơ cháy nổ rất cao, hôm nay đang cháy thật rồi"));
  CHECK(rings("Không ai biết bơi, cháu bé đuối nước rồi"));
  CHECK(rings("Xin cảm ơn! Có người đuối nước"));
  CHECK(rings("Tháng trước nó dọa, nay nó cầm dao xông vào nhà"));
}

TEST_CASE("danger: an alarm always names what it was read from") {
  for (const std::string& danger : kDangers) {
    const Class cls = classified(danger);
    INFO(danger);
    REQUIRE(cls.emergency);
    CHECK(has(cls, "danger_from"));
    CHECK((has(cls, "danger_word") || has(cls, "emergency_word") || has(cls, "emergency_hint")));
  }
}

TEST_CASE("danger: the notice to the sender and the alarm are one judgement") {
  std::vector<std::string> texts = kDangers;
  texts.insert(texts.end(), kOrdinary.begin(), kOrdinary.end());
  for (const std::string& danger : kDangers) {
    for (const std::string& ordinary : kOrdinary) texts.push_back(ordinary + " " + danger);
  }
  for (const std::string& text : texts) {
    INFO(text);
    CHECK(speaks_of_danger(bundle(), "", text) == classified(text).emergency);
    CHECK(speaks_of_danger(bundle(), text, "") == classified("", "", text).emergency);
  }
}

TEST_CASE("danger: a revision that brings it raises the incident, which is about it from then on") {
  Bench bench;
  Event first = report("r1", "Đèn đường ngõ 5 không sáng");
  first.object = ObjectId("o1");
  first.revision = 1;
  bench.step(first);
  REQUIRE_FALSE(bench.incidents.begin()->second.emergency);
  Event second = at(report("r2", "Cột đèn ngõ 5 đổ, nhà bên cạnh đang cháy, có người kẹt bên trong"), 1min);
  second.object = ObjectId("o1");
  second.revision = 2;
  bench.step(second);
  REQUIRE(bench.incidents.size() == 1);
  const Incident& shown = bench.incidents.begin()->second;
  CHECK(shown.emergency);
  CHECK(shown.severity == Severity::Critical);
  CHECK(shown.queue == QueueId("khan-cap"));
  CHECK(shown.category == CategoryCode("an-ninh-trat-tu"));
}

TEST_CASE("danger.yaml: a mistake is named with its list") {
  std::vector<BundleFile> files{{"categories.yaml", "categories:\n  - {code: khac}\n"}, {"danger.yaml", "behind: [\"một hai ba bốn năm sáu bảy\"]\nbeside: []\n"}};
  BundleProblems problems;
  CHECK(compile("x", std::move(files), problems) == nullptr);
  const auto says = [&](std::string_view part) {
    return std::any_of(problems.problems.begin(), problems.problems.end(), [part](const std::string& one) { return one.find(part) != std::string::npos; });
  };
  CHECK(says("beside"));
}

TEST_CASE("danger.yaml: a term of too many words is named") {
  std::vector<BundleFile> files{{"categories.yaml", "categories:\n  - {code: khac}\n"}, {"danger.yaml", "behind: [\"một hai ba bốn năm sáu bảy\"]\n"}};
  BundleProblems problems;
  CHECK(compile("x", std::move(files), problems) == nullptr);
  REQUIRE(problems.problems.size() >= 1);
  CHECK(problems.problems[0].find("danger.yaml: behind") != std::string::npos);
}
