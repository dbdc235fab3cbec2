// Dialogs of the commands that need more than a key press.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { api } from '../live/api';
import { now, store } from '../live/session';
import { kSeverities, type EventOfIncident, type Incident } from '../live/wire';
import { moment } from '../shared/time';
import { titleWords } from '../shared/titles';
import { categoryWord, feedWord, kCategories, kOutcomes, kSeverityWord, outcomeWord } from '../shared/words';
import { Box, Note } from './box';
import { kNoSubKind, type CommandBody } from './commands';
import { eventId, eventWords } from './event_words';
import { kKeys } from './keys';
import { categories, current, dialog, nameOf } from './state';
import { targetsFor } from './targets';
import { Assign, Forward, Relocate } from './where_dialogs';

export function Dialogs() {
  const which = dialog.value;
  const incident = current.value;
  if (which === 'help') return <Help />;
  if (!which || !incident) return null;
  const Form = { forward: Forward, assign: Assign, resolve: Resolve, reopen: Reopen, comment: Comment, split: Split, merge: Merge, reclassify: Reclassify, relocate: Relocate }[which];
  return <Form key={which} incident={incident} />;
}

// What is left as it is, is not sent: it goes on following the rules.
function Reclassify({ incident }: { incident: Incident }) {
  const category = useSignal(incident.category);
  const subKind = useSignal(incident.sub_kind?.code ?? '');
  const severity = useSignal('');
  const emergency = useSignal(Boolean(incident.emergency));
  const text = useSignal('');
  const body: CommandBody = { kind: 'reclassify', text: text.value.trim() };
  if (category.value !== incident.category) body.category = category.value;
  if (body.category !== undefined ? subKind.value : subKind.value !== (incident.sub_kind?.code ?? '')) body.sub_kind = subKind.value || kNoSubKind;
  if (severity.value) body.severity = severity.value;
  if (emergency.value !== Boolean(incident.emergency)) body.emergency = emergency.value;
  const changed = body.category !== undefined || body.sub_kind !== undefined || body.severity !== undefined || body.emergency !== undefined;
  const known = categories.value.length > 0 ? categories.value.map((one) => one.code) : kCategories;
  const categoryName = (code: string) => categories.value.find((one) => one.code === code)?.name ?? categoryWord(code);
  const subKinds = categories.value.find((one) => one.code === category.value)?.sub_kinds ?? [];
  const choose = (code: string) => {
    category.value = code;
    subKind.value = code === incident.category ? (incident.sub_kind?.code ?? '') : '';
  };
  const back = { label: 'Trả về lựa chọn của hệ thống', body: () => ({ kind: 'reclassify', back_to_triage: true, text: text.value.trim() }) };
  return (
    <Box title="Sửa loại việc" submit="Sửa" ready={changed} onSubmit={() => body} other={incident.classified_by ? back : undefined}>
      <label>
        Loại việc {incident.sender_category ? `(người gửi chọn: ${categoryWord(incident.sender_category)})` : ''}
        <select data-first value={category.value} onChange={(event) => choose(event.currentTarget.value)}>
          {[...new Set([...known, incident.category])].map((code) => (
            <option key={code} value={code}>
              {categoryName(code)}
            </option>
          ))}
        </select>
      </label>
      {subKinds.length > 0 ? (
        <label>
          Việc cụ thể
          <select value={subKind.value} onChange={(event) => (subKind.value = event.currentTarget.value)}>
            <option value="">{category.value === incident.category && incident.sub_kind ? 'không việc nào trong số này' : 'chưa rõ'}</option>
            {subKinds.map((one) => (
              <option key={one.code} value={one.code}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      <label>
        Mức
        <select value={severity.value} onChange={(event) => (severity.value = event.currentTarget.value)}>
          <option value="">giữ, hoặc tăng theo quy tắc</option>
          {kSeverities.map((one) => (
            <option key={one} value={one}>
              {kSeverityWord[one]}
            </option>
          ))}
        </select>
      </label>
      <label class="sure">
        <input type="checkbox" checked={emergency.value} onChange={() => (emergency.value = !emergency.value)} /> có nguy hiểm đến tính mạng
      </label>
      <Note text={text} label="Vì sao sửa" />
    </Box>
  );
}

function Resolve() {
  const outcome = useSignal('');
  const text = useSignal('');
  return (
    <Box title="Xử lý xong" submit="Xử lý xong" ready={outcome.value !== ''} onSubmit={() => ({ kind: 'resolve', outcome: outcome.value, text: text.value })}>
      <fieldset class="choices">
        <legend>Kết quả</legend>
        {kOutcomes.map((code, index) => (
          <label key={code}>
            <input type="radio" name="outcome" data-first={index === 0 || undefined} checked={outcome.value === code} onChange={() => (outcome.value = code)} /> {outcomeWord(code)}
          </label>
        ))}
      </fieldset>
      <Note text={text} label="Nội dung xử lý" />
    </Box>
  );
}

function Reopen() {
  const text = useSignal('');
  return (
    <Box title="Mở lại" submit="Mở lại" ready={text.value.trim() !== ''} onSubmit={() => ({ kind: 'reopen', text: text.value.trim() })}>
      <Note text={text} label="Vì sao mở lại" first />
    </Box>
  );
}

function Comment() {
  const text = useSignal('');
  return (
    <Box title="Ghi chú" submit="Ghi" ready={text.value.trim() !== ''} onSubmit={() => ({ kind: 'comment', text: text.value.trim() })}>
      <Note text={text} label="Ghi chú (không ghi tên, số điện thoại của người dân)" first />
    </Box>
  );
}

function Split({ incident }: { incident: Incident }) {
  const events = useSignal<EventOfIncident[] | null>(null);
  const chosen = useSignal<string[]>([]);
  const sure = useSignal(false);
  const failed = useSignal('');
  useEffect(() => {
    api.events(incident.id).then((got) => (events.value = got), (error: Error) => (failed.value = error.message));
  }, []);
  const all = events.value?.length ?? 0;
  const ready = chosen.value.length > 0 && chosen.value.length < all && sure.value;
  const toggle = (id: string) => {
    chosen.value = chosen.value.includes(id) ? chosen.value.filter((one) => one !== id) : [...chosen.value, id];
    sure.value = false;
  };
  return (
    <Box title="Tách tin bị gộp nhầm" submit={`Tách ${chosen.value.length} tin`} ready={ready} onSubmit={() => ({ kind: 'split', events: chosen.value })}>
      {failed.value ? <p class="late">{failed.value}</p> : null}
      {all === 1 ? <p>Sự việc này chỉ có một tin, không có gì để tách.</p> : null}
      <fieldset class="choices">
        <legend>Những tin không thuộc sự việc này</legend>
        {events.value?.map((event, index) => {
          const id = eventId(event);
          return (
            <label key={id}>
              <input type="checkbox" data-first={index === 0 || undefined} data-event={id} checked={chosen.value.includes(id)} onChange={() => toggle(id)} />{' '}
              <span class="quiet">
                {event.occurred_at ? moment(event.occurred_at, now.value) : ''} · {feedWord(event.feed)}
              </span>{' '}
              {eventWords(event, nameOf)}
            </label>
          );
        })}
      </fieldset>
      {chosen.value.length === all && all > 1 ? <p class="late">Không thể tách tất cả: phải còn ít nhất một tin ở lại.</p> : null}
      <label class="sure">
        <input type="checkbox" id="sure" checked={sure.value} disabled={chosen.value.length === 0} onChange={() => (sure.value = !sure.value)} /> Tôi đã xem lại: {chosen.value.length} tin này là việc khác.
      </label>
      <p class="quiet">Tin tách ra thành sự việc mới, có liên kết về sự việc này. Không mất gì: quyết định cũ và lần tách này đều được lưu.</p>
    </Box>
  );
}

const kTargetsShown = 30;

function Merge({ incident }: { incident: Incident }) {
  const wanted = useSignal('');
  const into = useSignal('');
  const targets = targetsFor(incident, store.incidents.value.values(), wanted.value, kTargetsShown);
  const ready = targets.some((one) => one.incident.id === into.value);
  return (
    <Box title="Gộp vào sự việc khác" submit="Gộp" ready={ready} onSubmit={() => ({ kind: 'merge', into: into.value })}>
      <p>
        <b>{titleWords(incident)}</b>
      </p>
      <label>
        Tìm sự việc (có dấu hay không dấu)
        <input data-first value={wanted.value} onInput={(event) => (wanted.value = event.currentTarget.value)} />
      </label>
      <fieldset class="choices">
        <legend>Là cùng một việc với</legend>
        {targets.map(({ incident: one, suggested }) => (
          <label key={one.id}>
            <input type="radio" name="into" data-target={one.id} checked={into.value === one.id} onChange={() => (into.value = one.id)} /> {suggested ? <b>gợi ý: </b> : null}
            {titleWords(one)}{' '}
            <span class="quiet">
              {[moment(one.opened_at, now.value), one.sub_kind?.name ?? one.category_name ?? categoryWord(one.category), one.address || one.unit?.name].filter(Boolean).join(' · ')}
            </span>
          </label>
        ))}
        {targets.length === 0 ? <p class="quiet">Không có sự việc đang mở nào như vậy.</p> : null}
      </fieldset>
      <p class="quiet">Không mất gì: gộp nhầm thì bỏ gộp, mọi thứ trở lại như trước.</p>
    </Box>
  );
}

function Help() {
  return (
    <Box title="Phím tắt">
      <dl class="keys">
        {kKeys.map((key) => (
          <>
            <dt>
              <kbd>{key.shown}</kbd>
            </dt>
            <dd>{key.words}</dd>
          </>
        ))}
        <dt>
          <kbd>Ctrl Enter</kbd>
        </dt>
        <dd>gửi biểu mẫu đang mở</dd>
      </dl>
    </Box>
  );
}
