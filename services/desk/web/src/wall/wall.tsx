// The wall: one fixed page, read from across the room. No scrolling, no hover, nothing to press.

import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { freshnessOf } from '../live/freshness';
import { now, store, truth } from '../live/session';
import { kSeverities, type Feed, type Incident, type Indicator, type Queue } from '../live/wire';
import { UnitMap } from '../shared/map';
import { SeverityMark, Shape } from '../shared/severity';
import { clock, date, dayMonth, digits, hourMinute, moment, number, roughly, span, weekday } from '../shared/time';
import { headline } from '../shared/titles';
import { ageWords, Stalled } from '../shared/truth';
import { kSeverityWord, shortFeedWord, shortUnit, stateWord, subscriberWord } from '../shared/words';
import { AlarmRate } from './alarm_rate';
import { currentOutlines } from './outlines';
import { countsByDistrict, countsByUnit, groups, kRowsMax, urgentRows } from './summary';

export function Wall() {
  return (
    <main class={`wall ${isTrue() ? '' : 'wall-lost'} ${truth.value === 'stalled' ? 'wall-stalled' : ''}`}>
      <Header />
      {truth.value === 'stalled' ? <Stalled /> : <Picture />}
    </main>
  );
}

const isTrue = (): boolean => store.connection.value.state !== 'lost' && (truth.value === 'live' || truth.value === 'unknown');

function Picture() {
  return (
    <>
      <UrgentList />
      <QueueTable />
      <AlarmRate />
      <Indicators />
      <div class="side">
        <Province />
        <Feeds />
      </div>
    </>
  );
}

function Header() {
  const at = now.value;
  const demo = store.clock.value?.demo;
  return (
    <header class="head">
      <h1>IOC Thái Nguyên</h1>
      {demo ? <strong class="demo">DỮ LIỆU MÔ PHỎNG (DEMO)</strong> : null}
      <Link />
      <div class="time" data-test="clock">
        <span class="date">{at ? `${weekday(at)} ${date(at)}` : ''}</span>
        <time>{at ? clock(at) : '--:--:--'}</time>
      </div>
    </header>
  );
}

// Whether what is shown is true now: the data's time with a heartbeat, or since when the connection is lost.
function Link() {
  const connection = store.connection.value;
  const dataAt = store.clock.value?.data_at;
  if (connection.state === 'lost') {
    return (
      <div class="link link-lost" role="alert" data-test="connection-lost">
        mất kết nối, đang thử lại{dataAt ? ` · dữ liệu lúc ${clock(dataAt)}` : ''}
      </div>
    );
  }
  if (!isTrue()) {
    return (
      <div class="link link-lost" role="alert" data-test="data-old">
        dữ liệu cũ {ageWords()}
      </div>
    );
  }
  if (connection.state === 'connecting' || !dataAt) return <div class="link" data-test="connecting">đang kết nối…</div>;
  return (
    <div class="link" data-test="data-at">
      <i class={`heart heart-${store.beats.value % 2}`} />
      Dữ liệu lúc {clock(dataAt)}
      {store.unreadable.value > 0 ? <b data-test="unreadable">· {number(store.unreadable.value)} phần không đọc được</b> : null}
    </div>
  );
}

function UrgentList() {
  const rowsThatFit = useSignal(kRowsMax);
  const list = useRef<HTMLOListElement>(null);
  const seen = useRef<Set<string> | null>(null);
  useLayoutEffect(() => {
    const measure = () => {
      const box = list.current!;
      const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
      rowsThatFit.value = Math.max(1, Math.min(kRowsMax, Math.floor((box.clientHeight + 2) / (rem * 1.38))));
    };
    const resized = new ResizeObserver(measure);
    resized.observe(list.current!);
    return () => resized.disconnect();
  }, []);
  const shown = useComputed(() => urgentRows(store.incidents.value, rowsThatFit.value));
  const { rows, open, unacknowledged } = shown.value;
  // Only what appears after the first picture is new to the people in the room.
  const known = seen.current;
  useEffect(() => {
    if (store.complete.value) seen.current = new Set(store.incidents.value.keys());
  });
  return (
    <section class="urgent" aria-label="Việc gấp nhất">
      <h2>
        <span>
          <b data-test="open">{number(open)}</b> việc đang mở
          {open > rows.length ? <span class="how-many">, {rows.length} việc gấp nhất</span> : null}
        </span>
        <span data-test="unacknowledged-total">
          <b>{number(unacknowledged)}</b> chờ nhận
        </span>
      </h2>
      <ol ref={list}>
        {rows.map((incident) => (
          <UrgentRow key={incident.id} incident={incident} fresh={known !== null && !known.has(incident.id)} />
        ))}
        {rows.length === 0 && store.complete.value ? <li class="nothing">Không có việc nào đang mở.</li> : null}
      </ol>
    </section>
  );
}

function UrgentRow({ incident, fresh }: { incident: Incident; fresh: boolean }) {
  const pulse = useRef(fresh).current;
  const reports = incident.events ?? incident.reports ?? 1;
  return (
    <li class={incident.acknowledged_at ? 'row' : 'row row-new'} data-incident={incident.id} data-severity={incident.severity} data-opened={incident.opened_at}>
      <SeverityMark severity={incident.severity} pulse={pulse} />
      <span class="title">{headline(incident)}</span>
      <span class="reports">{reports > 1 ? `${number(reports)} tin` : ''}</span>
      <span class="unit">{incident.unit?.name ? shortUnit(incident.unit.name) : 'chưa rõ'}</span>
      <span class="state">{incident.acknowledged_at || incident.state !== 'new' ? stateWord(incident.state) : 'chờ nhận'}</span>
      <span class="age">{roughly(now.value - Date.parse(incident.opened_at))}</span>
    </li>
  );
}

