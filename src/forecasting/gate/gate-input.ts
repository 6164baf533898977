import { distinctValues } from '../distinct-values';
import { meanBefore } from '../rules/means-before';
import type { RuleContext } from '../rules/path-rule';
import type { RuleLosses } from './rule-losses';

/** What the gate sees of a series besides the losses of its rules: numbers without a unit, of the order of one. */
export const SERIES_FEATURES = 15;
/** A loss this many times the best rule's tells no more than "bad". */
const WORST_LOG_LOSS = 6;

/** Everything that the gate decides by. It is free of units: a load in percent and the same in bytes give the same input. */
export interface GateInput {
  readonly series: Float64Array;
  /** `[rule]`: logarithm of the rule's recent loss over the best rule's, 0..6; Infinity for a rule that cannot forecast here. */
  readonly logLosses: Float64Array;
  /** `[part][anchor][rule]`: the same of one part of the horizon and the levels around one anchor; the last part is the whole horizon. */
  readonly logLossesByPart: readonly (readonly Float64Array[])[];
}

/** Mean change from step to step over the last day, and from day to day over the last week; the latter 0 where there is no day before. */
export function usualChanges({ values, end, dayLength }: RuleContext): { readonly step: number; readonly day: number } {
  return { step: meanChange(values, 1, Math.max(1, end - dayLength), end), day: meanChange(values, dayLength, Math.max(dayLength, end - 7 * dayLength), end) };
}

function meanChange(values: Float64Array, lag: number, first: number, end: number): number {
  if (end <= first) return 0;
  let sum = 0;
  for (let i = first; i < end; i++) sum += Math.abs((values[i] as number) - (values[i - lag] as number));
  return sum / (end - first);
}

/** The gate's input at `context.end`. */
export function gateInput(context: RuleContext, losses: RuleLosses): GateInput {
  const { values, end, dayLength } = context;
  const last = values[end - 1] as number;
  const { step, day } = usualChanges(context);
  const week = values.subarray(Math.max(0, end - 7 * dayLength), end);
  const deviation = standardDeviation(week);
  const mean = meanBefore(week, week.length, week.length);
  const scale = Math.max(step + 0.03 * deviation, Number.MIN_VALUE);
  const away = (steps: number) => Math.asinh((meanBefore(values, end, Math.min(steps, end)) - last) / scale);
  const ratio = (a: number, b: number) => Math.max(-8, Math.min(8, Math.log((a + 1e-12) / (b + 1e-12)))) / 2;
  const lastDay = values.subarray(Math.max(0, end - dayLength), end);
  const best = lowest(losses.overall);
  const series = Float64Array.of(
    away(3),
    away(12),
    away(Math.round(dayLength / 4)),
    away(dayLength),
    away(7 * dayLength),
    end > dayLength ? Math.asinh(((values[end - dayLength] as number) - last) / scale) : 0,
    ratio(day, step),
    ratio(deviation, step),
    ratio(deviation, day),
    ratio(deviation, Math.abs(mean)),
    Number.isFinite(best) ? ratio(best, step) : 0,
    shareUnchanged(lastDay),
    distinctShare(week),
    Math.log(end / dayLength) / 2,
    changeMemory(lastDay),
  );
  // Losses of idle load are zero: a thousandth of the usual change is added, so that rules which tell it nearly exactly stay near.
  const floor = 1e-3 * scale;
  return {
    series,
    logLosses: relativeLogLosses(losses.overall, floor),
    logLossesByPart: losses.byPart.map((part) => part.map((anchor) => relativeLogLosses(anchor, floor))),
  };
}

function lowest(losses: Float64Array): number {
  return losses.reduce((low, loss) => Math.min(low, loss), Infinity);
}

function relativeLogLosses(losses: Float64Array, floor: number): Float64Array {
  const best = lowest(losses);
  if (!Number.isFinite(best)) return losses;
  return losses.map((loss) => (Number.isFinite(loss) ? Math.min(WORST_LOG_LOSS, Math.log((loss + floor) / (best + floor))) : Infinity));
}

function standardDeviation(values: Float64Array): number {
  const mean = meanBefore(values, values.length, values.length);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += ((values[i] as number) - mean) ** 2;
  return Math.sqrt(sum / values.length);
}

function shareUnchanged(values: Float64Array): number {
  let same = 0;
  for (let i = 1; i < values.length; i++) if (values[i] === values[i - 1]) same++;
  return same / values.length;
}

/** Distinct values among all, 0..1: low for idle and quantised load. */
function distinctShare(values: Float64Array): number {
  return distinctValues(values).length / values.length;
}

/** Lag-1 correlation of changes, -1..1: negative where the load jumps back and forth. */
function changeMemory(values: Float64Array): number {
  let product = 0;
  let power = 0;
  for (let i = 2; i < values.length; i++) {
    const change = (values[i] as number) - (values[i - 1] as number);
    product += change * ((values[i - 1] as number) - (values[i - 2] as number));
    power += change * change;
  }
  return power > 0 ? Math.max(-1, Math.min(1, product / power)) : 0;
}
