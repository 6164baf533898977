import { createRandomStream, nextNormal, type RandomStream } from '../../../src/domain/seeded-random';
import { unitOf, type LoadMetric } from '../../../src/domain/forecast';
import { LOAD_PROFILES, type LoadProfileName } from './load-profiles';

export interface HistoryOptions {
  readonly seed: number;
  readonly profile: LoadProfileName;
  readonly metric: LoadMetric;
  readonly startAtMs: number;
  readonly stepMs: number;
  /** Number of values to make. */
  readonly points: number;
  /**
   * For `growing`: the limit (in the metric's unit) that the top of the day reaches, and after how many steps from the start. Left out: 85 %
   * of the scale, half a day after the last point. Days before have lower tops, days after pass the limit on their way up.
   */
  readonly growth?: { readonly limit?: number; readonly passesAfterPoints?: number };
  /** What 100 % stands for; only for network, in bytes per second. Left out: 125 MB/s. */
  readonly fullScale?: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Memory of the noise over five minutes: bursts of demand outlast one sample. */
const NOISE_MEMORY = 0.85;
const GROWTH_POWER = 3;

/**
 * Load that looks like a real service's, deterministic by its seed: a daily shape of the profile (UTC), lower weekends, noise with memory (AR(1), in proportion
 * to the load), bursts (a few a day, minutes to half an hour long), a level shift (regime) at a random day, and the profile's growth. CPU and network
 * follow the shape in full, memory slowly and at a quarter of its swing. Percent metrics stay within 0..100, network within 0 and its full scale.
 *
 * The growth of `growing` is set so that the daily top, without noise and bursts, reaches the limit at the chosen time: its contention is
 * predictable from the rise and the time of day, not an accident of the noise.
 *
 * @returns one value per step, the first at `startAtMs`
 */
export function generateHistory(options: HistoryOptions): number[] {
  const { seed, metric, startAtMs, stepMs, points } = options;
  const profile = LOAD_PROFILES[options.profile];
  // Metrics of one instance share its seed, but not their noise.
  const random = createRandomStream(seed * 31 + metric.length * 7919);
  const fullScale = unitOf(metric) === 'percent' ? 100 : (options.fullScale ?? 125_000_000);
  const swing = metric === 'memoryPercent' ? 0.25 : 1;
  const regime = { fromPoint: Math.floor(points * (0.25 + 0.25 * random())), shift: (random() - 0.5) * profile.regimeShift };
  const growth = createGrowth(options, profile, swing, regime.shift, fullScale);
  const bursts = createBursts(random, profile.burstsPerDay, stepMs);
  const memory = NOISE_MEMORY ** (stepMs / 300_000);
  let noise = 0;
  return Array.from({ length: points }, (_, i) => {
    const atMs = startAtMs + i * stepMs;
    noise = memory * noise + Math.sqrt(1 - memory * memory) * nextNormal(random);
    const base = profile.base * (metric === 'memoryPercent' ? 1.6 : 1) + swing * profile.amplitude * profile.shape(hourOfDay(atMs), isWeekend(atMs));
    const level = base + (i >= regime.fromPoint ? regime.shift : 0) + growth(i);
    const percent = level * (1 + profile.noise * swing * noise) + swing * bursts();
    return Math.min(fullScale, Math.max(0, (percent / 100) * fullScale));
  });
}

/**
 * Percent points of growth by step: none but for a profile that grows, and there like a power of time, as demand does that feeds on itself. A
 * straight line would take its last points so slowly that chance would choose the day of passing.
 */
function createGrowth(
  options: HistoryOptions,
  profile: (typeof LOAD_PROFILES)[LoadProfileName],
  swing: number,
  shift: number,
  fullScale: number,
): (point: number) => number {
  if (options.profile !== 'growing') return () => 0;
  const limitPercent = ((options.growth?.limit ?? 0.85 * fullScale) / fullScale) * 100;
  const after = options.growth?.passesAfterPoints ?? options.points + Math.round(DAY_MS / 2 / options.stepMs);
  const base = profile.base * (options.metric === 'memoryPercent' ? 1.6 : 1);
  const total = Math.max(0, limitPercent - base - swing * profile.amplitude - shift);
  return (point) => total * (point / after) ** GROWTH_POWER;
}

/** A stream of burst heights in percent points: mostly zero, then a rise that decays. */
function createBursts(random: RandomStream, perDay: number, stepMs: number): () => number {
  let height = 0;
  return () => {
    height *= 0.6 ** (stepMs / 300_000);
    if (random() < (perDay * stepMs) / DAY_MS) height += 4 + 10 * random();
    return height < 0.1 ? 0 : height;
  };
}

function hourOfDay(atMs: number): number {
  return (atMs % DAY_MS) / HOUR_MS;
}

function isWeekend(atMs: number): boolean {
  const day = new Date(atMs).getUTCDay();
  return day === 0 || day === 6;
}
