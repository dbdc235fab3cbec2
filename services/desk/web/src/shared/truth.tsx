// What stands in the place of data that is no longer true.

import { age, reason, store } from '../live/session';
import { clock, span } from './time';

export const sinceWords = (): string => {
  const at = store.clock.value?.data_at;
  return at ? `từ ${clock(at)}` : 'chưa rõ từ lúc nào';
};

const kSecondsUntilMs = 120_000;

/** "85 giây", "4 phút"; '' where it is not known. */
export const ageWords = (): string => (age.value === null ? '' : age.value < kSecondsUntilMs ? `${Math.floor(age.value / 1000)} giây` : span(age.value));

export function Stalled() {
  const lost = store.connection.value.state === 'lost';
  return (
    <div class="stalled" role="alert" data-test="stalled">
      <h2>Dữ liệu đứng {sinceWords()}</h2>
      <p>
        {age.value === null ? 'Máy chủ không cho biết dữ liệu mới tới đâu.' : `Đã ${ageWords()} không có gì mới.`} Việc mới có thể đã xảy ra mà không hiện ở đây.
      </p>
      <p>{lost ? 'Mất kết nối tới máy chủ, trang tự thử lại.' : reason.value ? `Máy chủ báo: ${reason.value}` : 'Máy chủ vẫn trả lời nhưng không cập nhật. Báo kỹ thuật trực.'}</p>
    </div>
  );
}
