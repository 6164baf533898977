import { STANDARD_LEVELS } from '../forecast-model';
import { medianLevel } from '../median-level';
import type { MixtureExample } from './learn-weights';
import { fromScale, toScale, type LoadScale } from './load-scale';
import { COMPONENTS, type ComponentName } from './profile-settings';

/** Factors of a component's distances from its median: below it and above it. */
export type Width = readonly [number, number];

const LEVELS = STANDARD_LEVELS.length;
const MEDIAN = medianLevel(STANDARD_LEVELS);
/** What is made of few points claims to know more than it does, or less. */
const WIDENED: readonly ComponentName[] = ['regression', 'own'];
const TRIED: readonly number[] = [0.6, 0.75, 0.9, 1.2, 1.5, 2, 2.8];
/** What leaving a component as it is is worth, beside one kin: in logarithms of loss, by squared logarithm of the factor. */
const PRIOR = 0.02;
const RATIO_FLOOR = 0.04;

/** `[component]`: the widths under which components that kin held out did not teach lose least on them; each kin counts the same. */
export function learnWidths(examples: readonly MixtureExample[], scale: LoadScale): Width[] {
  const kin = new Map<number, MixtureExample[]>();
  for (const one of examples) kin.set(one.kin, [...(kin.get(one.kin) ?? []), one]);
  return COMPONENTS.map((name, c) => (WIDENED.includes(name) && kin.size > 0 && examples.every(({ rows }) => rows[c] !== null) ? learnOne([...kin.values()], c, scale) : [1, 1]));
}

function learnOne(kin: readonly (readonly MixtureExample[])[], component: number, scale: LoadScale): Width {
  const asItIs = kin.map((some) => lossOf(some, component, [1, 1], scale));
  const price = (width: Width) => (PRIOR / kin.length) * width.reduce((sum, factor) => sum + Math.log(factor) ** 2, 0);
  const score = (width: Width) => price(width) + kin.reduce((sum, some, k) => ((asItIs[k] as number) > 0 ? sum + Math.log(lossOf(some, component, width, scale) / (asItIs[k] as number) + RATIO_FLOOR) : sum), 0) / kin.length;
  let best: Width = [1, 1];
  let least = score(best);
  for (const side of [0, 1]) {
    for (const factor of TRIED) {
      const width: Width = side === 0 ? [factor, best[1]] : [best[0], factor];
      const found = score(width);
      if (found < least) [best, least] = [width, found];
    }
  }
  return best;
}

function lossOf(some: readonly MixtureExample[], component: number, width: Width, scale: LoadScale): number {
  let sum = 0;
  for (const { rows, truth } of some) {
    const wide = widen(rows[component] as Float64Array, width, scale);
    for (let s = 0; s < truth.length; s++) {
      if (Number.isNaN(truth[s])) continue;
      for (let l = 0; l < LEVELS; l++) {
        const error = (truth[s] as number) - (wide[s * LEVELS + l] as number);
        sum += error >= 0 ? (STANDARD_LEVELS[l] as number) * error : ((STANDARD_LEVELS[l] as number) - 1) * error;
      }
    }
  }
  return sum;
}

/** Quantiles (`[step][level]`) that lie so many times as far from their median, on the profile's scale. */
export function widen(rows: Float64Array, [below, above]: Width, scale: LoadScale): Float64Array {
  if (below === 1 && above === 1) return rows;
  const wide = rows.slice();
  for (let at = 0; at < rows.length; at += LEVELS) {
    const median = toScale(scale, rows[at + MEDIAN] as number);
    for (let l = 0; l < LEVELS; l++) if (l !== MEDIAN) wide[at + l] = fromScale(scale, median + (l < MEDIAN ? below : above) * (toScale(scale, rows[at + l] as number) - median));
  }
  return wide;
}
