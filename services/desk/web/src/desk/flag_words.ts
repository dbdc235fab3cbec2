// What ingest could not take as it came, for the operator who reads the event: the field and why, never the value.

import type { EventOfIncident } from '../live/wire';

const kField: Record<string, string> = {
  report_id: 'mã phản ánh', title: 'tiêu đề', text: 'nội dung', category: 'lĩnh vực', urgency: 'mức khẩn', address: 'địa chỉ', media: 'ảnh', 'media.url': 'liên kết ảnh',
  'media.kind': 'loại ảnh', 'media.sha256': 'mã kiểm của ảnh', channel: 'kênh gửi', anonymous: 'ẩn danh', follows: 'phản ánh trước', reporter: 'người gửi', 'reporter.name': 'tên người gửi',
  'reporter.phone': 'điện thoại người gửi', 'reporter.email': 'thư điện tử người gửi', 'reporter.id_number': 'số giấy tờ người gửi', position: 'vị trí', 'position.accuracy_m': 'độ chính xác vị trí',
  occurred_at: 'giờ xảy ra', sent_at: 'giờ gửi', at: 'giờ xảy ra', started_at: 'giờ bắt đầu', 'after.frame_time': 'giờ khung hình', 'after.start_time': 'giờ bắt đầu', 'after.end_time': 'giờ kết thúc',
  alert_id: 'mã cảnh báo', camera: 'camera', kind: 'loại cảnh báo', state: 'trạng thái', sequence: 'số thứ tự', confidence: 'độ chắc', 'after.top_score': 'độ chắc', zone: 'vùng', objects: 'vật thể',
  'objects.label': 'tên vật thể', 'objects.plate': 'biển số', snapshot: 'ảnh chụp', detector: 'bộ phát hiện', passage_id: 'mã lượt qua', checkpoint: 'chốt', direction: 'chiều đi', vehicle: 'loại xe',
  plate: 'biển số', people: 'số người', from_unit: 'nơi đi', to_unit: 'nơi đến', symptoms: 'triệu chứng', contact: 'tiếp xúc', result: 'kết quả', officer_unit: 'lực lượng', queue_vehicles: 'số xe chờ',
  staff: 'số người trực', topic: 'chủ đề', places: 'địa danh', volume: 'số lượt', period_minutes: 'khoảng thời gian', trend: 'xu hướng', sentiment: 'sắc thái', link: 'liên kết', as_of: 'ngày số liệu',
  unit: 'địa bàn', period: 'kỳ', target: 'chỉ tiêu', measure: 'đơn vị đo',
};

const kReason: Record<string, string> = {
  wrong_type: 'sai kiểu dữ liệu, đã bỏ', too_long: 'quá dài, đã cắt', too_many: 'quá nhiều, chỉ giữ phần đầu', out_of_range: 'ngoài khoảng cho phép, đã bỏ', unknown_value: 'giá trị lạ, đã bỏ',
  unreadable: 'không đọc được', too_old: 'quá cũ, không dùng', in_future: 'ở tương lai, không dùng', vn2000: 'là mét VN-2000, chưa đổi được',
};

const kFlag: Record<string, string> = {
  time_missing: 'tin không ghi giờ, lấy giờ nhận', position_zero: 'tọa độ 0, không dùng', position_swapped: 'vĩ độ và kinh độ bị đổi chỗ, đã sửa', text_repaired: 'có ký tự hỏng, đã bỏ',
  text_converted: 'đã chuyển sang chữ Việt đúng mã', text_garbled: 'chữ có thể bị lỗi mã, nên xem bản gốc',
};

interface ValueFlag {
  field: string;
  reason: string;
}

function fieldWords(path: string): string {
  const name = path.replace(/\[\d+\]/g, '');
  const place = /\[(\d+)\]/.exec(path);
  const words = kField[name] ?? path;
  return place && kField[name] ? `${words} ${Number(place[1]) + 1}` : words;
}

function valueWords({ field, reason }: ValueFlag): string {
  if (!field) return 'thông điệp không đúng chuẩn JSON, đã sửa';
  const dropped = reason === 'too_long' && /(url|link|snapshot)$/.test(field);
  return `${fieldWords(field)} ${dropped ? 'quá dài, đã bỏ' : (kReason[reason] ?? reason.replaceAll('_', ' '))}`;
}

/** Remarks under an event; what was only written in another way (`converted`) is none. */
export function flagWords(event: EventOfIncident): string[] {
  const values = (event.value_flags ?? []).filter((one) => one.reason !== 'converted');
  const words = [...values.map(valueWords), ...(event.flags ?? []).map((flag) => kFlag[flag] ?? '').filter(Boolean)];
  if (event.value_flags_more) words.push(`và ${event.value_flags_more} điểm khác`);
  return words;
}
