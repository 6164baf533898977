import type { LoadMetric } from './forecast';
import type { Shape } from './shape';

/** What a move was decided on, and what came. */
export interface HindsightFacts {
  readonly metric: LoadMetric;
  readonly limit: number;
  /** The forecast peak on the source, as it was told. */
  readonly peakMedian: number;
  readonly peakP90: number;
  /** Whether that forecast was contention. */
  readonly contended: boolean;
  readonly from: Pick<Shape, 'name' | 'vcpus' | 'memoryMiB'>;
  /** What carried the load in the end; the source itself where nothing was moved. */
  readonly carrier: Pick<Shape, 'name' | 'vcpus' | 'memoryMiB'>;
  /** What was measured on the carrier, a value a step; null where nobody saw. */
  readonly actual: readonly (number | null)[];
  readonly stepMs: number;
}

/** What happened afterwards, and what would have on the source's shape. */
export interface Hindsight {
  /** `contention`: the limit would have been passed, as forecast; `missed`: it was, and was not forecast; `quiet`: it was not, as forecast; `falseAlarm`: it would not have been, though forecast. */
  readonly verdict: 'contention' | 'missed' | 'quiet' | 'falseAlarm';
  /** Highest that the carrier had. */
  readonly actualPeak: number;
  /** The same load on the source's shape. */
  readonly peakOnSource: number;
  /** So long it would have been above the limit there. */
  readonly overloadMinutes: number;
  /** Whether the forecast's 0.9 quantile of the peak held. */
  readonly p90Held: boolean;
  readonly seenRatio: number;
}

/** Of less than this nothing is said. */
const LEAST_SEEN = 0.5;

/**
 * Holds a forecast against what came. The load is the same work on another shape: percentages of CPU and memory scale by what the shapes have of it, rates stay. Where the carrier itself
 * was at its limit, the source would have been worse off than this says. Null where too little was seen.
 */
export function hindsightOf({ metric, limit, peakP90, contended, from, carrier, actual, stepMs }: HindsightFacts): Hindsight | null {
  const seen = actual.filter((value) => value !== null);
  if (actual.length === 0 || seen.length / actual.length < LEAST_SEEN) return null;
  const scale = metric === 'cpuPercent' ? carrier.vcpus / from.vcpus : metric === 'memoryPercent' ? carrier.memoryMiB / from.memoryMiB : 1;
  const actualPeak = Math.max(...seen);
  const peakOnSource = actualPeak * scale;
  const overloadMinutes = (seen.filter((value) => value * scale > limit).length * stepMs) / 60_000;
  const passed = overloadMinutes > 0;
  return {
    verdict: passed ? (contended ? 'contention' : 'missed') : contended ? 'falseAlarm' : 'quiet',
    actualPeak,
    peakOnSource,
    overloadMinutes,
    p90Held: peakOnSource <= peakP90,
    seenRatio: seen.length / actual.length,
  };
}

const SAID: Readonly<Record<Hindsight['verdict'], string>> = {
  contention: 'it would have run out, as forecast',
  missed: 'it would have run out, which was not forecast',
  quiet: 'it would not have run out, as forecast',
  falseAlarm: 'it would not have run out, though that was forecast',
};

/** The same in a sentence. */
export function describeHindsight({ verdict, actualPeak, peakOnSource, overloadMinutes }: Hindsight, { metric, limit, peakMedian, peakP90, from, carrier }: Pick<HindsightFacts, 'metric' | 'limit' | 'peakMedian' | 'peakP90' | 'from' | 'carrier'>): string {
  const amount = (value: number): string => (metric === 'networkBytesPerSecond' ? `${(value / 1e6).toFixed(2)} MB/s` : `${value.toFixed(1)} %`);
  const same = carrier.name === from.name;
  return `${SAID[verdict]}: ${metric} came to ${amount(actualPeak)}${same ? '' : ` on ${carrier.name}, ${amount(peakOnSource)} of a ${from.name}`}, forecast were ${amount(peakMedian)} (0.9 quantile ${amount(peakP90)}); ${overloadMinutes} min above the limit of ${amount(limit)}`;
}
