// Decisions of the triage in plain Vietnamese. What has no words here is shown as the system wrote it.

import type { Decision, Severity } from '../live/wire';
import { categoryWord, clockWord, commandWord, kSeverityWord, outcomeWord, subscriberWord } from '../shared/words';
import { alarmWord } from './event_words';

const kKind: Record<string, string> = {
  opened: 'Mở sự việc mới', joined: 'Gộp vào sự việc này', suggested: 'Gợi ý có thể trùng', repeated: 'Tin gửi lặp lại, chỉ tính một lần',
  revised: 'Bản cập nhật của cùng một tin', stale_revision: 'Bản cũ đến muộn, không thay đổi gì', suppressed: 'Nén báo động lặp', counted: 'Chỉ đếm, không mở sự việc',
  located: 'Xác định địa bàn', classified: 'Xếp loại và mức', routed: 'Đưa vào hàng việc', clock_set: 'Đặt thời hạn', clock_warned: 'Sắp đến hạn',
  clock_breached: 'Quá hạn', clock_stopped: 'Dừng thời hạn', command: 'Lệnh của người trực', transferred: 'Chuyển sang vùng khác', received: 'Nhận từ vùng khác',
  closed: 'Đóng', activated: 'Áp dụng bộ quy tắc mới', chattering: 'Báo động chập chờn', split: 'Tách ra', dead_letter: 'Tin bị loại', archived: 'Lưu trữ', merged: 'Gộp sự việc', unmerged: 'Bỏ gộp', relocated: 'Chuyển địa bàn', parked: 'Tạm gác', ended: 'Báo động đã hết',
};

const kReason: Record<string, string> = {
  same_object: 'cùng một đối tượng ở nguồn báo', same_sensor_and_kind: 'cùng thiết bị, cùng kiểu báo động', score_above_join: 'đủ điểm để gộp', score_below_join: 'chưa đủ điểm để gộp',
  sender_names_earlier_report: 'người gửi nhắc tới phản ánh trước', nothing_open_matches: 'không có sự việc nào đang mở đủ giống', same_event_id: 'đúng tin đã nhận', older_than_newest: 'cũ hơn bản đã có',
  place_of_first_event: 'theo tin đầu tiên', words_and_rules: 'theo từ khóa và quy tắc', first_rule_that_accepts: 'quy tắc đầu tiên phù hợp', most_urgent_of_merged: 'theo việc khẩn nhất trong các việc đã gộp', by_deadline_rule: 'theo quy định về thời hạn',
  warning_time_reached: 'đến giờ nhắc', deadline_passed: 'đã quá giờ', met: 'đã làm xong', no_longer_applies: 'không còn áp dụng', severity_rose: 'mức tăng lên', its_source_ended: 'nguồn báo đã hết', silent: 'nguồn im lặng quá lâu', id_reused: 'mã báo động dùng lại cho việc khác', of_former_object: 'của báo động trước mang cùng mã', sequence_jumped: 'số thứ tự nhảy vọt, vẫn nhận', sequence_went_back: 'số thứ tự lùi nhưng tin mới hơn, vẫn nhận',
  many_in_short_time: 'báo nhiều lần trong thời gian ngắn', checkpoint_silent: 'chốt không còn gửi tin', checkpoint_status: 'tình trạng chốt, chỉ theo dõi', passage: 'lượt qua chốt, chỉ đếm', indicator: 'chỉ số', quiet_mention: 'ít người nói tới, chỉ đếm',
  taken_out_by_operator: 'người trực tách ra', classified_by_operator: 'người trực xếp lại', given_back_to_triage: 'người trực trả về lựa chọn của hệ thống', resolved_long_enough: 'đã xử lý đủ lâu', closed_long_enough: 'đã đóng đủ lâu', lies_in_other_area: 'nằm ở vùng khác', follows_its_object: 'theo tin trước của cùng đối tượng', handed_over: 'vùng khác chuyển tới',
  merged_by_operator: 'người trực gộp', taken_apart_by_operator: 'người trực bỏ gộp', with_its_incident: 'theo sự việc của nó', from_another_area: 'từ vùng khác', corrected_passage: 'lượt qua chốt được sửa', memory_for_open_incidents_is_full: 'quá nhiều sự việc đang mở, chờ chỗ', room_again: 'đã có chỗ', skipped_by_operator: 'người trực cho bỏ qua',
  named_in_text_with_a_typo: 'tên địa bàn trong lời kể, viết sai chính tả', position_and_text: 'vị trí và lời kể', came_back_after_closing: 'tin đến lại sau khi đóng', incident_id_is_taken: 'mã sự việc đã có', part_without_its_first: 'thiếu phần đầu', undecodable_record: 'tin không đọc được', unusable_command_id: 'mã lệnh không dùng được', cannot_activate: 'không áp dụng được', activated: 'theo lệnh áp dụng',
  applied: 'đã thực hiện', refused: 'không được phép lúc này', stale_version: 'sự việc đã đổi trước đó', same_command_id: 'lệnh gửi lại, không làm hai lần', not_found: 'không tìm thấy',
  as_its_incident: 'theo sự việc', inside_outline: 'nằm trong địa giới', nearest_outline: 'địa bàn gần nhất', named_in_text: 'tên địa bàn trong lời kể', earlier_report: 'nơi của tin trước mà người gửi nêu', no_position: 'không có vị trí', zero: 'tọa độ 0, không dùng', lat_lon_swapped: 'vĩ độ và kinh độ bị đổi chỗ, đã sửa', outside_all_units: 'ngoài mọi địa bàn', default_coordinate: 'tọa độ mặc định, không tin được', no_units_in_bundle: 'chưa có danh sách địa bàn',
};

