import { STANDARD_LEVELS } from '../forecast-model';
import type { LoadSeries } from '../load-series';
import { createComponentForecaster } from './component-forecasts';
import { toKinSeries } from './kin-series';
import { applySpreads } from './learn-spreads';
import { mixComponents } from './learn-weights';
import { widen, type Width } from './learn-widths';
import type { LoadScale } from './load-scale';
import type { OwnForecaster } from './own-forecaster';
import { mixtureFor, type ProfileModel } from './profile-model';
import { COMPONENTS, horizonKindOf, partOf } from './profile-settings';

/** A forecast of a workload from its kin and its own history. */
export interface ProfilePrediction {
  /** `[step][level]` at the standard levels, in the load's unit; never falling along the levels. */
  readonly quantiles: number[][];
  /** `[step]` */
  readonly mean: number[];
  readonly ownPoints: number;
  /** Mean weight (0..1) of the own history's own forecast over the horizon. */
  readonly ownWeight: number;
}

/** Own points that a forecast looks at, at most: two weeks of five minutes. */
const MOST_POINTS = 4032;
const LEVELS = STANDARD_LEVELS.length;
const OWN = COMPONENTS.indexOf('own');

/**
 * Forecasts the steps after a series, which may be empty: then kin alone speak.
 *
 * @param series values up to the moment of the forecast, null for gaps; `startAtMs` of an empty one is the time of the first step ahead
 */
export async function predictByProfile(model: ProfileModel, series: LoadSeries, horizon: number, own: OwnForecaster): Promise<ProfilePrediction> {
  const end = series.values.length;
  const first = series.values.findIndex((value) => value !== null);
  const points = first < 0 ? 0 : Math.min(MOST_POINTS, end - first);
  const steps = Array.from({ length: horizon }, (_, h) => h + 1);
  const said = createComponentForecaster(model.parts, model.scale).forecast({ series: toKinSeries(series, model.scale), end, points }, steps);
  const alone = points === 0 ? null : await own(series, end, points, horizon);
  const rows = COMPONENTS.map((name) => (name === 'own' ? (alone === null ? null : Float64Array.from(alone.flat())) : said[name]));
  const mixture = mixtureFor(model, horizonKindOf(horizon), points);
  const widened = rows.map((row, c) => row === null ? null : widenByPart(row, (step) => mixture.widths[partOf(step)]?.[c] ?? [1, 1], horizon, model.scale));
  const mixed = mixComponents(widened, (s) => mixture.weights[partOf(s + 1)] as readonly number[], horizon);
  const held = applySpreads(mixed, (s) => mixture.spreads[partOf(s + 1)] as readonly number[], model.scale);
  const { lower = -Infinity, upper = Infinity } = series.bounds ?? {};
  const quantiles = steps.map((_, h) => Array.from(held.subarray(h * LEVELS, (h + 1) * LEVELS), (value) => Math.min(upper, Math.max(lower, value))));
  const weightOfOwn = steps.reduce((sum, step) => sum + ((mixture.weights[partOf(step)] as readonly number[])[OWN] as number), 0) / horizon;
  return { quantiles, mean: quantiles.map((row) => row.reduce((sum, value) => sum + value, 0) / LEVELS), ownPoints: points, ownWeight: alone === null ? 0 : weightOfOwn };
}

function widenByPart(row: Float64Array, widthOf: (step: number) => Width, horizon: number, scale: LoadScale): Float64Array {
  const wide = new Float64Array(row.length);
  for (let h = 0; h < horizon; h++) wide.set(widen(row.subarray(h * LEVELS, (h + 1) * LEVELS), widthOf(h + 1), scale), h * LEVELS);
  return wide;
}
