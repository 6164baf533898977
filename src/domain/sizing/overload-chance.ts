import type { ForecastsByMetric, LoadMetric } from '../forecast';
import { loadLimits } from '../load-limits';
import { probabilityAbove } from '../quantile-function';
import type { Shape } from '../shape';
import { throttledFromStep, type BurstCredits } from './burst-credits';
import type { SizingPolicy } from './sizing-policy';

/**
 * The chance (0..1) in each block of time from `nowMs` that a demand, forecast in percent of its present shape, overloads another shape: the highest over
 * the block's steps and over the metrics, which rise together on one machine. Blocks that no forecast reaches repeat the last known one; null
 * where nothing can be told at all.
 *
 * @param burst credits of the present shape: once they are expected to be spent, its baseline is all that it has
 */
export function overloadChance(forecasts: ForecastsByMetric, present: Shape, candidate: Shape, policy: SizingPolicy, nowMs: number, burst: BurstCredits | null): Float64Array | null {
  const blocks = Math.round(policy.horizonMs / policy.blockMs);
  const chance = new Float64Array(blocks).fill(-1);
  for (const forecast of Object.values(forecasts)) {
    const limit = limitOn(forecast.metric, present, candidate, policy);
    const spends = burst !== null && forecast.metric === 'cpuPercent' && candidate.name === present.name;
    const throttled = (spends ? throttledFromStep(burst, forecast, present.vcpus) : null) ?? Infinity;
    forecast.quantiles.forEach((values, step) => {
      const block = Math.floor((forecast.issuedAtMs + (step + 1) * forecast.stepMs - nowMs) / policy.blockMs);
      if (block < 0 || block >= blocks) return;
      const above = probabilityAbove({ levels: forecast.levels, values }, step >= throttled ? Math.min(limit, burst?.baselinePercent ?? limit) : limit);
      if (above > (chance[block] as number)) chance[block] = above;
    });
  }
  if (!chance.some((one) => one >= 0)) return null;
  let known = chance.find((one) => one >= 0) as number;
  for (let block = 0; block < blocks; block++) {
    if ((chance[block] as number) < 0) chance[block] = known;
    else known = chance[block] as number;
  }
  return chance;
}

/** The candidate's limit in the unit of a forecast that was made on the present shape. */
function limitOn(metric: LoadMetric, present: Shape, candidate: Shape, { limitPercent }: SizingPolicy): number {
  switch (metric) {
    case 'cpuPercent':
      return (limitPercent.cpu * candidate.vcpus) / present.vcpus;
    case 'memoryPercent':
      return (limitPercent.memory * candidate.memoryMiB) / present.memoryMiB;
    case 'networkBytesPerSecond':
      return loadLimits(candidate, limitPercent).networkBytesPerSecond;
  }
}
