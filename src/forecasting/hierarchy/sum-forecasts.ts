import { createRandomStream } from '../../domain/seeded-random';
import type { SeriesBounds } from '../load-series';
import type { ChildForecast } from './child-forecast';
import { windowInnovations } from './innovations';
import { addPremium, noPremium, peakWithPremium, quantilesOf, type PeakPremium } from './peak-premium';
import { createPoolDistributions } from './pool-distribution';
import { placeRecipe, samplePlaces } from './sampled-quantiles';
import { templateWindows, type TemplateWindows } from './template-windows';
import { createRanker } from './window-ranks';

/** Demand of all children of a locality together, in the unit that their weights lead to. */
export interface LocalitySum {
  readonly locality: string;
  /** `[step][level]` */
  readonly quantiles: readonly (readonly number[])[];
  /** `[step]`: exactly the sum of the children's means. */
  readonly mean: readonly number[];
  /** `[level]`: of the highest value over all steps. */
  readonly peak: readonly number[];
  readonly children: number;
  /** Children for which the pool's distribution stands in part or whole. */
  readonly borrowed: readonly string[];
  /** Children that are in no sum, since neither they nor their pool could be forecast. */
  readonly missing: readonly string[];
  readonly notes: readonly string[];
}

export interface SumOptions {
  readonly horizon: number;
  readonly levels: readonly number[];
  /** Steps of one day. */
  readonly dayLength: number;
  readonly bounds: SeriesBounds;
  readonly seed: number;
}

const LONGEST_DAYS = 28;
/** Paths where there is no joint past to take them from. */
const PLAIN_PATHS = 200;

interface Accumulator {
  readonly paths: Float64Array;
  readonly mean: Float64Array;
  readonly premium: PeakPremium;
  children: number;
  readonly borrowed: string[];
  readonly missing: string[];
}

/**
 * Sums children's forecasts over their localities. Each path of a sum follows one past window: every child takes, step by step, the place in its own distribution that
 * its course in that window had among all windows (Schaake shuffle, Clark et al. 2004), so that what moved together does so in the sums. A wider locality's paths are
 * the sums of the narrower ones' (coherent). Costs one sort a child and step; memory grows with localities, not with children.
 *
 * @returns one sum for each locality named by a child, in the order of their first appearance
 */
export function sumForecasts(children: readonly ChildForecast[], { horizon, levels, dayLength, bounds, seed }: SumOptions): LocalitySum[] {
  const found = templateWindows(children.map(({ history }) => history.length), horizon, LONGEST_DAYS * dayLength);
  const teachers = found === null ? [] : children.filter((child) => isSettled(child, found));
  const windows = teachers.length > 0 ? found : null;
  const count = windows?.stepsBack.length ?? PLAIN_PATHS;
  const recipe = placeRecipe(levels, count);
  const random = createRandomStream(seed);
  const rank = createRanker(count, random);
  const pools = createPoolDistributions(children, levels, dayLength);
  const sums = new Map<string, Accumulator>();
  const places = new Float64Array(count);
  const peaks = new Float64Array(count);
  const ranks = Int32Array.from({ length: count }, (_, k) => k);
  const innovationsOf = (child: ChildForecast): Float64Array | null => {
    if (windows === null) return null;
    // A new child moves as one of the others does.
    const teacher = isSettled(child, windows) ? child : (teachers[Math.floor(random() * teachers.length)] as ChildForecast);
    return windowInnovations(teacher.history, windows, horizon, dayLength);
  };
  for (const child of children) {
    const accumulators = child.localities.map((name) => accumulatorOf(sums, name, { horizon, levels, count }));
    const blended = pools.blend(child);
    if (blended === null) {
      for (const one of accumulators) one.missing.push(child.id);
      continue;
    }
    const innovations = innovationsOf(child);
    peaks.fill(-Infinity);
    blended.forecast.quantiles.forEach((row, h) => {
      samplePlaces(recipe, row, bounds.lower ?? -Infinity, bounds.upper ?? Infinity, places);
      if (innovations !== null) rank(innovations.subarray(h * count, (h + 1) * count), ranks);
      for (let k = 0; k < count; k++) peaks[k] = Math.max(peaks[k] as number, places[ranks[k] as number] as number);
      for (const { paths } of accumulators) {
        for (let k = 0; k < count; k++) paths[h * count + k] = (paths[h * count + k] as number) + child.weight * (places[ranks[k] as number] as number);
      }
    });
    const pathPeaks = quantilesOf(peaks, levels);
    for (const one of accumulators) {
      addPremium(one.premium, pathPeaks, blended.forecast.peak, child.weight, levels);
      for (let h = 0; h < horizon; h++) one.mean[h] = (one.mean[h] as number) + child.weight * (blended.forecast.mean[h] as number);
      one.children++;
      if (blended.borrowed) one.borrowed.push(child.id);
    }
  }
  const notes = windows === null ? ['too little joint past to tell what moves together: all children are taken to'] : [];
  return [...sums].map(([locality, sum]) => toSum(locality, sum, { horizon, levels, count }, notes));
}

function isSettled({ history }: ChildForecast, { span }: TemplateWindows): boolean {
  return history.length >= span && history.slice(-span).some((value) => value !== null);
}

interface PathShape extends Pick<SumOptions, 'horizon' | 'levels'> {
  readonly count: number;
}

function accumulatorOf(sums: Map<string, Accumulator>, name: string, { horizon, levels, count }: PathShape): Accumulator {
  const found = sums.get(name) ?? { paths: new Float64Array(horizon * count), mean: new Float64Array(horizon), premium: noPremium(levels), children: 0, borrowed: [], missing: [] };
  sums.set(name, found);
  return found;
}

function toSum(locality: string, { paths, mean, premium, children, borrowed, missing }: Accumulator, { horizon, levels, count }: PathShape, notes: readonly string[]): LocalitySum {
  const peaks = new Float64Array(count).fill(-Infinity);
  const quantiles = Array.from({ length: horizon }, (_, h) => {
    const step = paths.slice(h * count, (h + 1) * count);
    for (let k = 0; k < count; k++) peaks[k] = Math.max(peaks[k] as number, step[k] as number);
    return quantilesOf(step, levels);
  });
  const peak = peakWithPremium(quantilesOf(peaks, levels), premium, levels).map((value, l) => Math.max(value, ...quantiles.map((row) => row[l] as number)));
  return { locality, quantiles, mean: Array.from(mean), peak, children, borrowed, missing, notes };
}
