import { createHash } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { recheckPlannedMoves } from '../activities/weigh-fleet';
import { createAdjustActivities } from '../activities/adjust-activities';
import { createAuditActivities } from '../activities/audit-activities';
import type { AuditPort } from '../activities/audit-activities';
import { createCapacityActivities } from '../activities/capacity-activities';
import { createCapacitySurvey } from '../activities/capacity-survey';
import { createDemandActivities } from '../activities/demand-activities';
import { createDiskActivities } from '../activities/disk-activities';
import { createForecastActivities } from '../activities/forecast-activities';
import { createGroupActivities } from '../activities/group-activities';
import { createHoldActivities } from '../activities/hold-activities';
import { createIsolationActivities } from '../activities/isolation-activities';
import { createLoadHistory } from '../activities/load-history';
import { createLeftoverActivities } from '../activities/leftover-activities';
import { createPlanActivities } from '../activities/plan-activities';
import type { PlanDependencies } from '../activities/plan-dependencies';
import { createQueueActivities } from '../activities/queue-activities';
import { createReplicaActivities } from '../activities/replica-activities';
import { createShadowActivities } from '../activities/shadow-activities';
import type { Fetch } from '../activities/shadow-activities';
import { createSourceActivities } from '../activities/source-activities';
import { createTrafficActivities } from '../activities/traffic-activities';
import { withStoredWeights } from '../activities/with-stored-weights';
import { createTrainActivities } from '../activities/train-activities';
import { createBalancer } from '../adapters/aws/balancer';
import { createBurstCredits } from '../adapters/aws/burst-credits';
import { createAwsClients } from '../adapters/aws/clients';
import { createCompute } from '../adapters/aws/compute';
import { createDisks } from '../adapters/aws/disks';
import { createMetricSource } from '../adapters/aws/metric-source';
import { createMetrics } from '../adapters/aws/metrics';
import { createOwnedCapacity } from '../adapters/aws/owned-capacity';
import { createQuotas } from '../adapters/aws/quotas';
import { createReplicaLauncher } from '../adapters/aws/replica-launcher';
import { createReservations } from '../adapters/aws/reservations';
import { createScalingGroups } from '../adapters/aws/scaling-groups';
import { createShapeCatalogue } from '../adapters/aws/shape-catalogue';
import { createAccuracyStore } from '../adapters/postgres/accuracy-store';
import { createAuditLog } from '../adapters/postgres/audit-log';
import { openDatabase } from '../adapters/postgres/database';
import { createCalibrationStore } from '../adapters/postgres/calibration-store';
import { createForecastStore } from '../adapters/postgres/forecast-store';
import { createIsolationStore } from '../adapters/postgres/isolation-store';
import { createMetricHistory } from '../adapters/postgres/metric-history';
import { createModelStore } from '../adapters/postgres/model-store';
import { createPlanStore } from '../adapters/postgres/plan-store';
import { ensureSchema } from '../adapters/postgres/schema';
import { createHeldCapacity } from '../adapters/temporal/held-capacity';
import { createMigrationDirectory } from '../adapters/temporal/migration-directory';
import { createQueueClient } from '../adapters/temporal/queue-client';
import type { AdjustActivities } from '../contracts/adjust-shape';
import type { AuditRecord } from '../contracts/audit';
import type { CapacityActivities } from '../contracts/capacity-activities';
import type { ForeshiftConfig } from '../contracts/config';
import type { IsolationActivities } from '../contracts/isolate-host';
import type { MigrateInstanceResult } from '../contracts/migrate-instance';
import type { MigrationActivities } from '../contracts/migration-activities';
import type { QueueActivities, QueueClientActivities } from '../contracts/migration-queue';
import type { PlanActivities } from '../contracts/shape-fleet';
import type { TrainActivities } from '../contracts/train-forecasts';
import { DEFAULT_PLAN_POLICY } from '../domain/fleet-plan/plan-policy';
import { DEFAULT_POLICY } from '../domain/migration-policy';
import type { PastMove } from '../domain/sizing/learn-durations';
import { continueGateInThread } from '../forecasting/training/continue-gate-in-thread';
import { createForecastEngine } from '../forecasting/forecast-engine';
import { PROFILE_WEIGHT, SIZING_LEVELS } from '../forecasting/sizing-levels';
import { createForecaster } from './forecaster';
import { LOCAL_PLAN_POLICY, LOCAL_POLICY } from './local-pace';

/** Credentials of the local cloud: it knows one account and checks nothing. */
const LOCAL_CREDENTIALS = { accessKeyId: 'FORESHIFTWORKER', secretAccessKey: 'local-cloud-only' };

/** One thread beside the worker's own: forecasts come in batches, and the worker shares its machine. */
const FORECAST_THREADS = 1;
/** Histories whose models stay from tick to tick: two weeks of 1,000 series, 0.5 GB at most. */
const KEPT_VALUES = 4_000_000;

export interface Dependencies {
  readonly activities: MigrationActivities & PlanActivities & TrainActivities & QueueActivities & QueueClientActivities & IsolationActivities & CapacityActivities & AdjustActivities;
  readonly audit: AuditPort;
  close(): Promise<void>;
}

