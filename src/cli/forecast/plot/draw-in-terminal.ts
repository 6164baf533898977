import pc from 'picocolors';
import type { ForecastReport } from '../single/forecast-report';
import { formatAmount } from '../single/format-amount';
import type { TimeZone } from '../single/time-zone';
import { DotGrid } from './dot-grid';
import { plotView, type FanPoint, type PlotView } from './plot-view';
import { timeTicks } from './time-ticks';

export interface TerminalSize {
  /** Characters of a line. */
  readonly columns: number;
  /** Whether the terminal shows colours. */
  readonly colors: boolean;
}

const ROWS = 16;
const LEAST_COLUMNS = 40;
/** Characters that a time takes with the space around it. */
const TIME_LABEL_WIDTH = 9;
/** Of `INTERVALS`: what is drawn with the light and with the dense sign. */
const [OUTER, INNER] = [0, 2];

type Paint = (text: string) => string;

interface Cell {
  readonly sign: string;
  readonly paint: Paint;
}

interface Frame {
  readonly view: PlotView;
  readonly width: number;
  readonly labels: readonly string[];
  /** The row of a value, 0 at the top. */
  readonly row: (value: number) => number;
  /** The column of a time. */
  readonly column: (atMs: number) => number;
}

/** A forecast as lines of text: the past in braille dots, the fan in shades, the median as a line, the limit, both axes and a legend. */
export function drawInTerminal(report: ForecastReport, zone: TimeZone, { columns, colors }: TerminalSize): string {
  const color = pc.createColors(colors);
  const frame = frameOf(report, Math.max(LEAST_COLUMNS, columns));
  const cells = Array.from({ length: ROWS }, () => new Array<Cell | null>(frame.width).fill(null));
  const put = (row: number, column: number, sign: string, paint: Paint): void => {
    if (cells[row]?.[column] !== undefined) cells[row][column] = { sign, paint };
  };
  drawFan(frame, (row, column, dense) => put(row, column, dense ? '▓' : '░', color.blue));
  if (report.limit !== null) for (let column = 0; column < frame.width; column++) put(frame.row(report.limit), column, '╌', color.red);
  drawMedian(frame, (row, column) => put(row, column, '━', color.cyan));
  pastDots(frame).forEachCell((row, column, sign) => put(row, column, sign, (text) => text));
  const lines = cells.map((row, i) => `${color.dim((frame.labels[i] as string) + '│')}${row.map((cell) => (cell === null ? ' ' : cell.paint(cell.sign))).join('')}`.trimEnd());
  const legend = [`${color.blue('░')} 90 %`, `${color.blue('▓')} 50 %`, `${color.cyan('━')} median`, '⠒ past', ...(report.limit === null ? [] : [`${color.red('╌')} limit ${formatAmount(report.limit, report.unit)}`])];
  return [...lines, ...timeAxis(frame, zone).map(color.dim), `${indent(frame)}${legend.join('   ')}`].join('\n');
}

function frameOf(report: ForecastReport, columns: number): Frame {
  const view = plotView(report);
  const [lowest, highest] = [view.valueTicks[0] as number, view.valueTicks.at(-1) as number];
  const row = (value: number): number => Math.min(ROWS - 1, Math.max(0, Math.round(((highest - value) / (highest - lowest)) * (ROWS - 1))));
  const names = new Map(view.valueTicks.map((tick) => [row(tick), formatAmount(tick, report.unit)]));
  const labelWidth = Math.max(...[...names.values()].map((name) => name.length)) + 1;
  const labels = Array.from({ length: ROWS }, (_, i) => `${(names.get(i) ?? '').padStart(labelWidth - 1)} `);
  const width = columns - labelWidth - 1;
  const column = (atMs: number): number => Math.min(width - 1, Math.floor(((atMs - view.fromMs) / (view.toMs - view.fromMs)) * width));
  return { view, width, labels, row, column };
}

/** The steps that a column stands for, or the next one where it stands between two. */
function stepsOf({ view, column }: Frame, at: number): readonly FanPoint[] {
  const inside = view.fan.filter(({ atMs }) => column(atMs) === at);
  if (inside.length > 0) return inside;
  const next = view.fan.find(({ atMs }) => column(atMs) > at);
  return next === undefined ? [] : [next];
}

function forecastColumns({ view, width, column }: Frame): number[] {
  const first = column(view.issuedAtMs) + 1;
  return Array.from({ length: Math.max(0, width - first) }, (_, i) => first + i);
}

/** A column's intervals enclose those of all its steps: a peak is not averaged away. */
function drawFan(frame: Frame, put: (row: number, column: number, dense: boolean) => void): void {
  for (const column of forecastColumns(frame)) {
    const steps = stepsOf(frame, column);
    for (const [interval, dense] of [[OUTER, false], [INNER, true]] as const) {
      const ends = steps.flatMap(({ intervals }) => intervals[interval] as readonly [number, number]);
      for (let row = frame.row(Math.max(...ends)); row <= frame.row(Math.min(...ends)); row++) put(row, column, dense);
    }
  }
}

function drawMedian(frame: Frame, put: (row: number, column: number) => void): void {
  for (const column of forecastColumns(frame)) {
    const steps = stepsOf(frame, column);
    put(frame.row(steps.reduce((sum, { median }) => sum + median, 0) / steps.length), column);
  }
}

function pastDots({ view, width }: Frame): DotGrid {
  const [lowest, highest] = [view.valueTicks[0] as number, view.valueTicks.at(-1) as number];
  const grid = new DotGrid(width, ROWS);
  const x = (atMs: number): number => ((atMs - view.fromMs) / (view.toMs - view.fromMs)) * (grid.dotsAcross - 1);
  const y = (value: number): number => ((highest - value) / (highest - lowest)) * (grid.dotsDown - 1);
  for (const run of view.history) {
    run.forEach(({ atMs, value }, i) => {
      const before = run[i - 1] ?? { atMs, value };
      grid.line(x(before.atMs), y(before.value), x(atMs), y(value));
    });
  }
  return grid;
}

/** The axis with a sign at each time that is told, the times, and the days with the name of the zone. */
function timeAxis(frame: Frame, zone: TimeZone): string[] {
  const { view, width, column } = frame;
  const [signs, times, days] = [new Array<string>(width).fill('─'), '', ''];
  const lines = { times, days };
  for (const { atMs, label, day } of timeTicks(view.fromMs, view.toMs, Math.floor(width / (TIME_LABEL_WIDTH + 3)), zone)) {
    signs[column(atMs)] = '┴';
    lines.times = placed(lines.times, column(atMs), label, width);
    if (day !== null) lines.days = placed(lines.days, column(atMs), day, width);
  }
  return [`${indent(frame).slice(1)}└${signs.join('')}`, `${indent(frame)}${lines.times}`, `${indent(frame)}${lines.days}`.trimEnd(), `${indent(frame)}time in ${zone.nameAt(view.issuedAtMs)}`];
}

/** A label in the middle above its column, if it fits beside what stands there. */
function placed(line: string, column: number, label: string, width: number): string {
  const at = Math.min(width - label.length, Math.max(0, column - Math.floor(label.length / 2)));
  return at < line.length + (line === '' ? 0 : 1) ? line : line.padEnd(at) + label;
}

function indent({ labels }: Frame): string {
  return ' '.repeat((labels[0] as string).length + 1);
}
