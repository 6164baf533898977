import { sql } from 'kysely';
import type { CalibrationStore } from '../../activities/calibration-port';
import type { LoadMetric } from '../../domain/forecast';
import { parseCalibrationState } from '../../forecasting/calibration/calibration-state';
import type { Database } from './database';
import { whileReachable } from './while-reachable';

const CANNOT = 'the calibration of forecasts cannot be';

/** Calibrations in Postgres; see calibration-schema.ts. */
export function createCalibrationStore(db: Database): CalibrationStore {
  return {
    read: (subjects) =>
      whileReachable(`${CANNOT} read`, async () => {
        const { rows } = await sql<{ subject: string; metric: LoadMetric; model: string; horizon_ms: string; state: string }>`
          select subject, metric, model, horizon_ms, state from forecast_calibration where subject = any(${[...subjects]}::text[])`.execute(db);
        return rows.map(({ subject, metric, model, horizon_ms, state }) => ({ subject, metric, model, horizonMs: Number(horizon_ms), state: parseCalibrationState(state) }));
      }),
    save: (states) =>
      whileReachable(`${CANNOT} written`, async () => {
        const rows = states.map(({ subject, metric, model, horizonMs, state, updatedAtMs }) => ({
          subject,
          metric,
          model,
          horizon_ms: String(horizonMs),
          state: JSON.stringify(state),
          updated_at_ms: String(updatedAtMs),
        }));
        await db
          .insertInto('forecast_calibration')
          .values(rows)
          .onConflict((conflict) =>
            conflict.columns(['subject', 'metric', 'model', 'horizon_ms']).doUpdateSet((excluded) => ({ state: excluded.ref('excluded.state'), updated_at_ms: excluded.ref('excluded.updated_at_ms') })),
          )
          .execute();
      }),
    deleteBefore: (atMs) =>
      whileReachable(`${CANNOT} shortened`, async () => {
        await db.deleteFrom('forecast_calibration').where('updated_at_ms', '<', String(atMs)).execute();
      }),
  };
}
