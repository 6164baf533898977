import type { LoadMetric } from './forecast';
import type { Shape } from './shape';

/** The loads that a shape may carry, in each metric's own unit, from the utilization (percent) above which it counts as overloaded. */
export function loadLimits({ networkGbps }: Pick<Shape, 'networkGbps'>, percent: { readonly cpu: number; readonly memory: number; readonly network: number }): Record<LoadMetric, number> {
  return { cpuPercent: percent.cpu, memoryPercent: percent.memory, networkBytesPerSecond: (networkGbps * 1e9 * percent.network) / 100 / 8 };
}
