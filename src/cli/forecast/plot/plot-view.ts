import { quantileAt } from '../../../domain/quantile-function';
import type { ForecastReport } from '../single/forecast-report';
import { valueTicks } from './value-ticks';

/** A moment of the forecast. */
export interface FanPoint {
  readonly atMs: number;
  readonly median: number;
  /** The lower and upper end of each interval of INTERVALS. */
  readonly intervals: readonly (readonly [number, number])[];
}

/** What a plot shows, in time and value; where that lies on paper or screen is the plot's own matter. */
export interface PlotView {
  /** Runs of values without a gap in between, oldest first. */
  readonly history: readonly (readonly { readonly atMs: number; readonly value: number }[])[];
  readonly fan: readonly FanPoint[];
  readonly fromMs: number;
  readonly issuedAtMs: number;
  readonly toMs: number;
  /** Rising; the first and the last are the ends of the axis. */
  readonly valueTicks: readonly number[];
}

/** Widest first: each is drawn over the one before. */
export const INTERVALS: readonly { readonly name: string; readonly low: number; readonly high: number }[] = [
  { name: '90 %', low: 0.05, high: 0.95 },
  { name: '80 %', low: 0.1, high: 0.9 },
  { name: '50 %', low: 0.25, high: 0.75 },
];

/** The fan is best judged beside twice as much past ... */
const PAST_PER_HORIZON = 2;
/** ... of which a few points tell nothing. */
const LEAST_PAST_STEPS = 48;

/** Cuts out of a report what a plot shows. */
export function plotView(report: ForecastReport): PlotView {
  const { history, answer, limit } = report;
  const { stepMs, issuedAtMs, quantiles } = answer;
  const shown = Math.min(history.values.length, Math.max(LEAST_PAST_STEPS, PAST_PER_HORIZON * quantiles.length));
  const fan = fanOf(report);
  const runs = runsOf(report, history.values.length - shown);
  const past = runs.flatMap((run) => run.map(({ value }) => value));
  const ends = fan.flatMap(({ intervals }) => intervals[0] as readonly [number, number]);
  return {
    history: runs,
    fan,
    fromMs: issuedAtMs - (shown - 1) * stepMs,
    issuedAtMs,
    toMs: issuedAtMs + quantiles.length * stepMs,
    valueTicks: valueTicks([...past, ...ends, ...(limit === null ? [] : [limit])], history.bounds ?? {}),
  };
}

/** One point for each step. */
function fanOf({ answer }: ForecastReport): FanPoint[] {
  const { levels, quantiles, stepMs, issuedAtMs } = answer;
  return quantiles.map((values, step) => {
    const at = (level: number): number => quantileAt({ levels, values }, level);
    return { atMs: issuedAtMs + (step + 1) * stepMs, median: at(0.5), intervals: INTERVALS.map(({ low, high }) => [at(low), at(high)] as const) };
  });
}

function runsOf({ history }: ForecastReport, from: number): { atMs: number; value: number }[][] {
  const runs: { atMs: number; value: number }[][] = [[]];
  for (let i = from; i < history.values.length; i++) {
    const value = history.values[i] ?? null;
    if (value === null) runs.push([]);
    else runs.at(-1)?.push({ atMs: history.startAtMs + i * history.stepMs, value });
  }
  return runs.filter((run) => run.length > 0);
}
