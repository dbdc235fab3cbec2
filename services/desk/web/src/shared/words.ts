// The Vietnamese words for codes of the interface. An unknown code is shown as it is, never hidden.

import type { Load, Severity } from '../live/wire';

const word = (table: Record<string, string>) => (code: string | undefined | null): string => (code ? (table[code] ?? code) : '');

export const kSeverityWord: Record<Severity, string> = { critical: 'khẩn', high: 'cao', medium: 'vừa', info: 'tin' };
export const kLoadWord: Record<Load, string> = {
  acceptable: 'chấp nhận được', manageable: 'còn kham được', unacceptable: 'quá tải', flood: 'lũ báo động',
};

export const stateWord = word({
  new: 'mới', verifying: 'xác minh', rejected: 'từ chối', merged: 'trùng lặp', forwarded: 'đã chuyển', accepted: 'tiếp nhận',
  in_progress: 'đang xử lý', resolved: 'đã xử lý', closed: 'đóng',
});

const kCategoryWord: Record<string, string> = {
  'giao-thong': 'giao thông', 'ha-tang': 'hạ tầng', 'chieu-sang-dien': 'chiếu sáng, điện', 'cap-thoat-nuoc': 'cấp thoát nước',
  'moi-truong': 'môi trường', 'cay-xanh': 'cây xanh', 'trat-tu-do-thi': 'trật tự đô thị', 'tieng-on': 'tiếng ồn',
  'an-ninh-trat-tu': 'an ninh trật tự', 'y-te-dich-benh': 'y tế, dịch bệnh', 'hanh-chinh-can-bo': 'hành chính, cán bộ', khac: 'khác',
};
export const categoryWord = word(kCategoryWord);
export const kCategories = Object.keys(kCategoryWord);

export const feedWord = word({
  'citizen-reports': 'phản ánh của người dân', 'camera-alerts': 'camera', 'checkpoint-passages': 'chốt kiểm dịch',
  'online-mentions': 'thông tin trên mạng', indicators: 'chỉ số chuyển đổi số',
});

export const outcomeWord = word({
  fixed: 'đã khắc phục', nothing_found: 'không phát hiện tại thời điểm kiểm tra', reminded: 'đã nhắc nhở',
  not_enough_evidence: 'chưa đủ căn cứ', planned: 'đưa vào kế hoạch', passed_on: 'chuyển nơi có thẩm quyền', explained: 'đã giải thích',
});
export const kOutcomes = ['fixed', 'nothing_found', 'reminded', 'not_enough_evidence', 'planned', 'passed_on', 'explained'];

export const clockWord = word({ forward: 'chuyển', accept: 'tiếp nhận', resolve: 'xử lý xong' });

export const commandWord = word({
  acknowledge: 'tiếp nhận báo động', assign: 'giao việc', forward: 'chuyển đơn vị', resolve: 'xử lý xong', reopen: 'mở lại',
  comment: 'ghi chú', split: 'tách ra', verify: 'xác minh', reject: 'từ chối', close: 'đóng', merge: 'gộp', unmerge: 'bỏ gộp',
  relocate: 'chuyển địa bàn', reclassify: 'sửa loại việc',
});

/** Areas of the district centres that subscribe. */
export const subscriberWord = word({ 'song-cong': 'Sông Công', 'pho-yen': 'Phổ Yên', 'tp-thai-nguyen': 'TP Thái Nguyên' });

const kShortFeed: Record<string, string> = {
  'citizen-reports': 'Phản ánh', 'camera-alerts': 'Camera', 'checkpoint-passages': 'Chốt', 'online-mentions': 'Mạng', indicators: 'Chỉ số',
};
/** For the wall, where every letter counts; '' when we have no short word. */
export const shortFeedWord = (feed: string): string => kShortFeed[feed] ?? '';

/** "Phường Gia Sàng" → "P. Gia Sàng", as it is written on signs and letters. */
export function shortUnit(name: string): string {
  return name.replace(/^Phường /, 'P. ').replace(/^Xã /, 'X. ').replace(/^Thị trấn /, 'TT. ').replace(/^Thành phố /, 'TP. ');
}
