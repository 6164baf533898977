import type { PathDistribution } from '../path-distribution';
import type { GateInput } from './gate-input';
import { ANCHOR_LEVELS, anchorPlace } from './anchor-levels';
import { askGate, type GateTarget, type GateWeights } from './gate-network';

/** The peak is one number: a rule must weigh so many times as much for it as over the steps to count for it alone. */
const PEAK_SHARE = 2.5;

/** Weights of the rules that count, at each place of the horizon and for the peak. */
export interface GateWeighing {
  /** The rules that count, by their number, rising. */
  readonly rules: readonly number[];
  /** Steps from one place to the next. */
  readonly each: number;
  /** `[place]`, each `[anchor][rule of all]` in one array. */
  readonly places: readonly Float64Array[];
  /** `[anchor][rule of all]` in one array. */
  readonly peak: Float64Array;
}

export interface WeighingEffort {
  /** The smallest mean weight (0..1) for which a rule is still computed. */
  readonly smallestWeight: number;
  /** The gate's weights are computed at so many places of the horizon at most, and held between them: they change slowly. */
  readonly mostPlaces: number;
}

/**
 * Asks the gate for its weights. Rules that get less than the smallest weight on average are left out and their share given to the rest: most of the time
 * goes into computing rules, and those move little (5 of 17 rules are kept at 0.05, at 0.001 of relative loss).
 */
export function weighByGate(weights: GateWeights, input: GateInput, horizon: number, { smallestWeight, mostPlaces }: WeighingEffort): GateWeighing {
  const each = Math.ceil(horizon / mostPlaces);
  const ask = askGate(weights, input);
  const at = (step: GateTarget['step']) => ask({ step, horizon });
  const places = Array.from({ length: Math.ceil(horizon / each) }, (_, p) => at(Math.min(horizon - 1, p * each + (each >> 1))));
  const peak = at('peak');
  const all = weights.rules.map((_, r) => r);
  const ofSteps = meanWeights(places, all.length);
  const ofPeak = meanWeights([peak], all.length);
  const ample = all.filter((r) => (ofSteps[r] as number) >= smallestWeight || (ofPeak[r] as number) >= PEAK_SHARE * smallestWeight);
  const rules = ample.length > 0 ? ample : all.filter((r) => (ofSteps[r] as number) > 0);
  for (const place of [...places, peak]) keepOnly(place, rules, all.length);
  return { rules, each, places, peak };
}

/** `[rule]`: means over places and anchors. */
function meanWeights(places: readonly Float64Array[], rules: number): Float64Array {
  const means = new Float64Array(rules);
  const share = 1 / (places.length * ANCHOR_LEVELS.length);
  for (const place of places) for (let i = 0; i < place.length; i++) means[i % rules] = (means[i % rules] as number) + share * (place[i] as number);
  return means;
}

/** Leaves at each anchor the weights of `kept`, summing to 1; where they had none at all, each gets the same. */
function keepOnly(place: Float64Array, kept: readonly number[], rules: number): void {
  for (let at = 0; at < place.length; at += rules) {
    let sum = 0;
    for (const r of kept) sum += place[at + r] as number;
    for (let r = 0; r < rules; r++) {
      if (!kept.includes(r)) place[at + r] = 0;
      else place[at + r] = sum > 0 ? (place[at + r] as number) / sum : 1 / kept.length;
    }
  }
}

/**
 * Mixes the rules' distributions level by level (Vincent 1912).
 *
 * @param parts one for each of the weighing's rules, in their order; each with all steps, and with the peak or without
 */
export function mixByGate(weighing: GateWeighing, parts: readonly PathDistribution[], levels: readonly number[]): PathDistribution {
  const { each, places } = weighing;
  const rows = parts.map((part) => part.quantiles);
  const means = parts.map((part) => part.mean);
  const quantiles = new Float64Array((rows[0] as Float64Array).length);
  const mean = new Float64Array((means[0] as Float64Array).length);
  places.forEach((place, p) => {
    const end = Math.min(mean.length, (p + 1) * each);
    const ofLevels = weightsOfLevels(place, weighing, levels);
    const ofMean = weightsOfLevels(place, weighing, [0.5]);
    for (let h = p * each; h < end; h++) {
      mixRow(rows, ofLevels, quantiles, h * levels.length, levels.length);
      mixRow(means, ofMean, mean, h, 1);
    }
  });
  const peaks = parts.map((part) => part.peak);
  const peak = new Float64Array((peaks[0] as Float64Array).length);
  mixRow(peaks, weightsOfLevels(weighing.peak, weighing, levels), peak, 0, peak.length);
  return { quantiles, mean, peak };
}

/** `[rule that counts][level]` in one array: the anchors' weights, interpolated. */
function weightsOfLevels(place: Float64Array, { rules }: GateWeighing, levels: readonly number[]): Float64Array {
  const all = place.length / ANCHOR_LEVELS.length;
  const weights = new Float64Array(rules.length * levels.length);
  for (let l = 0; l < levels.length; l++) {
    const { below, share } = anchorPlace(levels[l] as number);
    for (let k = 0; k < rules.length; k++) {
      const at = below * all + (rules[k] as number);
      weights[k * levels.length + l] = (place[at] as number) * (1 - share) + (place[at + all] as number) * share;
    }
  }
  return weights;
}

/**
 * Writes the weighted sum of one row of each part into `into[at .. at + width)`, rising: as differences to the first part's row, so that values on which all
 * parts agree stay exact. Weights differ by level, so that a quantile may fall below the one before it: sorting never loses accuracy (Chernozhukov et al. 2010).
 */
function mixRow(parts: readonly Float64Array[], weights: Float64Array, into: Float64Array, at: number, width: number): void {
  const start = parts[0] as Float64Array;
  for (let c = 0; c < width; c++) into[at + c] = start[at + c] as number;
  for (let k = 1; k < parts.length; k++) {
    const part = parts[k] as Float64Array;
    for (let c = 0; c < width; c++) into[at + c] = (into[at + c] as number) + (weights[k * width + c] as number) * ((part[at + c] as number) - (start[at + c] as number));
  }
  for (let c = 1; c < width; c++) {
    if ((into[at + c] as number) < (into[at + c - 1] as number)) {
      into.subarray(at, at + width).sort();
      return;
    }
  }
}
