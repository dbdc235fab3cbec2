// The bar above the work list: what it shows.

import type { Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { byVietnamese } from '../live/order';
import { now, store } from '../live/session';
import { isOpen, kSeverities } from '../live/wire';
import { number } from '../shared/time';
import { kSeverityWord } from '../shared/words';
import { leaves } from '../wall/outlines';
import { clearFilters, done, kMine, kNobody, kWithin, query, queue, severity, unit, wanted, who, within } from './filters';
import { grouped, person, toggleGrouped, units } from './state';

function Choice({ name, words, value, children }: { name: string; words: string; value: Signal<string>; children: ComponentChildren }) {
  return (
    <label>
      {words}
      <select id={name} value={value.value} onChange={(event) => (value.value = event.currentTarget.value)}>
        {children}
      </select>
    </label>
  );
}

/** Who has work now, besides the one that asks. */
function people(): string[] {
  const all = new Set([...store.incidents.value.values()].filter(isOpen).map((one) => one.assignee ?? ''));
  all.delete('');
  all.delete(person.value);
  if (who.value && who.value !== kMine && who.value !== kNobody) all.add(who.value);
  return [...all].sort(byVietnamese);
}

export function Filters() {
  const queues = [...store.queues.value].sort((a, b) => byVietnamese(a.name, b.name));
  const flood = queues.filter((one) => one.load === 'flood');
  const places = leaves(units.value, now.value || Date.now()).sort((a, b) => byVietnamese(a.name, b.name));
  const filtered = Object.values(wanted()).some(Boolean) || query.value !== '';
  return (
    <form class="filters" onSubmit={(event) => event.preventDefault()} role="search">
      <Choice name="queue" words="Hàng việc" value={queue}>
        <option value="">tất cả ({number(queues.reduce((sum, one) => sum + one.open, 0))})</option>
        {queues.map((one) => (
          <option key={one.queue} value={one.queue}>
            {one.name} ({number(one.open)}, {number(one.unacknowledged)} chờ nhận)
          </option>
        ))}
      </Choice>
      <Choice name="severity" words="Mức" value={severity}>
        <option value="">mọi mức</option>
        {kSeverities.map((one) => (
          <option key={one} value={one}>
            {kSeverityWord[one]}
          </option>
        ))}
      </Choice>
      <Choice name="unit" words="Địa bàn" value={unit}>
        <option value="">mọi nơi</option>
        {places.map((one) => (
          <option key={one.code} value={one.code}>
            {one.name}
          </option>
        ))}
      </Choice>
      <Choice name="within" words="Mở trong" value={within}>
        <option value="">mọi lúc</option>
        {Object.entries(kWithin).map(([code, one]) => (
          <option key={code} value={code}>
            {one.words}
          </option>
        ))}
      </Choice>
      <Choice name="who" words="Người phụ trách" value={who}>
        <option value="">mọi người</option>
        <option value={kMine}>của tôi</option>
        <option value={kNobody}>chưa giao ai</option>
        {people().map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </Choice>
      <label>
        Xem
        <select id="view" value={done.value ? 'done' : 'open'} onChange={(event) => (done.value = event.currentTarget.value === 'done')}>
          <option value="open">đang mở</option>
          <option value="done">đã xong</option>
        </select>
      </label>
      <label class="grow">
        <span>
          Tìm <kbd>/</kbd>
        </span>
        <input id="search" type="search" placeholder="chữ, mã, người, mã phản ánh" value={query.value} onInput={(event) => (query.value = event.currentTarget.value.trim())} />
      </label>
      <label class="check">
        <input type="checkbox" checked={grouped.value} onChange={toggleGrouped} /> gom việc cùng loại <kbd>v</kbd>
      </label>
      {filtered ? (
        <button type="button" onClick={clearFilters}>
          Bỏ lọc
        </button>
      ) : null}
      {flood.length > 0 ? <strong class="flood">Lũ báo động: {flood.map((one) => one.name).join(', ')}</strong> : null}
    </form>
  );
}
