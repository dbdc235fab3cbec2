// Times as people in Thái Nguyên read them, whatever the zone of the computer.

const kZone = 'Asia/Ho_Chi_Minh';
const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat('vi-VN', { timeZone: kZone, hourCycle: 'h23', ...options });
const kSeconds = format({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
const kMinutes = format({ hour: '2-digit', minute: '2-digit' });
const kDay = format({ day: '2-digit', month: '2-digit' });
const kDate = format({ day: '2-digit', month: '2-digit', year: 'numeric' });
const kWeekday = format({ weekday: 'long' });

type When = number | string;
const ms = (when: When): number => (typeof when === 'number' ? when : Date.parse(when));
export const clock = (when: When): string => kSeconds.format(ms(when));
export const hourMinute = (when: When): string => kMinutes.format(ms(when));
export const dayMonth = (when: When): string => kDay.format(ms(when)).replace('-', '/');
export const date = (when: When): string => kDate.format(ms(when));
export const weekday = (when: When): string => kWeekday.format(ms(when));

/** "14:05" today, "21/11 14:05" on another day. */
export function moment(when: When, now: number): string {
  return date(when) === date(now) ? hourMinute(when) : `${dayMonth(when)} ${hourMinute(when)}`;
}

/** A length of time in at most two words: "40 giây", "3 phút", "2 giờ 05", "17 giờ", "3 ngày". Never negative. */
export function span(lengthMs: number): string {
  const s = Math.max(0, Math.floor(lengthMs / 1000));
  if (s < 60) return `${s} giây`;
  const minutes = Math.floor(s / 60);
  if (minutes < 60) return `${minutes} phút`;
  const hours = Math.floor(minutes / 60);
  if (hours >= 10 && hours < 24) return `${hours} giờ`;
  if (hours < 10) return `${hours} giờ ${String(minutes % 60).padStart(2, '0')}`;
  return `${Math.floor(hours / 24)} ngày`;
}

/** The same in one word, for the wall: "40 giây", "3 phút", "2 giờ", "3 ngày". */
export const roughly = (lengthMs: number): string => span(lengthMs).replace(/ giờ \d+$/, ' giờ');

const kNumber = new Intl.NumberFormat('vi-VN', { maximumFractionDigits: 1 });
export const number = (value: number): string => kNumber.format(value);

/** A count in a narrow column, where a point between thousands has no room. */
export const digits = (count: number): string => String(count);
