import { createRandomStream, nextNormal } from '../../src/domain/seeded-random';
import type { LoadSeries } from '../../src/forecasting/load-series';

export const STEP_MS = 300_000;
export const DAY = 288;

export interface GeneratedParts {
  readonly level: number;
  readonly slopePerDay: number;
  readonly daily: number;
  readonly noise: number;
  readonly memory: number;
  readonly bend?: { readonly atStep: number; readonly slopePerDay: number };
}

/** The part that is known in advance: trend and daily season. */
export function expectedAt({ level, slopePerDay, daily, bend }: GeneratedParts, step: number): number {
  const bent = bend === undefined ? 0 : (Math.max(0, step - bend.atStep) * (bend.slopePerDay - slopePerDay)) / DAY;
  return level + (slopePerDay * step) / DAY + bent + daily * Math.sin((2 * Math.PI * step) / DAY);
}

export function generateSeries(parts: GeneratedParts, length: number, seed = 1): LoadSeries {
  const random = createRandomStream(seed);
  let noise = 0;
  const values = Array.from({ length }, (_, step) => {
    noise = parts.memory * noise + parts.noise * nextNormal(random);
    return expectedAt(parts, step) + noise;
  });
  return { id: `generated-${seed}`, startAtMs: 0, stepMs: STEP_MS, values };
}
