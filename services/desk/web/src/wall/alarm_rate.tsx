// New alarms per ten minutes at the busiest queue, against what one operator can take (EEMUA 191: 1 is fine,
// 2 can be managed, 10 is a flood).

import { useComputed, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import uPlot from 'uplot';
import { api } from '../live/api';
import { now, store } from '../live/session';
import type { Incident } from '../live/wire';
import { Chart } from '../shared/chart';
import { hourMinute, number } from '../shared/time';
import { kLoadWord } from '../shared/words';
import { busiest, kPeriodMs, ratePerPeriod } from './summary';

const kPeriods = 24; // four hours
const kPagesMax = 20;
const kManageable = 2;
const kFlood = 10;
const kShownMax = 3 * kFlood; // higher bars end at the top: else one burst hides what came before and after it

export function AlarmRate() {
  const earlier = useSignal<ReadonlyMap<string, Incident>>(new Map());
  useEffect(() => {
    const load = () => void past(store.now()).then((found) => (earlier.value = found), () => undefined);
    const stop = store.complete.subscribe((complete) => complete && load());
    const timer = setInterval(load, 6 * kPeriodMs);
    return () => {
      stop();
      clearInterval(timer);
    };
  }, []);
  const minute = useComputed(() => Math.floor(now.value / 60_000));
  const rate = useComputed(() => ratePerPeriod(new Map([...earlier.value, ...store.incidents.value]).values(), minute.value * 60_000, kPeriods));
  const data = useComputed<uPlot.AlignedData>(() => [rate.value.from.map((ms) => ms / 1000), rate.value.alarms]);
  const queue = busiest(store.queues.value);
  return (
    <section class="alarms" aria-label="Tần suất báo động">
      <h2>
        <span>Báo động mới, hàng bận nhất</span>
      </h2>
      {queue ? (
        <div class={`rate rate-${queue.load}`} data-test="alarm-rate" data-queue={queue.queue} data-alarms={queue.alarms_10min} data-load={queue.load}>
          <b>{number(queue.alarms_10min)}</b> trong 10 phút
          <span class="load">{kLoadWord[queue.load] ?? queue.load}</span>
          <span class="where">{queue.name}</span>
        </div>
      ) : (
        <div class="rate">—</div>
      )}
      <Chart options={options} data={data.value} label="Số báo động mới trong từng 10 phút, bốn giờ qua" />
    </section>
  );
}

/** Incidents of the chart's hours, closed ones too. */
async function past(at: number | null): Promise<Map<string, Incident>> {
  const found = new Map<string, Incident>();
  if (at === null) return found;
  let cursor: string | undefined;
  for (let page = 0; page < kPagesMax; ++page) {
    const answer = await api.incidents({ since: new Date(at - kPeriods * kPeriodMs).toISOString(), limit: 200, cursor });
    for (const incident of answer.incidents) found.set(incident.id, incident);
    if (!answer.next) break;
    cursor = answer.next;
  }
  return found;
}

function options(width: number, height: number, fontPx: number): uPlot.Options {
  const font = `${Math.round(fontPx)}px 'Be Vietnam Pro'`;
  const limits: uPlot.Plugin = {
    hooks: {
      drawClear: (plot) => {
        plot.ctx.save();
        for (const [limit, colour] of [[kManageable, '#8b949c'], [kFlood, '#d55e00']] as const) {
          const y = Math.round(plot.valToPos(limit, 'y', true));
          plot.ctx.fillStyle = colour;
          plot.ctx.fillRect(plot.bbox.left, y, plot.bbox.width, Math.max(2, fontPx * devicePixelRatio * 0.06));
        }
        plot.ctx.restore();
      },
    },
  };
  const inner = height - fontPx * 1.7; // without the hours below and the room above
  const apart = (top: number) => ((kFlood - kManageable) / top) * inner;
  return {
    width, height, padding: [fontPx * 0.4, fontPx * 0.6, 0, 0], legend: { show: false }, cursor: { show: false }, plugins: [limits],
    scales: { x: { time: false, range: (_, min, max) => [min, max + kPeriodMs / 1000] }, y: { range: (_, __, max) => [0, Math.min(kShownMax, Math.max(12, max * 1.1))] } },
    axes: [
      { stroke: '#c6ccd1', font, size: fontPx * 1.3, gap: 0, grid: { show: false }, ticks: { show: false }, splits: (plot) => hours(plot.scales.x!.min!, plot.scales.x!.max!, (width - fontPx * 2) / (fontPx * 3)), values: (_, splits) => splits.map((at) => hourMinute(at * 1000)) },
      { stroke: '#c6ccd1', font, size: fontPx * 1.5, gap: fontPx * 0.2, grid: { show: false }, ticks: { show: false }, splits: (plot) => (apart(plot.scales.y!.max!) > fontPx ? [kManageable, kFlood] : [kFlood]), values: (_, splits) => splits.map(String) },
    ],
    series: [{}, { paths: uPlot.paths.bars!({ size: [0.8, 100], align: 1 }), fill: '#c6ccd1', width: 0, points: { show: false } }],
  };
}

/** Full hours to name, no more than `most` of them find room. */
function hours(from: number, to: number, most: number): number[] {
  const step = 3600 * Math.max(1, Math.ceil((to - from) / 3600 / Math.max(1, Math.floor(most))));
  const marks = [];
  for (let at = Math.ceil(from / 3600) * 3600; at <= to - 1200; at += step) marks.push(at);
  return marks;
}
