// The first desk: one work list on the left, one incident on the right, everything by keyboard.

import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { api } from '../live/api';
import { freshnessOf } from '../live/freshness';
import { now, reason, store, truth } from '../live/session';
import { clock, hourMinute, number } from '../shared/time';
import { titleWords } from '../shared/titles';
import { ageWords, Stalled } from '../shared/truth';
import { shortFeedWord } from '../shared/words';
import { Detail } from './detail';
import { Dialogs } from './dialogs';
import { Filters } from './filter_bar';
import { query } from './filters';
import { Row } from './row';
import { current, dialog, kRowsMax, more, notice, page, pages, person, rows, selected, turn } from './state';

export function Desk() {
  const lookingBack = useSignal(false); // at data that is known to be old
  const replaced = truth.value === 'stalled' && !lookingBack.value;
  useEffect(() => {
    if (truth.value !== 'stalled') lookingBack.value = false;
  }, [truth.value]);
  return (
    <div class={current.value && !replaced ? 'desk desk-detail' : 'desk'}>
      <Header />
      {replaced ? (
        <div class="instead">
          <Stalled />
          <button type="button" onClick={() => (lookingBack.value = true)}>
            Vẫn xem dữ liệu cũ
          </button>
        </div>
      ) : (
        <>
          <Filters />
          <WorkList />
          <Detail />
          <Dialogs />
        </>
      )}
      <NoticeBar />
    </div>
  );
}

function Header() {
  const logout = async () => {
    await api.logout().catch(() => undefined);
    location.assign('/login');
  };
  return (
    <header class="head">
      <h1>Bàn trực IOC Thái Nguyên</h1>
      {store.clock.value?.demo ? <strong class="demo">DỮ LIỆU MÔ PHỎNG (DEMO)</strong> : null}
      <LostFeeds />
      {store.unreadable.value > 0 ? (
        <strong class="lost" data-test="unreadable">
          {number(store.unreadable.value)} phần không đọc được
        </strong>
      ) : null}
      <DataAt />
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

function DataAt() {
  const dataAt = store.clock.value?.data_at;
  if (store.connection.value.state === 'lost') {
    return (
      <strong class="lost" role="alert" data-test="connection-lost">
        Mất kết nối, đang thử lại. {dataAt ? `Đang xem dữ liệu lúc ${clock(dataAt)}.` : ''}
      </strong>
    );
  }
  if (truth.value === 'old' || truth.value === 'stalled') {
    return (
      <strong class="lost" role="alert" data-test="data-old">
        Dữ liệu cũ {ageWords()}: việc mới có thể chưa hiện.{reason.value ? ` Máy chủ báo: ${reason.value}.` : ''}
      </strong>
    );
  }
  return <span class="quiet">{dataAt ? `Dữ liệu lúc ${clock(dataAt)}` : 'đang kết nối…'}</span>;
}

function LostFeeds() {
  const lost = store.feeds.value.filter((feed) => freshnessOf(feed, now.value) === 'lost');
  if (lost.length === 0) return null;
  return (
    <strong class="lost" data-test="feeds-lost">
      Mất nguồn: {lost.map((feed) => `${shortFeedWord(feed.feed) || feed.name} từ ${hourMinute(feed.last_event_at!)}`).join(', ')}
    </strong>
  );
}

function WorkList() {
  const { lines, total, failed, pending } = rows.value;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => void list.current?.scrollTo({ top: 0 }), [page.value]);
  // Only when another row is chosen: what happens elsewhere never moves the list under somebody's eyes.
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [selected.value]);
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
        {lines.map((line) => (
          <Row key={line.incident.id} line={line} chosen={line.incident.id === selected.value} />
        ))}
        {failed ? <p class="late empty" data-test="search-failed">Không tìm được: {failed}</p> : null}
        {lines.length === 0 && !failed ? <p class="quiet empty">{pending ? 'đang tải…' : query.value ? 'Không tìm thấy sự việc nào.' : 'Không có việc nào.'}</p> : null}
        {total === null ? (
          <p class="empty">
            <button type="button" data-test="more" onClick={more}>
              Xem thêm
            </button>
          </p>
        ) : null}
      </div>
      <Pages total={total ?? lines.length} />
    </section>
  );
}

function Pages({ total }: { total: number }) {
  if (pages.value < 2) return null;
  const first = page.value * kRowsMax;
  return (
    <nav class="pages" aria-label="Trang của danh sách" data-test="pages">
      <button type="button" disabled={page.value === 0} onClick={() => turn(-1)}>
        ‹ trước <kbd>[</kbd>
      </button>
      <span>
        {number(first + 1)}–{number(Math.min(total, first + kRowsMax))} trong {number(total)}
      </span>
      <button type="button" disabled={page.value >= pages.value - 1} onClick={() => turn(1)}>
        sau › <kbd>]</kbd>
      </button>
    </nav>
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
      <span class="hidden">{current.value ? `Đang chọn: ${titleWords(current.value)}` : ''}</span>
    </div>
  );
}
