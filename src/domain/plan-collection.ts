import type { SeriesKey } from './collected-metric';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What is known of a series: the earliest time that CloudWatch was ever asked about, and the latest value; null where there is none. */
export interface SeriesCoverage {
  readonly askedFromMs: number | null;
  readonly lastAtMs: number | null;
}

export interface CollectionPolicy {
  readonly nowMs: number;
  /** How far back a series shall reach. */
  readonly historyMs: number;
  /** How much of what is known is asked for again, because late values and corrections come. */
  readonly overlapMs: number;
}

/** Series that are asked for together: one range, one step. */
export interface CollectionWindow {
  readonly stepMs: number;
  readonly startAtMs: number;
  /** Exclusive: the step that begins here is not complete yet. */
  readonly endAtMs: number;
  readonly keys: readonly SeriesKey[];
}

/** Five-minute metrics settle within minutes; an agent that lost its connection delivers within the hour. */
export const DEFAULT_OVERLAP_MS = HOUR;
/** As many series as one GetMetricData call takes queries. */
const SERIES_A_WINDOW = 500;
/** Series whose beginnings differ by more are not asked for together: the younger would be read again for nothing. */
const LARGEST_DIFFERENCE_MS = 6 * HOUR;
/** GetMetricData, USD for each metric of a request (us-east-1, 2026); the number of its values costs nothing. */
const USD_A_METRIC = 0.01 / 1000;

/** How long CloudWatch keeps values of a period: the retention of its documentation of GetMetricData. */
export function retentionMs(stepMs: number): number {
  if (stepMs % HOUR === 0) return 455 * DAY;
  if (stepMs % (5 * MINUTE) === 0) return 63 * DAY;
  return stepMs % MINUTE === 0 ? 15 * DAY : 3 * HOUR;
}

/**
 * Which ranges to ask for: of a series that is known, only what came after its latest value and the overlap before it; of a new one, or one that shall
 * reach further back than was ever asked, the whole history that CloudWatch still has. Only complete steps.
 */
export function planCollection(series: readonly { readonly key: SeriesKey; readonly coverage: SeriesCoverage }[], policy: CollectionPolicy): CollectionWindow[] {
  const wanted = series
    .map(({ key, coverage }) => ({ key, startAtMs: startOf(key, coverage, policy), endAtMs: Math.floor(policy.nowMs / key.stepMs) * key.stepMs }))
    .filter(({ startAtMs, endAtMs }) => startAtMs < endAtMs)
    .toSorted((a, b) => a.key.stepMs - b.key.stepMs || a.startAtMs - b.startAtMs);
  const windows: { stepMs: number; startAtMs: number; endAtMs: number; keys: SeriesKey[] }[] = [];
  for (const { key, startAtMs, endAtMs } of wanted) {
    const open = windows.at(-1);
    const fits = open !== undefined && open.stepMs === key.stepMs && open.keys.length < SERIES_A_WINDOW && startAtMs - open.startAtMs <= LARGEST_DIFFERENCE_MS;
    if (fits) open.keys.push(key);
    else windows.push({ stepMs: key.stepMs, startAtMs, endAtMs, keys: [key] });
  }
  return windows;
}

function startOf({ stepMs }: SeriesKey, { askedFromMs, lastAtMs }: SeriesCoverage, { nowMs, historyMs, overlapMs }: CollectionPolicy): number {
  const earliestMs = Math.ceil((nowMs - Math.min(historyMs, retentionMs(stepMs))) / stepMs) * stepMs;
  if (lastAtMs === null || askedFromMs === null || askedFromMs > earliestMs) return earliestMs;
  return Math.max(earliestMs, Math.floor((lastAtMs - overlapMs) / stepMs) * stepMs);
}

/** What CloudWatch charges for so many metrics, in USD: 0.01 for a thousand, each time that they are asked for. */
export function collectionCostUsd(metricsRequested: number): number {
  return metricsRequested * USD_A_METRIC;
}
