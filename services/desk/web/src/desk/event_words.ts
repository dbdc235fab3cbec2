// One line for an event of any feed, from the fields that the desk shows (no personal data among them).

import type { EventOfIncident } from '../live/wire';
import { number } from '../shared/time';

const word = (table: Record<string, string>, code: unknown): string => (code ? (table[String(code)] ?? String(code)) : '');

const kAlert: Record<string, string> = {
  illegal_stop: 'dừng xe trái phép', wrong_way: 'đi ngược chiều', accident: 'tai nạn', congestion: 'ùn tắc', crowd: 'tụ tập đông người', fight: 'đánh nhau', fence_crossing: 'vượt rào',
  gathering: 'tụ tập trái quy định', red_light: 'vượt đèn đỏ', speeding: 'chạy quá tốc độ', line_crossing: 'lấn vạch, lấn làn', flooding: 'ngập đường', intrusion: 'xâm nhập', loitering: 'lảng vảng',
  unattended_object: 'vật bỏ quên', fire: 'cháy, khói', smoke: 'khói', no_mask: 'không đeo khẩu trang', camera_lost: 'mất tín hiệu camera',
};
export const alarmWord = (kind: string): string => word(kAlert, kind);
const kAlertState = { start: 'bắt đầu', update: 'cập nhật', end: 'kết thúc' };
const kVehicle = { motorbike: 'xe máy', car: 'ô tô', truck: 'xe tải', bus: 'xe khách', bicycle: 'xe đạp', foot: 'đi bộ' };
const kResult = { pass: 'cho qua', turned_back: 'cho quay đầu', quarantine: 'đưa đi cách ly', evaded: 'né chốt' };
const kTrend = { falling: 'đang giảm', steady: 'đi ngang', rising: 'đang tăng' };

/** `nameOf` gives the name of a camera or checkpoint by its id. */
export function eventWords(event: EventOfIncident, nameOf: (id: string) => string = (id) => id): string {
  const parts = (...all: unknown[]) => all.filter((part) => part !== '' && part !== undefined && part !== null).join(', ');
  if (event.camera) {
    const sure = typeof event.confidence === 'number' && event.confidence > 0 ? `độ chắc ${number(event.confidence * 100)} %` : '';
    return parts(`${nameOf(String(event.camera))}: ${word(kAlert, event.kind)}`, word(kAlertState, event.state), event.zone && `vùng ${event.zone}`, sure);
  }
  if (event.checkpoint && event.result) {
    return parts(`${checkpoint(event, nameOf)}: ${word(kVehicle, event.vehicle)} ${event.direction === 'out' ? 'ra' : 'vào'}`, Number(event.people) > 0 ? `${number(Number(event.people))} người` : '', word(kResult, event.result));
  }
  if (event.checkpoint) return parts(`${checkpoint(event, nameOf)}: ${event.state === 'closed' ? 'đóng' : 'mở'}`, `${number(Number(event.queue_vehicles ?? 0))} xe chờ`, event.staff ? `${number(Number(event.staff))} người trực` : '');
  if (event.topic) return parts(`trên mạng: ${event.topic}`, `${number(Number(event.volume ?? 0))} lượt trong ${number(Number(event.period_minutes ?? 0))} phút`, word(kTrend, event.trend));
  const texts = [event.title, event.text].filter((text, index, all) => text && all.indexOf(text) === index);
  return [texts.join(' – ') || eventId(event), event.address].filter(Boolean).join(' · ');
}

function checkpoint(event: EventOfIncident, nameOf: (id: string) => string): string {
  const name = nameOf(String(event.checkpoint));
  return name === event.checkpoint ? `chốt ${name}` : name;
}

export const eventId = (event: EventOfIncident): string => String(event.event_id ?? event.id ?? '');
