import { referenceLoss } from '../accuracy/reference-loss';
import { dayLengthOf } from '../day-length';
import { fillGaps } from '../fill-gaps';
import { STANDARD_LEVELS } from '../forecast-model';
import { gateInput, usualChanges } from '../gate/gate-input';
import { gateRules } from '../gate/gate-rules';
import { lossesForTarget, networkInput, type GateTarget } from '../gate/gate-network';
import { gateOrigins } from '../gate/gate-origins';
import { lossesAt, meanLosses } from '../gate/rule-losses';
import { distributionOfPaths, highest, pinballLoss } from '../path-distribution';
import { quantileOfSorted } from '../quantile-of-sorted';
import { LONGEST_SHORT_HORIZON } from '../rules/backtest-rules';
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
  /** `[target][anchor][rule]`: the same for the target's part of the horizon and the levels around an anchor. */
  readonly partLogLosses: Float32Array;
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
  const moments = gateOrigins(context.end, horizon).map((end) => lossesAt(rules, { values, end, dayLength }, horizon, bounds));
  const losses = meanLosses(moments, rules.length, horizon);
  const all = rules.map((rule, r) => (losses.overall[r] === Infinity ? null : rule.paths(context, horizon)));
  all.forEach((paths, r) => paths === null && (losses.overall[r] = Infinity));
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
    const read = distributionOfPaths(paths, horizon, STANDARD_LEVELS, bounds, { steps });
    [...steps.map((_, i) => read.quantiles.subarray(i * levels, (i + 1) * levels)), read.peak].forEach((row, t) => {
      row.forEach((value, l) => (quantiles[(t * rules.length + r) * levels + l] = (value - last) / scale));
    });
  });
  const peak = highest(future.map((value) => value ?? NaN));
  const truth = Float32Array.from([...steps.map((h) => future[h] ?? NaN), peak], (value) => (value - last) / scale);
  const aims: readonly GateTarget[] = [...steps.map((step) => ({ step, horizon })), { step: 'peak', horizon }];
  const inputs = aims.map((aim) => networkInput(input, aim));
  const finite = (loss: number) => (Number.isFinite(loss) ? loss : 0);
  const width = (inputs[0] as Float64Array).length;
  const flat = new Float32Array(width * targets);
  inputs.forEach((row, t) => flat.set(row, t * width));
  return {
    seriesId: series.id,
    family: series.family,
    entity: series.entity,
    truth,
    inputs: flat,
    logLosses: Float32Array.from(input.logLosses, finite),
    partLogLosses: Float32Array.from(aims.flatMap((aim) => lossesForTarget(input, aim).flatMap((row) => [...row])), finite),
    usable: Float32Array.from(all, (paths) => (paths === null ? 0 : 1)),
    quantiles,
    referenceLoss: referenceLoss(values, dayLength, horizon, future) / scale,
    peakReferenceLoss: peakReferenceLoss(values, horizon, peak) / scale,
  };
}

function peakReferenceLoss(values: Float64Array, horizon: number, peak: number): number {
  const highestBefore = (end: number) => highest(values.subarray(Math.max(0, end - horizon), end));
  const each = Math.max(1, Math.floor(horizon / 6));
  const changes: number[] = [0];
  for (let end = values.length; end >= 2 * horizon; end -= each) changes.push(highestBefore(end) - highestBefore(end - horizon));
  const sorted = Float64Array.from(changes).sort();
  const latest = highestBefore(values.length);
  return pinballLoss(Float64Array.from(STANDARD_LEVELS, (level) => latest + quantileOfSorted(sorted, level)), STANDARD_LEVELS, [peak]);
}
