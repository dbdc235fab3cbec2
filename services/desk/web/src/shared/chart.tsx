// Small charts with uPlot: no legend, no cursor; on the wall nothing can be pointed at.

import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'preact/hooks';

export interface ChartProps {
  options: (widthPx: number, heightPx: number, fontPx: number) => uPlot.Options;
  data: uPlot.AlignedData;
  label: string; // for those who cannot see it
}

export function Chart({ options, data, label }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(data);
  latest.current = data;
  useEffect(() => {
    const make = () => {
      const box = place.current;
      if (!box) return; // left the page before its letters were there
      plot.current?.destroy();
      if (box.clientWidth < 40 || box.clientHeight < 20) return void (plot.current = null);
      plot.current = new uPlot(options(box.clientWidth, box.clientHeight, parseFloat(getComputedStyle(box).fontSize)), latest.current, box);
    };
    const resized = new ResizeObserver(make);
    resized.observe(place.current!);
    void document.fonts.ready.then(make);
    return () => {
      resized.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, []);
  useEffect(() => plot.current?.setData(data), [data]);
  return <div class="chart" ref={place} role="img" aria-label={label} />;
}
