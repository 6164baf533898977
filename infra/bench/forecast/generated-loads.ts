import { createRandomStream, nextNormal } from '../../../src/domain/seeded-random';
import type { LoadSeries } from '../../../src/forecasting/load-series';

const DAY = 288;
const STEP_MS = 300_000;
const KINDS = 4;

/** A load in percent: in turn a daily rhythm, a wandering level, rare bursts on an idle machine, and a batch job every hour; the same for the same number. */
export function generatedLoad(number: number, steps: number): LoadSeries {
  const random = createRandomStream(number + 1);
  const values = new Array<number>(steps);
  let noise = 0;
  for (let i = 0; i < steps; i++) {
    noise = 0.9 * noise + nextNormal(random);
    values[i] = Math.min(100, Math.max(0, level(number % KINDS, i, noise, random())));
  }
  return { id: `load-${number}`, startAtMs: 0, stepMs: STEP_MS, values, bounds: { lower: 0, upper: 100 } };
}

function level(kind: number, i: number, noise: number, chance: number): number {
  const daily = Math.sin((2 * Math.PI * i) / DAY);
  switch (kind) {
    case 0:
      return 40 + 20 * daily + 2 * noise;
    case 1:
      return 50 + 6 * noise;
    case 2:
      return chance < 0.01 ? 80 : Math.round(4 + 0.3 * noise);
    default:
      return (i % 12 < 2 ? 60 : 15) + 5 * daily + noise;
  }
}
