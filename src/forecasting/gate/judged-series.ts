import { dayLengthOf } from '../day-length';
import { extendSeries } from '../extend-series';
import { fillGaps } from '../fill-gaps';
import type { LoadSeries } from '../load-series';
import { LONGEST_SHORT_HORIZON } from '../rules/backtest-rules';
import type { PathRule } from '../rules/path-rule';
import { gateOrigins } from './gate-origins';
import { lossesAt, meanLosses, type RuleLosses } from './rule-losses';

const DAY_MS = 86_400_000;
/** Rules look this far back. */
const HISTORY_DAYS = 28;

/** Losses of the rules by horizon (in steps) and by the time of the moment that they were judged at (ms). */
type JudgedMoments = Map<number, Map<number, Float32Array>>;

/** A series with what was found out of how well each rule forecast it: kept from forecast to forecast, since judging costs far more than forecasting. */
export interface JudgedSeries {
  readonly series: LoadSeries;
  /** The series' values without gaps. */
  readonly filled: Float64Array;
  readonly dayLength: number;
  /** Moments are judged at multiples of a part of the horizon from here, in ms. */
  readonly anchorAtMs: number;
  /** Shared by a series and those that it was extended to: what a moment showed stays true. */
  readonly judged: JudgedMoments;
}

/** A series of which nothing is known yet. `anchorAtMs` is where an earlier one, of which this is the stored form, had its anchor. */
export function createJudgedSeries(series: LoadSeries, anchorAtMs = series.startAtMs + observedEnd(series) * series.stepMs): JudgedSeries {
  const dayLength = dayLengthOf(series);
  return { series, filled: fillGaps(series.values, dayLength).values, dayLength, anchorAtMs, judged: new Map() };
}

/** The series with newer values; what was judged stays judged. The oldest day is dropped once there is more than the rules look at. */
export function extendJudgedSeries(one: JudgedSeries, more: readonly (number | null)[]): JudgedSeries {
  if (more.length === 0) return one;
  const series = withoutOldDay(extendSeries([one.series], [more])[0] as LoadSeries);
  return { ...one, series, filled: extendFilled(one, series, more) };
}

/** Values after values need no gap filled anew. */
function extendFilled({ series: before, filled, dayLength }: JudgedSeries, series: LoadSeries, more: readonly (number | null)[]): Float64Array {
  if (before.values.at(-1) === null || more.includes(null)) return fillGaps(series.values, dayLength).values;
  const extended = new Float64Array(series.values.length);
  const kept = extended.length - more.length;
  extended.set(filled.subarray(filled.length - kept));
  extended.set(more as readonly number[], kept);
  return extended;
}

function withoutOldDay(series: LoadSeries): LoadSeries {
  const { values, stepMs, startAtMs } = series;
  const window = Math.ceil((HISTORY_DAYS * DAY_MS) / stepMs);
  const day = Math.ceil(DAY_MS / stepMs);
  if (values.length < window + day) return series;
  const cut = values.length - window;
  return { ...series, startAtMs: startAtMs + cut * stepMs, values: values.slice(cut) };
}

/**
 * How well each rule forecast the series lately, by horizon. Moments are judged once: a service that forecasts at every step judges a new one only
 * every half hour (short horizons) or half a horizon, so that the latest may lie that much further back than for a series just met.
 */
export function recentLosses({ series, filled, dayLength, anchorAtMs, judged }: JudgedSeries, rules: readonly PathRule[], horizon: number): RuleLosses {
  const { startAtMs, stepMs, bounds = {} } = series;
  const known = judged.get(horizon) ?? new Map<number, Float32Array>();
  judged.set(horizon, known);
  const end = observedEnd(series);
  const sinceAnchor = Math.round((startAtMs - anchorAtMs) / stepMs) + end;
  const origins = gateOrigins(end - (sinceAnchor % stepsBetweenMoments(horizon)), horizon);
  const moments = origins.map((end) => {
    const at = startAtMs + end * stepMs;
    const losses = known.get(at) ?? lossesAt(rules, { values: filled, end, dayLength }, horizon, bounds);
    known.set(at, losses);
    return losses;
  });
  const oldest = startAtMs + (origins.at(-1) ?? 0) * stepMs;
  for (const at of known.keys()) if (at < oldest) known.delete(at);
  return meanLosses(moments, rules.length, horizon);
}

/** The place after the latest value: what a trailing gap is filled with is no truth to judge by. */
function observedEnd({ values }: LoadSeries): number {
  let end = values.length;
  while (end > 0 && values[end - 1] === null) end--;
  return end;
}

/** Steps from one judged moment to the next; they divide the horizon, so that moments whole horizons back have been judged in their time. */
export function stepsBetweenMoments(horizon: number): number {
  return horizon > LONGEST_SHORT_HORIZON && horizon % 2 === 0 ? horizon / 2 : horizon;
}
