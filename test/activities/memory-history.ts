import type { MetricHistoryStore } from '../../src/activities/metric-history-port';
import type { SeriesKey } from '../../src/domain/collected-metric';

/** A metric history in memory. */
export function memoryHistory(): MetricHistoryStore {
  const series = new Map<string, { askedFromMs: number; points: Map<number, number> }>();
  const nameOf = (key: SeriesKey): string => `${key.resource}/${key.metric}/${key.stepMs}`;
  return {
    coverage: async (keys) =>
      keys.map((key) => {
        const found = series.get(nameOf(key));
        const times = [...(found?.points.keys() ?? [])];
        return { askedFromMs: found?.askedFromMs ?? null, lastAtMs: times.length === 0 ? null : Math.max(...times) };
      }),
    append: async (added, askedFromMs) => {
      let changed = 0;
      for (const { key, points } of added) {
        const found = series.get(nameOf(key)) ?? { askedFromMs, points: new Map<number, number>() };
        series.set(nameOf(key), { ...found, askedFromMs: Math.min(found.askedFromMs, askedFromMs) });
        for (const { atMs, value } of points) {
          if (found.points.get(atMs) !== value) changed += 1;
          found.points.set(atMs, value);
        }
      }
      return changed;
    },
    read: async (keys, { startAtMs, endAtMs }) =>
      keys.map((key) => {
        const points = series.get(nameOf(key))?.points;
        return { key, startAtMs, values: Array.from({ length: (endAtMs - startAtMs) / key.stepMs }, (_, i) => points?.get(startAtMs + i * key.stepMs) ?? null) };
      }),
    deleteBefore: async () => 0,
  };
}
