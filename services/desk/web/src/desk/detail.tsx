// One incident: what it is, what came in, why the system did what it did, and what can be done.

import { useComputed, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { api } from '../live/api';
import { now } from '../live/session';
import { isOpen, type Decision, type EventOfIncident, type Incident } from '../live/wire';
import { UnitMap } from '../shared/map';
import { SeverityMark } from '../shared/severity';
import { moment, number } from '../shared/time';
import { titleWords } from '../shared/titles';
import { categoryWord, feedWord, outcomeWord, stateWord, subscriberWord } from '../shared/words';
import { currentOutlines } from '../wall/outlines';
import { commentsIn } from './comments';
import { clockLine } from './deadline';
import { eventId, eventWords } from './event_words';
import { flagWords } from './flag_words';
import { acknowledge, reopen, unmerge } from './keys';
import { askTitle, current, dialog, nameOf, select, titleOf, units, why } from './state';
import { WhyPanel } from './why';

export function Detail() {
  const incident = current.value;
  if (!incident) {
    return (
      <section id="detail" class="detail" tabIndex={-1} aria-label="Chi tiết">
        <p class="quiet empty">Chọn một sự việc bằng ↑ ↓ để xem chi tiết.</p>
      </section>
    );
  }
  return (
    <section id="detail" class="detail" tabIndex={-1} aria-label="Chi tiết" data-incident={incident.id} data-version={incident.version}>
      <button type="button" class="back" onClick={() => select('')}>
        ‹ Danh sách
      </button>
      <div class="detail-head">
        <SeverityMark severity={incident.severity} />
        <h2>{titleWords(incident)}</h2>
      </div>
      <Actions incident={incident} />
      <div class="detail-body">
        <div class="facts">
          {incident.summary && incident.summary !== incident.title ? <p class="summary">{incident.summary}</p> : null}
          <Facts incident={incident} />
        </div>
        <Place incident={incident} />
      </div>
      <History incident={incident} key={incident.id} />
    </section>
  );
}

function Actions({ incident }: { incident: Incident }) {
  const open = isOpen(incident);
  const merged = incident.state === 'merged'; // only what takes it out again, or is written to it, is possible
  const action = (key: string, words: string, run: () => void, enabled = true) => (
    <button type="button" onClick={run} disabled={!enabled} data-key={key}>
      {words} <kbd>{key}</kbd>
    </button>
  );
  return (
    <div class="actions" role="toolbar" aria-label="Thao tác">
      {action('a', incident.acknowledged_at ? 'Đã nhận' : 'Nhận', acknowledge, open && !incident.acknowledged_at)}
      {action('f', 'Chuyển', () => (dialog.value = 'forward'), open)}
      {action('g', 'Giao', () => (dialog.value = 'assign'), open)}
      {action('r', 'Xử lý xong', () => (dialog.value = 'resolve'), open)}
      {action('o', 'Mở lại', reopen, !open && !merged)}
      {action('c', 'Ghi chú', () => (dialog.value = 'comment'))}
      {action('s', 'Tách', () => (dialog.value = 'split'), (incident.events ?? 1) > 1)}
      {action('m', 'Gộp', () => (dialog.value = 'merge'), open)}
      {merged || incident.merged?.length ? action('u', 'Bỏ gộp', unmerge) : null}
      {action('l', 'Sửa loại', () => (dialog.value = 'reclassify'), open)}
      {action('d', 'Chuyển địa bàn', () => (dialog.value = 'relocate'), open)}
      {action('w', 'Vì sao?', () => (why.value = !why.value))}
    </div>
  );
}

function Facts({ incident }: { incident: Incident }) {
  const at = now.value;
  const unitName = (code: string) => units.value.find((unit) => unit.code === code)?.name ?? code;
  const facts: [string, preact.ComponentChildren][] = [
    ['Mã', <code>{incident.id}</code>],
    ['Trạng thái', `${stateWord(incident.state)}${incident.outcome ? ` – ${outcomeWord(incident.outcome)}` : ''}${incident.ended ? ' – nguồn báo đã hết' : ''}`],
    ['Báo động', incident.acknowledged_at ? `đã nhận ${moment(incident.acknowledged_at, at)}${incident.acknowledged_by ? `, ${incident.acknowledged_by}` : ''}` : isOpen(incident) ? 'chưa ai nhận' : ''],
    ['Mở lúc', moment(incident.opened_at, at)],
    ['Loại', [[incident.category_name || categoryWord(incident.category), incident.sub_kind?.name].filter(Boolean).join(' – '), ...(incident.further_categories ?? []).map(categoryWord)].join(', ')],
    ['Nguy hiểm', incident.emergency ? <b class="late">có nguy hiểm đến tính mạng</b> : ''],
    ['Sửa loại', incident.classified_by ? `${incident.classified_by}; máy xếp: ${[categoryWord(incident.model_category), incident.model_sub_kind?.name].filter(Boolean).join(' – ')}` : ''],
    ['Địa bàn', [incident.address, incident.unit?.name ?? 'chưa rõ địa bàn'].filter(Boolean).join(', ')],
    ['Hàng việc', `${incident.queue_name ?? incident.queue}${incident.assignee ? `, ${incident.assignee}` : ''}`],
    ['Đã chuyển', (incident.forwarded_units ?? []).map(unitName).join(', ')],
    ['Nguồn', (incident.sources ?? []).map((source) => `${feedWord(source.feed)} (${number(source.events)})`).join(', ')],
    ['Thời hạn', (incident.clocks ?? []).map((clock) => <div class={clock.state === 'breached' ? 'late' : ''}>{clockLine(clock, at)}</div>)],
    ['Nơi nhận', (incident.subscribers ?? []).map(subscriberWord).join(', ')],
    ['Lần thứ', (incident.occurrence ?? 1) > 1 ? `${incident.occurrence} tại chỗ này` : ''],
    ['Tái diễn của', incident.recurrence_of ? <Jump id={incident.recurrence_of} /> : ''],
    ['Có thể trùng', (incident.suggestions ?? []).map((one) => <Jump id={one.incident_id} />)],
    ['Tách từ', incident.split_from ? <Jump id={incident.split_from} /> : ''],
    ['Đã gộp vào đây', (incident.merged ?? []).map((id) => <Jump id={id} />)],
    ['Gộp vào', incident.merged_into ? <Jump id={incident.merged_into} /> : ''],
  ];
  return (
    <dl>
      {facts
        .filter(([, value]) => value !== '' && !(Array.isArray(value) && value.length === 0))
        .map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </>
        ))}
    </dl>
  );
}

