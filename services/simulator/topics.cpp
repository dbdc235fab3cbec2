#include "services/simulator/topics.h"

#include <algorithm>

#include "libs/base/assert.h"

namespace ioc::simulator {
namespace {

constexpr std::string_view kFormal0[] = {
    "Kính gửi cơ quan chức năng, mặt đường đoạn {noi} xuất hiện nhiều ổ gà lớn, sâu khoảng 15 cm, người đi xe máy rất dễ ngã. Đề nghị sớm sửa chữa.",
    "Tại {noi}, lớp nhựa bong tróc kéo dài hơn 20 m, trời mưa đọng nước không nhìn thấy hố. Kính mong đơn vị quản lý đường bộ kiểm tra, khắc phục."};
constexpr std::string_view kHotline0[] = {
    "Người dân báo: {noi} đường bị sụt lún, có ổ gà to giữa đường, đề nghị vá lại.",
    "Người dân phản ánh mặt đường {noi} hỏng nặng sau mưa, đã có người ngã xe."};
constexpr std::string_view kChat0[] = {
    "đường {noi} ổ gà to lắm ad ơi, hqua e suýt ngã, sửa giúp dân vs",
    "ổ gà ngay {noi} mấy tháng r ko ai vá, tối đi sợ quá"};
constexpr std::string_view kFormal1[] = {
    "Trước số nhà {so} {noi}, tổ {to} có nắp cống bị mất, buổi tối thiếu ánh sáng nên rất nguy hiểm cho người đi bộ và trẻ nhỏ. Đề nghị lắp lại khẩn trương."};
constexpr std::string_view kHotline1[] = {
    "Người dân báo: nắp hố ga tại {noi} bị vỡ, hở miệng, cần rào chắn ngay.",
    "Người dân phản ánh mất nắp cống trước số {so} {noi}."};
constexpr std::string_view kChat1[] = {
    "nắp cống {noi} bị mất r mọi ng đi cẩn thận, nhờ phường đậy lại giúp",
    "ai quản lý cống chỗ {noi} k ạ, hở toang hoác thế kia trẻ con rơi xuống thì sao"};
constexpr std::string_view kFormal2[] = {
    "Hệ thống đèn chiếu sáng công cộng tại {noi} không hoạt động từ nhiều ngày nay, khu vực tối, mất an toàn giao thông và an ninh trật tự. Đề nghị kiểm tra, sửa chữa.",
    "Ba cột đèn liên tiếp trên {noi} bị tắt, người dân tổ {to} đi lại buổi tối rất khó khăn."};
constexpr std::string_view kHotline2[] = {
    "Người dân báo: đèn đường {noi} tắt từ {gio} giờ tối qua, chưa thấy sửa.",
    "Người dân phản ánh đèn cao áp tại {noi} hỏng, đường tối."};
constexpr std::string_view kChat2[] = {
    "đèn đường {noi} tắt cả tuần nay tối om, sửa giúp dân vs ạ",
    "khu {noi} tối thui ko có cái đèn nào sáng, đi làm ca về sợ lắm"};
constexpr std::string_view kFormal3[] = {
    "Toàn bộ khu vực tổ {to}, {noi} mất điện từ {gio} giờ mà không có thông báo trước. Đề nghị ngành điện cho biết nguyên nhân và thời gian cấp điện trở lại."};
constexpr std::string_view kHotline3[] = {
    "Người dân báo: mất điện tại {noi} từ {gio} giờ, cả tổ {to} không có điện."};
constexpr std::string_view kChat3[] = {
    "{noi} mất điện r, nhà ai cũng thế à, bao giờ có lại vậy ad",
    "lại mất điện {phuong} nóng chết mất thôi, gọi điện lực k ai nghe"};
constexpr std::string_view kFormal4[] = {
    "Dây điện tại {noi} bị đứt, sà xuống sát mặt đường, có nguy cơ phóng điện. Đề nghị ngành điện xử lý ngay."};
constexpr std::string_view kHotline4[] = {
    "Người dân báo: dây điện sà thấp ngang đầu người trước số {so} {noi}."};
constexpr std::string_view kChat4[] = {
    "dây điện rủ xuống đường chỗ {noi} nguy hiểm quá mn tránh ra nhé, ai báo điện lực vs"};
constexpr std::string_view kFormal5[] = {
    "Khu vực {noi} mất nước sạch từ {gio} giờ, sinh hoạt của các hộ dân tổ {to} bị đảo lộn. Đề nghị đơn vị cấp nước sớm khắc phục."};
constexpr std::string_view kHotline5[] = {
    "Người dân báo: mất nước tại {noi} hai ngày nay."};
constexpr std::string_view kChat5[] = {
    "nhà e ở {noi} mất nước từ sáng, có ai bị giống k",
    "nước máy {noi} yếu xìu, bơm mãi ko lên, cty nước sạch xem giúp vs"};
constexpr std::string_view kFormal6[] = {
    "Đường ống cấp nước tại {noi} bị vỡ, nước chảy tràn ra mặt đường từ {gio} giờ, gây lãng phí và trơn trượt. Đề nghị xử lý."};
constexpr std::string_view kHotline6[] = {
    "Người dân báo: vỡ ống nước sạch trước số {so} {noi}, nước phun mạnh."};
constexpr std::string_view kChat6[] = {
    "vỡ ống nước {noi} nước chảy như suối, báo cty cấp nước gấp"};
constexpr std::string_view kFormal7[] = {
    "Sau trận mưa lớn, {noi} ngập sâu khoảng 40 cm, nhiều xe chết máy, nước bắt đầu tràn vào nhà dân tổ {to}. Đề nghị khơi thông cống và bơm nước.",
    "Cống thoát nước tại {noi} bị tắc, nước mưa không thoát kịp gây ngập úng toàn bộ đoạn đường, học sinh không đi lại được."};
constexpr std::string_view kHotline7[] = {
    "Người dân báo: {noi} ngập nặng, nước lên tới yên xe, cần phân luồng.",
    "Người dân phản ánh ngập úng tại {noi} do cống tắc."};
constexpr std::string_view kChat7[] = {
    "{noi} ngập rồi mn ơi đừng đi lối này, nước ngập nửa bánh xe",
    "mưa tí là ngập, {noi} thành sông r, nhà e nước vào tận bếp",
    "ngập {noi} xe chết máy đầy đường, cứu vs"};
constexpr std::string_view kFormal8[] = {
    "Tại {noi} rác thải sinh hoạt tồn đọng nhiều ngày, bốc mùi hôi thối, ảnh hưởng đến môi trường sống của các hộ dân tổ {to}. Đề nghị thu gom và xử lý."};
constexpr std::string_view kHotline8[] = {
    "Người dân báo: bãi rác tự phát tại {noi}, rác tràn ra lòng đường.",
    "Người dân phản ánh xe rác không thu gom tại {noi} ba ngày nay."};
constexpr std::string_view kChat8[] = {
    "rác chất đống {noi} thối ko chịu đc, cty môi trường đâu r",
    "có người đổ trộm phế thải xây dựng ở {noi} đêm qua, nhờ ad báo phường"};
constexpr std::string_view kFormal9[] = {
    "Cơ sở sản xuất gần {noi} thường xuyên xả khói đen và mùi khét vào ban đêm, người dân tổ {to} khó thở, phải đóng kín cửa. Đề nghị kiểm tra, xử lý."};
constexpr std::string_view kHotline9[] = {
    "Người dân báo: mùi hóa chất nồng nặc tại {noi} từ {gio} giờ."};
constexpr std::string_view kChat9[] = {
    "xe tải chở đất chạy qua {noi} bụi mù mịt, rửa đường giúp dân vs",
    "đốt rác khói um cả khu {noi}, nhà có trẻ con ho suốt"};
constexpr std::string_view kFormal10[] = {
    "Nước thải màu đen chảy ra mương tại {noi}, cá chết nổi nhiều. Đề nghị cơ quan môi trường lấy mẫu và xử lý đơn vị xả thải."};
constexpr std::string_view kHotline10[] = {
    "Người dân báo: có đơn vị xả nước thải ra suối gần {noi}."};
constexpr std::string_view kChat10[] = {
    "suối chỗ {noi} nước đen ngòm bốc mùi, cá chết trắng, ai xả thải vậy"};
constexpr std::string_view kFormal11[] = {
    "Cây xanh lớn tại {noi} bị bật gốc, đổ chắn ngang đường, kéo theo dây cáp. Đề nghị cắt dọn để bảo đảm giao thông."};
constexpr std::string_view kHotline11[] = {
    "Người dân báo: cây đổ tại {noi}, xe không qua được."};
constexpr std::string_view kChat11[] = {
    "cây đổ chắn ngang {noi} r, mn đi đường khác nhé"};
constexpr std::string_view kFormal12[] = {
    "Cành cây khô trước số {so} {noi} có nguy cơ gãy, rơi xuống người đi đường. Kính đề nghị cắt tỉa trước mùa mưa bão."};
constexpr std::string_view kHotline12[] = {
    "Người dân phản ánh cây xà cừ tại {noi} mục gốc, nghiêng về phía nhà dân."};
constexpr std::string_view kChat12[] = {
    "cành cây khô {noi} sắp rơi r, cắt giúp vs ạ"};
constexpr std::string_view kFormal13[] = {
    "Các hộ kinh doanh tại {noi} lấn chiếm toàn bộ vỉa hè để bày hàng và đỗ xe, người đi bộ phải xuống lòng đường. Đề nghị phường kiểm tra, xử lý thường xuyên."};
constexpr std::string_view kHotline13[] = {
    "Người dân báo: hàng quán chiếm hết vỉa hè {noi}."};
constexpr std::string_view kChat13[] = {
    "vỉa hè {noi} bị chiếm bán hàng hết r, đi bộ toàn phải xuống đường",
    "quán nhậu {noi} kê bàn ra tận lòng đường, ko ai dẹp à"};
constexpr std::string_view kFormal14[] = {
    "Công trình tại số {so} {noi} xây dựng vượt tầng, không có biển báo công trình. Đề nghị thanh tra xây dựng kiểm tra giấy phép."};
constexpr std::string_view kHotline14[] = {
    "Người dân phản ánh có nhà xây lấn ra đất công tại {noi}."};
constexpr std::string_view kChat14[] = {
    "nhà số {so} {noi} xây lấn ngõ mà phường ko xử lý"};
constexpr std::string_view kFormal15[] = {
    "Quán hát tại {noi} mở nhạc rất lớn đến sau {gio} giờ đêm, nhiều hộ dân có người già và trẻ nhỏ không ngủ được. Đề nghị nhắc nhở, xử lý."};
constexpr std::string_view kHotline15[] = {
    "Người dân báo: hát karaoke loa kéo tại {noi} quá giờ quy định."};
constexpr std::string_view kChat15[] = {
    "loa kéo {noi} hát từ chiều tới giờ chưa nghỉ, ai chịu nổi",
    "karaoke {noi} ồn quá 11h đêm r vẫn hát, nhờ công an phường vs"};
constexpr std::string_view kFormal16[] = {
    "Gia đình tôi ở số {so} {noi} bị kẻ gian phá khóa lấy mất xe máy lúc {gio} giờ đêm qua. Đề nghị công an kiểm tra camera và điều tra. Liên hệ ông {ten}, số điện thoại {dt}."};
constexpr std::string_view kHotline16[] = {
    "Người dân báo: có đối tượng lạ bẻ khóa xe tại {noi}. Người báo {ten}, {dt}."};
constexpr std::string_view kChat16[] = {
    "{noi} vừa bị trộm mất xe, ai có camera cho e xin vs, e tên {ten} sdt {dt}"};
constexpr std::string_view kFormal17[] = {
    "Một nhóm thanh niên tụ tập tại {noi}, cầm hung khí đuổi đánh nhau, người dân rất hoang mang. Đề nghị lực lượng công an có mặt ngay."};
constexpr std::string_view kHotline17[] = {
    "Người dân báo: đánh nhau tại {noi}, khoảng chục người, có dao."};
constexpr std::string_view kChat17[] = {
    "đánh nhau to ở {noi} gọi công an gấp mn ơi"};
constexpr std::string_view kFormal18[] = {
    "Giao thông tại {noi} ùn tắc kéo dài vào giờ cao điểm, các phương tiện đi vào làn ngược chiều. Đề nghị bố trí lực lượng phân luồng."};
constexpr std::string_view kHotline18[] = {
    "Người dân báo: {noi} tắc dài từ {gio} giờ, cần cảnh sát giao thông."};
constexpr std::string_view kChat18[] = {
    "{noi} tắc cứng r mn né ra, nhích từng tí một",
    "tắc đường {noi} 30p chưa qua đc, csgt đâu r"};
constexpr std::string_view kFormal19[] = {
    "Đèn tín hiệu giao thông tại {noi} không hoạt động, các phương tiện qua nút lộn xộn, dễ xảy ra va chạm. Đề nghị sửa chữa."};
constexpr std::string_view kHotline19[] = {
    "Người dân báo: đèn xanh đèn đỏ tại {noi} bị hỏng."};
constexpr std::string_view kChat19[] = {
    "đèn đỏ {noi} hỏng r, xe cộ loạn hết cả lên"};
constexpr std::string_view kFormal20[] = {
    "Nhiều ô tô tải đỗ hai bên {noi} cả ngày, che khuất tầm nhìn, cản trở giao thông. Đề nghị xử lý."};
constexpr std::string_view kHotline20[] = {
    "Người dân phản ánh ô tô đỗ dưới lòng đường trước số {so} {noi}."};
constexpr std::string_view kChat20[] = {
    "ô tô đỗ chắn hết lối ra vào nhà số {so} {noi} mà gọi mãi chủ xe ko ra"};
constexpr std::string_view kFormal21[] = {
    "Tại {noi} vừa xảy ra va chạm giữa ô tô và xe máy, có người bị thương nằm trên đường, cần cấp cứu và phân luồng giao thông."};
constexpr std::string_view kHotline21[] = {
    "Người dân báo: tai nạn tại {noi}, xe máy và xe tải, một người bị thương.",
    "Người dân báo: va chạm giao thông ở {noi}, giao thông ách tắc."};
constexpr std::string_view kChat21[] = {
    "tai nạn ở {noi} mn ơi, có người nằm giữa đường gọi 115 gấp",
    "va chạm xe {noi} tắc đường luôn r, mn đi chậm thôi"};
constexpr std::string_view kFormal22[] = {
    "Đang có đám cháy lớn tại {noi}, khói đen bốc cao, lửa có nguy cơ lan sang các nhà bên cạnh. Đề nghị lực lượng phòng cháy, chữa cháy đến ngay."};
constexpr std::string_view kHotline22[] = {
    "Người dân báo: cháy nhà tại {noi}, có người mắc kẹt bên trong.",
    "Người dân báo cháy lớn ở {noi}, khói dày đặc."};
constexpr std::string_view kChat22[] = {
    "cháy to ở {noi} khói đen kịt gọi 114 gấp mn ơi",
    "trời ơi cháy {noi} r, lửa cao lắm, ai gần đó báo cứu hỏa vs",
    "{noi} cháy kho hàng, khói bay sang tận nhà e"};
constexpr std::string_view kFormal23[] = {
    "Quán ăn tại số {so} {noi} chế biến thực phẩm mất vệ sinh, nhiều người trong gia đình tôi bị đau bụng sau khi ăn. Đề nghị kiểm tra."};
constexpr std::string_view kHotline23[] = {
    "Người dân phản ánh nghi ngộ độc thực phẩm sau khi ăn tại {noi}."};
constexpr std::string_view kChat23[] = {
    "ăn quán {noi} xong cả nhà đau bụng, y tế kiểm tra giúp vs"};
constexpr std::string_view kFormal24[] = {
    "Tại khu cách ly gần {noi} có nhiều người tụ tập, không đeo khẩu trang, có người trèo rào ra ngoài mua hàng. Đề nghị kiểm tra."};
constexpr std::string_view kHotline24[] = {
    "Người dân báo: có trường hợp về từ vùng dịch chưa khai báo tại tổ {to}, {noi}."};
constexpr std::string_view kChat24[] = {
    "khu cách ly {noi} có người trèo rào ra ngoài kìa, nguy hiểm quá"};
constexpr std::string_view kFormal25[] = {
    "Tôi nộp hồ sơ tại bộ phận một cửa {phuong} đã quá hẹn 10 ngày mà chưa được trả kết quả, cũng không nhận được giải thích. Đề nghị xem xét."};
constexpr std::string_view kHotline25[] = {
    "Người dân phản ánh cán bộ một cửa {phuong} hướng dẫn không đầy đủ, phải đi lại nhiều lần."};
constexpr std::string_view kChat25[] = {
    "làm giấy khai sinh ở {phuong} hẹn mãi ko xong, đi 3 lần r ạ"};
constexpr std::string_view kFormal26[] = {
    "Nhiều hộ tại {noi} thả chó không rọ mõm, đã có cháu nhỏ tổ {to} bị chó đuổi. Đề nghị chính quyền nhắc nhở."};
constexpr std::string_view kHotline26[] = {
    "Người dân phản ánh chó thả rông tại {noi}."};
constexpr std::string_view kChat26[] = {
    "chó thả rông đầy {noi}, sáng đi tập thể dục sợ k dám ra đường"};

constexpr Topic kTopics[] = {
    {"o-ga", "ha-tang", 14, 4, false, "Mặt đường hư hỏng", kFormal0, kHotline0, kChat0},
    {"nap-cong", "ha-tang", 9, 3, true, "Nắp cống mất", kFormal1, kHotline1, kChat1},
    {"den-duong", "chieu-sang-dien", 13, 5, false, "Đèn đường không sáng", kFormal2, kHotline2, kChat2},
    {"mat-dien", "chieu-sang-dien", 5, 12, false, "Mất điện diện rộng", kFormal3, kHotline3, kChat3},
    {"day-dien", "chieu-sang-dien", 3, 3, true, "Dây điện sà thấp", kFormal4, kHotline4, kChat4},
    {"mat-nuoc", "cap-thoat-nuoc", 6, 8, false, "Mất nước sinh hoạt", kFormal5, kHotline5, kChat5},
    {"vo-ong-nuoc", "cap-thoat-nuoc", 4, 5, false, "Vỡ ống nước", kFormal6, kHotline6, kChat6},
    {"ngap-ung", "cap-thoat-nuoc", 3, 6, true, "Ngập úng", kFormal7, kHotline7, kChat7},
    {"rac", "moi-truong", 12, 4, false, "Rác thải tồn đọng", kFormal8, kHotline8, kChat8},
    {"khoi-bui", "moi-truong", 6, 4, false, "Khói bụi, mùi hôi", kFormal9, kHotline9, kChat9},
    {"nuoc-thai", "moi-truong", 4, 3, false, "Xả nước thải", kFormal10, kHotline10, kChat10},
    {"cay-do", "cay-xanh", 4, 4, true, "Cây đổ chắn đường", kFormal11, kHotline11, kChat11},
    {"canh-cay", "cay-xanh", 4, 2, false, "Cây cần cắt tỉa", kFormal12, kHotline12, kChat12},
    {"via-he", "trat-tu-do-thi", 9, 2, false, "Lấn chiếm vỉa hè", kFormal13, kHotline13, kChat13},
    {"xay-trai-phep", "trat-tu-do-thi", 3, 1, false, "Xây dựng không phép", kFormal14, kHotline14, kChat14},
    {"on-ao", "tieng-on", 8, 3, false, "Tiếng ồn ban đêm", kFormal15, kHotline15, kChat15},
    {"trom-cap", "an-ninh-trat-tu", 4, 1, false, "Mất trộm xe", kFormal16, kHotline16, kChat16},
    {"danh-nhau", "an-ninh-trat-tu", 3, 3, true, "Gây rối, đánh nhau", kFormal17, kHotline17, kChat17},
    {"un-tac", "giao-thong", 10, 5, false, "Ùn tắc giao thông", kFormal18, kHotline18, kChat18},
    {"den-tin-hieu", "giao-thong", 5, 4, false, "Đèn tín hiệu hỏng", kFormal19, kHotline19, kChat19},
    {"do-xe-sai", "giao-thong", 6, 2, false, "Đỗ xe sai quy định", kFormal20, kHotline20, kChat20},
    {"tai-nan", "giao-thong", 2, 5, true, "Tai nạn giao thông", kFormal21, kHotline21, kChat21},
    {"chay", "an-ninh-trat-tu", 1, 18, true, "Cháy", kFormal22, kHotline22, kChat22},
    {"thuc-pham", "y-te-dich-benh", 3, 1, false, "An toàn thực phẩm", kFormal23, kHotline23, kChat23},
    {"tu-tap-dich", "y-te-dich-benh", 3, 2, false, "Tụ tập trong khu cách ly", kFormal24, kHotline24, kChat24},
    {"thu-tuc", "hanh-chinh-can-bo", 4, 1, false, "Thủ tục chậm", kFormal25, kHotline25, kChat25},
    {"cho-tha-rong", "khac", 4, 2, false, "Chó thả rông", kFormal26, kHotline26, kChat26},
};

}  // namespace

std::span<const Topic> topics() { return kTopics; }

const Topic& topic(std::string_view name) {
  const auto found = std::find_if(std::begin(kTopics), std::end(kTopics), [&](const Topic& one) { return one.name == name; });
  IOC_ASSERT(found != std::end(kTopics));
  return *found;
}

}  // namespace ioc::simulator
