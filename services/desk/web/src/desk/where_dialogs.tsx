// To whom and where an incident goes: other units, another place, somebody here.

import { useComputed, useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { byVietnamese } from '../live/order';
import { now, store } from '../live/session';
import type { Incident } from '../live/wire';
import { folded } from '../shared/fold';
import { leaves } from '../wall/outlines';
import { Box, Note } from './box';
import { person, units } from './state';

const unitName = (code: string): string => units.value.find((unit) => unit.code === code)?.name ?? code;

/** Units valid today by name, those in `first` at the top. */
const useUnits = (first: readonly string[]) =>
  useComputed(() => leaves(units.value, now.peek() || Date.now()).sort((a, b) => Number(first.includes(b.code)) - Number(first.includes(a.code)) || byVietnamese(a.name, b.name)));

// Units that were told stay told: the server only adds, and the button says so.
export function Forward({ incident }: { incident: Incident }) {
  const told = incident.forwarded_units ?? [];
  const first = useRef(told.length > 0 || !incident.unit ? [] : [incident.unit.code]).current;
  const chosen = useSignal<string[]>(first);
  const wanted = useSignal('');
  const text = useSignal('');
  const known = useUnits(first);
  const shown = known.value.filter((unit) => !told.includes(unit.code) && (chosen.value.includes(unit.code) || folded(unit.name).includes(folded(wanted.value))));
  const fresh = chosen.value.filter((code) => !told.includes(code));
  const toggle = (code: string) => (chosen.value = chosen.value.includes(code) ? chosen.value.filter((one) => one !== code) : [...chosen.value, code]);
  return (
    <Box title="Chuyển đơn vị" submit={told.length > 0 ? `Chuyển thêm ${fresh.length} đơn vị` : `Chuyển ${fresh.length} đơn vị`} ready={fresh.length > 0} onSubmit={() => ({ kind: 'forward', units: fresh, text: text.value })}>
      {told.length > 0 ? (
        <p data-test="told">
          Đã chuyển: <b>{told.map(unitName).join(', ')}</b>. Đơn vị đã nhận thì không rút lại được; chuyển nhầm thì ghi chú và báo cho đơn vị đó.
        </p>
      ) : null}
      <label>
        Tìm đơn vị
        <input data-first value={wanted.value} onInput={(event) => (wanted.value = event.currentTarget.value)} />
      </label>
      <fieldset class="choices">
        {shown.map((unit) => (
          <label key={unit.code}>
            <input type="checkbox" checked={chosen.value.includes(unit.code)} onChange={() => toggle(unit.code)} /> {unit.name}
          </label>
        ))}
      </fieldset>
      <Note text={text} label="Ghi chú kèm theo" />
    </Box>
  );
}

export function Relocate({ incident }: { incident: Incident }) {
  const to = useSignal('');
  const wanted = useSignal('');
  const text = useSignal('');
  const known = useUnits([]);
  const shown = known.value.filter((unit) => unit.code !== incident.unit?.code && (unit.code === to.value || folded(unit.name).includes(folded(wanted.value))));
  return (
    <Box title="Chuyển địa bàn" submit="Chuyển địa bàn" ready={to.value !== ''} onSubmit={() => ({ kind: 'relocate', units: [to.value], text: text.value })}>
      <p>
        Đang ở: <b>{incident.unit?.name ?? 'chưa rõ địa bàn'}</b>
      </p>
      <label>
        Tìm địa bàn đúng
        <input data-first value={wanted.value} onInput={(event) => (wanted.value = event.currentTarget.value)} />
      </label>
      <fieldset class="choices">
        {shown.map((unit) => (
          <label key={unit.code}>
            <input type="radio" name="unit" checked={to.value === unit.code} onChange={() => (to.value = unit.code)} /> {unit.name}
          </label>
        ))}
      </fieldset>
      <Note text={text} label="Vì sao chuyển" />
    </Box>
  );
}

export function Assign({ incident }: { incident: Incident }) {
  const to = useSignal(incident.queue);
  const who = useSignal(incident.assignee ?? '');
  const known = [...new Set([person.value, ...[...store.incidents.value.values()].map((one) => one.assignee ?? '')])].filter(Boolean).sort(byVietnamese);
  return (
    <Box title="Giao việc" submit="Giao" onSubmit={() => ({ kind: 'assign', queue: to.value, person: who.value.trim() })}>
      <label>
        Hàng việc
        <select data-first value={to.value} onChange={(event) => (to.value = event.currentTarget.value)}>
          {[...store.queues.value].sort((a, b) => byVietnamese(a.name, b.name)).map((queue) => (
            <option key={queue.queue} value={queue.queue}>
              {queue.name}
            </option>
          ))}
        </select>
      </label>
      <label>
        Người phụ trách (tên đăng nhập; để trống nếu cả nhóm)
        <input list="people" value={who.value} onInput={(event) => (who.value = event.currentTarget.value)} />
        <datalist id="people">
          {known.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      </label>
      <button type="button" onClick={() => (who.value = person.value)}>
        Giao cho tôi
      </button>
    </Box>
  );
}