function QueueTable() {
  return (
    <section class="queues" aria-label="Hàng việc">
      <table>
        <thead>
          <tr>
            <th scope="col">Hàng việc</th>
            {kSeverities.map((severity) => (
              <th scope="col" key={severity}>
                <Shape severity={severity} /> {kSeverityWord[severity]}
              </th>
            ))}
            <th scope="col">chờ</th>
          </tr>
        </thead>
        <tbody>
          {groups(store.queues.value).map((queue) => (
            <QueueRow key={queue.queue} queue={queue} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function QueueRow({ queue }: { queue: Queue }) {
  return (
    <tr data-queue={queue.queue} data-open={queue.open}>
      <th scope="row">{queue.name}</th>
      {kSeverities.map((severity) => {
        const count = queue.by_severity[severity] ?? 0;
        return (
          <td key={severity} data-severity={severity} data-count={count}>
            {count > 0 ? digits(count) : <span class="none">·</span>}
          </td>
        );
      })}
      <td class="waiting" data-unacknowledged={queue.unacknowledged}>
        {queue.unacknowledged > 0 ? digits(queue.unacknowledged) : <span class="none">·</span>}
      </td>
    </tr>
  );
}

function Indicators() {
  const worstFirst = (one: Indicator) => (one.target ? one.value / one.target : 1);
  const rows = [...store.indicators.value].sort((a, b) => worstFirst(a) - worstFirst(b)).slice(0, 4);
  // Mostly all are of the same day: said once, there is room for the names.
  const days = new Set(rows.map((one) => (one.as_of ? dayMonth(one.as_of) : '')));
  const [day] = days;
  return (
    <section class={days.size === 1 ? 'indicators one-day' : 'indicators'} aria-label="Chỉ số">
      <h2>
        <span>{days.size === 1 && day ? `Chỉ số ngày ${day}` : 'Chỉ số'}</span>
        <span>đạt</span>
        <span>đích</span>
        {days.size === 1 ? null : <span>ngày</span>}
      </h2>
      {rows.length === 0 ? <p class="nothing">Chưa nhận được chỉ số nào.</p> : null}
      <ul>
        {rows.map((one) => (
          <li key={`${one.code}/${one.unit}`} data-indicator={one.code} data-value={one.value}>
            <span class="name">{one.name}</span>
            <span class={one.target != null && one.value < one.target ? 'value below' : 'value'} title={one.target != null && one.value < one.target ? 'chưa đạt đích' : ''}>{measured(one.value, one.measure)}</span>
            <span class="target">{one.target != null ? number(one.target) : ''}</span>
            {days.size === 1 ? null : <span class="as-of">{one.as_of ? dayMonth(one.as_of) : ''}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

const measured = (value: number, measure?: string) => `${number(value)}${measure ? `\u202f${measure}` : ''}`;

function Province() {
  const outlines = useSignal<GeoJSON.FeatureCollection | null>(null);
  useEffect(() => currentOutlines((found) => (outlines.value = found)), []);
  const marks = useComputed(() => [...countsByUnit(store.incidents.value)].map(([code, count]) => ({ code, ...count })));
  const { districts, elsewhere, unknown } = countsByDistrict(store.incidents.value);
  return (
    <section class="province" aria-label="Địa bàn">
      <UnitMap outlines={outlines.value} marks={marks.value} fixed label="Bản đồ các địa bàn có việc đang mở" />
      <ul class="districts">
        {districts.slice(0, 4).map(([id, count]) => (
          <li key={id} data-district={id} data-count={count}>
            {subscriberWord(id)} <b>{number(count)}</b>
          </li>
        ))}
        <li data-district="" data-count={elsewhere}>
          nơi khác <b>{number(elsewhere)}</b>
        </li>
        {unknown > 0 ? (
          <li class="unknown">
            chưa rõ địa bàn <b>{number(unknown)}</b>
          </li>
        ) : null}
      </ul>
    </section>
  );
}

function Feeds() {
  return (
    <section class="feeds" aria-label="Nguồn dữ liệu">
      <h2>
        <span>Nguồn</span>
        <span>tin/24 giờ</span>
        <span>mới nhất</span>
      </h2>
      <ul>
        {store.feeds.value.slice(0, 6).map((feed) => (
          <FeedRow key={feed.feed} feed={feed} />
        ))}
      </ul>
    </section>
  );
}

function FeedRow({ feed }: { feed: Feed }) {
  const at = now.value;
  const state = freshnessOf(feed, at);
  const last = feed.last_event_at ?? at;
  const age = at - Date.parse(String(last));
  const words = {
    live: () => `${span(age)} trước`,
    stale: () => `cũ ${span(age)}`,
    lost: () => `— MẤT DỮ LIỆU từ ${age < 24 * 3600_000 ? hourMinute(last) : moment(last, at)}`,
    never: () => '— chưa có dữ liệu',
  };
  return (
    <li data-feed={feed.feed} data-state={state}>
      <span class="name">{shortFeedWord(feed.feed) || feed.name}</span>
      <span class="amount">{state === 'lost' || state === 'never' ? '' : number(feed.events_24h ?? 0)}</span>
      <span class="freshness">{words[state]()}</span>
    </li>
  );
}
