// The first desk: one work list on the left, one incident on the right, everything by keyboard.

import { useEffect, useRef } from 'preact/hooks';
import { api } from '../live/api';
import { byVietnamese } from '../live/order';
import { now, store } from '../live/session';
import type { Incident } from '../live/wire';
import { SeverityMark } from '../shared/severity';
import { clock, moment, number, span } from '../shared/time';
import { categoryWord, shortUnit, stateWord } from '../shared/words';
import { Detail } from './detail';
import { Dialogs } from './dialogs';
import { deadlineOf } from './deadline';
import { current, dialog, done, grouped, notice, person, query, queue, rows, select, selected, toggleGrouped } from './state';

export function Desk() {
  return (
    <div class="desk">
      <Header />
      <Filters />
      <WorkList />
      <Detail />
      <Dialogs />
      <NoticeBar />
    </div>
  );
}

function Header() {
  const connection = store.connection.value;
  const dataAt = store.clock.value?.data_at;
  const logout = async () => {
    await api.logout().catch(() => undefined);
    location.assign('/login');
  };
  return (
    <header class="head">
      <h1>Bàn trực IOC Thái Nguyên</h1>
      {store.clock.value?.demo ? <strong class="demo">DỮ LIỆU MÔ PHỎNG (DEMO)</strong> : null}
      {connection.state === 'lost' ? (
        <strong class="lost" role="alert" data-test="connection-lost">
          Mất kết nối, đang thử lại. {dataAt ? `Đang xem dữ liệu lúc ${clock(dataAt)}.` : ''}
        </strong>
      ) : (
        <span class="quiet">{dataAt ? `Dữ liệu lúc ${clock(dataAt)}` : 'đang kết nối…'}</span>
      )}
      <time>{now.value ? clock(now.value) : ''}</time>
      <span class="quiet">{person.value}</span>
      <button type="button" onClick={() => (dialog.value = 'help')}>
        Phím <kbd>?</kbd>
      </button>
      <button type="button" onClick={logout}>
        Đăng xuất
      </button>
    </header>
  );
}

function Filters() {
  const queues = [...store.queues.value].sort((a, b) => byVietnamese(a.name, b.name));
  const flood = queues.filter((one) => one.load === 'flood');
  return (
    <form class="filters" onSubmit={(event) => event.preventDefault()} role="search">
      <label>
        Hàng việc
        <select id="queue" value={queue.value} onChange={(event) => (queue.value = event.currentTarget.value)}>
          <option value="">tất cả ({number(queues.reduce((sum, one) => sum + one.open, 0))})</option>
          {queues.map((one) => (
            <option key={one.queue} value={one.queue}>
              {one.name} ({number(one.open)}, {number(one.unacknowledged)} chờ nhận)
            </option>
          ))}
        </select>
      </label>
      <label>
        Xem
        <select value={done.value ? 'done' : 'open'} onChange={(event) => (done.value = event.currentTarget.value === 'done')}>
          <option value="open">đang mở</option>
          <option value="done">đã xử lý, đã đóng</option>
        </select>
      </label>
      <label class="grow">
        <span>
          Tìm <kbd>/</kbd>
        </span>
        <input id="search" type="search" placeholder="có dấu hay không dấu" value={query.value} onInput={(event) => (query.value = event.currentTarget.value.trim())} />
      </label>
      <label class="check">
        <input type="checkbox" checked={grouped.value} onChange={toggleGrouped} /> gom việc cùng loại <kbd>v</kbd>
      </label>
      {flood.length > 0 ? <strong class="flood">Lũ báo động: {flood.map((one) => one.name).join(', ')}</strong> : null}
    </form>
  );
}

function WorkList() {
  const { incidents, alike, more } = rows.value;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [selected.value, incidents]);
  useEffect(() => list.current?.focus(), []);
  return (
    <section class="list" aria-label="Danh sách việc">
      <div class="list-head" aria-hidden="true">
        <span>mức</span>
        <span>sự việc</span>
        <span>địa bàn</span>
        <span>trạng thái</span>
        <span>hạn</span>
        <span>đã mở</span>
      </div>
      <div id="list" ref={list} class="list-body" role="listbox" tabIndex={0} aria-label="Sự việc, chờ nhận ở trên" aria-activedescendant={selected.value ? `row-${selected.value}` : undefined}>
        {incidents.map((incident) => (
          <Row key={incident.id} incident={incident} alike={alike.get(incident.id) ?? 0} chosen={incident.id === selected.value} />
        ))}
        {incidents.length === 0 ? <p class="quiet empty">{query.value ? 'Không tìm thấy sự việc nào.' : store.complete.value ? 'Không có việc nào.' : 'đang tải…'}</p> : null}
        {more === null ? <p class="quiet empty">Còn nữa: gõ thêm để thu hẹp.</p> : null}
        {more ? <p class="quiet empty">Còn {number(more)} việc nữa: chọn hàng việc hoặc tìm.</p> : null}
      </div>
    </section>
  );
}

function Row({ incident, alike, chosen }: { incident: Incident; alike: number; chosen: boolean }) {
  const at = now.value;
  const deadline = deadlineOf(incident, at);
  const events = incident.events ?? 1;
  return (
    <div
      id={`row-${incident.id}`}
      class={`row${incident.acknowledged_at ? '' : ' row-new'}${chosen ? ' row-chosen' : ''}`}
      role="option"
      aria-selected={chosen}
      data-incident={incident.id}
      data-acknowledged={Boolean(incident.acknowledged_at)}
      onClick={() => select(incident.id)}
    >
      <SeverityMark severity={incident.severity} />
      <span class="title">
        {incident.title} {events > 1 ? <span class="count">{number(events)} tin</span> : null}
        {alike > 0 ? <span class="count">và {number(alike)} việc cùng loại</span> : null}
        <small>
          {[...new Set([incident.queue_name ?? incident.queue, incident.category_name || categoryWord(incident.category), ...(incident.sub_kind ? [incident.sub_kind.name] : [])])].join(' · ')}
          {incident.assignee ? ` · ${incident.assignee}` : ''}
        </small>
      </span>
      <span>{incident.unit?.name ? shortUnit(incident.unit.name) : 'chưa rõ'}</span>
      <span>{incident.acknowledged_at ? stateWord(incident.state) : <b>chờ nhận</b>}</span>
      <span class={deadline.late ? 'late' : ''}>{deadline.words}</span>
      <span title={moment(incident.opened_at, at)}>{span(at - Date.parse(incident.opened_at))}</span>
    </div>
  );
}

const kNoticeMs = 8_000;

function NoticeBar() {
  const shown = notice.value;
  useEffect(() => {
    if (!shown || shown.bad || shown.action) return;
    const timer = setTimeout(() => notice.value === shown && (notice.value = null), kNoticeMs);
    return () => clearTimeout(timer);
  }, [shown]);
  return (
    <div class="notices" role="status" aria-live="polite">
      {shown ? (
        <div class={shown.bad ? 'notice notice-bad' : 'notice'} data-test="notice">
          <span>{shown.text}</span>
          {shown.action ? (
            <button
              type="button"
              onClick={() => {
                notice.value = null;
                shown.action!.run();
              }}
            >
              {shown.action.label}
            </button>
          ) : null}
          <button type="button" aria-label="Bỏ thông báo" onClick={() => (notice.value = null)}>
            ✕
          </button>
        </div>
      ) : null}
      <span class="hidden">{current.value ? `Đang chọn: ${current.value.title}` : ''}</span>
    </div>
  );
}
