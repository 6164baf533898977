import { patternOf } from './pattern-of';
import type { WorkloadTag } from './workload-tag';

/** What an instance did, step by step; null where nothing was measured. Counts are sums over a step. */
export interface UseSeries {
  readonly stepMs: number;
  readonly cpuPercent: readonly (number | null)[];
  readonly diskReadOps: readonly (number | null)[];
  readonly diskWriteOps: readonly (number | null)[];
  /** In and out. */
  readonly networkBytes: readonly (number | null)[];
}

/** Keys of the automatic tags. */
export const BOUND_KEY = 'use';
export const PATTERN_KEY = 'pattern';

/** Rates of the busy steps that count as one full use of each: half of the processor, 40 disk operations or 8 MB a second. They are made to be compared, not to size anything. */
const FULL = { cpuPercent: 50, opsPerSecond: 40, bytesPerSecond: 8e6 };
/** Less than this of everything is idle. */
const IDLE_SHARE = 0.08;
/** Fewer values say nothing. */
const LEAST_STEPS = 10;
/** Busy steps: the highest values, of this share. */
const BUSY_SHARE = 0.25;

/** Tags that measured use speaks for, each with how sure that is (0..1) and why. None where too little was measured. */
export function classifyUse(resource: string, use: UseSeries, atMs: number): WorkloadTag[] {
  const known = Math.max(...[use.cpuPercent, use.diskReadOps, use.diskWriteOps, use.networkBytes].map((values) => values.filter((value) => value !== null).length));
  if (known < LEAST_STEPS) return [];
  const seconds = use.stepMs / 1_000;
  const [reads, writes] = [busyMean(use.diskReadOps) / seconds, busyMean(use.diskWriteOps) / seconds];
  const kinds = [
    { value: 'cpu-bound', share: busyMean(use.cpuPercent) / FULL.cpuPercent, said: `${busyMean(use.cpuPercent).toFixed(0)} % CPU`, series: use.cpuPercent },
    { value: 'read-heavy', share: reads / FULL.opsPerSecond, said: `${reads.toFixed(1)} reads/s`, series: use.diskReadOps },
    { value: 'write-heavy', share: writes / FULL.opsPerSecond, said: `${writes.toFixed(1)} writes/s`, series: use.diskWriteOps },
    { value: 'network-bound', share: busyMean(use.networkBytes) / seconds / FULL.bytesPerSecond, said: `${(busyMean(use.networkBytes) / seconds / 1e6).toFixed(2)} MB/s`, series: use.networkBytes },
  ].toSorted((a, b) => b.share - a.share);
  const [most, next] = kinds;
  if (most === undefined || next === undefined) return [];
  const made = (key: string, value: string, confidence: number, reason: string): WorkloadTag => ({ resource, key, value, source: 'automatic', confidence: Math.round(confidence * 100) / 100, reason, atMs });
  const said = kinds.map((kind) => kind.said).join(', ');
  if (most.share < IDLE_SHARE) return [made(BOUND_KEY, 'idle', 1 - most.share / IDLE_SHARE / 2, `its busiest quarter of ${known} steps has ${said}`)];
  const pattern = patternOf(most.series, use.stepMs);
  return [
    made(BOUND_KEY, most.value, most.share / (most.share + next.share), `its busiest quarter of ${known} steps has ${said}`),
    ...(pattern === null ? [] : [made(PATTERN_KEY, pattern.value, pattern.confidence, pattern.reason)]),
  ];
}

function busyMean(values: readonly (number | null)[]): number {
  const sorted = values.filter((value) => value !== null).toSorted((a, b) => b - a);
  const busy = sorted.slice(0, Math.max(1, Math.round(sorted.length * BUSY_SHARE)));
  return sorted.length === 0 ? 0 : busy.reduce((sum, value) => sum + value, 0) / busy.length;
}
