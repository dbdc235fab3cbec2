// The keyboard of the desk. One table, shown by "?", so that help and behaviour cannot differ.

import { isOpen } from '../live/wire';
import { send } from './commands';
import { current, dialog, move, notice, select, toggleGrouped, turn, why, type Dialog } from './state';

export interface Key {
  keys: string[];
  shown: string;
  words: string;
  run: () => void;
}

const withIncident = (run: () => void) => () => {
  if (current.peek()) run();
  else notice.value = { text: 'Chưa chọn sự việc nào: dùng ↑ ↓ để chọn.' };
};
const open = (which: Dialog) => withIncident(() => (dialog.value = which));

export function acknowledge(): void {
  const incident = current.peek()!;
  if (incident.acknowledged_at) notice.value = { text: 'Báo động này đã có người nhận.' };
  else void send(incident, { kind: 'acknowledge' });
}

export function reopen(): void {
  const incident = current.peek()!;
  if (isOpen(incident)) notice.value = { text: 'Sự việc đang mở.' };
  else dialog.value = 'reopen';
}

/** Of the merged one, or of the only one that is merged into this. */
export function unmerge(): void {
  const incident = current.peek()!;
  const merged = incident.merged ?? [];
  if (incident.state === 'merged' || merged.length === 1) void send(incident, { kind: 'unmerge' });
  else notice.value = { text: merged.length === 0 ? 'Không có sự việc nào gộp vào đây.' : 'Nhiều sự việc đã gộp vào đây: mở sự việc cần tách ra ở «Đã gộp vào đây», rồi bỏ gộp.' };
}

export const kKeys: Key[] = [
  { keys: ['j', 'ArrowDown'], shown: 'j ↓', words: 'sự việc dưới', run: () => move(1) },
  { keys: ['k', 'ArrowUp'], shown: 'k ↑', words: 'sự việc trên', run: () => move(-1) },
  { keys: ['['], shown: '[', words: 'trang trước', run: () => turn(-1) },
  { keys: [']'], shown: ']', words: 'trang sau', run: () => turn(1) },
  { keys: ['Enter'], shown: 'Enter', words: 'vào chi tiết', run: () => document.querySelector<HTMLElement>('#detail')?.focus() },
  { keys: ['a'], shown: 'a', words: 'nhận báo động', run: withIncident(acknowledge) },
  { keys: ['f'], shown: 'f', words: 'chuyển đơn vị', run: open('forward') },
  { keys: ['g'], shown: 'g', words: 'giao việc', run: open('assign') },
  { keys: ['r'], shown: 'r', words: 'xử lý xong', run: open('resolve') },
  { keys: ['o'], shown: 'o', words: 'mở lại', run: withIncident(reopen) },
  { keys: ['c'], shown: 'c', words: 'ghi chú', run: open('comment') },
  { keys: ['s'], shown: 's', words: 'tách tin bị gộp nhầm', run: open('split') },
  { keys: ['m'], shown: 'm', words: 'gộp vào sự việc khác', run: open('merge') },
  { keys: ['u'], shown: 'u', words: 'bỏ gộp', run: withIncident(unmerge) },
  { keys: ['l'], shown: 'l', words: 'sửa loại việc', run: open('reclassify') },
  { keys: ['d'], shown: 'd', words: 'chuyển địa bàn', run: open('relocate') },
  { keys: ['w'], shown: 'w', words: 'vì sao?', run: withIncident(() => (why.value = !why.value)) },
  { keys: ['v'], shown: 'v', words: 'gom việc cùng loại, cùng địa bàn', run: toggleGrouped },
  { keys: ['/'], shown: '/', words: 'tìm', run: () => document.querySelector<HTMLInputElement>('#search')?.focus() },
  { keys: ['?'], shown: '?', words: 'các phím này', run: () => (dialog.value = 'help') },
  { keys: ['Escape'], shown: 'Esc', words: 'về danh sách, bỏ thông báo', run: leave },
];

function leave(): void {
  if (notice.value) notice.value = null;
  else if (document.activeElement?.closest('#detail, .filters')) document.querySelector<HTMLElement>('#list')?.focus();
  else select('');
}

export function listen(): void {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.peek()) return;
    const target = event.target as HTMLElement;
    const typing = target.matches('input:not([type=checkbox]), select, textarea');
    if (typing) {
      // Back to the work, with the incident that was chosen. A browser would empty the field and leave the list searched.
      if (event.key !== 'Escape') return;
      event.preventDefault();
      document.querySelector<HTMLElement>('#list')?.focus();
      return;
    }
    if (event.key === 'Enter' && target.matches('button, a, summary, input')) return;
    const key = kKeys.find((one) => one.keys.includes(event.key));
    if (!key) return;
    event.preventDefault();
    key.run();
  });
}
