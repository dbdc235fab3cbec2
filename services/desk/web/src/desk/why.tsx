// "Vì sao?": every decision with its reason, the candidates and how each score came about.

import { now, store } from '../live/session';
import type { Decision } from '../live/wire';
import { moment, number } from '../shared/time';
import { Jump } from './detail';
import { detailsOf, kindWords, partWords, reasonWords, verdictWords, whyOfEvent } from './reasons';
import { subKindName, titleOf, units } from './state';

// Points that fill the bar: about what settles it alone.
const kPointsShown = 3000;

export function WhyPanel({ decisions, incident, event }: { decisions: Decision[] | null; incident: string; event?: string }) {
  const shown = decisions && event ? whyOfEvent(decisions, event) : decisions;
  return (
    <section class="why" aria-label="Vì sao" data-test="why">
      {event ? null : <h3>Vì sao?</h3>}
      {shown === null ? <p class="quiet">đang tải…</p> : null}
      {shown?.length === 0 ? <p class="quiet">Chưa có quyết định nào được ghi.</p> : null}
      {shown?.some((decision) => decision.candidates?.length) ? (
        <p class="quiet">Điểm là khả năng, phần nghìn, rằng hai bên là một việc. Các dòng dưới điểm cộng lại rồi quy ra điểm đó: + nghiêng về một việc, − nghiêng về hai việc khác nhau.</p>
      ) : null}
      <ol>
        {shown?.map((decision, index) => (
          <li key={index} data-decision={decision.kind}>
            <p>
              <span class="quiet">{moment(decision.at, now.value)}</span> <b>{kindWords(decision.kind)}</b>
              {decision.reason ? `: ${reasonWords(decision.reason)}` : ''}
              {decision.actor && decision.actor !== 'triage' ? ` – ${decision.actor}` : ''}
              {decision.rule ? <span class="quiet"> · quy tắc {decision.rule}</span> : null}
            </p>
            <Details decision={decision} />
            {decision.candidates?.map((candidate) => (
              <div class="candidate" key={candidate.incident_id} data-candidate={candidate.incident_id}>
                <p>
                  {candidate.incident_id === incident ? 'Sự việc này' : <Jump id={candidate.incident_id} />}: <b>{number(candidate.score)}</b>
                  <span class="quiet">/1.000 điểm</span> {candidate.verdict ? `– ${verdictWords(candidate.verdict)}` : ''}
                </p>
                <ul>
                  {candidate.parts?.map((part) => (
                    <li key={part.name}>
                      <span>{part.words || partWords(part.name)}</span>
                      <meter min={0} max={kPointsShown} value={Math.abs(part.points)} aria-hidden="true" class={part.points < 0 ? 'against' : ''} />
                      <b>{part.points > 0 ? `+${number(part.points)}` : number(part.points)}</b>
                    </li>
                  ))}
                </ul>
              </div>
            ))}
          </li>
        ))}
      </ol>
    </section>
  );
}

function Details({ decision }: { decision: Decision }) {
  const details = detailsOf(decision, {
    unit: (code) => units.value.find((unit) => unit.code === code)?.name ?? code,
    queue: (code) => store.queues.value.find((queue) => queue.queue === code)?.name ?? code,
    subKind: subKindName,
    incident: (id) => titleOf(id) ?? id,
    time: (when) => moment(when, now.value),
  });
  if (details.length === 0) return null;
  return <p class="quiet">{details.map(([name, value]) => `${name}: ${value}`).join(' · ')}</p>;
}
