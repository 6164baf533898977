import type { ForecastStore } from '../../activities/forecast-loads';
import { retryableFailure } from '../../contracts/errors';
import { subjectName } from '../../domain/forecast';
import type { Database } from './database';

/** Whole forecasts; workflows carry only their ids and summaries. */
export function createForecastStore(db: Database): ForecastStore {
  return {
    async save(id, forecast, pool) {
      const subject = subjectName(forecast.subject);
      await db
        .insertInto('forecast')
        .values({
          id,
          digest: forecast.origin.digest,
          subject,
          metric: forecast.metric,
          issued_at_ms: String(forecast.issuedAtMs),
          horizon_ms: String(forecast.horizonMs),
          body: JSON.stringify(forecast),
          pool,
        })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute()
        .catch((error: unknown) => {
          throw retryableFailure('Unavailable', `forecast ${id} cannot be stored: ${String(error)}`, error instanceof Error ? error : undefined);
        });
    },
  };
}
