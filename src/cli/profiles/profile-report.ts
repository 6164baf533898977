import type { ShadowProfile } from '../../domain/profiles/shadow-profile';
import type { ForecastReport } from '../forecast/single/forecast-report';

const HOUR_MS = 3_600_000;

/** A profile as the picture of a day (UTC): what kin use at each hour, drawn as forecasts are. */
export function profileReport({ name, version, digest, metric, bands, madeAtMs }: ShadowProfile): ForecastReport {
  const dayMs = 24 * HOUR_MS;
  const issuedAtMs = Math.floor(madeAtMs / dayMs) * dayMs - HOUR_MS;
  const { levels, quantiles } = bands;
  const mean = quantiles.map((row) => row.reduce((sum, value) => sum + value, 0) / row.length);
  const peakQuantiles = levels.map((_, l) => Math.max(...quantiles.map((row) => row[l] as number)));
  return {
    title: name,
    unit: metric === 'networkBytesPerSecond' ? 'number' : 'percent',
    history: { id: name, startAtMs: issuedAtMs, stepMs: HOUR_MS, values: [null], bounds: { lower: 0 } },
    answer: { id: name, issuedAtMs, stepMs: HOUR_MS, levels, quantiles, mean, peakQuantiles, notes: [], model: 'shadow profile', version: String(version), digest },
    limit: null,
  };
}
