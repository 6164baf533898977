import type { LoadMetric, ResourceForecast } from '../../domain/forecast';
import type { Database } from './database';
import { whileReachable } from './while-reachable';

const CANNOT = 'forecasts cannot be read';

/** Reads what forecasts are kept. Every method throws `Unavailable` while the store cannot be reached. */
export interface ForecastReader {
  /** The newest forecast of each load of these subjects. */
  newest(subjects: readonly string[]): Promise<readonly ResourceForecast[]>;
  /** The newest that reaches so far; else the newest of those that reach furthest. Null where there is none. */
  reaching(subject: string, metric: LoadMetric, horizonMs: number): Promise<ResourceForecast | null>;
}

export function createForecastReader(db: Database): ForecastReader {
  return {
    newest: (subjects) =>
      whileReachable(CANNOT, async () => {
        const rows = await db.selectFrom('forecast').select('body').distinctOn(['subject', 'metric']).where('subject', 'in', subjects.length === 0 ? [''] : subjects).orderBy('subject').orderBy('metric').orderBy('issued_at_ms', 'desc').execute();
        return rows.map(({ body }) => JSON.parse(body) as ResourceForecast);
      }),
    reaching: (subject, metric, horizonMs) =>
      whileReachable(CANNOT, async () => {
        const all = db.selectFrom('forecast').select('body').where('subject', '=', subject).where('metric', '=', metric).limit(1);
        const row = (await all.where('horizon_ms', '>=', String(horizonMs)).orderBy('issued_at_ms', 'desc').executeTakeFirst()) ?? (await all.orderBy('horizon_ms', 'desc').orderBy('issued_at_ms', 'desc').executeTakeFirst());
        return row === undefined ? null : (JSON.parse(row.body) as ResourceForecast);
      }),
  };
}
