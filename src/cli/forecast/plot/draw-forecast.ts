import { limitLines, peakLine } from '../single/describe-forecast';
import type { ForecastReport } from '../single/forecast-report';
import { formatAmount, formatSpan } from '../single/format-amount';
import { clockOf, dayOf, type TimeZone } from '../single/time-zone';
import { line, text, type ColorRole, type Scene, type Shape } from './plot-scene';
import { INTERVALS, plotView, type FanPoint, type PlotView } from './plot-view';
import { timeTicks } from './time-ticks';

const WIDTH = 1080;
const HEIGHT = 540;
const FRAME = { left: 92, right: 1036, top: 112, bottom: 468 } as const;
const MOST_TIME_TICKS = 12;
/** Drawn over each other, so that the shares add up towards the median. */
const INTERVAL_OPACITY = 0.17;

interface Scales {
  readonly x: (atMs: number) => number;
  readonly y: (value: number) => number;
}

/** A forecast as a picture: the past, the fan of intervals around the median, the limit, axes and legend. */
export function drawForecast(report: ForecastReport, zone: TimeZone): Scene {
  const view = plotView(report);
  const scales = scalesOf(view);
  const shapes = [...heading(report, zone), ...legend(report), ...valueAxis(report, view, scales), ...timeAxis(view, scales, zone), ...fan(view, scales), ...past(view, scales), ...limitLine(report, scales)];
  return { width: WIDTH, height: HEIGHT, shapes };
}

function scalesOf({ fromMs, toMs, valueTicks }: PlotView): Scales {
  const [lowest, highest] = [valueTicks[0] as number, valueTicks.at(-1) as number];
  return {
    x: (atMs) => FRAME.left + ((atMs - fromMs) / (toMs - fromMs)) * (FRAME.right - FRAME.left),
    y: (value) => FRAME.bottom - ((value - lowest) / (highest - lowest)) * (FRAME.bottom - FRAME.top),
  };
}

function heading(report: ForecastReport, zone: TimeZone): Shape[] {
  const { title, answer } = report;
  const issued = `${dayOf(answer.issuedAtMs, zone)} ${clockOf(answer.issuedAtMs, zone)} ${zone.nameAt(answer.issuedAtMs)}`;
  const what = `${formatSpan(answer.quantiles.length * answer.stepMs)} from ${issued}, model ${answer.model} ${answer.version}. Peak: ${[peakLine(report), ...limitLines(report)].join('; ')}`;
  return [text(FRAME.left, 32, title, 19, 'ink'), text(FRAME.left, 56, what, 13, 'muted')];
}

function legend({ limit, unit }: ForecastReport): Shape[] {
  const y = 84;
  const shapes: Shape[] = [];
  let x: number = FRAME.left;
  const entry = (name: string, sign: (x: number) => Shape[]): void => {
    shapes.push(...sign(x), text(x + 30, y + 4, name, 12, 'muted'));
    x += 54 + 7.3 * name.length;
  };
  const stroke = (color: ColorRole, dash?: readonly number[]) => (at: number): Shape[] => [line([[at, y], [at + 22, y]], color, 2, dash)];
  entry('past', stroke('history'));
  entry('median', stroke('forecast'));
  INTERVALS.toReversed().forEach(({ name }, i) =>
    entry(`${name} of outcomes`, (at) => Array.from({ length: INTERVALS.length - i }, () => area([[at, y - 7], [at + 22, y - 7], [at + 22, y + 7], [at, y + 7]]))),
  );
  if (limit !== null) entry(`limit ${formatAmount(limit, unit)}`, stroke('limit', [7, 5]));
  return shapes;
}

function valueAxis({ unit }: ForecastReport, { valueTicks }: PlotView, { y }: Scales): Shape[] {
  return valueTicks.flatMap((tick) => [
    line([[FRAME.left, y(tick)], [FRAME.right, y(tick)]], 'grid', 1),
    text(FRAME.left - 10, y(tick) + 4, tickLabel(tick, unit), 12, 'muted', 'right'),
  ]);
}

/** Without trailing zeros: 20 %, not 20.0 %. */
function tickLabel(tick: number, unit: ForecastReport['unit']): string {
  return formatAmount(tick, unit).replace(/(\.\d*?)0+(?=\D|$)/, '$1').replace(/\.(?=\D|$)/, '');
}

function timeAxis({ fromMs, toMs, issuedAtMs }: PlotView, { x }: Scales, zone: TimeZone): Shape[] {
  const ticks = timeTicks(fromMs, toMs, MOST_TIME_TICKS, zone).flatMap(({ atMs, label, day }) => [
    line([[x(atMs), FRAME.bottom], [x(atMs), FRAME.bottom + 5]], 'muted', 1),
    text(x(atMs), FRAME.bottom + 21, label, 12, 'muted', 'center'),
    ...(day === null ? [] : [text(x(atMs), FRAME.bottom + 38, day, 12, 'ink', 'center')]),
  ]);
  const now = x(issuedAtMs);
  return [
    ...ticks,
    line([[FRAME.left, FRAME.bottom], [FRAME.right, FRAME.bottom]], 'muted', 1),
    line([[now, FRAME.top], [now, FRAME.bottom]], 'muted', 1, [2, 4]),
    text(FRAME.right, FRAME.bottom + 60, `time in ${zone.nameAt(issuedAtMs)}`, 12, 'muted', 'right'),
  ];
}

function fan(view: PlotView, { x, y }: Scales): Shape[] {
  const points = fromLastValue(view);
  const areas = INTERVALS.map((_, i) => {
    const ends = points.map(({ atMs, intervals }) => [x(atMs), ...(intervals[i] as readonly [number, number])] as const);
    return area([...ends.map(([at, , high]) => [at, y(high)] as const), ...ends.toReversed().map(([at, low]) => [at, y(low)] as const)]);
  });
  return [...areas, line(points.map(({ atMs, median }) => [x(atMs), y(median)] as const), 'forecast', 2)];
}

/** The fan opens at the last value; where that one is missing, or the forecast is a single step, at its first step. */
function fromLastValue({ history, fan: points, issuedAtMs }: PlotView): readonly FanPoint[] {
  const last = history.at(-1)?.at(-1);
  if (last === undefined || last.atMs !== issuedAtMs) return points;
  return [{ atMs: last.atMs, median: last.value, intervals: INTERVALS.map(() => [last.value, last.value] as const) }, ...points];
}

/** A value alone between gaps is drawn as a dot. */
function past({ history }: PlotView, { x, y }: Scales): Shape[] {
  return history.map((run) => {
    const points = run.map(({ atMs, value }) => [x(atMs), y(value)] as const);
    const [only] = points;
    return points.length > 1 || only === undefined ? line(points, 'history', 1.5) : line([only, [only[0] + 1, only[1]]], 'history', 3);
  });
}

function limitLine({ limit }: ForecastReport, { y }: Scales): Shape[] {
  return limit === null ? [] : [line([[FRAME.left, y(limit)], [FRAME.right, y(limit)]], 'limit', 1.5, [7, 5])];
}

type Points = Extract<Shape, { kind: 'line' }>['points'];

function area(points: Points): Shape {
  return { kind: 'area', points, color: 'forecast', opacity: INTERVAL_OPACITY };
}
