import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { moment } from '../format';
import { chartColors, chartData, chartSeries, type ChartFacts } from './chart-data';
import { Legend } from './legend';

interface TimeChartProps extends ChartFacts {
  /** What a screen reader says of it; its numbers stand in the table behind it. */
  readonly label: string;
  readonly height?: number;
  readonly format: (value: number) => string;
  /** Line at which the future begins. */
  readonly nowMs?: number;
  /** The times are those of any day. */
  readonly clock?: boolean;
}

/** Lines and bands over time (UTC). The pointer, or the arrow keys, read it off. */
export function TimeChart({ label, height = 260, format, nowMs, clock = false, ...facts }: TimeChartProps): ReactNode {
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [at, setAt] = useState<number | null>(null);
  const theme = useDrawnTheme();
  // Equal facts are the same picture: a page that polls must not build it anew.
  const version = JSON.stringify([facts, nowMs, height]);
  useEffect(() => {
    const element = holder.current;
    if (element === null) return;
    const made = new uPlot(optionsOf(facts, { height, format, clock, width: element.clientWidth, ...(nowMs === undefined ? {} : { nowMs }), onCursor: setAt }), chartData(facts), element);
    plot.current = made;
    const watcher = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [version, theme]);
  const step = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (by === 0 || plot.current === null) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(facts.atMs.length - 1, (at ?? facts.atMs.length - 1) + by));
    plot.current.setCursor({ left: plot.current.valToPos((facts.atMs[next] as number) / 1_000, 'x'), top: 8 });
  };
  return (
    <div>
      <div ref={holder} className="chart" role="img" aria-label={label} tabIndex={0} onKeyDown={step} />
      <p className="chart-read" aria-live="polite">{at === null ? 'Times are UTC. Point at it, or use the arrow keys, to read it off.' : readOff(facts, at, format, clock)}</p>
      <Legend {...facts} />
    </div>
  );
}

/** Changes whenever the page's colours do. */
function useDrawnTheme(): string {
  const [theme, setTheme] = useState(() => document.documentElement.dataset['theme'] ?? '');
  useEffect(() => {
    const watcher = new MutationObserver(() => setTheme(document.documentElement.dataset['theme'] ?? ''));
    watcher.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => watcher.disconnect();
  }, []);
  return theme;
}

function readOff({ atMs, lines, bands = [], marks = [] }: ChartFacts, at: number, format: (value: number) => string, clock: boolean): string {
  const ms = atMs[at];
  if (ms === undefined) return '';
  const told = [
    ...lines.flatMap(({ label, values }) => (values[at] == null ? [] : [`${label} ${format(values[at])}`])),
    ...bands.flatMap(({ label, low, high }) => (low[at] == null || high[at] == null ? [] : [`${label} ${format(low[at])} to ${format(high[at])}`])),
  ];
  const near = marks.filter((mark) => Math.abs(mark.atMs - ms) <= ((atMs.at(-1) as number) - (atMs[0] as number)) / 150).map((mark) => mark.label);
  return [`${moment(ms).slice(clock ? 11 : 0, 16)}:`, [...told, ...new Set(near)].join(' · ') || 'nothing known'].join(' ');
}

const MINUTE_MS = 60_000;

interface DrawnAs {
  readonly width: number;
  readonly height: number;
  readonly nowMs?: number;
  readonly clock: boolean;
  readonly format: (value: number) => string;
  readonly onCursor: (at: number | null) => void;
}

function optionsOf(facts: ChartFacts, { width, height, nowMs, clock, format, onCursor }: DrawnAs): uPlot.Options {
  const color = chartColors();
  const { series, bands } = chartSeries(facts, color, uPlot.paths.stepped?.({ align: 1 }) as uPlot.Series.PathBuilder);
  const axis = { stroke: color('--soft'), grid: { stroke: color('--chart-grid'), width: 1 }, ticks: { show: false }, font: '12px system-ui, sans-serif' };
  const [least, most] = facts.range ?? [null, null];
  return {
    width,
    height,
    series,
    bands,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), 'Etc/UTC'),
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false } },
    scales: { y: { range: (_, low, high) => [Math.min(least ?? low, low), Math.max(most ?? high, high, facts.limit ?? high) * 1.03 || 1] } },
    axes: [{ ...axis, space: 76, values: (_, ticks) => ticks.map((seconds, i) => tickOf(seconds * 1_000, { isFirst: i === 0, clock, stepMs: ((ticks[1] ?? Infinity) - (ticks[0] ?? 0)) * 1_000 })) }, { ...axis, size: 76, values: (_, ticks) => ticks.map((value) => format(value).replace(/\.0+(?= )/, '')) }],
    hooks: {
      setCursor: [({ cursor: { idx } }) => onCursor(idx ?? null)],
      draw: [(chart) => drawMarks(chart, facts, nowMs, color)],
    },
  };
}

/** `14:00`, or `14:00:10` where ticks are that near; the first one, and midnight, with the day. */
function tickOf(ms: number, { isFirst, clock, stepMs }: { readonly isFirst: boolean; readonly clock: boolean; readonly stepMs: number }): string {
  const whole = moment(ms);
  const time = whole.slice(11, stepMs < MINUTE_MS ? 19 : 16);
  return !clock && (isFirst || whole.endsWith('00:00:00')) ? `${time}\n${whole.slice(5, 10)}` : time;
}

function drawMarks(chart: uPlot, { limit, marks = [] }: ChartFacts, nowMs: number | undefined, color: (name: string) => string): void {
  const { ctx, bbox } = chart;
  const stroke = (name: string, dash: number[], x0: number, y0: number, x1: number, y1: number) => {
    ctx.beginPath();
    ctx.strokeStyle = color(name);
    ctx.lineWidth = 1.5 * devicePixelRatio;
    ctx.setLineDash(dash.map((one) => one * devicePixelRatio));
    ctx.moveTo(x0, y0);
    ctx.lineTo(x1, y1);
    ctx.stroke();
  };
  ctx.save();
  if (limit != null) {
    const y = chart.valToPos(limit, 'y', true);
    stroke('--chart-limit', [6, 4], bbox.left, y, bbox.left + bbox.width, y);
  }
  const upright = (ms: number, name: string, dash: number[]) => {
    const x = chart.valToPos(ms / 1_000, 'x', true);
    if (x >= bbox.left && x <= bbox.left + bbox.width) stroke(name, dash, x, bbox.top, x, bbox.top + bbox.height);
  };
  for (const { atMs } of marks) upright(atMs, '--chart-mark', [2, 3]);
  if (nowMs !== undefined) upright(nowMs, '--line-strong', []);
  ctx.restore();
}
