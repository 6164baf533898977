import { dayLengthOf } from '../day-length';
import { fillGaps } from '../fill-gaps';
import { STANDARD_LEVELS } from '../forecast-model';
import { gateInput, usualChanges } from '../gate/gate-input';
import { gateRules } from '../gate/gate-rules';
import { networkInput } from '../gate/gate-network';
import { distributionOfPaths, highest, pinballLoss } from '../path-distribution';
import { quantileOfSorted } from '../quantile-of-sorted';
import { backtestLosses, backtestOrigins, LONGEST_SHORT_HORIZON } from '../rules/backtest-rules';
import type { TrainingSeries } from './read-traces';

/** A moment of a series at which a gate learns, in the series' own scale: what it sees, what each rule says and what came. */
export interface GateExample {
  readonly seriesId: string;
  readonly family: string;
  readonly entity: string;
  /** `[target]`: the steps, and last the peak over the whole horizon. */
  readonly truth: Float32Array;
  /** `[target][network input]` */
  readonly inputs: Float32Array;
  /** `[rule]`: the prior's logarithms of losses, 0 for rules that cannot forecast. */
  readonly logLosses: Float32Array;
  /** `[rule]`: 1, or 0 for a rule that cannot forecast. */
  readonly usable: Float32Array;
  /** `[target][rule][level]` */
  readonly quantiles: Float32Array;
  /** Loss of the reference forecast of the same steps. */
  readonly referenceLoss: number;
  /** Loss of "the highest value of the last horizon plus its past changes" as a forecast of the peak. */
  readonly peakReferenceLoss: number;
}

const LONGEST_HISTORY_DAYS = 28;

/**
 * The example of a series at `origin` (values before it are the history), or null where the history or the truth is too thin.
 *
 * @param stepCount how many of the horizon's steps the example holds, evenly spread from a place that `offset` (0..1) shifts
 */
export function gateExample(series: TrainingSeries, origin: number, horizon: number, stepCount: number, offset: number): GateExample | null {
  const loadSeries = { id: series.id, startAtMs: 0, stepMs: series.stepSeconds * 1000, values: [] };
  const dayLength = dayLengthOf(loadSeries);
  const history = series.values.slice(Math.max(0, origin - LONGEST_HISTORY_DAYS * dayLength), origin);
  while (history.length > 0 && history[0] === null) history.shift();
  const future = series.values.slice(origin, origin + horizon);
  if (history.length < 100 || future.length < horizon || future.filter((value) => value === null).length > horizon / 5) return null;
  const { values } = fillGaps(history, dayLength);
  const context = { values, end: values.length, dayLength };
  const rules = gateRules(horizon);
  const bounds = { lower: 0 };
  const origins = backtestOrigins(context.end, horizon);
  const losses = backtestLosses(rules, context, horizon, origins, bounds);
  const all = rules.map((rule, r) => (losses[r] === Infinity ? null : rule.paths(context, horizon)));
  all.forEach((paths, r) => paths === null && (losses[r] = Infinity));
  const input = gateInput(context, losses);
  const usual = usualChanges(context);
  const week = values.subarray(-7 * dayLength);
  const spread = Math.max(...week) - Math.min(...week);
  const scale = (horizon <= LONGEST_SHORT_HORIZON ? usual.step : usual.day) + 0.01 * spread;
  if (!(scale > 0) || all.every((paths) => paths === null)) return null;
  const last = values[values.length - 1] as number;
  const steps = Array.from({ length: stepCount }, (_, i) => Math.floor(((i + offset) * horizon) / stepCount));
  const levels = STANDARD_LEVELS.length;
  const targets = stepCount + 1;
  const quantiles = new Float32Array(targets * rules.length * levels);
  all.forEach((paths, r) => {
    if (paths === null) return;
    const { quantiles: rows, peak: peakRow } = distributionOfPaths(paths, horizon, STANDARD_LEVELS, bounds, 1);
    [...steps.map((h) => rows[h] as Float64Array), peakRow].forEach((row, t) => {
      row.forEach((value, l) => (quantiles[(t * rules.length + r) * levels + l] = (value - last) / scale));
    });
  });
  const peak = highest(future.map((value) => value ?? NaN));
  const truth = Float32Array.from([...steps.map((h) => future[h] ?? NaN), peak], (value) => (value - last) / scale);
  const inputs = [...steps.map((h) => ({ stepShare: (h + 1) / horizon, peak: false, horizon })), { stepShare: 1, peak: true, horizon }].map((target) => networkInput(input, target));
  const width = (inputs[0] as Float64Array).length;
  const flat = new Float32Array(width * targets);
  inputs.forEach((row, t) => flat.set(row, t * width));
  return {
    seriesId: series.id,
    family: series.family,
    entity: series.entity,
    truth,
    inputs: flat,
    logLosses: Float32Array.from(input.logLosses, (loss) => (Number.isFinite(loss) ? loss : 0)),
    usable: Float32Array.from(all, (paths) => (paths === null ? 0 : 1)),
    quantiles,
    referenceLoss: referenceLoss(values, dayLength, horizon, future) / scale,
    peakReferenceLoss: peakReferenceLoss(values, horizon, peak) / scale,
  };
}

/** Pinball loss of "last value plus past changes over the same lead" (short) or "yesterday plus past day-to-day changes" (longer). */
function referenceLoss(values: Float64Array, dayLength: number, horizon: number, future: readonly (number | null)[]): number {
  const end = values.length;
  const short = horizon <= LONGEST_SHORT_HORIZON;
  const first = short ? Math.max(0, end - 14 * dayLength) : 0;
  let sum = 0;
  let count = 0;
  let spread: number[] = [];
  future.forEach((value, h) => {
    if (value === null) return;
    const lag = short ? h + 1 : dayLength;
    if (short || h === 0 || spread.length === 0) {
      const changes = Float64Array.from({ length: Math.max(1, end - first - lag) }, (_, i) => (values[first + i + lag] ?? 0) - (values[first + i] as number)).sort();
      spread = STANDARD_LEVELS.map((level) => quantileOfSorted(changes, level));
    }
    const centre = values[short ? end - 1 : end - dayLength + (h % dayLength)] as number;
    STANDARD_LEVELS.forEach((level, l) => {
      const error = value - centre - (spread[l] as number);
      sum += error >= 0 ? level * error : (level - 1) * error;
      count++;
    });
  });
  return sum / Math.max(1, count);
}

function peakReferenceLoss(values: Float64Array, horizon: number, peak: number): number {
  const highestBefore = (end: number) => highest(values.subarray(Math.max(0, end - horizon), end));
  const each = Math.max(1, Math.floor(horizon / 6));
  const changes: number[] = [0];
  for (let end = values.length; end >= 2 * horizon; end -= each) changes.push(highestBefore(end) - highestBefore(end - horizon));
  const sorted = Float64Array.from(changes).sort();
  const latest = highestBefore(values.length);
  return pinballLoss([Float64Array.from(STANDARD_LEVELS, (level) => latest + quantileOfSorted(sorted, level))], STANDARD_LEVELS, [peak]);
}
