import { STANDARD_LEVELS } from '../forecast-model';
import { filteredStates } from './hmm/forward';
import { dayPartsOf, type HmmParameters, type HmmSequence } from './hmm/hmm-parameters';

/** Values at which the states' distributions are laid out. */
const GRID = 240;
/** The grid reaches so many deviations beyond the outermost states. */
const REACH = 4;

/** Quantiles of what a hidden Markov model's states lead to. */
export interface StateForecaster {
  /**
   * Quantiles at the standard levels, `[step][level]` in one array, on the profile's scale.
   *
   * @param own what was seen, up to the moment of the forecast; may be empty
   * @param nextAtMs time of the first step ahead
   */
  forecast(own: HmmSequence, nextAtMs: number, stepMs: number, horizon: number): Float64Array;
}

export function createStateForecaster(hmm: HmmParameters): StateForecaster {
  const { states, means, deviations, transitions, dayParts } = hmm;
  const low = means.reduce((least, mean, i) => Math.min(least, mean - REACH * (deviations[i] as number)), Infinity);
  const high = means.reduce((most, mean, i) => Math.max(most, mean + REACH * (deviations[i] as number)), -Infinity);
  const grid = Float64Array.from({ length: GRID }, (_, g) => low + ((high - low) * g) / (GRID - 1));
  const below = Array.from({ length: states }, (_, i) => grid.map((value) => normalBelow((value - (means[i] as number)) / (deviations[i] as number))));
  return {
    forecast(own, nextAtMs, stepMs, horizon) {
      const parts = dayPartsOf(nextAtMs, stepMs, horizon, dayParts);
      const levels = STANDARD_LEVELS.length;
      const quantiles = new Float64Array(horizon * levels);
      let shares = filteredStates(hmm, own);
      for (let h = 0; h < horizon; h++) {
        // A sequence without a step begins with the initial shares themselves.
        if (h > 0 || own.values.length > 0) shares = oneStepOn(shares, transitions, (parts[h] as number) * states * states);
        let g = 0;
        let before = 0;
        let here = mixed(below, shares, 0);
        for (let l = 0; l < levels; l++) {
          const level = STANDARD_LEVELS[l] as number;
          while (here < level && g < GRID - 1) [before, here] = [here, mixed(below, shares, ++g)];
          const share = g === 0 || here <= before ? 0 : (here - level) / (here - before);
          quantiles[h * levels + l] = (grid[g] as number) - (g === 0 ? 0 : Math.max(0, share) * ((grid[g] as number) - (grid[g - 1] as number)));
        }
      }
      return quantiles;
    },
  };
}

function oneStepOn(shares: Float64Array, transitions: Float64Array, row: number): Float64Array {
  const states = shares.length;
  return shares.map((_, j) => {
    let sum = 0;
    for (let i = 0; i < states; i++) sum += (shares[i] as number) * (transitions[row + i * states + j] as number);
    return sum;
  });
}

function mixed(below: readonly Float64Array[], shares: Float64Array, g: number): number {
  let sum = 0;
  for (let i = 0; i < shares.length; i++) sum += (shares[i] as number) * ((below[i] as Float64Array)[g] as number);
  return sum;
}

/** The standard normal distribution function (Abramowitz and Stegun 1964, 26.2.17; error below 7.5e-8). */
function normalBelow(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const tail = 0.3989422804014327 * Math.exp(-0.5 * z * z) * t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return z > 0 ? 1 - tail : tail;
}
