// Decisions of the triage in plain Vietnamese. What has no words here is shown as the system wrote it.

import type { Decision } from '../live/wire';

const kKind: Record<string, string> = {
  opened: 'Mở sự việc mới', joined: 'Gộp vào sự việc này', suggested: 'Gợi ý có thể trùng', repeated: 'Tin gửi lặp lại, chỉ tính một lần',
  revised: 'Bản cập nhật của cùng một tin', stale_revision: 'Bản cũ đến muộn, không thay đổi gì', suppressed: 'Nén báo động lặp', counted: 'Chỉ đếm, không mở sự việc',
  located: 'Xác định địa bàn', classified: 'Xếp loại và mức', routed: 'Đưa vào hàng việc', clock_set: 'Đặt thời hạn', clock_warned: 'Sắp đến hạn',
  clock_breached: 'Quá hạn', clock_stopped: 'Dừng thời hạn', command: 'Lệnh của người trực', transferred: 'Chuyển sang vùng khác', received: 'Nhận từ vùng khác',
  closed: 'Đóng', activated: 'Áp dụng bộ quy tắc mới', chattering: 'Báo động chập chờn', split: 'Tách ra', dead_letter: 'Tin bị loại', archived: 'Lưu trữ',
};

const kPart: Record<string, string> = {
  category: 'cùng loại việc', same_category: 'cùng loại việc', further_category: 'loại việc gần nhau', address: 'cùng địa chỉ', same_address: 'cùng địa chỉ', distance: 'khoảng cách', near: 'ở gần nhau', time: 'gần nhau về thời gian',
  text: 'lời kể giống nhau', same_unit: 'cùng địa bàn', unit: 'cùng địa bàn', same_object: 'cùng một nguồn báo', same_camera: 'cùng camera', source: 'nguồn tin', feed: 'nguồn tin', state: 'còn đang mở', open: 'còn đang mở', follows: 'người gửi nói là tin tiếp theo',
};

const kDetail: Record<string, string> = {
  unit: 'địa bàn', unit_name: 'địa bàn', category: 'loại', severity: 'mức', queue: 'hàng việc', due_at: 'hạn', clock: 'thời hạn', kind: 'lệnh', text: 'nội dung', distance_m: 'cách (m)',
  events: 'tin', person: 'người', units: 'đơn vị', outcome: 'kết quả', score: 'điểm', threshold: 'ngưỡng', subscribers: 'nơi nhận', place_state: 'vị trí', status: 'kết quả lệnh', words: 'từ khóa',
};

export const kindWords = (kind: string): string => kKind[kind] ?? kind;
export const partWords = (name: string): string => kPart[name] ?? name.replaceAll('_', ' ');
export const detailWords = (name: string): string => kDetail[name] ?? name.replaceAll('_', ' ');

const kVerdict: Record<string, string> = { joined: 'đã gộp', join: 'đã gộp', suggested: 'chỉ gợi ý', suggest: 'chỉ gợi ý', rejected: 'không gộp', below: 'dưới ngưỡng', too_far: 'quá xa', too_old: 'quá lâu', closed: 'đã đóng' };
export const verdictWords = (verdict: string | undefined): string => (verdict ? (kVerdict[verdict] ?? verdict.replaceAll('_', ' ')) : '');

export function detailsOf(decision: Decision): [string, string][] {
  return Object.entries(decision.details ?? {})
    .filter(([, value]) => value !== '' && value !== null)
    .map(([name, value]) => [detailWords(name), typeof value === 'object' ? JSON.stringify(value) : String(value)]);
}

/** The decision first that tells why an event is here: a person's or the system's joining before the rest. */
export function whyOfEvent(decisions: Decision[], event: string): Decision[] {
  const rank = (kind: string) => (['joined', 'split', 'opened', 'suppressed', 'repeated', 'revised'].includes(kind) ? 0 : 1);
  return decisions.filter((one) => one.event_id === event).sort((a, b) => rank(a.kind) - rank(b.kind));
}
