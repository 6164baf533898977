import { Context } from '@temporalio/activity';
import { createStoredProfiles } from '../activities/stored-profiles';
import { withStoredWeights } from '../activities/with-stored-weights';
import { createAccuracyStore } from '../adapters/postgres/accuracy-store';
import { createAuditLog } from '../adapters/postgres/audit-log';
import { createAutonomyStore } from '../adapters/postgres/autonomy-store';
import { createCalibrationStore } from '../adapters/postgres/calibration-store';
import { openDatabase } from '../adapters/postgres/database';
import { createForecastStore } from '../adapters/postgres/forecast-store';
import { createIsolationStore } from '../adapters/postgres/isolation-store';
import { createMetricHistory } from '../adapters/postgres/metric-history';
import { createModelStore } from '../adapters/postgres/model-store';
import { createPlanStore } from '../adapters/postgres/plan-store';
import { createProfileStore } from '../adapters/postgres/profile-store';
import { createMoveRecords } from '../adapters/postgres/move-records';
import { createResizeRecords } from '../adapters/postgres/resize-records';
import { createRunRecords } from '../adapters/postgres/run-records';
import { ensureSchema } from '../adapters/postgres/schema';
import { readActorsFile } from '../adapters/temporal/actor/actors-file';
import { readSigner } from '../adapters/signing-key';
import { createTagStore } from '../adapters/postgres/tag-store';
import type { ForeshiftConfig } from '../contracts/config';
import { DEFAULT_PLAN_POLICY } from '../domain/fleet-plan/plan-policy';
import { DEFAULT_POLICY } from '../domain/migration-policy';
import { modelNamed } from '../forecasting/forecast-request';
import { createOwnForecaster } from '../forecasting/profiles/own-forecaster';
import { createForecastEngine } from '../forecasting/forecast-engine';
import { keepSealing } from './keep-sealing';
import { LOCAL_PLAN_POLICY, LOCAL_POLICY } from './local-pace';

/** One thread beside the worker's own: forecasts come in batches, and the worker shares its machine. */
const FORECAST_THREADS = 1;
/** Histories whose models stay from tick to tick: two weeks of 1,000 series, 0.5 GB at most. */
const KEPT_VALUES = 4_000_000;

/** What is cut off the audit's end within it shows in no checkpoint. */
const SEAL_EVERY_MS = 5 * 60_000;
const LOCAL_SEAL_EVERY_MS = 5_000;
/** Forecasts are to be had again. */
const PROFILE_SEED = 1;

export type SharedParts = Awaited<ReturnType<typeof openSharedParts>>;

/** What the workers of all regions have in common: database, audit, forecast engine, policies, and the way back to the server that a task came from. */
export async function openSharedParts(config: ForeshiftConfig) {
  if (config.databaseUrl === null) throw new Error('DATABASE_URL is missing; expected postgresql://user:password@host:port/database');
  const db = openDatabase(config.databaseUrl);
  // Before anything is opened: a key that cannot be read is an error of whoever set it up.
  const signer = config.auditKey === null ? null : readSigner(config.auditKey);
  await ensureSchema(db);
  const threads = createForecastEngine({ threads: FORECAST_THREADS, keptValues: KEPT_VALUES });
  const models = createModelStore(db);
  const local = config.pace === 'local';
  const endSealing = signer === null ? () => undefined : keepSealing(db, signer, local ? LOCAL_SEAL_EVERY_MS : SEAL_EVERY_MS, (text) => console.log(text));
  return {
    local,
    audit: createAuditLog(db),
    runRecords: createRunRecords(db),
    moveRecords: createMoveRecords(db),
    resizeRecords: createResizeRecords(db),
    engine: withStoredWeights(threads, models),
    history: createMetricHistory(db),
    models,
    calibrations: createCalibrationStore(db),
    accuracy: createAccuracyStore(db),
    forecasts: createForecastStore(db),
    plans: createPlanStore(db),
    isolations: createIsolationStore(db),
    autonomy: createAutonomyStore(db),
    workloadTags: createTagStore(db),
    workloadProfiles: createStoredProfiles(createProfileStore(db), createOwnForecaster(modelNamed('gate'), PROFILE_SEED)),
    actors: config.actors === null ? null : readActorsFile(config.actors),
    haproxies: config.haproxies,
    policy: { ...(local ? LOCAL_POLICY : DEFAULT_POLICY), ...(config.consoleUrl === null ? {} : { consoleUrl: config.consoleUrl }) },
    planPolicy: local ? LOCAL_PLAN_POLICY : DEFAULT_PLAN_POLICY,
    heartbeat: (at: unknown): void => Context.current().heartbeat(at),
    throwIfCancelled: (): void => Context.current().cancellationSignal.throwIfAborted(),
    // An activity speaks to the server that it came from, over its worker's own connection.
    temporal: () => Context.current().client,
    async close(): Promise<void> {
      endSealing();
      await threads.close();
      await db.destroy();
    },
  };
}
