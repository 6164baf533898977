import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { lehmer } from './train-gate';
import { gateExample, type GateExample } from './gate-example';
import { LONGEST_SHORT_HORIZON } from '../rules/backtest-rules';
import { readPlanetLab, readTraces, type TrainingSeries } from './read-traces';

export type GateKind = 'short' | 'day';

/** How much of the data a gate learns from, and with how many steps of each forecast. */
export interface GateSampling {
  readonly originsPerSeries: number;
  readonly planetLabOrigins: number;
  readonly steps: number;
}

export const SAMPLING: Readonly<Record<GateKind, GateSampling>> = {
  short: { originsPerSeries: 105, planetLabOrigins: 4500, steps: 6 },
  day: { originsPerSeries: 90, planetLabOrigins: 0, steps: 24 },
};

/** Half an hour, and every third time the two hours of a controller's decision. */
const SHORT_HORIZONS: readonly number[] = [6, 6, 24];
const SEED = 20260;

/** Horizon of the i-th example of a kind, in steps of the series. */
function horizonOf(kind: GateKind, stepSeconds: number, i: number): number {
  if (kind === 'short') return SHORT_HORIZONS[i % SHORT_HORIZONS.length] as number;
  return Math.max(LONGEST_SHORT_HORIZON + 1, Math.round(86_400 / stepSeconds));
}

interface Place {
  readonly series: TrainingSeries;
  readonly origin: number;
  readonly horizon: number;
  readonly offset: number;
}

/** The moments to learn from: evenly spread over each series with some chance, the same in every run. */
function places(data: string, kind: GateKind): Place[] {
  const random = lehmer(SEED);
  const { originsPerSeries, planetLabOrigins } = SAMPLING[kind];
  const found: Place[] = [];
  for (const series of readTraces(data)) {
    const day = Math.round(86_400 / series.stepSeconds);
    const first = Math.max(100, (kind === 'short' ? 2 : 3) * day);
    for (let i = 0; i < originsPerSeries; i++) {
      const horizon = horizonOf(kind, series.stepSeconds, i);
      const span = series.values.length - horizon - first;
      if (span > 0) found.push({ series, origin: first + Math.floor(((i + random()) * span) / originsPerSeries), horizon, offset: random() });
    }
  }
  const days = planetLabOrigins > 0 ? readPlanetLab(data) : [];
  for (let i = 0; i < planetLabOrigins; i++) {
    const series = days[Math.floor(random() * days.length)] as TrainingSeries;
    const horizon = horizonOf('short', series.stepSeconds, i);
    found.push({ series, origin: 144 + Math.floor(random() * (series.values.length - horizon - 144)), horizon, offset: 0 });
  }
  return found;
}

/** One share of the examples; computed in a process of its own, because it takes minutes. */
export function examplesOfShare(data: string, kind: GateKind, share: number, shares: number): GateExample[] {
  return places(data, kind).flatMap(({ series, origin, horizon, offset }, i) => {
    if (i % shares !== share) return [];
    const example = gateExample(series, origin, horizon, SAMPLING[kind].steps, offset);
    return example === null ? [] : [example];
  });
}

/** All examples of a kind, computed by as many processes as there are cores. */
export async function buildExamples(script: string, data: string, kind: GateKind): Promise<GateExample[]> {
  const shares = availableParallelism();
  const parts = await Promise.all(
    Array.from({ length: shares }, (_, share) => {
      const child = fork(script, ['examples', data, kind, String(share), String(shares)], { serialization: 'advanced' });
      return new Promise<GateExample[]>((resolve, reject) => {
        const got: GateExample[] = [];
        child.on('message', (message) => (message === 'done' ? resolve(got) : got.push(message as GateExample)));
        child.on('exit', (code) => reject(new Error(`a process that computed examples ended with code ${code}`)));
      });
    }),
  );
  return parts.flat();
}
