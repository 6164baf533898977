import type { SeriesBounds } from '../load-series';
import { distributionOfPaths } from '../path-distribution';
import { LONGEST_SHORT_HORIZON } from '../rules/backtest-rules';
import type { PathRule, RuleContext } from '../rules/path-rule';
import { ANCHOR_LEVELS } from './anchor-levels';

/** Levels at which a rule is judged, and which of them (first, end) tell about each anchor level. */
const LOSS_LEVELS: readonly number[] = [0.05, 0.15, 0.3, 0.5, 0.7, 0.85, 0.95];
const LEVELS_OF_ANCHOR: readonly (readonly [number, number])[] = [[0, 2], [1, 4], [2, 5], [3, 6], [5, 7]];

/** Ends of the horizon's parts, in steps: a rule may be good for the next hour and bad for the night. */
export function horizonParts(horizon: number): readonly number[] {
  const ends = horizon <= LONGEST_SHORT_HORIZON ? [Math.ceil(horizon / 3), horizon] : [Math.ceil(horizon / 24), Math.ceil(horizon / 4), horizon];
  return ends.filter((end, i) => i === 0 || end > (ends[i - 1] as number));
}

/** The part in which a step (from 0) lies. */
export function partOfStep(h: number, horizon: number): number {
  return horizonParts(horizon).findIndex((end) => h < end);
}

/**
 * Pinball loss of each rule's forecast at `context.end` against the `horizon` values that follow there, in the load's unit.
 *
 * @returns `[rule][part][anchor]`, NaN for a rule that could not forecast; in single precision, since a service keeps many
 */
export function lossesAt(rules: readonly PathRule[], context: RuleContext, horizon: number, bounds: SeriesBounds): Float32Array {
  const parts = horizonParts(horizon);
  const anchors = ANCHOR_LEVELS.length;
  const losses = new Float32Array(rules.length * parts.length * anchors).fill(NaN);
  rules.forEach((rule, r) => {
    const paths = rule.paths(context, horizon);
    if (paths === null) return;
    const { quantiles } = distributionOfPaths(paths, horizon, LOSS_LEVELS, bounds, { peak: false });
    let first = 0;
    parts.forEach((end, p) => {
      const ofLevels = LOSS_LEVELS.map((level, l) => {
        let sum = 0;
        for (let h = first; h < end; h++) {
          const error = (context.values[context.end + h] as number) - (quantiles[h * LOSS_LEVELS.length + l] as number);
          sum += error >= 0 ? level * error : (level - 1) * error;
        }
        return sum / (end - first);
      });
      LEVELS_OF_ANCHOR.forEach(([from, to], a) => {
        let sum = 0;
        for (let l = from; l < to; l++) sum += ofLevels[l] as number;
        losses[(r * parts.length + p) * anchors + a] = sum / (to - from);
      });
      first = end;
    });
  });
  return losses;
}

/** What the recent past says of the rules. */
export interface RuleLosses {
  /** `[rule]`, over all levels and steps; Infinity for a rule that could not forecast at one of the moments. */
  readonly overall: Float64Array;
  /** `[part][anchor][rule]`; one part more than the horizon has: the last is of the whole horizon. */
  readonly byPart: readonly (readonly Float64Array[])[];
}

/** Means over moments, each as `lossesAt` gives it; zeros where there is no moment to judge by. */
export function meanLosses(moments: readonly Float32Array[], rules: number, horizon: number): RuleLosses {
  const ends = horizonParts(horizon);
  const anchors = ANCHOR_LEVELS.length;
  const byPart = Array.from({ length: ends.length + 1 }, () => ANCHOR_LEVELS.map(() => new Float64Array(rules)));
  const overall = new Float64Array(rules);
  const whole = byPart[ends.length] as Float64Array[];
  for (let r = 0; r < rules; r++) {
    for (let a = 0; a < anchors; a++) {
      ends.forEach((end, p) => {
        let sum = 0;
        for (const moment of moments) sum += moment[(r * ends.length + p) * anchors + a] as number;
        const mean = moments.length === 0 ? 0 : Number.isNaN(sum) ? Infinity : sum / moments.length;
        const share = (end - (p === 0 ? 0 : (ends[p - 1] as number))) / horizon;
        ((byPart[p] as Float64Array[])[a] as Float64Array)[r] = mean;
        (whole[a] as Float64Array)[r] = ((whole[a] as Float64Array)[r] as number) + mean * share;
      });
      overall[r] = (overall[r] as number) + ((whole[a] as Float64Array)[r] as number) / anchors;
    }
  }
  return { overall, byPart };
}
