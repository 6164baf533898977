import { LOAD_ORIGIN } from './collected-metric';
import type { LoadMetric } from './forecast';

/** Values as CloudWatch counted them, as a load on a grid from `startAtMs` to `endAtMs` (exclusive); null where nothing was measured. */
export function loadOnGrid(
  metric: LoadMetric,
  points: readonly { readonly atMs: number; readonly value: number }[],
  { startAtMs, endAtMs, stepMs }: { readonly startAtMs: number; readonly endAtMs: number; readonly stepMs: number },
): (number | null)[] {
  const values = new Array<number | null>(Math.round((endAtMs - startAtMs) / stepMs)).fill(null);
  for (const { atMs, value } of points) {
    const at = Math.round((atMs - startAtMs) / stepMs);
    if (at >= 0 && at < values.length) values[at] = asLoad(metric, value, stepMs);
  }
  return values;
}

/** Values of a stored series as a load; none where nothing is stored. */
export function asLoads(metric: LoadMetric, values: readonly (number | null)[] | undefined, stepMs: number): (number | null)[] {
  return (values ?? []).map((value) => (value === null ? null : asLoad(metric, value, stepMs)));
}

/** A sum over a step as a rate, anything else as it is. */
function asLoad(metric: LoadMetric, value: number, stepMs: number): number {
  return LOAD_ORIGIN[metric].perSecond ? value / (stepMs / 1000) : value;
}