const kDetail: Record<string, string> = {
  unit: 'địa bàn', category: 'loại', sub_kind: 'việc cụ thể', sub_kind_before: 'việc cụ thể trước đó', model_sub_kind: 'máy xếp việc', sub_kind_term: 'từ của việc cụ thể', sub_kind_term_without_marks: 'từ của việc cụ thể, không dấu', sender_category: 'người gửi chọn', category_before: 'loại trước đó', model_category: 'máy xếp', further_category: 'loại khác', emergency: 'nguy hiểm tính mạng', severity: 'mức', queue: 'hàng việc', clock: 'thời hạn', due_at: 'hạn', late: 'trễ', kind: 'kiểu', text: 'nội dung', state: 'vị trí', place: 'địa bàn',
  position: 'nguồn vị trí', how: 'cách xác định', term: 'từ khóa', term_without_marks: 'từ khóa không dấu', emergency_word: 'từ khẩn cấp', emergency_hint: 'có thể là từ khẩn cấp', danger_points: 'điểm nguy hiểm', danger_from: 'nguy hiểm đọc từ', danger_word: 'từ cho thấy nguy hiểm', no_danger_beside: 'không tính là nguy hiểm vì có', whole_text_says: 'cả lời kể nói về', rule: 'quy tắc', subscriber: 'nơi nhận', incident: 'sự việc',
  command: 'lệnh', person: 'người', outcome: 'kết quả', event: 'tin', from: 'từ', to: 'sang', volume: 'lượt nói tới', queue_vehicles: 'xe chờ', checkpoint: 'chốt', heard_at: 'tin cuối lúc', revision: 'bản', newest: 'bản mới nhất', within_ms: 'trong (ms)', into: 'gộp vào', model_word: 'từ nặng ký', share_permille: 'độ chắc', recurrence_of: 'tái diễn của', place_of: 'nơi của sự việc', text_says: 'riêng lời kể', disagree: 'không khớp nhau', from_area: 'từ vùng', to_area: 'sang vùng', quiet_s: 'im lặng (giây)', address_in_text: 'địa chỉ trong lời kể', position_note: 'về vị trí', text_unit: 'địa bàn theo lời kể', position_unit: 'địa bàn theo vị trí', hop: 'lần chuyển', open_max: 'nhiều nhất đang mở',
  former_incident: 'mã này trước thuộc sự việc', former_alert: 'báo động trước', alerts: 'số báo động', alerts_left: 'còn báo động',
  back_to_triage: 'trả về hệ thống', reason: 'lý do',
};

