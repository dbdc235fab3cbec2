// One line of the work list.

import { now } from '../live/session';
import { isOpen } from '../live/wire';
import { SeverityMark } from '../shared/severity';
import { moment, number, span } from '../shared/time';
import { titleWords } from '../shared/titles';
import { categoryWord, shortUnit, stateWord } from '../shared/words';
import type { Line } from './alike';
import { deadlineOf } from './deadline';
import { isOpened, select, toggleGroup } from './state';

export function Row({ line, chosen }: { line: Line; chosen: boolean }) {
  const { incident, alike, group, inside } = line;
  const at = now.value;
  const deadline = deadlineOf(incident, at);
  const events = incident.events ?? 1;
  return (
    <div
      id={`row-${incident.id}`}
      class={`row${incident.acknowledged_at ? '' : ' row-new'}${inside ? ' row-inside' : ''}${chosen ? ' row-chosen' : ''}`}
      role="option"
      aria-selected={chosen}
      data-incident={incident.id}
      data-acknowledged={Boolean(incident.acknowledged_at)}
      onClick={() => select(incident.id)}
    >
      <SeverityMark severity={incident.severity} />
      <span class="title">
        {titleWords(incident)} {events > 1 ? <span class="count">{number(events)} tin</span> : null}
        {alike > 0 ? (
          <button
            type="button"
            class="count"
            data-test="group"
            aria-expanded={isOpened(group)}
            onClick={(event) => {
              event.stopPropagation();
              toggleGroup(group);
            }}
          >
            {isOpened(group) ? '▾' : '▸'} và {number(alike)} việc «{incident.sub_kind?.name}»
          </button>
        ) : null}
        <small>
          {[...new Set([incident.queue_name ?? incident.queue, incident.category_name || categoryWord(incident.category), ...(incident.sub_kind ? [incident.sub_kind.name] : [])])].join(' · ')}
          {incident.assignee ? ` · ${incident.assignee}` : ''}
        </small>
      </span>
      <span>{incident.unit?.name ? shortUnit(incident.unit.name) : 'chưa rõ'}</span>
      <span>{incident.acknowledged_at || !isOpen(incident) ? stateWord(incident.state) : <b>chờ nhận</b>}</span>
      <span class={deadline.late ? 'late' : ''}>{deadline.words}</span>
      <span title={moment(incident.opened_at, at)}>{span(at - Date.parse(incident.opened_at))}</span>
    </div>
  );
}
