export interface UsePattern {
  readonly value: 'steady' | 'periodic' | 'bursty' | 'batch';
  /** 0..1 */
  readonly confidence: number;
  readonly reason: string;
}

/** Active: above this share of the way from the lowest to the highest usual value. */
const ACTIVE_SHARE = 0.4;
/** A day that is active so much of the time has no pattern. */
const STEADY_SHARE = 0.75;
/** The highest usual value is less than so many times the lowest. */
const FLAT_RATIO = 2;
/** Beginnings that a period is told from, and the most by which they may vary. */
const LEAST_STARTS = 4;
const REGULAR_DEVIATION = 0.2;
/** A run of a batch, as a share of the time that was seen. */
const BATCH_SHARE = 0.12;

interface Run {
  readonly start: number;
  readonly length: number;
}

/** How a load goes: evenly, in runs that come regularly, in short ones at any time, or in few long ones. Null where too little is known. */
export function patternOf(values: readonly (number | null)[], stepMs: number): UsePattern | null {
  const sorted = values.filter((value) => value !== null).toSorted((a, b) => a - b);
  if (sorted.length < 10) return null;
  const [low, high] = [sorted[Math.floor(sorted.length * 0.05)] ?? 0, sorted[Math.floor(sorted.length * 0.97)] ?? 0];
  const limit = low + ACTIVE_SHARE * (high - low);
  const runs = runsAbove(values, limit);
  const active = runs.reduce((sum, { length }) => sum + length, 0) / values.length;
  const ratio = high / Math.max(1e-9, low);
  if (ratio < FLAT_RATIO || active > STEADY_SHARE) return { value: 'steady', confidence: Math.min(1, Math.max(active, 1 / ratio + 0.3)), reason: `its usual values lie between ${low.toFixed(1)} and ${high.toFixed(1)}, ${(active * 100).toFixed(0)} % of the time high` };
  const gaps = runs.slice(1).map(({ start }, i) => start - (runs[i]?.start ?? 0));
  const deviation = variation(gaps);
  if (runs.length >= LEAST_STARTS && deviation <= REGULAR_DEVIATION) {
    const every = (gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length) * (stepMs / 60_000);
    return { value: 'periodic', confidence: 1 - deviation, reason: `${runs.length} runs, one every ${every.toFixed(1)} minutes, which varies by ${(deviation * 100).toFixed(0)} %` };
  }
  const mean = (active * values.length) / Math.max(1, runs.length);
  const share = mean / values.length;
  if (share >= BATCH_SHARE && runs.length < LEAST_STARTS) return { value: 'batch', confidence: Math.min(1, 0.5 + share), reason: `${runs.length} long run${runs.length === 1 ? '' : 's'}, of ${((mean * stepMs) / 60_000).toFixed(0)} minutes` };
  return { value: 'bursty', confidence: Math.min(1, 0.5 + Math.min(0.5, deviation / 2)), reason: `${runs.length} short runs at uneven times, ${(active * 100).toFixed(0)} % of the time` };
}

/** A gap counts as a value that is not above. A single step between two of a run does not end it. */
function runsAbove(values: readonly (number | null)[], limit: number): Run[] {
  const runs: Run[] = [];
  let start = -1;
  values.forEach((value, i) => {
    const above = (value ?? -Infinity) > limit || (start !== -1 && (values[i + 1] ?? -Infinity) > limit);
    if (above && start === -1) start = i;
    if (!above && start !== -1) {
      runs.push({ start, length: i - start });
      start = -1;
    }
  });
  if (start !== -1) runs.push({ start, length: values.length - start });
  return runs;
}

/** Standard deviation over mean. */
function variation(values: readonly number[]): number {
  if (values.length === 0) return Infinity;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) / mean;
}