const kValue: Record<string, string> = {
  inside: 'trong địa giới', nearest: 'gần nhất', unknown: 'chưa rõ', named: 'theo tên trong lời kể', none: 'không có', reported: 'người gửi', registry: 'danh mục thiết bị', place_name: 'tên địa danh', yes: 'có', no: 'không', ended: 'đã hết', silent: 'đã im lặng', closed: 'đã đóng',
  words: 'từ có dấu', words_without_marks: 'từ không dấu, cần hỏi lại', model: 'cả lời kể', model_without_marks: 'cả lời kể không dấu, cần hỏi lại',
};

export const kindWords = (kind: string): string => kKind[kind] ?? kind;
export const reasonWords = (reason: string): string => kReason[reason] ?? reason.replaceAll('_', ' ');
export const partWords = (name: string): string => name.replaceAll('_', ' ');

const kVerdict: Record<string, string> = { joined: 'đã gộp', suggested: 'chỉ gợi ý', 'rejected:score': 'không gộp, thiếu điểm', 'rejected:not_the_best': 'không gộp, có sự việc giống hơn', 'rejected:taken_apart': 'không gộp, người trực đã tách hai việc này' };
export const verdictWords = (verdict: string | undefined): string => (verdict ? (kVerdict[verdict] ?? verdict.replaceAll('_', ' ')) : '');

/** Names that only the page knows: of units, queues; times in words. */
export interface Names {
  unit: (code: string) => string;
  queue: (code: string) => string;
  subKind: (code: string) => string;
  incident: (id: string) => string;
  time: (when: string) => string;
}

function valueWords(name: string, value: string, names: Names): string {
  switch (name) {
    case 'unit': return names.unit(value);
    case 'queue': return names.queue(value);
    case 'sub_kind':
    case 'sub_kind_before':
    case 'model_sub_kind': return names.subKind(value);
    case 'incident':
    case 'into':
    case 'recurrence_of':
    case 'former_incident':
    case 'place_of': return names.incident(value);
    case 'due_at':
    case 'heard_at': return names.time(value);
    case 'category':
    case 'sender_category':
    case 'category_before':
    case 'text_says':
    case 'whole_text_says':
    case 'model_category':
    case 'further_category': return categoryWord(value);
    case 'severity': return kSeverityWord[value as Severity] ?? value;
    case 'command': return commandWord(value);
    case 'outcome': return outcomeWord(value);
    case 'kind': return alarmWord(value);
    case 'share_permille': return `${value}/1.000`;
    case 'clock': return clockWord(value);
    case 'subscriber': return subscriberWord(value);
    case 'text': return `«${value}»`;
    case 'how':
    case 'disagree':
    case 'position_note':
    case 'place': return reasonWords(value);
    default: return kValue[value] ?? value;
  }
}

export function detailsOf(decision: Decision, names: Names): [string, string][] {
  return Object.entries(decision.details ?? {})
    .filter(([name, value]) => value !== '' && value !== null && !(name === 'rule' && value === decision.rule))
    .map(([name, value]) => {
      // A name that came more than once has its values in one text, a word found twice stands in it twice; what a person wrote is
      // left alone.
      const values = name === 'text' ? [String(value)] : [...new Set(String(value).split(', '))];
      return [kDetail[name] ?? name.replaceAll('_', ' '), values.map((one) => valueWords(name, one, names)).join(', ')];
    });
}

/** The decision first that tells why an event is here: a person's or the system's joining before the rest. */
export function whyOfEvent(decisions: Decision[], event: string): Decision[] {
  const rank = (kind: string) => (['joined', 'split', 'opened', 'suppressed', 'repeated', 'revised'].includes(kind) ? 0 : 1);
  return decisions.filter((one) => one.event_id === event).sort((a, b) => rank(a.kind) - rank(b.kind));
}