/** Builds everything that a worker's activities need. */
export async function createDependencies(config: ForeshiftConfig): Promise<Dependencies> {
  if (config.databaseUrl === null) throw new Error('DATABASE_URL is missing; expected postgresql://user:password@host:port/database');
  const local = config.pace === 'local';
  const clients = createAwsClients({
    region: config.awsRegion,
    ...(config.awsEndpoint === null ? {} : { endpoint: config.awsEndpoint }),
    ...(local ? { credentials: LOCAL_CREDENTIALS } : {}),
  });
  const db = openDatabase(config.databaseUrl);
  await ensureSchema(db);
  const audit = createAuditLog(db);
  const catalogue = createShapeCatalogue(clients);
  const compute = createCompute(clients.ec2, catalogue);
  const owned = createOwnedCapacity(clients.ec2, catalogue);
  const disks = createDisks(clients.ec2, clients.ebs);
  const reservations = createReservations(clients.ec2);
  const replicas = createReplicaLauncher(clients.ec2, compute, disks, config.awsRegion);
  const balancer = createBalancer(clients.elb);
  const metrics = createMetrics(clients.cloudwatch, { balancerPeriodSeconds: local ? 1 : 60 });
  const threads = createForecastEngine({ threads: FORECAST_THREADS, keptValues: KEPT_VALUES });
  const source = createMetricSource(clients.cloudwatch);
  const history = createMetricHistory(db);
  const models = createModelStore(db);
  const engine = withStoredWeights(threads, models);
  const calibrations = createCalibrationStore(db);
  const heartbeat = (at: unknown): void => Context.current().heartbeat(at);
  // An activity speaks to the server that it came from, over its worker's own connection.
  const temporal = () => Context.current().client;
  const isolations = createIsolationStore(db);
  const queues = createQueueClient(temporal, config.taskQueue);
  const policy = local ? LOCAL_POLICY : DEFAULT_POLICY;
  const forecasts = createForecastStore(db);
  const loads = { metrics: createLoadHistory({ source, history }), models, calibrations };
  const sizing = createForecaster(engine, { levels: SIZING_LEVELS, profileWeight: PROFILE_WEIGHT });
  const planning: PlanDependencies = {
    ...loads,
    compute,
    disks,
    balancer,
    owned,
    burst: createBurstCredits(clients.ec2, catalogue, source),
    isolations,
    forecaster: sizing,
    forecasts,
    plans: createPlanStore(db),
    queues,
    policy: local ? LOCAL_PLAN_POLICY : DEFAULT_PLAN_POLICY,
    pastMoves: async () => completedMoves(await audit.list({ kind: 'outcome', limit: PAST_MOVES })),
    now: Date.now,
    heartbeat,
  };
  return {
    audit,
    activities: {
      resolvePolicy: async () => policy,
      ...createAuditActivities(audit),
      ...createSourceActivities({ compute, disks, balancer, owned }),
      ...createForecastActivities({ ...loads, compute, forecaster: createForecaster(engine), store: forecasts, now: Date.now }),
      ...createPlanActivities(planning),
      ...createAdjustActivities({ ...planning, compute, balancer }),
      ...createTrainActivities({ compute, balancer, source, history, accuracy: createAccuracyStore(db), models, calibrations, engine, trainFurther: continueGateInThread, now: Date.now, heartbeat }),
      ...createCapacityActivities(reservations, createHeldCapacity(temporal, (pool, zone, shape) => reservations.findHolders(pool, zone, shape))),
      ...createHoldActivities({ reservations, compute, balancer, replicas }),
      ...createGroupActivities({ groups: createScalingGroups(clients.autoScaling, clients.ec2), compute }),
      ...createCapacitySurvey({ compute, catalogue: async () => (await catalogue.catalogue()).shapes, quotas: createQuotas(clients, catalogue) }),
      ...createDemandActivities({ ...loads, compute, owned, forecaster: createForecaster(engine), now: Date.now }),
      ...createReplicaActivities({ compute, balancer, replicas }),
      ...createIsolationActivities({ compute, isolations, queues, policy: planning.policy }),
      ...createQueueActivities({ compute, balancer, isolations, migrations: createMigrationDirectory(temporal), queues, recheck: (planId, instanceIds) => recheckPlannedMoves(planning, planId, instanceIds), now: Date.now }),
      ...createDiskActivities({ disks, compute, heartbeat }),
      ...createShadowActivities({ compute, disks, fetch: fetchDigest }),
      ...createTrafficActivities(balancer, metrics),
      ...createLeftoverActivities({ compute, disks, reservations, balancer }),
    },
    async close() {
      await threads.close();
      await db.destroy();
    },
  };
}

/** So many outcomes of migrations tell how long moves take. */
const PAST_MOVES = 200;

function completedMoves(outcomes: readonly AuditRecord[]): PastMove[] {
  return outcomes.map(({ detail }) => detail as MigrateInstanceResult | null).flatMap((result) => (result?.kind === 'Completed' ? [result] : []));
}

const PROBE_TIMEOUT_MS = 5_000;

const fetchDigest: Fetch = async (url) => {
  const answer = await fetch(url, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS), redirect: 'manual' });
  const body = Buffer.from(await answer.arrayBuffer());
  return { status: answer.status, digest: createHash('sha256').update(body).digest('hex') };
};
