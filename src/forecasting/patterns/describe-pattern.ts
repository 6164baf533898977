import type { CatalogueShape } from '../../domain/shapes/catalogue-shape';
import type { DemandPattern } from '../../domain/shapes/demand-pattern';
import type { LoadSeries } from '../load-series';
import { quantileOfSorted } from '../quantile-of-sorted';

/** What is measured of an instance: percent of its shape, bytes and operations a second. */
export const PATTERN_METRICS = ['cpuPercent', 'memoryPercent', 'networkBytesPerSecond', 'diskBytesPerSecond', 'diskOpsPerSecond'] as const;

export type PatternMetric = (typeof PATTERN_METRICS)[number];

export interface InstanceHistory {
  readonly id: string;
  readonly present: CatalogueShape;
  readonly series: Partial<Record<PatternMetric, LoadSeries>>;
}

const PEAK_QUANTILE = 0.99;
const HOUR_MS = 3_600_000;
const HOURS = 24;

/**
 * What an instance asked for, in units that do not depend on its shape. CPU or memory that nobody measured counts as all that the shape has: what is not known is not taken
 * away. Network and disk that nobody measured count as nothing.
 *
 * @throws RangeError where a series has no value
 */
export function describePattern({ id, present, series }: InstanceHistory): DemandPattern {
  const amounts = {
    vcpus: amountOf(id, series.cpuPercent, present.vcpus / 100) ?? { peak: present.vcpus, average: present.vcpus },
    memoryMiB: amountOf(id, series.memoryPercent, present.memoryMiB / 100) ?? { peak: present.memoryMiB, average: present.memoryMiB },
    networkGbps: amountOf(id, series.networkBytesPerSecond, 8e-9) ?? { peak: 0, average: 0 },
    ebsMbps: amountOf(id, series.diskBytesPerSecond, 8e-6) ?? { peak: 0, average: 0 },
  };
  const at = (when: 'peak' | 'average') => ({ vcpus: amounts.vcpus[when], memoryMiB: amounts.memoryMiB[when], networkGbps: amounts.networkGbps[when], ebsMbps: amounts.ebsMbps[when] });
  return {
    id,
    present,
    demand: { peak: at('peak'), average: at('average') },
    peakIops: amountOf(id, series.diskOpsPerSecond, 1)?.peak ?? 0,
    hours: hoursOf(series.cpuPercent, (amounts.vcpus.peak * 100) / present.vcpus),
    unmeasured: PATTERN_METRICS.filter((metric) => series[metric] === undefined),
  };
}

function amountOf(id: string, series: LoadSeries | undefined, scale: number): { peak: number; average: number } | null {
  if (series === undefined) return null;
  const known = Float64Array.from(series.values.filter((value) => value !== null)).sort();
  if (known.length === 0) throw new RangeError(`${id}: expected at least one value in ${series.id}`);
  const average = known.reduce((sum, value) => sum + value, 0) / known.length;
  const peak = Math.max(average, quantileOfSorted(known, PEAK_QUANTILE));
  return { peak: peak * scale, average: average * scale };
}

function hoursOf(series: LoadSeries | undefined, peakPercent: number): number[] {
  if (series === undefined || peakPercent <= 0) return Array.from({ length: HOURS }, () => 1);
  const sums = new Float64Array(HOURS);
  const counts = new Float64Array(HOURS);
  series.values.forEach((value, i) => {
    if (value === null) return;
    const hour = Math.floor((series.startAtMs + i * series.stepMs) / HOUR_MS) % HOURS;
    sums[hour] = (sums[hour] as number) + value;
    counts[hour] = (counts[hour] as number) + 1;
  });
  const mean = sums.reduce((sum, one) => sum + one, 0) / counts.reduce((sum, one) => sum + one, 0);
  return Array.from(sums, (sum, hour) => (counts[hour] === 0 ? mean : sum / (counts[hour] as number)) / peakPercent);
}
