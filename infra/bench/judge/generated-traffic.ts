import { nextNormal, type RandomStream } from '../../../src/domain/seeded-random';

/** What one side answered in one second: the time of each answer in milliseconds, and how many requests failed. */
export interface Second {
  readonly latenciesMs: readonly number[];
  readonly errors: number;
}

/** What differs between the sides: the shadow's errors and times as multiples of the source's. */
export interface Regression {
  readonly errorTimes: number;
  readonly latencyTimes: number;
}

export const NO_REGRESSION: Regression = { errorTimes: 1, latencyTimes: 1 };

/** A kind of traffic: each family breaks another assumption of a test that takes requests for independent and alike. */
export interface TrafficFamily {
  readonly name: string;
  /** A service, begun anew for each run: answers `requests` requests of one side in second `at`. */
  begin(random: RandomStream): (side: 'source' | 'shadow', at: number, requests: number, regression: Regression) => Second;
}

const MEDIAN_MS = 80;
const SPREAD = 0.5;
const ERROR_RATIO = 0.01;

export const FAMILIES: readonly TrafficFamily[] = [
  { name: 'steady', begin: (random) => (_, __, requests, regression) => answer(random, requests, regression, {}) },
  { name: 'waves and incidents common to both', begin: commonTrouble },
  { name: 'pauses of one side', begin: (random) => perSide(random, 1 / 20, () => ({ pausedPart: 0.2 + 0.6 * random() })) },
  { name: 'bursts of errors of one side', begin: (random) => perSide(random, 1 / 30, () => ({ errorRatio: 0.1 })) },
  { name: 'heavy tails', begin: (random) => (_, __, requests, regression) => answer(random, requests, regression, { heavy: true }) },
];

interface Condition {
  /** Times are multiplied by this. */
  readonly slow?: number;
  readonly errorRatio?: number;
  /** This part of the second's requests waits for the end of a pause of up to 800 ms. */
  readonly pausedPart?: number;
  /** One answer in 20 has a Pareto tail of index 1.5. */
  readonly heavy?: boolean;
}

function commonTrouble(random: RandomStream): ReturnType<TrafficFamily['begin']> {
  const phase = random() * 300;
  let until = -1;
  let checked = -1;
  return (_, at, requests, regression) => {
    if (at > checked && at > until && random() < 1 / 60) until = at + 5;
    checked = at;
    const wave = 1 + 0.3 * Math.sin((2 * Math.PI * (at + phase)) / 300);
    return answer(random, requests, regression, at <= until ? { slow: wave * 3, errorRatio: 0.05 } : { slow: wave });
  };
}

function perSide(random: RandomStream, chance: number, trouble: () => Condition): ReturnType<TrafficFamily['begin']> {
  return (_, __, requests, regression) => answer(random, requests, regression, random() < chance ? trouble() : {});
}

function answer(random: RandomStream, requests: number, regression: Regression, { slow = 1, errorRatio = ERROR_RATIO, pausedPart = 0, heavy = false }: Condition): Second {
  const latenciesMs: number[] = [];
  let errors = 0;
  for (let i = 0; i < requests; i += 1) {
    if (random() < errorRatio * regression.errorTimes) errors += 1;
    const tail = heavy && random() < 0.05 ? (1 - random()) ** (-1 / 1.5) : 1;
    const paused = pausedPart > 0 && random() < pausedPart ? 800 * random() : 0;
    latenciesMs.push(MEDIAN_MS * slow * regression.latencyTimes * tail * Math.exp(SPREAD * nextNormal(random)) + paused);
  }
  return { latenciesMs, errors };
}

/** A Poisson number (Knuth; the normal limit from 60 on). */
export function nextPoisson(random: RandomStream, mean: number): number {
  if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * nextNormal(random)));
  const limit = Math.exp(-mean);
  let product = random();
  let count = 0;
  while (product > limit) {
    product *= random();
    count += 1;
  }
  return count;
}