export function Jump({ id }: { id: string }) {
  useEffect(() => askTitle(id), [id]);
  return (
    <button type="button" class="jump" onClick={() => select(id)}>
      {titleOf(id) ?? id}
    </button>
  );
}

function Place({ incident }: { incident: Incident }) {
  const outlines = useSignal<GeoJSON.FeatureCollection | null>(null);
  useEffect(() => currentOutlines((found) => (outlines.value = found)), []);
  const none = useComputed(() => []);
  if (!incident.position && !incident.unit) return <div class="place quiet">Chưa rõ vị trí.</div>;
  return (
    <div class="place">
      <UnitMap outlines={outlines.value} marks={none.value} point={incident.position} focus={incident.unit?.code} fixed={false} label={`Vị trí: ${incident.unit?.name ?? 'chưa rõ địa bàn'}`} />
    </div>
  );
}

function Comments({ decisions }: { decisions: Decision[] | null }) {
  const comments = commentsIn(decisions ?? []);
  if (comments.length === 0) return null;
  return (
    <section aria-label="Ghi chú" data-test="comments">
      <h3>Ghi chú</h3>
      <ol class="events">
        {comments.map((one) => (
          <li key={`${one.at}${one.words}`}>
            <span class="quiet">
              {moment(one.at, now.value)} · {one.by}
              {one.with ? ` · ${one.with}` : ''}
            </span>{' '}
            {one.words}
          </li>
        ))}
      </ol>
    </section>
  );
}

// Events and decisions, asked for again whenever the incident changes.
function History({ incident }: { incident: Incident }) {
  const events = useSignal<EventOfIncident[] | null>(null);
  const decisions = useSignal<Decision[] | null>(null);
  const failed = useSignal('');
  const open = useSignal('');
  useEffect(() => {
    let stale = false;
    Promise.all([api.events(incident.id), api.decisions(incident.id)]).then(
      ([gotEvents, gotDecisions]) => {
        if (stale) return;
        events.value = gotEvents;
        decisions.value = gotDecisions;
        failed.value = '';
      },
      (error: Error) => !stale && (failed.value = error.message),
    );
    return () => {
      stale = true;
    };
  }, [incident.id, incident.revision]);
  const count = incident.events ?? events.value?.length ?? 0;
  const reports = incident.reports ?? 0;
  return (
    <>
      {failed.value ? <p class="late">Không tải được tin và quyết định: {failed.value}</p> : null}
      <Comments decisions={decisions.value} />
      {why.value ? <WhyPanel decisions={decisions.value} incident={incident.id} /> : null}
      <h3>{reports > 1 ? `${number(reports)} phản ánh giống nhau` : count > 1 ? `${number(count)} tin` : 'Tin đã nhận'}</h3>
      <ol class="events">
        {(events.value ?? []).map((event) => {
          const id = eventId(event);
          return (
            <li key={id} data-event={id}>
              <p>
                <span class="quiet">
                  {event.occurred_at ? moment(event.occurred_at, now.value) : ''} · {feedWord(event.feed)}
                </span>{' '}
                {eventWords(event, nameOf)}
              </p>
              {flagWords(event).length ? <p class="quiet">Lưu ý: {flagWords(event).join('; ')}</p> : null}
              <button type="button" class="jump" aria-expanded={open.value === id} onClick={() => (open.value = open.value === id ? '' : id)}>
                vì sao ở đây?
              </button>
              {open.value === id ? <WhyPanel decisions={decisions.value} incident={incident.id} event={id} /> : null}
            </li>
          );
        })}
      </ol>
      {incident.merged?.length ? (
        <p class="quiet">
          Tin của những sự việc đã gộp vào đây:{' '}
          {incident.merged.map((id) => (
            <span key={id}>
              <Jump id={id} />{' '}
            </span>
          ))}
        </p>
      ) : null}
    </>
  );
}
