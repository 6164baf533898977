import { STANDARD_LEVELS } from '../forecast-model';
import { COMPONENTS } from './profile-settings';

/** What the components said of one moment of a kin that they had not seen, and what came; all for one part of a horizon. */
export interface MixtureExample {
  /** The kin: each counts the same. */
  readonly kin: number;
  /** `[component]`, each `[step][level]` in one array; null for one that could not tell. */
  readonly rows: readonly (Float64Array | null)[];
  /** `[step]`, NaN where nothing was seen. */
  readonly truth: Float64Array;
}

const LEVELS = STANDARD_LEVELS.length;
const ROUNDS = 60;
const RATE = 0.4;
/** Added to ratios of losses before their logarithm: idle load told exactly must not rule. */
const RATIO_FLOOR = 0.04;
/** How much the prior weights hold, beside one kin. */
const PRIOR_KIN = 0.4;

/**
 * Weights that minimise the mean logarithm of the mixture's quantile loss over kin (exponentiated gradient, Kivinen and Warmuth 1997): a stack that was never shown what its
 * components learned from. Few kin move it little from the prior.
 */
export function learnWeights(examples: readonly MixtureExample[], prior: readonly number[]): number[] {
  const kin = [...new Set(examples.map((one) => one.kin))];
  const able = COMPONENTS.map((_, c) => examples.length > 0 && examples.every(({ rows }) => rows[c] !== null));
  const started = normalized(prior.map((share, c) => (able[c] === true || examples.length === 0 ? share : 0)));
  if (kin.length === 0) return started;
  const place = new Map(kin.map((one, i) => [one, i]));
  const placeOf = ({ kin: one }: MixtureExample) => place.get(one) as number;
  const reference = lossesOf(examples, started, placeOf, kin.length).losses;
  let weights = started;
  for (let round = 0; round < ROUNDS; round++) {
    const { losses, slopes } = lossesOf(examples, weights, placeOf, kin.length);
    const slope = COMPONENTS.map((_, c) => {
      let sum = 0;
      losses.forEach((loss, k) => {
        const of = reference[k] as number;
        if (of > 0) sum += (slopes[k * COMPONENTS.length + c] as number) / of / (loss / of + RATIO_FLOOR) / kin.length;
      });
      const held = (weights[c] as number) > 0 ? (PRIOR_KIN / kin.length) * Math.log((weights[c] as number) / (started[c] as number)) : 0;
      return sum + held;
    });
    const rate = RATE / Math.sqrt(1 + round / 20);
    const least = slope.reduce((low, value, c) => ((weights[c] as number) > 0 ? Math.min(low, value) : low), Infinity);
    weights = normalized(weights.map((weight, c) => weight * Math.exp(-rate * Math.min(20, (slope[c] as number) - least))));
  }
  return weights;
}

/** `[kin]`: mean quantile losses, and `[kin][component]`: how they change with each weight. */
function lossesOf(examples: readonly MixtureExample[], weights: readonly number[], placeOf: (one: MixtureExample) => number, kin: number): { readonly losses: Float64Array; readonly slopes: Float64Array } {
  const losses = new Float64Array(kin);
  const slopes = new Float64Array(kin * COMPONENTS.length);
  const counts = new Float64Array(kin);
  const used = COMPONENTS.map((_, c) => c).filter((c) => (weights[c] as number) > 0);
  for (const one of examples) {
    const k = placeOf(one);
    for (let s = 0; s < one.truth.length; s++) {
      const truth = one.truth[s] as number;
      if (Number.isNaN(truth)) continue;
      counts[k] = (counts[k] as number) + LEVELS;
      for (let l = 0; l < LEVELS; l++) {
        const at = s * LEVELS + l;
        const level = STANDARD_LEVELS[l] as number;
        let mixed = 0;
        for (const c of used) mixed += (weights[c] as number) * ((one.rows[c] as Float64Array)[at] as number);
        const by = mixed > truth ? 1 - level : -level;
        losses[k] = (losses[k] as number) + by * (mixed - truth);
        for (const c of used) slopes[k * COMPONENTS.length + c] = (slopes[k * COMPONENTS.length + c] as number) + by * (((one.rows[c] as Float64Array)[at] as number) - truth);
      }
    }
  }
  return { losses: losses.map((sum, k) => sum / Math.max(1, counts[k] as number)), slopes: slopes.map((sum, i) => sum / Math.max(1, counts[Math.floor(i / COMPONENTS.length)] as number)) };
}

function normalized(weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => (sum > 0 ? weight / sum : 1 / weights.length));
}

/** Mixes components level by level (Vincent 1912); those that cannot tell give their weight to the others. `[step][level]` in one array, rising in each step. */
export function mixComponents(rows: readonly (Float64Array | null)[], weightsOf: (step: number) => readonly number[], steps: number): Float64Array {
  const mixed = new Float64Array(steps * LEVELS);
  for (let s = 0; s < steps; s++) {
    const weights = normalized(weightsOf(s).map((weight, c) => (rows[c] === null ? 0 : weight)));
    const usable = rows.flatMap((row, c) => (row === null || weights[c] === 0 ? [] : [{ row, weight: weights[c] as number }]));
    for (let l = 0; l < LEVELS; l++) for (const { row, weight } of usable) mixed[s * LEVELS + l] = (mixed[s * LEVELS + l] as number) + weight * (row[s * LEVELS + l] as number);
    mixed.subarray(s * LEVELS, (s + 1) * LEVELS).sort();
  }
  return mixed;
}
