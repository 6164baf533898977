import { STANDARD_LEVELS } from '../../../src/forecasting/forecast-model';
import { modelNamed } from '../../../src/forecasting/forecast-request';
import type { LoadSeries } from '../../../src/forecasting/load-series';
import { fitProfileModel } from '../../../src/forecasting/profiles/fit-profile-model';
import { createOwnForecaster, type OwnForecaster } from '../../../src/forecasting/profiles/own-forecaster';
import { predictByProfile } from '../../../src/forecasting/profiles/predict-by-profile';
import type { ProfileModel } from '../../../src/forecasting/profiles/profile-model';
import { kinAverage, lastValue, seasonalNaive, type Rows } from './cold-start-baselines';
import type { GroupMember, KinGroup } from './kin-groups';

export const POINTS: readonly number[] = [0, 6, 24, 144];
export const HORIZONS: readonly number[] = [6, 288];
export const WAYS = ['profile', 'last value', 'seasonal naive', 'own history', 'kin average', 'kin average, no spread', 'kin pooled by hour'] as const;
export type Way = (typeof WAYS)[number];

/** What one way of forecasting came to on one series: sums over moments, steps and levels. */
export interface ColdStartScore {
  readonly group: string;
  readonly family: string;
  readonly series: string;
  readonly entity: string;
  readonly points: number;
  readonly horizon: number;
  readonly way: Way;
  /** Sum of pinball losses, in the load's unit. */
  readonly loss: number;
  /** Sum of what came. */
  readonly total: number;
  /** Share (0..1) of values within the quantiles 0.1 and 0.9. */
  readonly covered80: number;
}

const MOMENTS = 6;
const SEED = 1;
const LEVELS = STANDARD_LEVELS.length;

/** Fits a profile for each target from its kin alone, and forecasts the target's unseen part with so many own points. */
export async function scoreColdStart(group: KinGroup, tell: (what: string) => void): Promise<ColdStartScore[]> {
  const own = remembered(createOwnForecaster(modelNamed('gate'), SEED));
  const scores: ColdStartScore[] = [];
  let shared: ProfileModel | null = null;
  for (const target of group.members) {
    if (target.future === null) continue;
    const kin = group.members.flatMap((one) => (one.past === null || one.entity === target.entity ? [] : [one.past]));
    const model: ProfileModel = group.leaveOneOut || shared === null ? await fitProfileModel(kin, { seed: SEED, own }) : shared;
    shared = model;
    scores.push(...(await scoreTarget(group, target, target.future, kin, model, own)));
    tell(`${group.name}: ${target.future.id}`);
  }
  return scores;
}

async function scoreTarget({ name, family }: KinGroup, { entity }: GroupMember, series: LoadSeries, kin: readonly LoadSeries[], model: ProfileModel, own: OwnForecaster): Promise<ColdStartScore[]> {
  const average = kinAverage(kin);
  const scores: ColdStartScore[] = [];
  for (const horizon of HORIZONS) {
    const room = series.values.length - horizon - Math.max(...POINTS);
    if (room < 1) continue;
    for (const points of POINTS) {
      const sums = new Map<Way, { loss: number; covered: number }>();
      let [total, seen] = [0, 0];
      for (let m = 0; m < MOMENTS; m++) {
        const end = Math.max(...POINTS) + Math.floor(((m + 0.5) * room) / MOMENTS);
        const truth = series.values.slice(end, end + horizon);
        const startAtMs = series.startAtMs + (end - points) * series.stepMs;
        const values = series.values.slice(end - points, end);
        if (points > 0 && values.every((value) => value === null)) continue;
        const known: LoadSeries = { ...series, startAtMs, values };
        const nextAtMs = series.startAtMs + end * series.stepMs;
        const seenValues = values.filter((value) => value !== null);
        const byHour = (rowOf: (atMs: number) => number[]): Rows => Array.from({ length: horizon }, (_, h) => rowOf(nextAtMs + h * series.stepMs));
        const rows: Record<Way, Rows | null> = {
          profile: (await predictByProfile(model, known, horizon, own)).quantiles,
          'last value': points === 0 ? null : lastValue(seenValues, horizon),
          'seasonal naive': points === 0 ? null : seasonalNaive(seenValues, horizon),
          'own history': points === 0 ? null : await own(series, end, points, horizon),
          'kin average': byHour(average.withSpread),
          'kin average, no spread': byHour(average.alone),
          'kin pooled by hour': pooledRows(model, nextAtMs, series.stepMs, horizon),
        };
        for (const way of WAYS) addTo(sums, way, rows[way], truth);
        for (const value of truth) if (value !== null) [total, seen] = [total + Math.abs(value), seen + 1];
      }
      for (const [way, { loss, covered }] of sums) scores.push({ group: name, family, series: series.id, entity, points, horizon, way, loss, total, covered80: covered / seen });
    }
  }
  return scores;
}

/** Quantiles of all kin thrown together, by hour: what a profile knows of a workload without history before anything is mixed. */
function pooledRows({ parts, scale }: ProfileModel, nextAtMs: number, stepMs: number, horizon: number): Rows {
  return Array.from({ length: horizon }, (_, h) => {
    const hour = Math.floor(((nextAtMs + h * stepMs) / 3_600_000) % 24);
    return Array.from(parts.bands.pooled.subarray(hour * LEVELS, (hour + 1) * LEVELS), (value) => scale.unit * Math.sinh(value));
  });
}

function addTo(sums: Map<Way, { loss: number; covered: number }>, way: Way, rows: Rows | null, truth: readonly (number | null)[]): void {
  if (rows === null) return;
  const sum = sums.get(way) ?? { loss: 0, covered: 0 };
  sums.set(way, sum);
  truth.forEach((value, h) => {
    if (value === null) return;
    const row = rows[h] as readonly number[];
    STANDARD_LEVELS.forEach((level, l) => (sum.loss += Math.max(level * (value - (row[l] as number)), (level - 1) * (value - (row[l] as number)))));
    if (value >= (row[1] as number) - 1e-9 && value <= (row[17] as number) + 1e-9) sum.covered++;
  });
}

/** The same moments are asked for by every profile that holds a kin out. */
function remembered(own: OwnForecaster): OwnForecaster {
  const known = new Map<string, ReturnType<OwnForecaster>>();
  return (series, end, points, horizon) => {
    const key = JSON.stringify([series.id, series.startAtMs, series.values.length, end, points, horizon]);
    const found = known.get(key) ?? own(series, end, points, horizon);
    if (series.values.length > points) known.set(key, found);
    return found;
  };
}
