import { readFileSync } from 'node:fs';

export interface MemorySample {
  readonly atMs: number;
  readonly rssBytes: number;
}

/** Resident memory of a process and, where it is a guard of another program, of that. 0 where it is gone. */
export function rssOf(pid: number): number {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    const own = 1024 * Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    return own + (children === '' ? 0 : children.split(' ').reduce((sum, child) => sum + rssOf(Number(child)), 0));
  } catch {
    return 0;
  }
}

/** Slope of a straight line through the samples by least squares, in bytes an hour; 0 for fewer than two. */
export function slopeBytesPerHour(samples: readonly MemorySample[]): number {
  const n = samples.length;
  if (n < 2) return 0;
  const meanAt = samples.reduce((sum, { atMs }) => sum + atMs, 0) / n;
  const meanRss = samples.reduce((sum, { rssBytes }) => sum + rssBytes, 0) / n;
  const covariance = samples.reduce((sum, { atMs, rssBytes }) => sum + (atMs - meanAt) * (rssBytes - meanRss), 0);
  const variance = samples.reduce((sum, { atMs }) => sum + (atMs - meanAt) ** 2, 0);
  return (3_600_000 * covariance) / variance;
}
